//! Statements: text from the program, values bound.
//!
//! Only `&'static str` becomes SQL text, so no value can. `sql("… $1 … $2").bind(a).bind(b)` for a fixed statement,
//! `sql("… WHERE tenant_id = ").arg(t).push(" AND name = ").arg(n)` for one that is put together.

use sqlx::query_builder::QueryBuilder;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Postgres, Sqlite, postgres::PgRow};

use super::{Conn, Kind, Raw};
use crate::Result;

/// A bound value; `None` is NULL, of that type.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// BIGINT.
    Int(Option<i64>),
    /// DOUBLE PRECISION.
    Real(Option<f64>),
    /// TEXT.
    Text(Option<String>),
    /// BOOLEAN.
    Bool(Option<bool>),
}

macro_rules! into_value {
    ($($from:ty => $variant:ident via $convert:expr;)*) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                let convert: fn($from) -> _ = $convert;
                Self::$variant(Some(convert(value)))
            }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                let convert: fn($from) -> _ = $convert;
                Self::$variant(value.map(convert))
            }
        }
    )*};
}

into_value! {
    i64 => Int via |v| v;
    i32 => Int via i64::from;
    u32 => Int via i64::from;
    f64 => Real via |v| v;
    bool => Bool via |v| v;
    String => Text via |v| v;
    &String => Text via |v| v.clone();
    &str => Text via str::to_owned;
}

#[derive(Clone, Debug)]
enum Piece {
    Text(&'static str),
    Dialect(fn(Kind) -> &'static str),
    Name(String),
    Placeholder(usize),
}

/// A statement. Built with [`sql`].
#[derive(Clone, Debug)]
#[must_use = "a statement does nothing until it runs"]
pub struct Sql {
    pieces: Vec<Piece>,
    values: Vec<Value>,
}

/// Begins a statement.
pub fn sql(text: &'static str) -> Sql {
    Sql { pieces: vec![Piece::Text(text)], values: Vec::new() }
}

/// A row type that both databases can fill; every `#[derive(sqlx::FromRow)]` of plain columns is one.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl Sql {
    /// Binds the next `$n` of the text.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Appends text.
    pub fn push(mut self, text: &'static str) -> Self {
        self.pieces.push(Piece::Text(text));
        self
    }

    /// Appends a placeholder and binds its value.
    pub fn arg(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self.pieces.push(Piece::Placeholder(self.values.len()));
        self
    }

    /// Appends `(a, b, …)` of placeholders; an empty list becomes `(NULL)`, which nothing is in.
    pub fn list<V: Into<Value>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        let mut separator = "(";
        for value in values {
            self = self.push(separator).arg(value);
            separator = ", ";
        }
        if separator == "(" { self.push("(NULL)") } else { self.push(")") }
    }

    /// Appends text that differs between the two databases; only [`super::dialect`] has such functions.
    pub fn dialect(mut self, text: fn(Kind) -> &'static str) -> Self {
        self.pieces.push(Piece::Dialect(text));
        self
    }

    /// Appends the quoted name of a table or column; only [`super::schema`] reads such names, from the database itself.
    pub(super) fn name(mut self, name: &str) -> Self {
        self.pieces.push(Piece::Name(name.to_owned()));
        self
    }

    /// Appends another statement's text, its values renumbered. Only for text built with [`Sql::arg`].
    pub fn append(mut self, other: Self) -> Self {
        let shift = self.values.len();
        self.values.extend(other.values);
        self.pieces.extend(other.pieces.into_iter().map(|piece| match piece {
            Piece::Placeholder(n) => Piece::Placeholder(n + shift),
            piece @ (Piece::Text(_) | Piece::Dialect(_) | Piece::Name(_)) => piece,
        }));
        self
    }

    fn text(&self, kind: Kind) -> String {
        use std::fmt::Write;
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Dialect(part) => text.push_str(part(kind)),
                Piece::Name(name) => {
                    write!(text, "\"{}\"", name.replace('"', "\"\""))
                        .expect("writing to a String does not fail");
                }
                Piece::Placeholder(n) => {
                    write!(text, "${n}").expect("writing to a String does not fail");
                }
            }
        }
        text
    }

    /// Runs it and answers how many rows it touched.
    pub async fn run(self, conn: &mut Conn) -> Result<u64> {
        let text = self.text(conn.kind());
        Ok(match conn.raw() {
            Raw::Sqlite(c) => sqlite(text, self.values).build().execute(c).await?.rows_affected(),
            Raw::Postgres(c) => postgres(text, self.values).build().execute(c).await?.rows_affected(),
        })
    }

    /// All rows.
    pub async fn all<T: Row>(self, conn: &mut Conn) -> Result<Vec<T>> {
        let text = self.text(conn.kind());
        Ok(match conn.raw() {
            Raw::Sqlite(c) => sqlite(text, self.values).build_query_as().fetch_all(c).await?,
            Raw::Postgres(c) => postgres(text, self.values).build_query_as().fetch_all(c).await?,
        })
    }

    /// The first row, if any.
    pub async fn optional<T: Row>(self, conn: &mut Conn) -> Result<Option<T>> {
        let text = self.text(conn.kind());
        Ok(match conn.raw() {
            Raw::Sqlite(c) => sqlite(text, self.values).build_query_as().fetch_optional(c).await?,
            Raw::Postgres(c) => postgres(text, self.values).build_query_as().fetch_optional(c).await?,
        })
    }

    /// The one row; none is an error.
    pub async fn one<T: Row>(self, conn: &mut Conn) -> Result<T> {
        self.optional(conn).await?.ok_or_else(|| sqlx::Error::RowNotFound.into())
    }

    /// The one BIGINT of the one row: counts and sums.
    pub async fn count(self, conn: &mut Conn) -> Result<i64> {
        Ok(self.one::<(i64,)>(conn).await?.0)
    }
}

fn sqlite(text: String, values: Vec<Value>) -> QueryBuilder<Sqlite> {
    use sqlx::Arguments;
    let mut arguments = sqlx::sqlite::SqliteArguments::default();
    for value in values {
        match value {
            Value::Int(v) => arguments.add(v),
            Value::Real(v) => arguments.add(v),
            Value::Text(v) => arguments.add(v),
            Value::Bool(v) => arguments.add(v),
        }
        .expect("plain values encode");
    }
    QueryBuilder::with_arguments(text, arguments)
}

fn postgres(text: String, values: Vec<Value>) -> QueryBuilder<Postgres> {
    use sqlx::Arguments;
    let mut arguments = sqlx::postgres::PgArguments::default();
    for value in values {
        match value {
            Value::Int(v) => arguments.add(v),
            Value::Real(v) => arguments.add(v),
            Value::Text(v) => arguments.add(v),
            Value::Bool(v) => arguments.add(v),
        }
        .expect("plain values encode");
    }
    QueryBuilder::with_arguments(text, arguments)
}
