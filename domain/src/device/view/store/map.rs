//! Devices by the cell of a grid.

use sqlx::FromRow;

use super::fleet::{Wanted, filtered};
use crate::Result;
use crate::db::{Conn, sql};
use crate::device::view::Area;

#[derive(FromRow)]
struct BoundsRow {
    west: Option<f64>,
    south: Option<f64>,
    east: Option<f64>,
    north: Option<f64>,
    unknown: i64,
}

/// Where the wanted devices are, and how many nobody knows the position of.
pub(in crate::device::view) async fn bounds(
    conn: &mut Conn,
    tenant_id: i64,
    wanted: &Wanted<'_>,
) -> Result<(Option<Area>, i64)> {
    let select = sql("SELECT MIN(d.longitude) AS west, MIN(d.latitude) AS south, MAX(d.longitude) AS east,
                             MAX(d.latitude) AS north,
                             CAST(COUNT(*) - COUNT(d.latitude) AS BIGINT) AS unknown");
    let row: BoundsRow = filtered(select, tenant_id, wanted).one(conn).await?;
    let area = match (row.west, row.south, row.east, row.north) {
        (Some(west), Some(south), Some(east), Some(north)) => Some(Area { west, south, east, north }),
        _ => None,
    };
    Ok((area, row.unknown))
}

#[derive(FromRow)]
pub(in crate::device::view) struct ClusterRow {
    pub(in crate::device::view) devices: i64,
    pub(in crate::device::view) fault: i64,
    pub(in crate::device::view) trouble: i64,
    pub(in crate::device::view) offline: i64,
    pub(in crate::device::view) west: f64,
    pub(in crate::device::view) south: f64,
    pub(in crate::device::view) east: f64,
    pub(in crate::device::view) north: f64,
    pub(in crate::device::view) placed: i64,
    pub(in crate::device::view) first_place: Option<i64>,
    pub(in crate::device::view) last_place: Option<i64>,
    pub(in crate::device::view) first_id: i64,
}

/// The wanted devices of an area by cells of this width and height.
pub(in crate::device::view) async fn clusters(
    conn: &mut Conn,
    tenant_id: i64,
    wanted: &Wanted<'_>,
    area: Area,
    (wide, high): (f64, f64),
) -> Result<Vec<ClusterRow>> {
    let select = sql("SELECT CAST(")
        .floor()
        .push("((d.longitude + 180) / ")
        .arg(wide)
        .push(") AS BIGINT) AS x, CAST(")
        .floor()
        .push("((d.latitude + 90) / ")
        .arg(high)
        .push(
            ") AS BIGINT) AS y, CAST(COUNT(*) AS BIGINT) AS devices,
             CAST(SUM(CASE WHEN d.open_faults > 0 THEN 1 ELSE 0 END) AS BIGINT) AS fault,
             CAST(SUM(CASE WHEN d.open_faults > 0 OR d.open_alarms > 0 THEN 1 ELSE 0 END) AS BIGINT) AS trouble,
             CAST(SUM(CASE WHEN d.online THEN 0 ELSE 1 END) AS BIGINT) AS offline,
             MIN(d.longitude) AS west,
             MIN(d.latitude) AS south, MAX(d.longitude) AS east, MAX(d.latitude) AS north,
             CAST(COUNT(d.place_id) AS BIGINT) AS placed, CAST(MIN(d.place_id) AS BIGINT) AS first_place,
             CAST(MAX(d.place_id) AS BIGINT) AS last_place, CAST(MIN(d.id) AS BIGINT) AS first_id",
        );
    filtered(select, tenant_id, wanted)
        .push(" AND d.longitude >= ")
        .arg(area.west)
        .push(" AND d.longitude <= ")
        .arg(area.east)
        .push(" AND d.latitude >= ")
        .arg(area.south)
        .push(" AND d.latitude <= ")
        .arg(area.north)
        .push(" GROUP BY 1, 2")
        .all(conn)
        .await
}
