//! SQL of registering.

use sqlx::FromRow;

use crate::Result;
use crate::db::{Conn, sql};
use crate::time::Millis;

/// Tenant and id of the product with this key: the key leads to the tenant.
pub(super) async fn product(conn: &mut Conn, product_key: &str) -> Result<Option<(i64, i64)>> {
    sql("SELECT tenant_id, product_id FROM product_key WHERE product_key = $1")
        .bind(product_key)
        .optional(conn)
        .await
}

#[derive(FromRow)]
pub(super) struct Device {
    pub tenant_id: i64,
    pub id: i64,
    pub did: String,
    pub passcode: String,
    pub disabled: bool,
}

pub(super) async fn by_mac(
    conn: &mut Conn,
    tenant_id: i64,
    product_id: i64,
    mac: &str,
) -> Result<Option<Device>> {
    sql("SELECT tenant_id, id, did, passcode, disabled FROM device WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND product_id = ")
        .arg(product_id)
        .push(" AND mac = ")
        .arg(mac)
        .for_update()
        .optional(conn)
        .await
}

/// The device with this name: the name leads to the tenant.
pub(super) async fn by_did(conn: &mut Conn, did: &str) -> Result<Option<Device>> {
    sql("SELECT d.tenant_id, d.id, d.did, d.passcode, d.disabled
         FROM device_identity AS i JOIN device AS d ON d.tenant_id = i.tenant_id AND d.id = i.device_id
         WHERE i.did = $1")
    .bind(did)
    .optional(conn)
    .await
}

pub(super) struct NewDevice<'a> {
    pub product_id: i64,
    pub did: &'a str,
    pub mac: &'a str,
    pub passcode: &'a str,
    pub now: Millis,
}

pub(super) async fn insert(conn: &mut Conn, tenant_id: i64, id: i64, new: &NewDevice<'_>) -> Result<()> {
    sql("INSERT INTO device
           (tenant_id, id, product_id, did, mac, passcode, kind, disabled, created_at, online, report_form,
            open_faults, open_alarms)
         VALUES ($1, $2, $3, $4, $5, $6, 'normal', FALSE, $7, FALSE, 0, 0, 0)")
    .bind(tenant_id)
    .bind(id)
    .bind(new.product_id)
    .bind(new.did)
    .bind(new.mac)
    .bind(new.passcode)
    .bind(new.now)
    .run(conn)
    .await?;
    sql("INSERT INTO device_identity (did, tenant_id, device_id) VALUES ($1, $2, $3)")
        .bind(new.did)
        .bind(tenant_id)
        .bind(id)
        .run(conn)
        .await?;
    Ok(())
}

pub(super) async fn revive(conn: &mut Conn, tenant_id: i64, id: i64, passcode: &str) -> Result<()> {
    sql("UPDATE device SET disabled = FALSE, passcode = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant_id)
        .bind(id)
        .bind(passcode)
        .run(conn)
        .await?;
    Ok(())
}

pub(super) async fn disable(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<()> {
    sql("UPDATE device SET disabled = TRUE WHERE tenant_id = $1 AND id = $2")
        .bind(tenant_id)
        .bind(id)
        .run(conn)
        .await?;
    Ok(())
}

/// Names and passcodes of devices that may connect.
pub(super) async fn credentials(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<(String, String)>> {
    sql("SELECT i.did, d.passcode FROM device_identity AS i
         JOIN device AS d ON d.tenant_id = i.tenant_id AND d.id = i.device_id
         WHERE i.did > $1 AND NOT d.disabled AND d.passcode <> ''
         ORDER BY i.did LIMIT $2")
    .bind(after)
    .bind(limit)
    .all(conn)
    .await
}
