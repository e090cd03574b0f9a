//! The only text that differs between the two databases.

use super::{Kind, Sql, Value};

impl Sql {
    /// `column` contains `needle`, ASCII letters compared without case, on both databases alike.
    /// `column` is a plain column name such as `name` or `n.name`.
    pub fn contains(self, column: &'static str, needle: &str) -> Self {
        self.dialect(|kind| if kind == Kind::Sqlite { "instr(lower(" } else { "strpos(lower((" })
            .push(column)
            .dialect(|kind| if kind == Kind::Sqlite { "), " } else { ") COLLATE \"C\"), " })
            .arg(needle.to_ascii_lowercase())
            .push(") > 0")
    }

    /// `column` has a LIKE pattern that is in lower case and escapes with `\`, ASCII letters compared without case.
    pub fn like(self, column: &'static str, pattern: String) -> Self {
        self.dialect(|kind| if kind == Kind::Sqlite { "lower(" } else { "lower((" })
            .push(column)
            .dialect(|kind| if kind == Kind::Sqlite { ") LIKE " } else { ") COLLATE \"C\") LIKE " })
            .arg(pattern)
            .push(" ESCAPE '\\'")
    }

    /// ` COLLATE …` so that text sorts by bytes on both databases; goes after a column in ORDER BY or a comparison.
    pub fn by_bytes(self) -> Self {
        self.dialect(|kind| if kind == Kind::Sqlite { " COLLATE BINARY" } else { " COLLATE \"C\"" })
    }

    /// `FLOOR`, to stand before a quotient in brackets that is not negative and is cast to BIGINT: PostgreSQL would round
    /// it, SQLite cuts it off by itself.
    pub fn floor(self) -> Self {
        self.dialect(|kind| if kind == Kind::Sqlite { "" } else { "FLOOR" })
    }

    /// ` FOR UPDATE` where several writers may run at once.
    pub fn for_update(self) -> Self {
        self.dialect(|kind| if kind == Kind::Sqlite { "" } else { " FOR UPDATE" })
    }

    /// The same, without the rows that another writer holds.
    pub fn for_update_of_what_is_free(self) -> Self {
        self.dialect(|kind| if kind == Kind::Sqlite { "" } else { " FOR UPDATE SKIP LOCKED" })
    }

    /// ` LIMIT … OFFSET …` of a page.
    pub fn page(self, page: crate::Page) -> Self {
        self.push(" LIMIT ").arg(Value::from(page.size)).push(" OFFSET ").arg(Value::from(page.offset()))
    }
}

/// Whether an error says that a unique or primary key is taken already.
pub fn is_unique_violation(error: &crate::Error) -> bool {
    match error {
        crate::Error::Database(sqlx::Error::Database(e)) => e.is_unique_violation(),
        _ => false,
    }
}
