//! SQL of applications and their instances.

use crate::Result;
use crate::db::{Conn, sql};
use crate::time::Millis;

#[derive(sqlx::FromRow)]
pub(crate) struct ApplicationRow {
    pub(crate) id: i64,
    pub(crate) tenant_id: i64,
    pub(crate) name: String,
    pub(crate) app_key: String,
    pub(crate) app_secret: String,
    pub(crate) app_code_allowed: bool,
    pub(crate) shared: bool,
    pub(crate) revoked: bool,
}

#[derive(sqlx::FromRow)]
pub(crate) struct ListedRow {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) app_key: String,
    pub(crate) app_code_prefix: String,
    pub(crate) app_id: Option<String>,
    pub(crate) shared: bool,
    pub(crate) revoked: bool,
    pub(crate) created_at: Millis,
}

pub(crate) struct NewSecrets<'a> {
    pub(crate) secret: &'a str,
    pub(crate) code_hash: &'a str,
    pub(crate) code_prefix: &'a str,
}

const APPLICATION: &str = "SELECT id, tenant_id, name, app_key, app_secret, app_code_allowed, shared, revoked
     FROM application WHERE ";

/// The application with this key, whichever tenant it belongs to.
pub(crate) async fn by_key(conn: &mut Conn, app_key: &str) -> Result<Option<ApplicationRow>> {
    sql(APPLICATION).push("app_key = ").arg(app_key).optional(conn).await
}

/// The application with this code, whichever tenant it belongs to.
pub(crate) async fn by_code_hash(conn: &mut Conn, hash: &str) -> Result<Option<ApplicationRow>> {
    sql(APPLICATION).push("app_code_hash = ").arg(hash).optional(conn).await
}

pub(crate) async fn insert(
    conn: &mut Conn,
    tenant_id: i64,
    row: &ApplicationRow,
    secrets: &NewSecrets<'_>,
    now: Millis,
) -> Result<()> {
    sql("INSERT INTO application (tenant_id, id, name, app_key, app_secret, app_code_hash, app_code_prefix,
             app_code_allowed, shared, revoked, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
    .bind(tenant_id)
    .bind(row.id)
    .bind(&row.name)
    .bind(&row.app_key)
    .bind(secrets.secret)
    .bind(secrets.code_hash)
    .bind(secrets.code_prefix)
    .bind(row.app_code_allowed)
    .bind(row.shared)
    .bind(row.revoked)
    .bind(now)
    .run(conn)
    .await?;
    Ok(())
}

pub(crate) async fn insert_instance(
    conn: &mut Conn,
    tenant_id: i64,
    application_id: i64,
    app_id: &str,
) -> Result<()> {
    sql("INSERT INTO application_instance (app_id, application_id, tenant_id) VALUES ($1, $2, $3)")
        .bind(app_id)
        .bind(application_id)
        .bind(tenant_id)
        .run(conn)
        .await?;
    Ok(())
}

/// The tenant for which this is an instance of the application.
pub(crate) async fn instance_tenant(
    conn: &mut Conn,
    application_id: i64,
    app_id: &str,
) -> Result<Option<i64>> {
    let row: Option<(i64,)> =
        sql("SELECT tenant_id FROM application_instance WHERE app_id = $1 AND application_id = $2")
            .bind(app_id)
            .bind(application_id)
            .optional(conn)
            .await?;
    Ok(row.map(|(tenant,)| tenant))
}

/// Whether this tenant has an instance of the application.
pub(crate) async fn has_instance(conn: &mut Conn, tenant_id: i64, application_id: i64) -> Result<bool> {
    let count = sql("SELECT COUNT(*) FROM application_instance WHERE application_id = $1 AND tenant_id = $2")
        .bind(application_id)
        .bind(tenant_id)
        .count(conn)
        .await?;
    Ok(count > 0)
}

pub(crate) async fn share(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<()> {
    sql("UPDATE application SET shared = $1 WHERE tenant_id = $2 AND id = $3")
        .bind(true)
        .bind(tenant_id)
        .bind(id)
        .run(conn)
        .await?;
    Ok(())
}

/// Answers whether the tenant has an application with this key that was not revoked.
pub(crate) async fn revoke(conn: &mut Conn, tenant_id: i64, app_key: &str) -> Result<bool> {
    let done =
        sql("UPDATE application SET revoked = $1 WHERE tenant_id = $2 AND app_key = $3 AND revoked = $4")
            .bind(true)
            .bind(tenant_id)
            .bind(app_key)
            .bind(false)
            .run(conn)
            .await?;
    Ok(done > 0)
}

/// Answers whether the tenant has an application with this key that was not revoked.
pub(crate) async fn rotate(
    conn: &mut Conn,
    tenant_id: i64,
    app_key: &str,
    secrets: &NewSecrets<'_>,
) -> Result<bool> {
    let done = sql("UPDATE application SET app_secret = $1, app_code_hash = $2, app_code_prefix = $3
         WHERE tenant_id = $4 AND app_key = $5 AND revoked = $6")
    .bind(secrets.secret)
    .bind(secrets.code_hash)
    .bind(secrets.code_prefix)
    .bind(tenant_id)
    .bind(app_key)
    .bind(false)
    .run(conn)
    .await?;
    Ok(done > 0)
}

/// The tenant's own applications, each with its instance for this tenant.
pub(crate) async fn list(conn: &mut Conn, tenant_id: i64) -> Result<Vec<ListedRow>> {
    sql("SELECT a.id, a.name, a.app_key, a.app_code_prefix, i.app_id, a.shared, a.revoked, a.created_at
         FROM application a
         LEFT JOIN application_instance i ON i.application_id = a.id AND i.tenant_id = a.tenant_id
         WHERE a.tenant_id = $1 ORDER BY a.created_at DESC, a.id DESC")
    .bind(tenant_id)
    .all(conn)
    .await
}
