//! Groups on their page: moved, their devices listed, and devices put in or taken out by a list that somebody pasted.

use std::collections::{HashMap, HashSet};

use super::groups::depth;
use super::{LOCK, group, product};
use crate::access::{Access, Area};
use crate::db::Tx;
use crate::events::Topic;
use crate::fleet::params::{AssignDevices, ListMembers, OneGroup};
use crate::fleet::replies::{Done, Paged};
use crate::fleet::store::groups::{self, GroupRow};
use crate::fleet::store::members::{self, Candidate};
use crate::fleet::view::{AssignedLine, Fate, Member};
use crate::fleet::{MAX_DEPTH, MAX_MACS, Slice};
use crate::{Code, Ctx, Error, Result, text};

/// Makes a group, with all that is within it, a part of another one of its product.
pub async fn move_group(ctx: &Ctx, params: OneGroup, parent_gid: String) -> Result<Done> {
    ctx.require(Area::Fleet, Access::Write)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let product_id = product(ctx, &mut tx, &params.product_key).await?;
    let row = group(ctx, &mut tx, product_id, &params.gid, Code::GroupNotExist).await?;
    let parent = group(ctx, &mut tx, product_id, &parent_gid, Code::ParentGroupNotExist).await?;
    if row.parent_id.is_none() {
        return Err(Error::invalid(
            "parent_gid",
            text!("the root group stays at the top", "根设备组只能在最上层"),
        ));
    }
    let rows = groups::list(&mut tx, ctx.tenant_id(), product_id).await?;
    let levels = levels(&rows, row.id);
    if levels.iter().flatten().any(|id| *id == parent.id) {
        return Err(Error::invalid(
            "parent_gid",
            text!("a group cannot be part of itself", "设备组不能移到自身之下"),
        ));
    }
    if depth(&rows, parent.id) + levels.len() > MAX_DEPTH {
        return Err(Error::invalid(
            "parent_gid",
            text!("groups can be {MAX_DEPTH} deep at most", "设备组最多 {MAX_DEPTH} 层"),
        ));
    }
    members::set_parent(&mut tx, ctx.tenant_id(), row.id, parent.id).await?;
    tx.commit().await?;
    ctx.changed(Topic::Fleet);
    Ok(Done {})
}

/// A group, the groups right below it, those below them, and so on.
fn levels(rows: &[GroupRow], id: i64) -> Vec<HashSet<i64>> {
    let below = |above: &HashSet<i64>| {
        let within = rows.iter().filter(|row| row.parent_id.is_some_and(|parent| above.contains(&parent)));
        let below: HashSet<i64> = within.map(|row| row.id).collect();
        (!below.is_empty()).then_some(below)
    };
    std::iter::successors(Some(HashSet::from([id])), below).take(MAX_DEPTH).collect()
}

/// Devices of a group itself, the newest first.
pub async fn group_members(ctx: &Ctx, params: ListMembers) -> Result<Paged<Member>> {
    ctx.require(Area::Fleet, Access::Read)?;
    let slice = Slice::check(params.limit, params.skip)?;
    let mut conn = ctx.read().await?;
    let product_id = product(ctx, &mut conn, &params.product_key).await?;
    let row = group(ctx, &mut conn, product_id, &params.gid, Code::GroupNotExist).await?;
    let (total, objects) = members::list(&mut conn, ctx.tenant_id(), row.id, slice).await?;
    Ok(Paged { meta: slice.meta(total), objects })
}

/// Puts the devices of a pasted list into a group, or takes them out, with an account of each of them. What fails hinders
/// no other.
pub async fn assign_devices(ctx: &Ctx, params: AssignDevices) -> Result<Vec<AssignedLine>> {
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
    let names = names(&params.names)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let product_id = product(ctx, &mut tx, &params.product_key).await?;
    let row = group(ctx, &mut tx, product_id, &params.gid, Code::GroupNotExist).await?;
    let found = Found::read(ctx, &mut tx, product_id, &names).await?;
    let groups = groups::list(&mut tx, ctx.tenant_id(), product_id).await?;
    let name_of = |id: i64| {
        let other = groups.iter().find(|other| other.id == id);
        other.map(|other| if other.name.is_empty() { other.gid.clone() } else { other.name.clone() })
    };
    let (mut seen, mut moved) = (HashSet::new(), Vec::new());
    let mut lines = Vec::with_capacity(names.len());
    for (line, name) in names {
        let device = found.get(name);
        let here = device.and_then(|device| device.group_id);
        let fate = match device {
            None => Fate::Unknown,
            Some(device) if !seen.insert(device.id) => Fate::Repeated,
            Some(_) if here == Some(row.id) => {
                if assign {
                    Fate::Already
                } else {
                    Fate::Removed
                }
            }
            Some(_) if !assign => Fate::Absent,
            Some(_) if here.is_none() => Fate::Added,
            Some(_) if params.reassign => Fate::Moved,
            Some(_) => Fate::Elsewhere,
        };
        if let (Fate::Added | Fate::Moved | Fate::Removed, Some(device)) = (fate, device) {
            moved.push(device.id);
        }
        let group = here.filter(|_| matches!(fate, Fate::Moved | Fate::Elsewhere)).and_then(name_of);
        lines.push(AssignedLine { line, name: name.to_owned(), fate, group });
    }
    if !moved.is_empty() {
        groups::move_to(&mut tx, ctx.tenant_id(), &moved, assign.then_some(row.id)).await?;
    }
    tx.commit().await?;
    ctx.changed(Topic::Fleet);
    Ok(lines)
}

/// The names of a list, apart by lines, commas or blanks, each with its line from 1.
fn names(list: &str) -> Result<Vec<(i64, &str)>> {
    let apart = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '，' | '；');
    let named =
        (1..).zip(list.lines()).flat_map(|(line, text)| text.split(apart).map(move |name| (line, name)));
    let names: Vec<(i64, &str)> = named.filter(|(_, name)| !name.is_empty()).collect();
    if names.is_empty() {
        return Err(Error::missing("names"));
    }
    if names.len() > MAX_MACS {
        let given = names.len();
        return Err(Error::invalid(
            "names",
            text!(
                "must be at most {MAX_MACS} devices, not {given}",
                "一次最多 {MAX_MACS} 台设备，现有 {given} 台"
            ),
        ));
    }
    Ok(names)
}

/// Devices by device id, and by MAC address in lower case.
struct Found {
    dids: HashMap<String, Candidate>,
    macs: HashMap<String, Candidate>,
}

impl Found {
    async fn read(ctx: &Ctx, tx: &mut Tx, product_id: i64, names: &[(i64, &str)]) -> Result<Self> {
        let given: HashSet<&str> = names.iter().map(|(_, name)| *name).collect();
        let dids: Vec<String> = given.iter().map(|name| (*name).to_owned()).collect();
        let mut macs: HashSet<String> = dids.iter().cloned().collect();
        macs.extend(dids.iter().flat_map(|name| [name.to_ascii_lowercase(), name.to_ascii_uppercase()]));
        let macs: Vec<String> = macs.into_iter().collect();
        let rows = members::named(tx, ctx.tenant_id(), product_id, (&dids, &macs)).await?;
        Ok(Self {
            dids: rows.iter().map(|row| (row.did.clone(), row.clone())).collect(),
            macs: rows.into_iter().map(|row| (row.mac.to_ascii_lowercase(), row)).collect(),
        })
    }

    fn get(&self, name: &str) -> Option<&Candidate> {
        self.dids.get(name).or_else(|| self.macs.get(&name.to_ascii_lowercase()))
    }
}
