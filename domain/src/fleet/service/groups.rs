//! Groups: a tree of them for each product.

use std::collections::{HashMap, HashSet};

use super::{LOCK, group, product};
use crate::access::{Access, Area};
use crate::events::Topic;
use crate::fleet::dids::distinct;
use crate::fleet::params::{CreateGroup, OfProduct, OneGroup, UpdateGroup};
use crate::fleet::replies::{CreatedGroup, Done, GroupMacs, GroupTree, Outcome};
use crate::fleet::store::groups::{self, GroupRow};
use crate::fleet::user::check_name;
use crate::fleet::view::GroupInfo;
use crate::fleet::{MAX_DEPTH, MAX_MACS};
use crate::{Code, Ctx, Error, Result, text};

/// The groups of a product as a tree (group.tree).
pub async fn group_tree(ctx: &Ctx, params: OfProduct) -> Result<GroupTree> {
    ctx.require(Area::Fleet, Access::Read)?;
    let mut conn = ctx.read().await?;
    let product_id = product(ctx, &mut conn, &params.product_key).await?;
    let rows = groups::list(&mut conn, ctx.tenant_id(), product_id).await?;
    let mut children: HashMap<Option<i64>, Vec<&GroupRow>> = HashMap::new();
    for row in &rows {
        children.entry(row.parent_id).or_default().push(row);
    }
    Ok(tree_below(&children, None))
}

fn tree_below(children: &HashMap<Option<i64>, Vec<&GroupRow>>, parent: Option<i64>) -> GroupTree {
    let within = children.get(&parent).into_iter().flatten();
    GroupTree(within.map(|row| (row.gid.clone(), tree_below(children, Some(row.id)))).collect())
}

/// Makes a group (group.create). It has no name; people give it one on its page.
pub async fn create_group(ctx: &Ctx, params: CreateGroup) -> Result<CreatedGroup> {
    create(ctx, params, String::new()).await
}

/// Makes a group with a name.
pub async fn create_named_group(ctx: &Ctx, params: CreateGroup, name: String) -> Result<CreatedGroup> {
    let name = check_name("name", &name)?.to_owned();
    create(ctx, params, name).await
}

async fn create(ctx: &Ctx, params: CreateGroup, name: String) -> Result<CreatedGroup> {
    ctx.require(Area::Fleet, Access::Write)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let product_id = product(ctx, &mut tx, &params.product_key).await?;
    let rows = groups::list(&mut tx, ctx.tenant_id(), product_id).await?;
    let parent_id = match params.parent_gid.as_deref().filter(|gid| !gid.is_empty()) {
        Some(gid) => {
            let parent = group(ctx, &mut tx, product_id, gid, Code::ParentGroupNotExist).await?;
            if depth(&rows, parent.id) >= MAX_DEPTH {
                return Err(Error::invalid(
                    "parent_gid",
                    text!("groups can be {MAX_DEPTH} deep at most", "设备组最多 {MAX_DEPTH} 层"),
                ));
            }
            Some(parent.id)
        }
        None => match rows.iter().find(|row| row.parent_id.is_none()) {
            None => None,
            Some(root) => {
                let root = &root.gid;
                return Err(Error::Coded(
                    Code::AlreadyHasOneRootGroup,
                    text!("the root group of this product is {root}", "该产品的根设备组是 {root}"),
                ));
            }
        },
    };
    let gid = crate::id::uuid().replace('-', "");
    let row =
        GroupRow { id: ctx.next_id(), product_id, gid: gid.clone(), parent_id, name, created_at: ctx.now() };
    groups::insert(&mut tx, ctx.tenant_id(), &row).await?;
    tx.commit().await?;
    ctx.changed(Topic::Fleet);
    Ok(CreatedGroup { gid })
}

/// How deep a group is, the root group being 1.
pub(super) fn depth(rows: &[GroupRow], id: i64) -> usize {
    let parent = |id: &i64| rows.iter().find(|row| row.id == *id).and_then(|row| row.parent_id);
    std::iter::successors(Some(id), parent).take(MAX_DEPTH).count()
}

/// Deletes an empty group (group.delete).
pub async fn delete_group(ctx: &Ctx, params: OneGroup) -> Result<Done> {
    ctx.require(Area::Fleet, Access::Write)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let product_id = product(ctx, &mut tx, &params.product_key).await?;
    let row = group(ctx, &mut tx, product_id, &params.gid, Code::GroupNotExist).await?;
    if groups::has_children(&mut tx, ctx.tenant_id(), &row).await? {
        return Err(Error::Coded(
            Code::GroupHasSubgroup,
            text!("delete the groups within first", "请先删除其下的子设备组"),
        ));
    }
    if groups::has_devices(&mut tx, ctx.tenant_id(), row.id).await? {
        return Err(Error::Coded(
            Code::GroupHasDeviceItem,
            text!("take its devices out first", "请先移出其中的设备"),
        ));
    }
    groups::delete(&mut tx, ctx.tenant_id(), row.id).await?;
    tx.commit().await?;
    ctx.changed(Topic::Fleet);
    Ok(Done {})
}

/// Devices of a group itself (group.macs).
pub async fn group_macs(ctx: &Ctx, params: OneGroup) -> Result<GroupMacs> {
    ctx.require(Area::Fleet, Access::Read)?;
    let mut conn = ctx.read().await?;
    let product_id = product(ctx, &mut conn, &params.product_key).await?;
    let row = group(ctx, &mut conn, product_id, &params.gid, Code::GroupNotExist).await?;
    let macs = groups::macs(&mut conn, ctx.tenant_id(), row.id).await?;
    Ok(GroupMacs { macs })
}

/// Puts devices into a group, or takes them out (group.update). What fails says so and hinders no other.
pub async fn update_group(ctx: &Ctx, params: UpdateGroup) -> Result<Outcome> {
    ctx.require(Area::Fleet, Access::Write)?;
    let assign = match params.action.as_str() {
        "assign" => true,
        "unassign" => false,
        _ => {
            return Err(Error::invalid(
                "action",
                text!("must be assign or unassign", "应为 assign 或 unassign"),
            ));
        }
    };
    if params.macs.len() > MAX_MACS {
        return Err(Error::invalid(
            "macs",
            text!("must be at most {MAX_MACS} addresses", "一次最多 {MAX_MACS} 个 MAC"),
        ));
    }
    let macs = distinct(params.macs);
    if macs.is_empty() {
        return Err(Error::missing("macs"));
    }
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let product_id = product(ctx, &mut tx, &params.product_key).await?;
    let row = group(ctx, &mut tx, product_id, &params.gid, Code::GroupNotExist).await?;
    let found = groups::members(&mut tx, ctx.tenant_id(), product_id, &macs).await?;
    let may = |of: Option<i64>| match of {
        of if !assign => of == Some(row.id),
        Some(of) => of == row.id || params.reassign,
        None => true,
    };
    let moved: Vec<(String, i64)> =
        found.into_iter().filter(|(.., of)| may(*of)).map(|(mac, id, _)| (mac, id)).collect();
    let ids: Vec<i64> = moved.iter().map(|(_, id)| *id).collect();
    let done: HashSet<&String> = moved.iter().map(|(mac, _)| mac).collect();
    if !ids.is_empty() {
        groups::move_to(&mut tx, ctx.tenant_id(), &ids, assign.then_some(row.id)).await?;
    }
    tx.commit().await?;
    ctx.changed(Topic::Fleet);
    let (success, failed) = macs.iter().cloned().partition(|mac| done.contains(mac));
    Ok(Outcome { success, failed })
}

/// The groups of a product for its page, each after the one it is part of, the newest first.
pub async fn list_groups(ctx: &Ctx, params: OfProduct) -> Result<Vec<GroupInfo>> {
    ctx.require(Area::Fleet, Access::Read)?;
    let mut conn = ctx.read().await?;
    let product_id = product(ctx, &mut conn, &params.product_key).await?;
    let rows = groups::list(&mut conn, ctx.tenant_id(), product_id).await?;
    let sizes: HashMap<i64, i64> =
        groups::sizes(&mut conn, ctx.tenant_id(), product_id).await?.into_iter().collect();
    let mut infos = Vec::with_capacity(rows.len());
    let mut children: HashMap<Option<i64>, Vec<&GroupRow>> = HashMap::new();
    for row in &rows {
        children.entry(row.parent_id).or_default().push(row);
    }
    list_below(&children, &sizes, None, &mut infos);
    Ok(infos)
}

/// Lists what is below a group, and says how many devices are there.
fn list_below(
    children: &HashMap<Option<i64>, Vec<&GroupRow>>,
    sizes: &HashMap<i64, i64>,
    parent: Option<&GroupRow>,
    infos: &mut Vec<GroupInfo>,
) -> i64 {
    let mut all = 0;
    for row in children.get(&parent.map(|parent| parent.id)).into_iter().flatten() {
        let devices = sizes.get(&row.id).copied().unwrap_or(0);
        let at = infos.len();
        infos.push(GroupInfo {
            id: row.id,
            gid: row.gid.clone(),
            parent_gid: parent.map(|parent| parent.gid.clone()),
            name: row.name.clone(),
            devices,
            all_devices: devices,
            created_at: row.created_at,
        });
        infos[at].all_devices += list_below(children, sizes, Some(row), infos);
        all += infos[at].all_devices;
    }
    all
}

/// Names a group.
pub async fn rename_group(ctx: &Ctx, params: OneGroup, name: String) -> Result<Done> {
    ctx.require(Area::Fleet, Access::Write)?;
    let name = check_name("name", &name)?;
    let mut tx = ctx.begin().await?;
    let product_id = product(ctx, &mut tx, &params.product_key).await?;
    let row = group(ctx, &mut tx, product_id, &params.gid, Code::GroupNotExist).await?;
    groups::rename(&mut tx, ctx.tenant_id(), row.id, name).await?;
    tx.commit().await?;
    ctx.changed(Topic::Fleet);
    Ok(Done {})
}
