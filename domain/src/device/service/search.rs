//! The search for devices.

use super::products::product_by_key;
use crate::access::{Access, Area};
use crate::device::store::search::{self as store, By, Filter};
use crate::device::{DeviceRecord, SearchDevices};
use crate::enterprise::{Listing, Slice};
use crate::time::{Millis, parse_date};
use crate::{Code, Ctx, Error, Result, text};

/// The devices of a product that all given filters fit, newest first.
pub async fn search_devices(ctx: &Ctx, params: SearchDevices) -> Result<Listing<DeviceRecord>> {
    ctx.require(Area::Device, Access::Read)?;
    let slice = Slice::check(params.limit, params.skip)?;
    let product = product_by_key(ctx, &params.product_key).await?;
    let by = match (params.r#type.as_deref(), params.val) {
        (None, None) => None,
        (Some("did"), Some(did)) => Some(By::Did(did)),
        (Some("mac"), Some(mac)) => Some(By::Mac(mac)),
        (Some("uid"), Some(uid)) => Some(By::Uid(uid)),
        (Some("did" | "mac" | "uid"), None) => return Err(Error::missing("val")),
        _ => return Err(Error::invalid("type", text!("must be did, mac or uid", "应为 did、mac 或 uid"))),
    };
    let mut filter = Filter {
        product_id: product.id,
        group_id: None,
        country: params.country,
        region: params.region,
        city: params.city,
        online: flag("is_online", params.is_online)?,
        faulty: flag("is_faulty", params.is_faulty)?,
        alert: flag("is_alert", params.is_alert)?,
        with_disabled: flag("show_disabled", params.show_disabled)?.unwrap_or(false),
        heard_since: params.liveness_start.as_deref().map(|text| instant(ctx, text)).transpose()?,
        by,
    };
    let mut read = ctx.read().await?;
    if let Some(gid) = &params.gid {
        let group = store::group(&mut read, ctx.tenant_id(), gid).await?;
        let (group_id, product_id) = group.ok_or_else(|| {
            Error::Coded(Code::GroupNotExist, text!("there is no group {gid}", "分组 {gid} 不存在"))
        })?;
        if product_id != product.id {
            return Err(Error::Coded(
                Code::DeviceGroupNotBelongToThisProduct,
                text!("the group {gid} is of another product", "分组 {gid} 不属于该产品"),
            ));
        }
        filter.group_id = Some(group_id);
    }
    let total = store::count(&mut read, ctx.tenant_id(), &filter).await?;
    let objects = store::list(&mut read, ctx.tenant_id(), &filter, slice).await?;
    Ok(Listing::new(slice, total, objects))
}

fn flag(param: &str, value: Option<i64>) -> Result<Option<bool>> {
    match value {
        None => Ok(None),
        Some(0) => Ok(Some(false)),
        Some(1) => Ok(Some(true)),
        Some(_) => Err(Error::invalid(param, text!("must be 0 or 1", "应为 0 或 1"))),
    }
}

/// Seconds since 1970, milliseconds above 1e11, a date or a wall time.
fn instant(ctx: &Ctx, text: &str) -> Result<Millis> {
    let text = text.trim();
    let zone = &ctx.tenant.zone;
    if let Ok(number) = text.parse::<i64>()
        && (0..=253_402_300_799_999).contains(&number)
    {
        return Ok(if number > 100_000_000_000 { number } else { number * 1000 });
    }
    let date = parse_date("liveness_start", text).map(|date| zone.start_of(date));
    date.or_else(|_| zone.parse("liveness_start", text))
        .map_err(|_| Error::invalid("liveness_start", text!("must be seconds since 1970", "应为秒级时间戳")))
}
