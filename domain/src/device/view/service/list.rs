//! The list of devices and the map beside it.

use std::collections::HashMap;

use crate::access::{Access, Area as Right};
use crate::db::Conn;
use crate::device::view::facets::{Cube, Group, subtree};
use crate::device::view::health::Past;
use crate::device::view::store::fleet::{self, DeviceRow, ProductRow, Wanted};
use crate::device::view::store::map::{self, ClusterRow};
use crate::device::view::{
    Area, Cluster, DeviceFilter, DeviceLine, DeviceList, DeviceMap, HOURS, ListDevices, Place, Stock, point,
};
use crate::page::MAX_PAGE_SIZE;
use crate::time::{MINUTE, Millis};
use crate::{Ctx, Page, Result};

/// The devices of the filter by the page, and what else the filter could be.
pub async fn list_devices(ctx: &Ctx, params: ListDevices) -> Result<DeviceList> {
    ctx.require(Right::Device, Access::Read)?;
    let page = Page::check(params.page, params.size, ("page", "size"), MAX_PAGE_SIZE)?;
    let filter = checked(params.filter)?;
    let mut conn = ctx.read().await?;
    let tenant_id = ctx.tenant_id();
    let groups = fleet::groups(&mut conn, tenant_id).await?;
    let places = fleet::places(&mut conn, tenant_id).await?;
    let products = fleet::products(&mut conn, tenant_id).await?;
    let names: HashMap<i64, String> = products.iter().map(|row| (row.id, row.name.clone())).collect();
    let cells = fleet::cells(&mut conn, tenant_id, &filter).await?;
    let narrowed = filter.text.is_some() || filter.area.is_some();
    let all = if narrowed {
        fleet::cells(&mut conn, tenant_id, &DeviceFilter::default()).await?
    } else {
        cells.clone()
    };
    let mut stock = Stock::default();
    all.iter().filter(|cell| !cell.disabled).for_each(|cell| stock.add(cell));
    let cube = Cube { cells, products: &names, groups: &groups, places: &places, filter: &filter };
    let wanted = wanted(&filter, &groups);
    let ids = fleet::ids(&mut conn, tenant_id, &wanted, (params.order, params.ascending), page).await?;
    let now = ctx.now();
    let rows = fleet::by_ids(&mut conn, tenant_id, &ids).await?;
    let devices = lines(&mut conn, tenant_id, rows, (&products, &places), now).await?;
    Ok(DeviceList { devices, total: cube.total(), stock, facets: cube.facets(), now })
}

/// The devices of the filter on the map.
pub async fn device_map(ctx: &Ctx, filter: DeviceFilter) -> Result<DeviceMap> {
    ctx.require(Right::Device, Access::Read)?;
    let filter = checked(filter)?;
    let mut conn = ctx.read().await?;
    let tenant_id = ctx.tenant_id();
    let groups = fleet::groups(&mut conn, tenant_id).await?;
    let places = fleet::places(&mut conn, tenant_id).await?;
    // The map shows a margin around the area that the list is cut to.
    let asked = filter.area;
    let everywhere = DeviceFilter { area: None, ..filter };
    let wanted = wanted(&everywhere, &groups);
    let (bounds, unknown) = map::bounds(&mut conn, tenant_id, &wanted).await?;
    let shown = asked.or(bounds.map(|bounds| bounds.padded(0.08))).unwrap_or(Area::WORLD);
    let around = shown.padded(0.5);
    let mut rows = map::clusters(&mut conn, tenant_id, &wanted, around, shown.cell()).await?;
    // The largest last: it is drawn over the others.
    rows.sort_by_key(|row| (row.devices, row.first_id));
    let middle = |row: &ClusterRow| (f64::midpoint(row.west, row.east), f64::midpoint(row.south, row.north));
    let inside = |(longitude, latitude): (f64, f64)| {
        (shown.west..=shown.east).contains(&longitude) && (shown.south..=shown.north).contains(&latitude)
    };
    let devices = rows.iter().filter(|row| inside(middle(row))).map(|row| row.devices).sum();
    let clusters = rows.into_iter().map(|row| {
        let one_place = row.placed == row.devices && row.first_place == row.last_place;
        let place = row.first_place.filter(|_| one_place).and_then(|id| places.get(&id));
        let (longitude, latitude) = middle(&row);
        Cluster {
            longitude,
            latitude,
            area: Area { west: row.west, south: row.south, east: row.east, north: row.north },
            devices: row.devices,
            fault: row.fault,
            trouble: row.trouble,
            offline: row.offline,
            place: place.map(|place| place.name().to_owned()),
            only: (row.devices == 1).then_some(row.first_id),
        }
    });
    Ok(DeviceMap { shown, clusters: clusters.collect(), devices, unknown })
}

fn checked(filter: DeviceFilter) -> Result<DeviceFilter> {
    let area = filter.area.map(|area| area.check("area")).transpose()?;
    let text = filter.text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    Ok(DeviceFilter { text, area, ..filter })
}

fn wanted<'a>(filter: &'a DeviceFilter, groups: &[Group]) -> Wanted<'a> {
    let below = |group| subtree(groups, group).into_iter().collect();
    Wanted { filter, groups: filter.group.map(below) }
}

/// Devices as the list shows them: five statements, however many there are.
pub(super) async fn lines(
    conn: &mut Conn,
    tenant_id: i64,
    rows: Vec<DeviceRow>,
    (products, places): (&[ProductRow], &HashMap<i64, Place>),
    now: Millis,
) -> Result<Vec<DeviceLine>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let hours = i64::try_from(HOURS).unwrap_or_default();
    let begin = now - hours * 60 * MINUTE;
    let mut pasts: HashMap<i64, Past> = HashMap::new();
    for (id, hour, first) in fleet::turns(conn, tenant_id, &ids, begin).await? {
        // What happens in this very moment belongs to the last hour.
        let hour = usize::try_from(hour).unwrap_or_default().min(HOURS - 1);
        pasts.entry(id).or_default().turns.push((hour, first % 2 == 1));
    }
    for row in fleet::troubles(conn, tenant_id, &ids, begin).await? {
        pasts.entry(row.device_id).or_default().events.push((row.kind == 1, row.opened_at, row.resolved_at));
    }
    let mut troubles: HashMap<i64, String> = HashMap::new();
    for (id, _, name) in fleet::open_events(conn, tenant_id, &ids).await? {
        troubles.entry(id).or_insert(name);
    }
    let used: Vec<i64> = rows.iter().map(|row| row.product_id).collect();
    let titles: HashMap<i64, HashMap<String, String>> = products
        .iter()
        .filter(|product| used.contains(&product.id))
        .map(|product| {
            let titles =
                point::points(&product.definition).into_iter().map(|point| (point.name, point.title));
            (product.id, titles.collect())
        })
        .collect();
    let product_names: HashMap<i64, &str> = products.iter().map(|row| (row.id, row.name.as_str())).collect();
    let line = |row: DeviceRow| {
        let title =
            |name: String| titles.get(&row.product_id).and_then(|t| t.get(&name)).cloned().unwrap_or(name);
        DeviceLine {
            trouble: troubles.remove(&row.id).map(title),
            health: pasts.remove(&row.id).unwrap_or_default().strip(begin, row.online),
            product: product_names.get(&row.product_id).copied().unwrap_or_default().to_owned(),
            place: row.place_id.and_then(|id| places.get(&id)).cloned(),
            position: row.longitude.zip(row.latitude),
            id: row.id,
            did: row.did,
            mac: row.mac,
            serial_number: row.serial_number,
            online: row.online,
            disabled: row.disabled,
            seen_at: row.online_latest,
            created_at: row.created_at,
            faults: row.open_faults,
            alarms: row.open_alarms,
        }
    };
    Ok(rows.into_iter().map(line).collect())
}
