//! A device in full.

use super::list::lines;
use super::no_device;
use crate::access::{Access, Area};
use crate::device::view::facets::path;
use crate::device::view::store::detail;
use crate::device::view::store::fleet;
use crate::device::view::{BoundEquipment, BoundUser, DeviceDetail, DeviceEvent, point};
use crate::masterdata::equipment::equipment_by_device;
use crate::{Ctx, Result};

/// Most faults, alarms and users shown with a device.
const MOST: i64 = 100;

/// A device in full.
pub async fn get_device(ctx: &Ctx, id: i64) -> Result<DeviceDetail> {
    ctx.require(Area::Device, Access::Read)?;
    let mut conn = ctx.read().await?;
    let tenant_id = ctx.tenant_id();
    let row = fleet::by_ids(&mut conn, tenant_id, &[id]).await?.pop().ok_or_else(no_device)?;
    let more = detail::detail(&mut conn, tenant_id, id).await?.ok_or_else(no_device)?;
    let products = fleet::products(&mut conn, tenant_id).await?;
    let places = fleet::places(&mut conn, tenant_id).await?;
    let groups = match more.group_id {
        Some(group) => path(&fleet::groups(&mut conn, tenant_id).await?, group),
        None => Vec::new(),
    };
    let product = products.iter().find(|product| product.id == row.product_id).ok_or_else(no_device)?;
    let (product_id, product_key) = (product.id, product.product_key.clone());
    let points = point::points(&product.definition);
    let did = row.did.clone();
    let now = ctx.now();
    let line = lines(&mut conn, tenant_id, vec![row], (&products, &places), now).await?.pop();
    let title = |name: &str| points.iter().find(|point| point.name == name).map(|point| point.title.clone());
    let events = detail::events(&mut conn, tenant_id, id, MOST).await?.into_iter().map(|row| DeviceEvent {
        fault: row.kind == 1,
        title: title(&row.name).unwrap_or_else(|| row.name.clone()),
        name: row.name,
        opened_at: row.opened_at,
        resolved_at: row.resolved_at,
    });
    let events = events.collect();
    let equipment = equipment_by_device(&mut conn, tenant_id, &did).await?;
    let equipment = equipment.into_iter().filter(|one| !one.archived).map(|one| BoundEquipment {
        id: one.dap_id,
        asset_num: one.asset_num,
        name: one.name,
    });
    let users = detail::users(&mut conn, tenant_id, id, MOST).await?.into_iter().map(|row| BoundUser {
        uid: row.uid,
        name: row.name.or(row.username),
        app: row.app,
        owner: row.owner,
        bound_at: row.bound_at,
        unbound_at: row.unbound_at,
    });
    Ok(DeviceDetail {
        line: line.ok_or_else(no_device)?,
        product_id,
        product_key,
        kind: more.kind,
        activated_at: more.activated_at,
        place_source: more.place_source,
        position: more.longitude.zip(more.latitude),
        groups: groups.into_iter().map(|group| (group.id, group.name)).collect(),
        versions: [
            more.mcu_hard_version,
            more.mcu_soft_version,
            more.wifi_hard_version,
            more.wifi_soft_version,
        ],
        connection: detail::connection(&mut conn, tenant_id, id).await?,
        latest: more.latest.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default(),
        latest_at: more.latest_at,
        points,
        events,
        equipment: equipment.collect(),
        users: users.collect(),
        now,
    })
}
