//! SQL of the search for devices.

use crate::Result;
use crate::db::{Conn, Sql, sql};
use crate::device::{DeviceRecord, seconds};
use crate::enterprise::Slice;
use crate::time::Millis;

/// What a device is searched by.
#[derive(Clone, Debug)]
pub(crate) enum By {
    Did(String),
    Mac(String),
    /// A person who uses it.
    Uid(String),
}

/// Which devices.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub product_id: i64,
    /// A group and all below it.
    pub group_id: Option<i64>,
    pub country: Option<String>,
    pub region: Option<String>,
    pub city: Option<String>,
    pub online: Option<bool>,
    pub faulty: Option<bool>,
    pub alert: Option<bool>,
    pub with_disabled: bool,
    pub heard_since: Option<Millis>,
    pub by: Option<By>,
}

#[derive(sqlx::FromRow)]
struct Row {
    did: String,
    mac: String,
    online: bool,
    country: Option<String>,
    region: Option<String>,
    city: Option<String>,
    longitude: Option<f64>,
    latitude: Option<f64>,
    open_faults: i64,
    open_alarms: i64,
    online_latest: Option<i64>,
    created_at: i64,
    mcu_hard_version: Option<String>,
    mcu_soft_version: Option<String>,
    wifi_hard_version: Option<String>,
    wifi_soft_version: Option<String>,
}

impl From<Row> for DeviceRecord {
    fn from(row: Row) -> Self {
        let known = |name: Option<String>| name.filter(|name| !name.is_empty());
        Self {
            did: row.did,
            mac: row.mac,
            is_online: row.online,
            country: known(row.country),
            region: known(row.region),
            city: known(row.city),
            longitude: row.longitude,
            latitude: row.latitude,
            is_faulty: row.open_faults > 0,
            is_alert: row.open_alarms > 0,
            online_latest: row.online_latest.map(seconds),
            created_at: seconds(row.created_at),
            mcu_hard_version: row.mcu_hard_version,
            mcu_soft_version: row.mcu_soft_version,
            wifi_hard_version: row.wifi_hard_version,
            wifi_soft_version: row.wifi_soft_version,
        }
    }
}

pub(crate) async fn count(conn: &mut Conn, tenant_id: i64, which: &Filter) -> Result<i64> {
    filtered(sql("SELECT CAST(COUNT(*) AS BIGINT) FROM device d"), tenant_id, which).count(conn).await
}

pub(crate) async fn list(
    conn: &mut Conn,
    tenant_id: i64,
    which: &Filter,
    Slice { limit, skip }: Slice,
) -> Result<Vec<DeviceRecord>> {
    let select = sql("SELECT d.did, d.mac, d.online, p.country, p.region, p.city, d.longitude, d.latitude,
           d.open_faults, d.open_alarms, d.online_latest, d.created_at, d.mcu_hard_version, d.mcu_soft_version,
           d.wifi_hard_version, d.wifi_soft_version
         FROM device d LEFT JOIN place p ON p.tenant_id = d.tenant_id AND p.id = d.place_id");
    let rows: Vec<Row> = filtered(select, tenant_id, which)
        .push(" ORDER BY d.created_at DESC, d.id DESC LIMIT ")
        .arg(limit)
        .push(" OFFSET ")
        .arg(skip)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

fn filtered(select: Sql, tenant_id: i64, which: &Filter) -> Sql {
    let mut query = select
        .push(" WHERE d.tenant_id = ")
        .arg(tenant_id)
        .push(" AND d.product_id = ")
        .arg(which.product_id);
    if let Some(group_id) = which.group_id {
        query = query
            .push(
                " AND d.group_id IN (WITH RECURSIVE below (id) AS (
                    SELECT id FROM device_group WHERE tenant_id = ",
            )
            .arg(tenant_id)
            .push(" AND id = ")
            .arg(group_id)
            .push(" UNION SELECT g.id FROM device_group g JOIN below b ON g.parent_id = b.id WHERE g.tenant_id = ")
            .arg(tenant_id)
            .push(") SELECT id FROM below)");
    }
    if which.country.is_some() || which.region.is_some() || which.city.is_some() {
        query = query.push(" AND d.place_id IN (SELECT id FROM place WHERE tenant_id = ").arg(tenant_id);
        for (column, name) in [
            (" AND country = ", &which.country),
            (" AND region = ", &which.region),
            (" AND city = ", &which.city),
        ] {
            if let Some(name) = name {
                query = query.push(column).arg(name);
            }
        }
        query = query.push(")");
    }
    if let Some(online) = which.online {
        query = query.push(" AND d.online = ").arg(online);
    }
    for (asked, with, without) in [
        (which.faulty, " AND d.open_faults > 0", " AND d.open_faults = 0"),
        (which.alert, " AND d.open_alarms > 0", " AND d.open_alarms = 0"),
    ] {
        if let Some(asked) = asked {
            query = query.push(if asked { with } else { without });
        }
    }
    if !which.with_disabled {
        query = query.push(" AND NOT d.disabled");
    }
    if let Some(since) = which.heard_since {
        query = query.push(" AND d.online_latest >= ").arg(since);
    }
    match &which.by {
        None => query,
        Some(By::Did(did)) => query.push(" AND d.did = ").arg(did),
        Some(By::Mac(mac)) => query.push(" AND d.mac = ").arg(mac),
        Some(By::Uid(uid)) => query
            .push(
                " AND d.id IN (SELECT b.device_id FROM device_binding b
                    JOIN device_user u ON u.tenant_id = b.tenant_id AND u.id = b.user_id
                    WHERE b.unbound_at IS NULL AND b.tenant_id = ",
            )
            .arg(tenant_id)
            .push(" AND u.uid = ")
            .arg(uid)
            .push(")"),
    }
}

/// Id and product of a group by its name on the wire.
pub(crate) async fn group(conn: &mut Conn, tenant_id: i64, gid: &str) -> Result<Option<(i64, i64)>> {
    sql("SELECT id, product_id FROM device_group WHERE tenant_id = $1 AND gid = $2")
        .bind(tenant_id)
        .bind(gid)
        .optional(conn)
        .await
}
