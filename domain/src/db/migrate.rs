//! Brings a database to the current schema: one folder of numbered, forward-only steps for both kinds.

use sqlx::migrate::Migrator;
use sqlx::{PgPool, SqliteConnection};

use crate::{Error, Result};

static STEPS: Migrator = sqlx::migrate!("./migrations");

pub(super) async fn sqlite(conn: &mut SqliteConnection) -> Result<()> {
    STEPS.run_direct(None, conn, false).await.map_err(Error::internal)
}

pub(super) async fn postgres(pool: &PgPool) -> Result<()> {
    STEPS.run(pool).await.map_err(Error::internal)
}
