//! Use cases of a fleet.

mod bindings;
mod groups;
mod members;
mod overview;
mod people;
mod reports;
mod user_reports;
mod users;

use std::collections::HashMap;

use jiff::civil::Date;

use super::place::{Place, PlaceTree, Tally};
use super::store::groups::GroupRow;
use super::store::reports::Scope;
use super::store::{self, places};
use crate::db::Conn;
use crate::{Code, Ctx, Error, Result, text};

pub use bindings::{bind_devices, device_bindings, unbind_devices, user_bindings};
pub use groups::{
    create_group, create_named_group, delete_group, group_macs, group_tree, list_groups, rename_group,
    update_group,
};
pub use members::{assign_devices, group_members, move_group};
pub use overview::{activation_history, list_product_names, overview, place_figures};
pub use people::{create_app, create_user, get_user, import_users, list_apps, list_users};
pub use reports::{
    active_devices, alert_devices, alert_events, fault_devices, fault_events, incr_devices, liveness_history,
    locations, realtime, summary,
};
pub use user_reports::{active_users, new_users, user_locations, user_total};
pub use users::{search_bound_users, search_registered_users};

/// What writers of groups and bindings take turns by.
const LOCK: &str = "fleet";

/// The product with this key, of this tenant.
async fn product(ctx: &Ctx, conn: &mut Conn, key: &str) -> Result<i64> {
    store::product(conn, ctx.tenant_id(), key).await?.ok_or_else(|| {
        Error::Coded(
            Code::ProductKeyNotExist,
            text!("there is no product with the key {key}", "没有 product_key 为 {key} 的产品"),
        )
    })
}

/// The group with this gid, of this product.
async fn group(ctx: &Ctx, conn: &mut Conn, product_id: i64, gid: &str, unknown: Code) -> Result<GroupRow> {
    let group = store::groups::find(conn, ctx.tenant_id(), gid)
        .await?
        .ok_or_else(|| Error::Coded(unknown, text!("there is no group {gid}", "没有设备组 {gid}")))?;
    if group.product_id != product_id {
        return Err(Error::Coded(
            Code::DeviceGroupNotBelongToThisProduct,
            text!("group {gid} is of another product", "设备组 {gid} 属于其他产品"),
        ));
    }
    Ok(group)
}

/// The group that a `gid` narrows to, as the id of a group; other areas narrow with [`store::groups::within`].
pub(crate) async fn narrowed(
    ctx: &Ctx,
    conn: &mut Conn,
    product_id: i64,
    gid: Option<&str>,
) -> Result<Option<i64>> {
    let Some(gid) = gid.filter(|gid| !gid.is_empty()) else { return Ok(None) };
    group(ctx, conn, product_id, gid, Code::GroupNotExist).await.map(|group| Some(group.id))
}

/// What a report is over: the product, or a group of it.
async fn scope(ctx: &Ctx, conn: &mut Conn, key: &str, gid: Option<&str>) -> Result<Scope> {
    let product_id = product(ctx, conn, key).await?;
    let group_id = narrowed(ctx, conn, product_id, gid).await?;
    Ok(Scope { tenant_id: ctx.tenant_id(), product_id, group_id })
}

/// The application with this appid.
async fn app(ctx: &Ctx, conn: &mut Conn, appid: &str) -> Result<i64> {
    store::users::app_id(conn, ctx.tenant_id(), appid).await?.ok_or_else(|| {
        Error::Coded(Code::AppidNotExist, text!("there is no application {appid}", "没有应用 {appid}"))
    })
}

/// Today, where the plant is.
fn today(ctx: &Ctx) -> Date {
    ctx.tenant.zone.date(ctx.now())
}

/// Counts by the id of a place, as a tree of names.
async fn tree<C: Tally>(
    ctx: &Ctx,
    conn: &mut Conn,
    rows: impl IntoIterator<Item = (Option<i64>, C)>,
) -> Result<PlaceTree<C>> {
    let places = places::all(conn, ctx.tenant_id()).await?;
    Ok(grown(&places, rows))
}

/// The same with the places at hand.
fn grown<C: Tally>(
    places: &HashMap<i64, Place>,
    rows: impl IntoIterator<Item = (Option<i64>, C)>,
) -> PlaceTree<C> {
    let at = |id: Option<i64>| id.and_then(|id| places.get(&id));
    PlaceTree::of(rows.into_iter().filter_map(|(id, count)| at(id).map(|place| (place, count))))
}
