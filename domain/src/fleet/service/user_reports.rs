//! Reports over people.

use std::collections::HashMap;

use jiff::civil::Date;

use super::{app, product, scope, today, tree};
use crate::access::service::digest;
use crate::access::{Access, Area};
use crate::db::Conn;
use crate::fleet::activity::{Month, mask, months};
use crate::fleet::params::{OfGroup, QueryActiveUsers, QueryHistory, QueryUserLocations};
use crate::fleet::period::{Cycle, dates, periods_within};
use crate::fleet::place::{Heads, PlaceTree};
use crate::fleet::replies::{ActiveUsers, DateCount, NewUsers, PeriodCount, UserTotal};
use crate::fleet::store::reports::Scope;
use crate::fleet::store::user_reports::{self as store, QUARTER, UseRow, Window};
use crate::{Code, Ctx, Error, Result, text};

/// Longest history of new people, in periods.
const LONGEST: usize = 400;

/// People by the day, week or month in which they bound their first device of the product (`user_report.new`), or of the
/// group, where one is named.
pub async fn new_users(ctx: &Ctx, params: QueryHistory) -> Result<NewUsers> {
    ctx.require(Area::Fleet, Access::Read)?;
    let cycle = Cycle::named(params.cycle.as_deref())?;
    let periods = periods_within(cycle, (&params.start, &params.end), today(ctx), LONGEST)?;
    let zone = &ctx.tenant.zone;
    let ends: Vec<i64> = periods
        .iter()
        .map(|period| period.last.tomorrow().map_or(i64::MAX, |date| zone.start_of(date)))
        .collect();
    let window = match (periods.first(), ends.last()) {
        (Some(first), Some(end)) => (zone.start_of(first.first), *end),
        _ => (0, 0),
    };
    let mut conn = ctx.read().await?;
    let scope = scope(ctx, &mut conn, &params.product_key, params.gid.as_deref()).await?;
    let mut counts = vec![0; periods.len()];
    for (quarter, people) in store::first_bindings(&mut conn, scope, window).await? {
        let at = ends.partition_point(|end| *end <= quarter * QUARTER);
        if let Some(count) = counts.get_mut(at) {
            *count += people;
        }
    }
    let data = periods.iter().zip(counts).map(|(period, count)| PeriodCount { of: period.into(), count });
    let data = data.collect();
    Ok(NewUsers { gid: params.gid, cycle, start: params.start, end: params.end, data })
}

/// People who ever used a device of the product, or of the group (`user_report.total`).
pub async fn user_total(ctx: &Ctx, params: OfGroup) -> Result<UserTotal> {
    ctx.require(Area::Fleet, Access::Read)?;
    let mut conn = ctx.read().await?;
    let scope = scope(ctx, &mut conn, &params.product_key, params.gid.as_deref()).await?;
    let total = store::total(&mut conn, scope).await?;
    Ok(UserTotal { gid: params.gid, total })
}

/// The product with this key or this secret: the contract calls the parameter the one and describes it as the other.
async fn by_secret_or_key(ctx: &Ctx, conn: &mut Conn, given: &str) -> Result<Scope> {
    let tenant_id = ctx.tenant_id();
    let found = match product(ctx, conn, given).await {
        Err(Error::Coded(Code::ProductKeyNotExist, _)) => {
            crate::fleet::store::product_by_secret(conn, tenant_id, &digest(given)).await?
        }
        found => Some(found?),
    };
    let product_id = found.ok_or_else(|| {
        Error::Coded(
            Code::ProductSecretError,
            text!("no product has this key or secret", "没有产品使用此 product_key 或 product_secret"),
        )
    })?;
    Ok(Scope { tenant_id, product_id, group_id: None })
}

/// Where people are who ever used a device of the product (`user_report.location`).
pub async fn user_locations(ctx: &Ctx, params: QueryUserLocations) -> Result<PlaceTree<Heads>> {
    ctx.require(Area::Fleet, Access::Read)?;
    let mut conn = ctx.read().await?;
    let scope = by_secret_or_key(ctx, &mut conn, &params.product_secret).await?;
    let rows = store::locations(&mut conn, scope).await?;
    tree(ctx, &mut conn, rows.into_iter().map(|(place, people)| (place, Heads(people)))).await
}

/// People of each day with a device that was bound to them and active on it (`user_report.liveness_total`).
pub async fn active_users(ctx: &Ctx, params: QueryActiveUsers) -> Result<ActiveUsers> {
    ctx.require(Area::Fleet, Access::Read)?;
    let (start, end) = (params.start_date.as_str(), params.end_date.as_str());
    let (first, last) = dates(("start_date", "end_date"), Some(start), Some(end), today(ctx))?;
    let zone = &ctx.tenant.zone;
    let mut conn = ctx.read().await?;
    let scope = by_secret_or_key(ctx, &mut conn, &params.product_secret).await?;
    let app_id = match params.appid.as_deref().filter(|appid| !appid.is_empty()) {
        Some(appid) => Some(app(ctx, &mut conn, appid).await?),
        None => None,
    };
    let months = months(first, last);
    let window = Window {
        app_id,
        begin: zone.start_of(first),
        end: last.tomorrow().map_or(i64::MAX, |date| zone.start_of(date)),
        months: &months,
    };
    let steady = store::steady(&mut conn, scope, window).await?;
    let others = store::others(&mut conn, scope, window).await?;
    let masks =
        steady.into_iter().chain(folded(ctx, &months, others).into_iter().map(|(m, days)| (m, days, 1)));
    let mut counts: HashMap<String, [i64; 31]> = HashMap::new();
    for (month, mut days, people) in masks {
        let counts = counts.entry(month).or_insert([0; 31]);
        while days != 0 {
            if let Some(count) = counts.get_mut(days.trailing_zeros() as usize) {
                *count += people;
            }
            days &= days - 1;
        }
    }
    let dates =
        std::iter::successors(Some(first), |date| date.tomorrow().ok()).take_while(|date| *date <= last);
    let count = |date: Date| {
        let at = usize::try_from(date.day() - 1).unwrap_or(0);
        counts.get(&crate::fleet::period::month_of(date)).map_or(0, |counts| counts[at])
    };
    Ok(ActiveUsers {
        data: dates.map(|date| DateCount { date: date.to_string(), count: count(date) }).collect(),
    })
}

/// The days of each month on which each person was active: those of all their devices, as far as they had them.
fn folded(ctx: &Ctx, months: &[Month], rows: Vec<UseRow>) -> Vec<(String, i64)> {
    let zone = &ctx.tenant.zone;
    let mut people: HashMap<(i64, String), i64> = HashMap::new();
    for row in rows {
        let Some(month) = months.iter().find(|month| month.name == row.month) else { continue };
        let until = row.unbound_at.map_or(Date::MAX, |at| zone.date(at));
        let had = row.days & mask(month, zone.date(row.bound_at), until);
        *people.entry((row.user_id, row.month)).or_default() |= had;
    }
    people.into_iter().map(|((_, month), days)| (month, days)).collect()
}
