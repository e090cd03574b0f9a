//! SQL of the identities that other systems use for a tenant and its people.

use crate::Result;
use crate::db::{Conn, sql};

#[derive(sqlx::FromRow)]
pub(crate) struct IdentityRow {
    pub(crate) source: String,
    pub(crate) corp_id: String,
    pub(crate) user_id: String,
    pub(crate) employee_id: Option<i64>,
}

/// The tenant that an external enterprise id names; `user_id` is empty for the enterprise itself.
pub(crate) async fn tenant_of(
    conn: &mut Conn,
    source: &str,
    corp_id: &str,
    user_id: &str,
) -> Result<Option<i64>> {
    let row: Option<(i64,)> =
        sql("SELECT tenant_id FROM external_identity WHERE source = $1 AND corp_id = $2 AND user_id = $3")
            .bind(source)
            .bind(corp_id)
            .bind(user_id)
            .optional(conn)
            .await?;
    Ok(row.map(|(tenant,)| tenant))
}

/// The employees of this tenant that an external user id names; without a corp id, in any of the tenant's.
pub(crate) async fn employees(
    conn: &mut Conn,
    tenant_id: i64,
    source: &str,
    corp_id: Option<&str>,
    user_id: &str,
) -> Result<Vec<i64>> {
    let query = sql("SELECT DISTINCT employee_id FROM external_identity WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND employee_id IS NOT NULL AND source = ")
        .arg(source)
        .push(" AND user_id = ")
        .arg(user_id);
    let query = match corp_id {
        Some(corp_id) => query.push(" AND corp_id = ").arg(corp_id),
        None => query,
    };
    let rows: Vec<(i64,)> = query.all(conn).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(crate) async fn put(conn: &mut Conn, tenant_id: i64, row: &IdentityRow) -> Result<()> {
    sql("INSERT INTO external_identity (source, corp_id, user_id, tenant_id, employee_id)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (source, corp_id, user_id) DO UPDATE SET employee_id = excluded.employee_id
         WHERE external_identity.tenant_id = excluded.tenant_id")
    .bind(&row.source)
    .bind(&row.corp_id)
    .bind(&row.user_id)
    .bind(tenant_id)
    .bind(row.employee_id)
    .run(conn)
    .await?;
    Ok(())
}

pub(crate) async fn list(conn: &mut Conn, tenant_id: i64) -> Result<Vec<IdentityRow>> {
    sql("SELECT source, corp_id, user_id, employee_id FROM external_identity WHERE tenant_id = $1
         ORDER BY source, corp_id, user_id")
    .bind(tenant_id)
    .all(conn)
    .await
}
