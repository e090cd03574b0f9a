//! SQL of devices.

use std::collections::BTreeSet;

use crate::Result;
use crate::db::{Conn, Sql, sql};
use crate::device::Device;

/// Rows of one statement: both databases bound its values.
const CHUNK: usize = 500;

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    product_id: i64,
    did: String,
    mac: String,
    passcode: String,
    kind: String,
    serial_number: Option<String>,
    disabled: bool,
    created_at: i64,
    activated_at: Option<i64>,
    online: bool,
    online_latest: Option<i64>,
    place_id: Option<i64>,
    place_source: Option<String>,
    longitude: Option<f64>,
    latitude: Option<f64>,
    group_id: Option<i64>,
    mcu_hard_version: Option<String>,
    mcu_soft_version: Option<String>,
    wifi_hard_version: Option<String>,
    wifi_soft_version: Option<String>,
    report_form: i64,
    latest: Option<String>,
    latest_at: Option<i64>,
    open_faults: i64,
    open_alarms: i64,
}

impl From<Row> for Device {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            product_id: row.product_id,
            did: row.did,
            mac: row.mac,
            passcode: row.passcode,
            kind: row.kind,
            serial_number: row.serial_number,
            disabled: row.disabled,
            created_at: row.created_at,
            activated_at: row.activated_at,
            online: row.online,
            online_latest: row.online_latest,
            place_id: row.place_id,
            place_source: row.place_source,
            longitude: row.longitude,
            latitude: row.latitude,
            group_id: row.group_id,
            mcu_hard_version: row.mcu_hard_version,
            mcu_soft_version: row.mcu_soft_version,
            wifi_hard_version: row.wifi_hard_version,
            wifi_soft_version: row.wifi_soft_version,
            report_form: row.report_form,
            latest: row.latest,
            latest_at: row.latest_at,
            open_faults: row.open_faults,
            open_alarms: row.open_alarms,
        }
    }
}

fn select(tenant_id: i64) -> Sql {
    sql("SELECT id, product_id, did, mac, passcode, kind, serial_number, disabled, created_at, activated_at, online,
           online_latest, place_id, place_source, longitude, latitude, group_id, mcu_hard_version, mcu_soft_version,
           wifi_hard_version, wifi_soft_version, report_form, latest, latest_at, open_faults, open_alarms
         FROM device WHERE tenant_id = ")
    .arg(tenant_id)
}

pub(crate) async fn by_did(conn: &mut Conn, tenant_id: i64, did: &str) -> Result<Option<Device>> {
    let row: Option<Row> = select(tenant_id).push(" AND did = ").arg(did).optional(conn).await?;
    Ok(row.map(Into::into))
}

pub(crate) async fn by_mac(
    conn: &mut Conn,
    tenant_id: i64,
    product_id: i64,
    mac: &str,
) -> Result<Option<Device>> {
    let query = select(tenant_id).push(" AND product_id = ").arg(product_id).push(" AND mac = ").arg(mac);
    let row: Option<Row> = query.optional(conn).await?;
    Ok(row.map(Into::into))
}

pub(crate) async fn by_macs(
    conn: &mut Conn,
    tenant_id: i64,
    product_id: i64,
    macs: &BTreeSet<&str>,
) -> Result<Vec<Device>> {
    let macs: Vec<_> = macs.iter().copied().collect();
    let mut found = Vec::new();
    for chunk in macs.chunks(CHUNK) {
        let query = select(tenant_id).push(" AND product_id = ").arg(product_id).push(" AND mac IN ");
        let rows: Vec<Row> = query.list(chunk.iter().copied()).all(conn).await?;
        found.extend(rows.into_iter().map(Into::into));
    }
    Ok(found)
}

/// Whether any product of the tenant has a device with this MAC.
pub(crate) async fn is_mac_known(conn: &mut Conn, tenant_id: i64, mac: &str) -> Result<bool> {
    let found: Option<(i64,)> = sql("SELECT id FROM device WHERE tenant_id = $1
             AND product_id IN (SELECT id FROM product WHERE tenant_id = $1) AND mac = $2 LIMIT 1")
    .bind(tenant_id)
    .bind(mac)
    .optional(conn)
    .await?;
    Ok(found.is_some())
}

pub(crate) async fn insert(conn: &mut Conn, tenant_id: i64, devices: &[Device]) -> Result<()> {
    for chunk in devices.chunks(CHUNK) {
        let mut identities = sql("INSERT INTO device_identity (did, tenant_id, device_id) VALUES ");
        for (n, device) in chunk.iter().enumerate() {
            let begin = if n == 0 { "(" } else { ", (" };
            identities = identities
                .push(begin)
                .arg(&device.did)
                .push(", ")
                .arg(tenant_id)
                .push(", ")
                .arg(device.id)
                .push(")");
        }
        identities.run(conn).await?;
        values(chunk, tenant_id).run(conn).await?;
    }
    Ok(())
}

/// Keeps what an import says of devices that are known.
pub(crate) async fn place(conn: &mut Conn, tenant_id: i64, devices: &[Device]) -> Result<()> {
    for chunk in devices.chunks(CHUNK) {
        values(chunk, tenant_id)
            .push(
                " ON CONFLICT (tenant_id, id) DO UPDATE SET passcode = excluded.passcode, kind = excluded.kind,
                    serial_number = excluded.serial_number, place_id = excluded.place_id,
                    place_source = excluded.place_source, longitude = excluded.longitude,
                    latitude = excluded.latitude",
            )
            .run(conn)
            .await?;
    }
    Ok(())
}

fn values(devices: &[Device], tenant_id: i64) -> Sql {
    let mut insert = sql("INSERT INTO device (tenant_id, id, product_id, did, mac, passcode, kind, serial_number,
           disabled, created_at, online, place_id, place_source, longitude, latitude, report_form, open_faults,
           open_alarms) VALUES ");
    for (n, device) in devices.iter().enumerate() {
        insert = insert
            .push(if n == 0 { "(" } else { ", (" })
            .arg(tenant_id)
            .push(", ")
            .arg(device.id)
            .push(", ")
            .arg(device.product_id)
            .push(", ")
            .arg(&device.did)
            .push(", ")
            .arg(&device.mac)
            .push(", ")
            .arg(&device.passcode)
            .push(", ")
            .arg(&device.kind)
            .push(", ")
            .arg(device.serial_number.clone())
            .push(", ")
            .arg(device.disabled)
            .push(", ")
            .arg(device.created_at)
            .push(", FALSE, ")
            .arg(device.place_id)
            .push(", ")
            .arg(device.place_source.clone())
            .push(", ")
            .arg(device.longitude)
            .push(", ")
            .arg(device.latitude)
            .push(", 0, 0, 0)");
    }
    insert
}
