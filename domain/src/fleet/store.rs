//! SQL of groups, people, bindings and reports.

pub(crate) mod bindings;
pub(crate) mod groups;
pub(crate) mod members;
pub(crate) mod overview;
pub(crate) mod people;
pub(crate) mod places;
pub(super) mod reports;
pub(super) mod user_reports;
pub(super) mod users;

use crate::Result;
use crate::db::{Conn, sql};

/// The product with this key.
pub(super) async fn product(conn: &mut Conn, tenant_id: i64, key: &str) -> Result<Option<i64>> {
    let row: Option<(i64,)> =
        sql("SELECT product_id FROM product_key WHERE product_key = $1 AND tenant_id = $2")
            .bind(key)
            .bind(tenant_id)
            .optional(conn)
            .await?;
    Ok(row.map(|(id,)| id))
}

/// The product whose secret has this hash.
pub(super) async fn product_by_secret(conn: &mut Conn, tenant_id: i64, hash: &str) -> Result<Option<i64>> {
    let row: Option<(i64,)> = sql(
        "SELECT id FROM product WHERE tenant_id = $1 AND secret_hash = $2 ORDER BY created_at DESC, id DESC",
    )
    .bind(tenant_id)
    .bind(hash)
    .optional(conn)
    .await?;
    Ok(row.map(|(id,)| id))
}
