//! SQL of the installation's own secrets, which belong to no tenant.

use crate::Result;
use crate::db::{Conn, sql};

pub(crate) async fn find(conn: &mut Conn, name: &str) -> Result<Option<String>> {
    let row: Option<(String,)> =
        sql("SELECT secret FROM server_secret WHERE name = $1").bind(name).optional(conn).await?;
    Ok(row.map(|(secret,)| secret))
}

/// Keeps a secret, unless another process was faster.
pub(crate) async fn insert(conn: &mut Conn, name: &str, secret: &str) -> Result<()> {
    sql("INSERT INTO server_secret (name, secret) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(name)
        .bind(secret)
        .run(conn)
        .await?;
    Ok(())
}
