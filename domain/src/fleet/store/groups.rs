//! SQL of groups and of the devices in them.

use sqlx::FromRow;

use crate::Result;
use crate::db::{Conn, Sql, sql};
use crate::time::Millis;

/// A group as it is kept.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct GroupRow {
    pub id: i64,
    pub product_id: i64,
    pub gid: String,
    pub parent_id: Option<i64>,
    pub name: String,
    pub created_at: Millis,
}

/// Appends `COLUMN IN (…)`: the ids of a group and of all groups within.
pub(crate) fn within(
    query: Sql,
    column: &'static str,
    tenant_id: i64,
    product_id: i64,
    group_id: i64,
) -> Sql {
    query
        .push(column)
        .push(" IN (WITH RECURSIVE below (id) AS (SELECT CAST(")
        .arg(group_id)
        .push(
            " AS BIGINT) UNION SELECT g.id FROM below JOIN device_group g ON g.parent_id = below.id
              WHERE g.tenant_id = ",
        )
        .arg(tenant_id)
        .push(" AND g.product_id = ")
        .arg(product_id)
        .push(") SELECT id FROM below)")
}

pub(crate) async fn find(conn: &mut Conn, tenant_id: i64, gid: &str) -> Result<Option<GroupRow>> {
    sql("SELECT id, product_id, gid, parent_id, name, created_at FROM device_group WHERE tenant_id = $1 AND gid = $2")
        .bind(tenant_id)
        .bind(gid)
        .optional(conn)
        .await
}

/// All groups of a product, the newest first.
pub(crate) async fn list(conn: &mut Conn, tenant_id: i64, product_id: i64) -> Result<Vec<GroupRow>> {
    sql("SELECT id, product_id, gid, parent_id, name, created_at FROM device_group
         WHERE tenant_id = $1 AND product_id = $2 ORDER BY created_at DESC, id DESC")
    .bind(tenant_id)
    .bind(product_id)
    .all(conn)
    .await
}

/// How many devices are in each group itself.
pub(crate) async fn sizes(conn: &mut Conn, tenant_id: i64, product_id: i64) -> Result<Vec<(i64, i64)>> {
    sql("SELECT g.id, CAST(COUNT(*) AS BIGINT) FROM device_group g
         JOIN device d ON d.tenant_id = g.tenant_id AND d.group_id = g.id
         WHERE g.tenant_id = $1 AND g.product_id = $2 GROUP BY g.id")
    .bind(tenant_id)
    .bind(product_id)
    .all(conn)
    .await
}

pub(crate) async fn insert(conn: &mut Conn, tenant_id: i64, group: &GroupRow) -> Result<()> {
    sql("INSERT INTO device_group (tenant_id, id, product_id, gid, parent_id, name, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
    .bind(tenant_id)
    .bind(group.id)
    .bind(group.product_id)
    .bind(&group.gid)
    .bind(group.parent_id)
    .bind(&group.name)
    .bind(group.created_at)
    .run(conn)
    .await?;
    Ok(())
}

pub(crate) async fn rename(conn: &mut Conn, tenant_id: i64, id: i64, name: &str) -> Result<()> {
    sql("UPDATE device_group SET name = $1 WHERE tenant_id = $2 AND id = $3")
        .bind(name)
        .bind(tenant_id)
        .bind(id)
        .run(conn)
        .await?;
    Ok(())
}

pub(crate) async fn has_children(conn: &mut Conn, tenant_id: i64, group: &GroupRow) -> Result<bool> {
    let row: Option<(i64,)> = sql(
        "SELECT id FROM device_group WHERE tenant_id = $1 AND product_id = $2 AND parent_id = $3 LIMIT 1",
    )
    .bind(tenant_id)
    .bind(group.product_id)
    .bind(group.id)
    .optional(conn)
    .await?;
    Ok(row.is_some())
}

pub(crate) async fn has_devices(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<bool> {
    let row: Option<(i64,)> = sql("SELECT id FROM device WHERE tenant_id = $1 AND group_id = $2 LIMIT 1")
        .bind(tenant_id)
        .bind(id)
        .optional(conn)
        .await?;
    Ok(row.is_some())
}

pub(crate) async fn delete(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<()> {
    sql("DELETE FROM device_group WHERE tenant_id = $1 AND id = $2")
        .bind(tenant_id)
        .bind(id)
        .run(conn)
        .await?;
    Ok(())
}

/// MAC addresses of a group's own devices, the newest first.
pub(crate) async fn macs(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = sql(
        "SELECT mac FROM device WHERE tenant_id = $1 AND group_id = $2 ORDER BY created_at DESC, id DESC",
    )
    .bind(tenant_id)
    .bind(id)
    .all(conn)
    .await?;
    Ok(rows.into_iter().map(|(mac,)| mac).collect())
}

/// MAC address, id and group of those devices of a product that there are.
pub(crate) async fn members(
    conn: &mut Conn,
    tenant_id: i64,
    product_id: i64,
    macs: &[String],
) -> Result<Vec<(String, i64, Option<i64>)>> {
    sql("SELECT mac, id, group_id FROM device WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND product_id = ")
        .arg(product_id)
        .push(" AND mac IN ")
        .list(macs)
        .all(conn)
        .await
}

pub(crate) async fn move_to(
    conn: &mut Conn,
    tenant_id: i64,
    devices: &[i64],
    group_id: Option<i64>,
) -> Result<()> {
    sql("UPDATE device SET group_id = ")
        .arg(group_id)
        .push(" WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND id IN ")
        .list(devices.iter().copied())
        .run(conn)
        .await?;
    Ok(())
}
