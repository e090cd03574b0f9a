//! SQL of tenants and their root organizations.

use crate::access::Tenant;
use crate::db::{Conn, sql};
use crate::time::{Millis, Zone};
use crate::{Error, Result};

#[derive(sqlx::FromRow)]
pub(crate) struct TenantRow {
    id: i64,
    name: String,
    time_zone: String,
    pub(crate) is_default: bool,
}

impl TryFrom<TenantRow> for Tenant {
    type Error = Error;

    fn try_from(row: TenantRow) -> Result<Self> {
        let zone = Zone::named(&row.time_zone).map_err(Error::internal)?;
        Ok(Self { id: row.id, name: row.name, zone })
    }
}

pub(crate) async fn insert(conn: &mut Conn, tenant: &Tenant, is_default: bool, now: Millis) -> Result<()> {
    sql("INSERT INTO tenant (id, name, time_zone, is_default, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(tenant.id)
        .bind(&tenant.name)
        .bind(tenant.zone.name())
        .bind(is_default)
        .bind(now)
        .run(conn)
        .await?;
    Ok(())
}

pub(crate) async fn insert_organization(
    conn: &mut Conn,
    tenant_id: i64,
    id: i64,
    name: &str,
    now: Millis,
) -> Result<()> {
    sql("INSERT INTO organization (tenant_id, id, parent_id, name, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(tenant_id)
        .bind(id)
        .bind(None::<i64>)
        .bind(name)
        .bind(now)
        .run(conn)
        .await?;
    Ok(())
}

pub(crate) async fn list(conn: &mut Conn) -> Result<Vec<TenantRow>> {
    sql("SELECT id, name, time_zone, is_default FROM tenant
         ORDER BY CASE WHEN is_default THEN 0 ELSE 1 END, created_at, id")
    .all(conn)
    .await
}

pub(crate) async fn by_name(conn: &mut Conn, name: &str) -> Result<Option<TenantRow>> {
    sql("SELECT id, name, time_zone, is_default FROM tenant WHERE name = $1").bind(name).optional(conn).await
}

pub(crate) async fn by_id(conn: &mut Conn, id: i64) -> Result<Option<TenantRow>> {
    sql("SELECT id, name, time_zone, is_default FROM tenant WHERE id = $1").bind(id).optional(conn).await
}

/// Waits for writes of a tenant that are under way, and lets none begin until this one has ended.
pub(crate) async fn hold(conn: &mut Conn, tenant_id: i64) -> Result<()> {
    sql("SELECT id FROM tenant WHERE id = ").arg(tenant_id).for_update().run(conn).await?;
    Ok(())
}

/// Removes what other tenants and people at the door have of this one: instances of its applications, and counts of failed
/// attempts to sign in with its names.
pub(crate) async fn delete_what_points_here(conn: &mut Conn, tenant_id: i64) -> Result<()> {
    sql("DELETE FROM application_instance
         WHERE application_id IN (SELECT id FROM application WHERE tenant_id = $1)")
    .bind(tenant_id)
    .run(conn)
    .await?;
    sql("DELETE FROM sign_in_failure WHERE login IN (SELECT name FROM login WHERE tenant_id = $1)")
        .bind(tenant_id)
        .run(conn)
        .await?;
    Ok(())
}

/// Removes the tenant itself, when nothing of it is left.
pub(crate) async fn delete(conn: &mut Conn, tenant_id: i64) -> Result<()> {
    sql("DELETE FROM tenant WHERE id = $1").bind(tenant_id).run(conn).await?;
    Ok(())
}
