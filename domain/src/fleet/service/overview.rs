//! What the page of device reports shows beyond the reports of the Enterprise API.

use super::reports::active_in;
use super::{grown, scope, today};
use crate::access::{Access, Area};
use crate::fleet::params::{OfProduct, QueryHistory};
use crate::fleet::period::{Cycle, days_before, periods};
use crate::fleet::place::{PlaceTree, Tally};
use crate::fleet::replies::PeriodCount;
use crate::fleet::store::overview::{self as store, Begins};
use crate::fleet::store::places;
use crate::fleet::store::user_reports::QUARTER;
use crate::fleet::view::{Change, Overview, PlaceFigures, ProductName};
use crate::{Ctx, Result};

/// The devices of a product now, and how much they were used and grew. Windows of days end with today, which they count;
/// each is compared with the one as long before it.
pub async fn overview(ctx: &Ctx, params: OfProduct) -> Result<Overview> {
    ctx.require(Area::Fleet, Access::Read)?;
    let today = today(ctx);
    let begin = |days| ctx.tenant.zone.start_of(days_before(today, days));
    let begins = Begins { week: begin(6), week_before: begin(13), month: begin(29), month_before: begin(59) };
    let mut conn = ctx.read().await?;
    let scope = scope(ctx, &mut conn, &params.product_key, None).await?;
    let mut now = PlaceFigures::default();
    for (_, here) in store::places(&mut conn, scope).await? {
        now.add(&here);
    }
    let activated = store::activated(&mut conn, scope, &begins).await?;
    let day = |days| (days_before(today, days), days_before(today, days));
    let spans =
        [day(1), day(2), (days_before(today, 6), today), (days_before(today, 13), days_before(today, 7))];
    let active = active_in(&mut conn, scope, &spans, false).await?;
    Ok(Overview {
        now,
        activated: activated.ever,
        active_yesterday: Change { now: active.total(0), before: active.total(1) },
        active_week: Change { now: active.total(2), before: active.total(3) },
        new_week: Change { now: activated.week, before: activated.week_before },
        new_month: Change { now: activated.month, before: activated.month_before },
    })
}

/// Devices by the day, week or month in which they were on line for the first time. The windows are those of
/// `device_report.liveness_history`.
pub async fn activation_history(ctx: &Ctx, params: QueryHistory) -> Result<Vec<PeriodCount>> {
    ctx.require(Area::Fleet, Access::Read)?;
    let cycle = Cycle::named(params.cycle.as_deref())?;
    let periods = periods(cycle, &params.start, &params.end, today(ctx))?;
    let zone = &ctx.tenant.zone;
    let end = |date: jiff::civil::Date| date.tomorrow().map_or(i64::MAX, |date| zone.start_of(date));
    let ends: Vec<i64> = periods.iter().map(|period| end(period.last)).collect();
    let window = match (periods.first(), ends.last()) {
        (Some(first), Some(end)) => (zone.start_of(first.first), *end),
        _ => (0, 0),
    };
    let mut conn = ctx.read().await?;
    let scope = scope(ctx, &mut conn, &params.product_key, params.gid.as_deref()).await?;
    let mut counts = vec![0; periods.len()];
    for (quarter, devices) in store::activations(&mut conn, scope, window).await? {
        let at = ends.partition_point(|end| *end <= quarter * QUARTER);
        if let Some(count) = counts.get_mut(at) {
            *count += devices;
        }
    }
    Ok(periods.iter().zip(counts).map(|(period, count)| PeriodCount { of: period.into(), count }).collect())
}

/// What the devices of a product are like, all together, and by where they are.
pub async fn place_figures(ctx: &Ctx, params: OfProduct) -> Result<(PlaceFigures, PlaceTree<PlaceFigures>)> {
    ctx.require(Area::Fleet, Access::Read)?;
    let mut conn = ctx.read().await?;
    let scope = scope(ctx, &mut conn, &params.product_key, None).await?;
    let rows = store::places(&mut conn, scope).await?;
    let mut all = PlaceFigures::default();
    for (_, here) in &rows {
        all.add(here);
    }
    let places = places::all(&mut conn, ctx.tenant_id()).await?;
    Ok((all, grown(&places, rows)))
}

/// The products, the newest first, to choose one of.
pub async fn list_product_names(ctx: &Ctx) -> Result<Vec<ProductName>> {
    ctx.require(Area::Fleet, Access::Read)?;
    let mut conn = ctx.read().await?;
    store::products(&mut conn, ctx.tenant_id()).await
}
