//! Brings a database to the current schema: one folder of numbered, forward-only steps for both kinds.

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{PgPool, SqliteConnection};

use crate::{Error, Result};

pub(super) static STEPS: Migrator = sqlx::migrate!("./migrations");

pub(super) async fn sqlite(conn: &mut SqliteConnection) -> Result<()> {
    STEPS.run_direct(None, conn, false).await.map_err(refused)
}

pub(super) async fn postgres(pool: &PgPool) -> Result<()> {
    STEPS.run(pool).await.map_err(refused)
}

/// A step that this program does not know was taken by a newer one, which may have changed what this one relies on.
fn refused(error: MigrateError) -> Error {
    let MigrateError::VersionMissing(step) = error else { return Error::internal(error) };
    let newest = STEPS.iter().map(|known| known.version).max().unwrap_or_default();
    Error::internal(format!(
        "it was upgraded by a newer millwright (to schema {step}; this program knows {newest}): \
         run that version, or bring back a backup from before the upgrade"
    ))
}
