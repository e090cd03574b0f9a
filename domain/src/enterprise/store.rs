//! SQL of enterprises, tokens and quota. Their names are unique in the installation and lead to a tenant.

use super::{Enterprise, Grant};
use crate::db::{Conn, sql};
use crate::time::Millis;
use crate::{Error, Result};

#[derive(sqlx::FromRow)]
struct Row {
    enterprise_id: String,
    tenant_id: i64,
    secret_hash: String,
    calls_per_hour: i64,
    allowed_addresses: Option<String>,
}

impl TryFrom<Row> for Enterprise {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let allowed = row.allowed_addresses.as_deref().map(serde_json::from_str);
        Ok(Self {
            enterprise_id: row.enterprise_id,
            tenant_id: row.tenant_id,
            secret_hash: row.secret_hash,
            calls_per_hour: row.calls_per_hour,
            allowed_addresses: allowed.transpose().map_err(Error::internal)?.unwrap_or_default(),
        })
    }
}

pub(super) async fn insert(
    conn: &mut Conn,
    tenant_id: i64,
    enterprise: &Enterprise,
    now: Millis,
) -> Result<()> {
    let allowed =
        (!enterprise.allowed_addresses.is_empty()).then(|| serde_json::json!(enterprise.allowed_addresses));
    sql("INSERT INTO enterprise
           (enterprise_id, tenant_id, secret_hash, calls_per_hour, allowed_addresses, revoked, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
    .bind(&enterprise.enterprise_id)
    .bind(tenant_id)
    .bind(&enterprise.secret_hash)
    .bind(enterprise.calls_per_hour)
    .bind(allowed.map(|list| list.to_string()))
    .bind(false)
    .bind(now)
    .run(conn)
    .await?;
    Ok(())
}

pub(super) async fn find(conn: &mut Conn, enterprise_id: &str) -> Result<Option<Enterprise>> {
    let row: Option<Row> =
        sql("SELECT enterprise_id, tenant_id, secret_hash, calls_per_hour, allowed_addresses FROM enterprise
             WHERE enterprise_id = $1 AND NOT revoked")
        .bind(enterprise_id)
        .optional(conn)
        .await?;
    row.map(TryInto::try_into).transpose()
}

pub(super) async fn insert_token(
    conn: &mut Conn,
    tenant_id: i64,
    token_hash: &str,
    enterprise_id: &str,
    product_id: i64,
    (created_at, expires_at): (Millis, Millis),
) -> Result<()> {
    sql("INSERT INTO enterprise_token (token_hash, tenant_id, enterprise_id, product_id, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)")
    .bind(token_hash)
    .bind(tenant_id)
    .bind(enterprise_id)
    .bind(product_id)
    .bind(created_at)
    .bind(expires_at)
    .run(conn)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    product_id: i64,
    expires_at: i64,
    #[sqlx(flatten)]
    enterprise: Row,
}

pub(super) async fn find_token(conn: &mut Conn, token_hash: &str) -> Result<Option<Grant>> {
    let row: Option<TokenRow> = sql(
        "SELECT t.product_id, t.expires_at, e.enterprise_id, e.tenant_id, e.secret_hash, e.calls_per_hour,
               e.allowed_addresses
             FROM enterprise_token t
             JOIN enterprise e ON e.enterprise_id = t.enterprise_id AND e.tenant_id = t.tenant_id
             WHERE t.token_hash = $1 AND NOT e.revoked",
    )
    .bind(token_hash)
    .optional(conn)
    .await?;
    row.map(|row| {
        let TokenRow { product_id, expires_at, enterprise } = row;
        Ok(Grant { enterprise: enterprise.try_into()?, product_id, expires_at })
    })
    .transpose()
}

pub(super) async fn delete_tokens(conn: &mut Conn, expired_before: Millis) -> Result<()> {
    sql("DELETE FROM enterprise_token WHERE expires_at < $1").bind(expired_before).run(conn).await?;
    Ok(())
}

/// How the secret of a product of any tenant is kept.
pub(super) async fn product_secret(conn: &mut Conn, product_key: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = sql("SELECT p.secret_hash FROM product_key k
             JOIN product p ON p.tenant_id = k.tenant_id AND p.id = k.product_id
             WHERE k.product_key = $1")
    .bind(product_key)
    .optional(conn)
    .await?;
    Ok(row.map(|(hash,)| hash))
}

/// Counts a call in the hour that runs, or in a new one. Answers when that hour began, and its calls.
pub(super) async fn count_call(
    conn: &mut Conn,
    tenant_id: i64,
    enterprise_id: &str,
    now: Millis,
    ended: Millis,
) -> Result<(Millis, i64)> {
    sql("INSERT INTO enterprise_quota (enterprise_id, tenant_id, begin_at, calls) VALUES ($1, $2, $3, 1)
         ON CONFLICT (enterprise_id) DO UPDATE SET
           calls = CASE WHEN enterprise_quota.begin_at <= $4 THEN 1 ELSE enterprise_quota.calls + 1 END,
           begin_at = CASE WHEN enterprise_quota.begin_at <= $4 THEN excluded.begin_at ELSE enterprise_quota.begin_at END
         RETURNING begin_at, calls")
    .bind(enterprise_id)
    .bind(tenant_id)
    .bind(now)
    .bind(ended)
    .one(conn)
    .await
}

pub(super) async fn calls(
    conn: &mut Conn,
    tenant_id: i64,
    enterprise_id: &str,
) -> Result<Option<(Millis, i64)>> {
    sql("SELECT begin_at, calls FROM enterprise_quota WHERE tenant_id = $1 AND enterprise_id = $2")
        .bind(tenant_id)
        .bind(enterprise_id)
        .optional(conn)
        .await
}
