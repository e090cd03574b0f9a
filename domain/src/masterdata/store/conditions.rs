//! Conditions as SQL: texts of the program, every operand a bound value.

use crate::db::{Sql, sql};
use crate::masterdata::cell::Atom;
use crate::masterdata::condition::{self, Column, Condition, Test};

/// Tests that PostgreSQL may turn into joins. The time it takes to order joins grows steeply with their number, so that
/// a larger condition is kept from becoming joins.
const JOINED_TESTS: usize = 6;

/// The condition on a record `r`.
pub(super) fn compile(tenant_id: i64, condition: &Condition) -> Sql {
    part(Scope { tenant_id, joins: condition.tests() <= JOINED_TESTS }, condition)
}

#[derive(Clone, Copy)]
struct Scope {
    tenant_id: i64,
    joins: bool,
}

impl Scope {
    /// Closes a test for membership.
    fn close(self) -> &'static str {
        if self.joins { "))" } else { ")) IS TRUE" }
    }
}

fn part(scope: Scope, condition: &Condition) -> Sql {
    match condition {
        Condition::All(parts) => joined(scope, parts, " AND "),
        Condition::Any(parts) => joined(scope, parts, " OR "),
        Condition::Test(Column::Property { id, number }, test) => property(scope, *id, *number, test),
        Condition::Test(Column::Id, test) => own(test, Form::Id),
        Condition::Test(Column::Version, test) => own(test, Form::Version),
        // There are two states: the test is made here.
        Condition::Test(Column::Status, test) => {
            let passes = |archived| test.holds(&[condition::text(condition::status(archived))], false);
            sql(match (passes(false), passes(true)) {
                (true, true) => "1 = 1",
                (true, false) => "r.archived = FALSE",
                (false, true) => "r.archived = TRUE",
                (false, false) => "1 = 0",
            })
        }
    }
}

fn joined(scope: Scope, parts: &[Condition], word: &'static str) -> Sql {
    let mut joined = sql("(");
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            joined = joined.push(word);
        }
        joined = joined.append(self::part(scope, part));
    }
    joined.push(")")
}

/// Records that have a value of this property, narrowed by what follows; to be closed by `)`.
fn holders(tenant_id: i64, property_id: i64) -> Sql {
    sql("(SELECT v.record_id FROM masterdata_value v WHERE v.tenant_id = ")
        .arg(tenant_id)
        .push(" AND v.property_id = ")
        .arg(property_id)
}

fn property(scope: Scope, id: i64, number: bool, test: &Test) -> Sql {
    let form = if number { Form::Number } else { Form::Text };
    let holders = || holders(scope.tenant_id, id);
    let any = |test: &Test| {
        sql("(r.id IN ").append(holders()).push(" AND ").append(compare(test, form)).push(scope.close())
    };
    let none = |opposite: Test| {
        sql("((r.id IN ")
            .append(holders())
            .push(scope.close())
            .push(" AND r.id NOT IN ")
            .append(holders())
            .push(" AND ")
            .append(compare(&opposite, form))
            .push("))")
    };
    match test {
        Test::NotNull => sql("(r.id IN ").append(holders()).push(scope.close()),
        Test::IsNull => sql("r.id NOT IN ").append(holders()).push(")"),
        Test::NotIn(list) => none(Test::In(list.clone())),
        Test::NotLike(pattern) => none(Test::Like(pattern.clone())),
        Test::In(_) | Test::Less { .. } | Test::Greater { .. } | Test::Like(_) => any(test),
    }
}

/// A column of the record itself, which always has a value.
fn own(test: &Test, form: Form) -> Sql {
    match test {
        Test::NotNull => sql("1 = 1"),
        Test::IsNull => sql("1 = 0"),
        Test::NotIn(_) | Test::NotLike(_) => sql("NOT (").append(compare(test, form)).push(")"),
        Test::In(_) | Test::Less { .. } | Test::Greater { .. } | Test::Like(_) => compare(test, form),
    }
}

/// Where a value stands and how it is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Number,
    Id,
    Version,
}

impl Form {
    fn column(self) -> &'static str {
        match self {
            Self::Text => "v.value_text",
            Self::Number => "v.value_number",
            Self::Id => "r.id",
            Self::Version => "('V' || CAST(r.row_version AS TEXT) || '.0')",
        }
    }

    fn as_text(self) -> &'static str {
        match self {
            Self::Text | Self::Number => "v.value_text",
            Self::Id => "CAST(r.id AS TEXT)",
            Self::Version => self.column(),
        }
    }

    fn list(self, sql: Sql, atoms: &[Atom]) -> Sql {
        match self {
            Self::Number => sql.list(atoms.iter().map(|atom| atom.number)),
            Self::Id => sql.list(atoms.iter().map(|atom| atom.text.parse::<i64>().ok())),
            Self::Text | Self::Version => sql.list(atoms.iter().map(|atom| atom.text.as_str())),
        }
    }
}

/// A test that one value can pass; of a negative one its opposite.
fn compare(test: &Test, form: Form) -> Sql {
    match test {
        Test::NotNull | Test::IsNull => sql("1 = 1"),
        Test::In(list) | Test::NotIn(list) => {
            let by_key = if form == Form::Text {
                // The index holds the beginnings of texts.
                sql("v.text_key IN ").list(list.iter().map(Atom::key)).push(" AND ")
            } else {
                sql("")
            };
            form.list(by_key.push(form.column()).push(" IN "), list)
        }
        Test::Less { than, or_equal } => ordered(form, if *or_equal { " <= " } else { " < " }, than),
        Test::Greater { than, or_equal } => ordered(form, if *or_equal { " >= " } else { " > " }, than),
        Test::Like(pattern) | Test::NotLike(pattern) => sql("").like(form.as_text(), pattern.to_sql()),
    }
}

fn ordered(form: Form, sign: &'static str, than: &Atom) -> Sql {
    let left = sql("").push(form.column());
    match form {
        Form::Number => left.push(sign).arg(than.number),
        Form::Id => left.push(sign).arg(than.text.parse::<i64>().ok()),
        Form::Text | Form::Version => left.by_bytes().push(sign).arg(than.text.as_str()),
    }
}
