//! The condition language of sections 17.1 and 17.4.
//!
//! A condition is read against the metadata it is asked of, so that only known columns and well-typed operands remain;
//! the store turns it into a statement in which every operand is a bound value. Meaning:
//!
//! - INTEGER and DOUBLE compare as numbers, everything else by the bytes of its text.
//! - A property with several values fulfils `EQUAL`, `LESS`, `IN`, `LIKE` … when one of them does; `NOT_EQUAL`,
//!   `NOT_IN` and `NOT_LIKE` when it has values and none of them does the opposite. A property without a value fulfils
//!   `ISNULL` alone.
//! - `LIKE` ignores the case of ASCII letters. `%` stands for any characters, `_` for one, `\` takes the meaning from the
//!   next one; a text with neither `%` nor `_` is looked for anywhere in the value.

mod pattern;
mod read;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::cell::Atom;
pub use pattern::Pattern;

/// Levels of nesting.
pub const MAX_DEPTH: usize = 32;
/// Conditions in all.
pub const MAX_NODES: usize = 256;
/// Values of all lists.
pub const MAX_OPERANDS: usize = 2000;

/// A condition as a caller writes it (section 17.1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConditionParam {
    /// `AND`, `OR`, or how the column is compared with the value.
    pub op: Option<String>,
    /// The column.
    pub col: Option<String>,
    /// What it is compared with: a value, a list for `IN` and `NOT_IN`.
    pub value: Option<Json>,
    /// The conditions that `AND` and `OR` join.
    pub condition: Option<Vec<ConditionParam>>,
}

impl ConditionParam {
    /// Whether nothing is asked at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A condition that fits its metadata.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of them hold.
    All(Vec<Condition>),
    /// At least one of them holds.
    Any(Vec<Condition>),
    /// A column passes a test.
    Test(Column, Test),
}

/// What is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The property with this id, as text or as number.
    Property {
        /// Its id.
        id: i64,
        /// Whether it is compared as a number.
        number: bool,
    },
    /// `dap_id_`.
    Id,
    /// `dap_status_`.
    Status,
    /// `dap_row_version_`.
    Version,
}

/// How it is tested.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// There is a value.
    NotNull,
    /// There is none.
    IsNull,
    /// One of the values is one of these.
    In(Vec<Atom>),
    /// There are values, none of them one of these.
    NotIn(Vec<Atom>),
    /// One of the values is less, or equal where allowed.
    Less {
        /// Than this.
        than: Atom,
        /// Equal will do.
        or_equal: bool,
    },
    /// One of the values is greater, or equal where allowed.
    Greater {
        /// Than this.
        than: Atom,
        /// Equal will do.
        or_equal: bool,
    },
    /// One of the values has this pattern.
    Like(Pattern),
    /// There are values, none of them with this pattern.
    NotLike(Pattern),
}

/// What a condition sees of a record.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// Its id.
    pub id: i64,
    /// Whether it is archived.
    pub archived: bool,
    /// Its row version.
    pub row_version: i64,
    /// Values by property.
    pub values: HashMap<i64, Vec<Atom>>,
}

impl Condition {
    /// Whether it holds for a record: the meaning that the statements must agree with.
    pub fn holds(&self, subject: &Subject) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(subject)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(subject)),
            Self::Test(column, test) => match column {
                Column::Property { id, number } => {
                    test.holds(subject.values.get(id).map_or(&[], Vec::as_slice), *number)
                }
                Column::Id => test
                    .holds(&[Atom { text: subject.id.to_string(), number: Some(subject.id as f64) }], true),
                Column::Status => test.holds(&[text(status(subject.archived))], false),
                Column::Version => test.holds(&[text(&version(subject.row_version))], false),
            },
        }
    }

    /// How many tests it is made of.
    pub fn tests(&self) -> usize {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().map(Self::tests).sum(),
            Self::Test(..) => 1,
        }
    }

    /// Whether it asks for the state of records, so that archived ones are meant too.
    pub fn asks_for_status(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::asks_for_status),
            Self::Test(column, _) => *column == Column::Status,
        }
    }
}

impl Test {
    /// Whether these values of one property pass.
    pub fn holds(&self, values: &[Atom], number: bool) -> bool {
        let any = |passes: &dyn Fn(&Atom) -> bool| values.iter().any(passes);
        let none = |passes: &dyn Fn(&Atom) -> bool| !values.is_empty() && !values.iter().any(passes);
        let equal = |a: &Atom, b: &Atom| if number { a.number == b.number } else { a.text == b.text };
        let less = |a: &Atom, b: &Atom| if number { a.number < b.number } else { a.text < b.text };
        match self {
            Self::NotNull => !values.is_empty(),
            Self::IsNull => values.is_empty(),
            Self::In(list) => any(&|v| list.iter().any(|l| equal(v, l))),
            Self::NotIn(list) => none(&|v| list.iter().any(|l| equal(v, l))),
            Self::Less { than, or_equal } => any(&|v| less(v, than) || (*or_equal && equal(v, than))),
            Self::Greater { than, or_equal } => any(&|v| less(than, v) || (*or_equal && equal(v, than))),
            Self::Like(pattern) => any(&|v| pattern.matches(&v.text)),
            Self::NotLike(pattern) => none(&|v| pattern.matches(&v.text)),
        }
    }
}

/// A state as `dap_status_` shows it.
pub fn status(archived: bool) -> &'static str {
    if archived { "已归档" } else { "已发布" }
}

/// A row version as `dap_row_version_` shows it.
pub fn version(number: i64) -> String {
    format!("V{number}.0")
}

pub(super) fn text(text: &str) -> Atom {
    Atom { text: text.into(), number: None }
}
