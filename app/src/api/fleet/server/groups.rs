//! Groups.

use domain::fleet::params::{AssignDevices, CreateGroup, ListMembers, OfProduct};
use domain::fleet::service;
use domain::fleet::view::{AssignedLine, Fate, GroupInfo, Member, ProductName};
use domain::page::MAX_PAGE_SIZE;
use domain::{Ctx, Error, Result, Text, text};

use super::{ROWS, choose, writable};
use crate::api::fleet::groups::{GroupPage, GroupQuery, PAGE};
use crate::api::fleet::results::{Became, ResultLine, Results};

async fn groups(ctx: &Ctx, product: &ProductName) -> Result<Vec<GroupInfo>> {
    service::list_groups(ctx, OfProduct { product_key: product.product_key.clone() }).await
}

fn chosen(groups: &[GroupInfo], id: &str) -> Result<Option<GroupInfo>> {
    if id.is_empty() {
        return Ok(groups.first().cloned());
    }
    let known = id.parse().ok().and_then(|id: i64| groups.iter().find(|group| group.id == id));
    let unknown = || Error::invalid("group", text!("There is no such group", "没有此设备组"));
    known.cloned().map(Some).ok_or_else(unknown)
}

async fn members(
    ctx: &Ctx,
    product: &ProductName,
    group: &GroupInfo,
    (page, size): (i64, i64),
) -> Result<(i64, Vec<Member>)> {
    let params = ListMembers {
        product_key: product.product_key.clone(),
        gid: group.gid.clone(),
        limit: Some(size),
        skip: Some((page - 1).saturating_mul(size)),
    };
    let found = service::group_members(ctx, params).await?;
    Ok((found.meta.total, found.objects))
}

pub async fn page(ctx: &Ctx, query: &GroupQuery) -> Result<GroupPage> {
    let (products, product) = choose(ctx, &query.product).await?;
    let mut shown = GroupPage {
        products,
        product,
        page: query.page.parse().unwrap_or(1).clamp(1, ROWS),
        writable: writable(ctx),
        ..GroupPage::default()
    };
    let Some(product) = &shown.product else { return Ok(shown) };
    shown.groups = groups(ctx, product).await?;
    shown.group = chosen(&shown.groups, &query.group)?;
    if let Some(group) = &shown.group {
        shown.made = ctx.tenant.zone.format(group.created_at);
        (shown.total, shown.members) = members(ctx, product, group, (shown.page, PAGE)).await?;
    }
    Ok(shown)
}

pub async fn rows(ctx: &Ctx, query: &GroupQuery) -> Result<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    let Some(product) = choose(ctx, &query.product).await?.1 else { return Ok(rows) };
    let Some(group) = chosen(&groups(ctx, &product).await?, &query.group)? else { return Ok(rows) };
    for page in 1..=ROWS / MAX_PAGE_SIZE {
        let (total, found) = members(ctx, &product, &group, (page, MAX_PAGE_SIZE)).await?;
        rows.extend(found.into_iter().map(|device| {
            vec![
                device.did,
                device.mac,
                device.serial_number.unwrap_or_default(),
                u8::from(device.online).to_string(),
                u8::from(device.disabled).to_string(),
                device.faults.to_string(),
                device.alarms.to_string(),
            ]
        }));
        if page * MAX_PAGE_SIZE >= total {
            break;
        }
    }
    Ok(rows)
}

/// Makes a group; answers where to go.
pub async fn create(ctx: &Ctx, (product_key, parent, name): (String, String, String)) -> Result<String> {
    let parent_gid = Some(parent).filter(|gid| !gid.is_empty());
    let params = CreateGroup { product_key: product_key.clone(), parent_gid };
    let gid = service::create_named_group(ctx, params, name).await?.gid;
    let product = service::list_product_names(ctx).await?;
    let product = product.into_iter().find(|product| product.product_key == product_key);
    let group = service::list_groups(ctx, OfProduct { product_key }).await?;
    let group = group.into_iter().find(|group| group.gid == gid);
    Ok(match (product, group) {
        (Some(product), Some(group)) => format!("/devices/groups?product={}&group={}", product.id, group.id),
        _ => "/devices/groups".to_owned(),
    })
}

pub async fn assign(ctx: &Ctx, params: AssignDevices) -> Result<Results> {
    let lines = service::assign_devices(ctx, params).await?;
    let line = |line: AssignedLine| ResultLine {
        line: line.line,
        name: line.name,
        became: match line.fate {
            Fate::Added => Became::Added,
            Fate::Moved => Became::Moved,
            Fate::Already => Became::Already,
            Fate::Elsewhere => Became::Elsewhere,
            Fate::Removed => Became::Removed,
            Fate::Absent => Became::Absent,
            Fate::Repeated => Became::Repeated,
            Fate::Unknown => Became::Unknown,
        },
        note: line.group.map(|name| Text { en: name.clone(), zh: name }),
    };
    Ok(Results::of(lines.into_iter().map(line).collect()))
}
