//! SQL of who uses which device.

use sqlx::FromRow;

use crate::Result;
use crate::db::{Conn, Sql, sql};
use crate::fleet::view::BindingInfo;
use crate::time::Millis;

/// A device that is to be bound or unbound.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct DeviceRow {
    pub did: String,
    pub id: i64,
    pub disabled: bool,
    /// Whether the person has it.
    pub mine: bool,
    /// Whether anyone has it.
    pub bound: bool,
}

/// Those devices of a product that there are, with who has them.
pub(crate) async fn devices(
    conn: &mut Conn,
    tenant_id: i64,
    product_id: i64,
    user_id: i64,
    dids: &[String],
) -> Result<Vec<DeviceRow>> {
    sql("SELECT d.did, d.id, d.disabled,
            EXISTS (SELECT 1 FROM device_binding b WHERE b.tenant_id = d.tenant_id AND b.device_id = d.id
                AND b.unbound_at IS NULL AND b.user_id = ")
    .arg(user_id)
    .push(
        ") AS mine,
            EXISTS (SELECT 1 FROM device_binding b WHERE b.tenant_id = d.tenant_id AND b.device_id = d.id
                AND b.unbound_at IS NULL) AS bound
         FROM device d WHERE d.tenant_id = ",
    )
    .arg(tenant_id)
    .push(" AND d.product_id = ")
    .arg(product_id)
    .push(" AND d.did IN ")
    .list(dids)
    .all(conn)
    .await
}

/// A binding to be kept.
pub(crate) struct NewBinding {
    pub id: i64,
    pub device_id: i64,
    pub owner: bool,
}

pub(crate) async fn insert(
    conn: &mut Conn,
    tenant_id: i64,
    (product_id, user_id): (i64, i64),
    bindings: &[NewBinding],
    now: Millis,
) -> Result<()> {
    let mut query = sql(
        "INSERT INTO device_binding (tenant_id, id, product_id, device_id, user_id, owner, bound_at) VALUES ",
    );
    for (n, binding) in bindings.iter().enumerate() {
        query = query.push(if n == 0 { "(" } else { ", (" }).arg(tenant_id).push(", ").arg(binding.id);
        query = query.push(", ").arg(product_id).push(", ").arg(binding.device_id).push(", ").arg(user_id);
        query = query.push(", ").arg(binding.owner).push(", ").arg(now).push(")");
    }
    query.run(conn).await?;
    Ok(())
}

pub(crate) async fn end(
    conn: &mut Conn,
    tenant_id: i64,
    user_id: i64,
    devices: &[i64],
    now: Millis,
) -> Result<()> {
    sql("UPDATE device_binding SET unbound_at = ")
        .arg(now)
        .push(" WHERE unbound_at IS NULL AND tenant_id = ")
        .arg(tenant_id)
        .push(" AND user_id = ")
        .arg(user_id)
        .push(" AND device_id IN ")
        .list(devices.iter().copied())
        .run(conn)
        .await?;
    Ok(())
}

/// Devices without an owner become those of who has them longest.
pub(crate) async fn inherit(conn: &mut Conn, tenant_id: i64, devices: &[i64]) -> Result<()> {
    sql("UPDATE device_binding SET owner = TRUE WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND unbound_at IS NULL AND device_id IN ")
        .list(devices.iter().copied())
        .push(
            " AND NOT EXISTS (SELECT 1 FROM device_binding o WHERE o.tenant_id = device_binding.tenant_id
                AND o.device_id = device_binding.device_id AND o.unbound_at IS NULL
                AND (o.owner OR o.bound_at < device_binding.bound_at
                    OR (o.bound_at = device_binding.bound_at AND o.id < device_binding.id)))",
        )
        .run(conn)
        .await?;
    Ok(())
}

#[derive(FromRow)]
struct InfoRow {
    uid: String,
    appid: String,
    who: Option<String>,
    did: String,
    mac: String,
    product_key: String,
    owner: bool,
    bound_at: Millis,
    unbound_at: Option<Millis>,
}

fn infos() -> Sql {
    sql("SELECT u.uid, a.appid, COALESCE(u.username, u.name, u.phone, u.email) AS who, d.did, d.mac, p.product_key,
            b.owner, b.bound_at, b.unbound_at
         FROM device_binding b
         JOIN device_user u ON u.tenant_id = b.tenant_id AND u.id = b.user_id
         JOIN device_app a ON a.tenant_id = u.tenant_id AND a.id = u.app_id
         JOIN device d ON d.tenant_id = b.tenant_id AND d.id = b.device_id
         JOIN product p ON p.tenant_id = b.tenant_id AND p.id = b.product_id
         WHERE b.tenant_id = ")
}

async fn listed(query: Sql, conn: &mut Conn) -> Result<Vec<BindingInfo>> {
    let rows: Vec<InfoRow> = query.push(" ORDER BY b.bound_at DESC, b.id DESC LIMIT 500").all(conn).await?;
    let info = |row: InfoRow| BindingInfo {
        uid: row.uid,
        appid: row.appid,
        who: row.who,
        did: row.did,
        mac: row.mac,
        product_key: row.product_key,
        owner: row.owner && row.unbound_at.is_none(),
        bound_at: row.bound_at,
        unbound_at: row.unbound_at,
    };
    Ok(rows.into_iter().map(info).collect())
}

/// The newest 500 bindings of a device, those that ended included.
pub(crate) async fn of_device(conn: &mut Conn, tenant_id: i64, did: &str) -> Result<Vec<BindingInfo>> {
    listed(infos().arg(tenant_id).push(" AND d.did = ").arg(did), conn).await
}

/// The newest 500 bindings of a person, those that ended included.
pub(crate) async fn of_user(conn: &mut Conn, tenant_id: i64, uid: &str) -> Result<Vec<BindingInfo>> {
    listed(infos().arg(tenant_id).push(" AND u.uid = ").arg(uid), conn).await
}
