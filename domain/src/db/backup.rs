//! Copies of an embedded database, taken while it is in use.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::{Db, Kind, sql};
use crate::{Error, Result};

impl Db {
    /// Writes a consistent copy of a SQLite database to an absent or empty file.
    pub async fn backup_to(&self, file: &Path) -> Result<()> {
        if self.kind() != Kind::Sqlite {
            return Err(Error::internal("PostgreSQL is backed up with its own tools"));
        }
        let file = file.to_str().ok_or_else(|| Error::internal("the name of a backup must be Unicode"))?;
        let mut read = self.read().await?;
        sql("VACUUM INTO $1").bind(file).run(&mut read).await?;
        Ok(())
    }

    /// Whether the file is an undamaged copy of a store. It is not changed.
    pub async fn is_backup(file: &Path) -> bool {
        let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
        let Ok(mut conn) = options.connect().await else { return false };
        let sound: Result<(String,), _> = sqlx::query_as("PRAGMA quick_check").fetch_one(&mut conn).await;
        let steps: Result<(i64,), _> =
            sqlx::query_as("SELECT COUNT(*) FROM _sqlx_migrations WHERE success").fetch_one(&mut conn).await;
        let _ = conn.close().await;
        sound.is_ok_and(|(answer,)| answer == "ok") && steps.is_ok_and(|(count,)| count > 0)
    }
}
