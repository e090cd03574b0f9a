//! Lists: devices as the filter leaves them, counted and by the page; what they are filtered by; products.

use std::collections::HashMap;

use sqlx::FromRow;

use crate::db::{Conn, Sql, sql};
use crate::device::view::facets::{Cell, Group};
use crate::device::view::{DeviceFilter, Order, Place};
use crate::time::{MINUTE, Millis};
use crate::{Page, Result};

const HOUR: i64 = 60 * MINUTE;

/// A filter, its group's subtree looked up.
pub(in crate::device::view) struct Wanted<'a> {
    pub(in crate::device::view) filter: &'a DeviceFilter,
    pub(in crate::device::view) groups: Option<Vec<i64>>,
}

/// Text and area: what the counts have no cells for.
fn by_text_and_area(mut query: Sql, filter: &DeviceFilter) -> Sql {
    if let Some(text) = &filter.text {
        query = query.push(" AND (").contains("d.did", text).push(" OR ").contains("d.mac", text);
        query = query.push(" OR ").contains("COALESCE(d.serial_number, '')", text).push(")");
    }
    if let Some(area) = filter.area {
        query = query.push(" AND d.longitude >= ").arg(area.west).push(" AND d.longitude <= ").arg(area.east);
        query = query.push(" AND d.latitude >= ").arg(area.south).push(" AND d.latitude <= ").arg(area.north);
    }
    query
}

/// `FROM device d WHERE …`: exactly the devices that are wanted.
pub(in crate::device::view) fn filtered(select: Sql, tenant_id: i64, wanted: &Wanted<'_>) -> Sql {
    let filter = wanted.filter;
    let mut query = select.push(" FROM device d WHERE d.tenant_id = ").arg(tenant_id);
    query = query.push(" AND d.disabled = ").arg(filter.disabled);
    if !filter.products.is_empty() {
        query = query.push(" AND d.product_id IN ").list(filter.products.iter().copied());
    }
    if let Some(groups) = &wanted.groups {
        query = query.push(" AND d.group_id IN ").list(groups.iter().copied());
    }
    if let Some(online) = filter.online {
        query = query.push(" AND d.online = ").arg(online);
    }
    query = match (filter.fault, filter.alarm) {
        (false, false) => query,
        (true, false) => query.push(" AND d.open_faults > 0"),
        (false, true) => query.push(" AND d.open_alarms > 0"),
        (true, true) => query.push(" AND (d.open_faults > 0 OR d.open_alarms > 0)"),
    };
    if filter.country.is_some() || filter.region.is_some() || filter.city.is_some() {
        query = query.push(" AND d.place_id IN (SELECT id FROM place WHERE tenant_id = ").arg(tenant_id);
        if let Some(country) = &filter.country {
            query = query.push(" AND country = ").arg(country);
        }
        if let Some(region) = &filter.region {
            query = query.push(" AND region = ").arg(region);
        }
        if let Some(city) = &filter.city {
            query = query.push(" AND city = ").arg(city);
        }
        query = query.push(")");
    }
    by_text_and_area(query, filter)
}

#[derive(FromRow)]
struct CellRow {
    product_id: i64,
    group_id: Option<i64>,
    place_id: Option<i64>,
    online: bool,
    open_faults: i64,
    open_alarms: i64,
    disabled: bool,
    devices: i64,
}

/// All devices of the text and the area, counted by everything else a filter asks for.
pub(in crate::device::view) async fn cells(
    conn: &mut Conn,
    tenant_id: i64,
    filter: &DeviceFilter,
) -> Result<Vec<Cell>> {
    // In the order of the index that covers it: nothing has to be sorted to be counted.
    let query = sql(
        "SELECT d.disabled, d.product_id, d.group_id, d.place_id, d.online, d.open_faults, d.open_alarms,
                            CAST(COUNT(*) AS BIGINT) AS devices
                     FROM device d WHERE d.tenant_id = ",
    )
    .arg(tenant_id);
    let rows: Vec<CellRow> = by_text_and_area(query, filter)
        .push(
            " GROUP BY d.disabled, d.product_id, d.group_id, d.place_id, d.online, d.open_faults, d.open_alarms",
        )
        .all(conn)
        .await?;
    let cell = |row: CellRow| Cell {
        product_id: row.product_id,
        group_id: row.group_id,
        place_id: row.place_id,
        online: row.online,
        fault: row.open_faults > 0,
        alarm: row.open_alarms > 0,
        disabled: row.disabled,
        devices: row.devices,
    };
    Ok(rows.into_iter().map(cell).collect())
}

/// Ids of a page of devices.
pub(in crate::device::view) async fn ids(
    conn: &mut Conn,
    tenant_id: i64,
    wanted: &Wanted<'_>,
    (order, ascending): (Order, bool),
    page: Page,
) -> Result<Vec<i64>> {
    let query = filtered(sql("SELECT d.id"), tenant_id, wanted);
    let query = match (order, ascending) {
        (Order::Created, false) => query.push(" ORDER BY d.created_at DESC, d.id DESC"),
        (Order::Created, true) => query.push(" ORDER BY d.created_at, d.id"),
        (Order::Seen, false) => query.push(" ORDER BY COALESCE(d.online_latest, 0) DESC, d.id DESC"),
        (Order::Seen, true) => query.push(" ORDER BY COALESCE(d.online_latest, 0), d.id"),
        (Order::Mac, false) => query.push(" ORDER BY d.mac").by_bytes().push(" DESC, d.id DESC"),
        (Order::Mac, true) => query.push(" ORDER BY d.mac").by_bytes().push(", d.id"),
        (Order::Trouble, false) => {
            query.push(" ORDER BY d.open_faults DESC, d.open_alarms DESC, d.created_at DESC, d.id DESC")
        }
        (Order::Trouble, true) => query.push(" ORDER BY d.open_faults, d.open_alarms, d.created_at, d.id"),
    };
    let rows: Vec<(i64,)> = query.page(page).all(conn).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

#[derive(FromRow)]
pub(in crate::device::view) struct DeviceRow {
    pub(in crate::device::view) id: i64,
    pub(in crate::device::view) product_id: i64,
    pub(in crate::device::view) did: String,
    pub(in crate::device::view) mac: String,
    pub(in crate::device::view) serial_number: Option<String>,
    pub(in crate::device::view) place_id: Option<i64>,
    pub(in crate::device::view) longitude: Option<f64>,
    pub(in crate::device::view) latitude: Option<f64>,
    pub(in crate::device::view) online: bool,
    pub(in crate::device::view) disabled: bool,
    pub(in crate::device::view) online_latest: Option<i64>,
    pub(in crate::device::view) created_at: i64,
    pub(in crate::device::view) open_faults: i64,
    pub(in crate::device::view) open_alarms: i64,
}

/// These devices, in their order.
pub(in crate::device::view) async fn by_ids(
    conn: &mut Conn,
    tenant_id: i64,
    ids: &[i64],
) -> Result<Vec<DeviceRow>> {
    let mut rows: Vec<DeviceRow> = sql(
        "SELECT id, product_id, did, mac, serial_number, place_id, longitude, latitude, online, disabled,
                                               online_latest, created_at, open_faults, open_alarms
                                        FROM device WHERE tenant_id = ",
    )
    .arg(tenant_id)
    .push(" AND id IN ")
    .list(ids.iter().copied())
    .all(conn)
    .await?;
    let place: HashMap<i64, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    rows.sort_by_key(|row| place.get(&row.id).copied());
    Ok(rows)
}

/// Hours since `begin` in which each of these devices went on or off line, and which it did first, in order of time.
pub(in crate::device::view) async fn turns(
    conn: &mut Conn,
    tenant_id: i64,
    ids: &[i64],
    begin: Millis,
) -> Result<Vec<(i64, i64, i64)>> {
    // The least of time and state together: the state of the first time.
    sql("SELECT device_id, CAST((at - ")
        .arg(begin)
        .push(") / ")
        .arg(HOUR)
        .push(
            " AS BIGINT) AS hour, CAST(MIN(at * 2 + CASE WHEN online THEN 1 ELSE 0 END) AS BIGINT) AS first
             FROM device_online_log WHERE tenant_id = ",
        )
        .arg(tenant_id)
        .push(" AND device_id IN ")
        .list(ids.iter().copied())
        .push(" AND at >= ")
        .arg(begin)
        .push(" GROUP BY device_id, 2 ORDER BY device_id, 2")
        .all(conn)
        .await
}

#[derive(FromRow)]
pub(in crate::device::view) struct TroubleRow {
    pub(in crate::device::view) device_id: i64,
    pub(in crate::device::view) kind: i64,
    pub(in crate::device::view) opened_at: i64,
    pub(in crate::device::view) resolved_at: Option<i64>,
}

/// Faults and alarms of these devices since `begin`, those that began in one hour as one: from the first of them until
/// the end of the last, or still open.
pub(in crate::device::view) async fn troubles(
    conn: &mut Conn,
    tenant_id: i64,
    ids: &[i64],
    begin: Millis,
) -> Result<Vec<TroubleRow>> {
    sql("SELECT device_id, kind, CAST(MIN(opened_at) AS BIGINT) AS opened_at,
                CAST(CASE WHEN COUNT(resolved_at) = COUNT(*) THEN MAX(resolved_at) ELSE NULL END AS BIGINT)
                  AS resolved_at
         FROM device_event WHERE tenant_id = ")
    .arg(tenant_id)
    .push(" AND device_id IN ")
    .list(ids.iter().copied())
    .push(" AND (resolved_at IS NULL OR resolved_at >= ")
    .arg(begin)
    .push(") GROUP BY device_id, kind, opened_at / 3600000")
    .all(conn)
    .await
}

/// Device, kind and name of what is open, what has been open for longest first.
pub(in crate::device::view) async fn open_events(
    conn: &mut Conn,
    tenant_id: i64,
    ids: &[i64],
) -> Result<Vec<(i64, i64, String)>> {
    sql("SELECT device_id, kind, name FROM device_event WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND device_id IN ")
        .list(ids.iter().copied())
        .push(" AND resolved_at IS NULL ORDER BY device_id, kind, opened_at, id")
        .all(conn)
        .await
}

#[derive(FromRow)]
struct GroupRow {
    id: i64,
    parent_id: Option<i64>,
    name: String,
    gid: String,
}

/// All groups, in the order they were made.
pub(in crate::device::view) async fn groups(conn: &mut Conn, tenant_id: i64) -> Result<Vec<Group>> {
    let rows: Vec<GroupRow> =
        sql("SELECT id, parent_id, name, gid FROM device_group WHERE tenant_id = $1 ORDER BY created_at, id")
            .bind(tenant_id)
            .all(conn)
            .await?;
    let group = |row: GroupRow| {
        let name = if row.name.is_empty() { row.gid } else { row.name };
        Group { id: row.id, parent_id: row.parent_id, name }
    };
    Ok(rows.into_iter().map(group).collect())
}

/// All places.
pub(in crate::device::view) async fn places(conn: &mut Conn, tenant_id: i64) -> Result<HashMap<i64, Place>> {
    let rows: Vec<(i64, String, String, String)> =
        sql("SELECT id, country, region, city FROM place WHERE tenant_id = $1")
            .bind(tenant_id)
            .all(conn)
            .await?;
    Ok(rows.into_iter().map(|(id, country, region, city)| (id, Place { country, region, city })).collect())
}

#[derive(FromRow)]
pub(in crate::device::view) struct ProductRow {
    pub(in crate::device::view) id: i64,
    pub(in crate::device::view) name: String,
    pub(in crate::device::view) product_key: String,
    pub(in crate::device::view) definition: String,
    pub(in crate::device::view) published: bool,
    pub(in crate::device::view) logs_enabled: bool,
    pub(in crate::device::view) api_enabled: bool,
    pub(in crate::device::view) retention_days: i64,
    pub(in crate::device::view) machine_rule: Option<String>,
    pub(in crate::device::view) position_rule: Option<String>,
    pub(in crate::device::view) created_at: i64,
}

/// All products, the newest first.
pub(in crate::device::view) async fn products(conn: &mut Conn, tenant_id: i64) -> Result<Vec<ProductRow>> {
    sql("SELECT id, name, product_key, definition, published, logs_enabled, api_enabled, retention_days,
                machine_rule, position_rule, created_at
         FROM product WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC")
    .bind(tenant_id)
    .all(conn)
    .await
}
