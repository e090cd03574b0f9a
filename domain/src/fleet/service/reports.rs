//! Reports over devices.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::{grown, scope, today, tree};
use crate::access::{Access, Area};
use crate::db::Conn;
use crate::fleet::activity::{Counts, mask, months, pairs, parts};
use crate::fleet::params::{OfGroup, OfProduct, QueryDetails, QueryHistory, QueryLocations};
use crate::fleet::period::{Cycle, Period, dates, days_before, periods};
use crate::fleet::place::{Detailed, Devices, Heads, RealtimeCount, Resolution, Tally};
use crate::fleet::replies::{
    ActiveCounts, DeviceOnDay, Liveness, LivenessHistory, Locations, NewCounts, Paged, Realtime, Summary,
    TroubleReport, TroubledDevices,
};
use crate::fleet::store::places;
use crate::fleet::store::reports::{self as store, AtPlace, Begins, DayPage, DetailRow, Like, Scope};
use crate::fleet::{Slice, flag};
use crate::{Ctx, Result};

/// Where devices are (`device_report.locations`).
pub async fn locations(ctx: &Ctx, params: QueryLocations) -> Result<Locations> {
    ctx.require(Area::Fleet, Access::Read)?;
    let like = Like {
        online: flag("is_online", params.is_online)?,
        faulty: flag("is_faulty", params.is_faulty)?,
        alert: flag("is_alert", params.is_alert)?,
    };
    let mut conn = ctx.read().await?;
    let scope = scope(ctx, &mut conn, &params.product_key, params.gid.as_deref()).await?;
    let rows = store::locations(&mut conn, scope, like).await?;
    let total = rows.iter().map(|(_, count)| count).sum();
    let location = tree(ctx, &mut conn, rows.into_iter().map(|(place, n)| (place, Devices(n)))).await?;
    Ok(Locations { gid: params.gid, total, location })
}

/// The fleet at a glance (`device_report.summary`).
pub async fn summary(ctx: &Ctx, params: OfProduct) -> Result<Summary> {
    ctx.require(Area::Fleet, Access::Read)?;
    let today = today(ctx);
    let yesterday = days_before(today, 1);
    let week = days_before(today, 6);
    let begin = |date| ctx.tenant.zone.start_of(date);
    let begins = Begins {
        today: begin(today),
        yesterday: begin(yesterday),
        week: begin(week),
        month: begin(days_before(today, 29)),
    };
    let mut conn = ctx.read().await?;
    let scope = scope(ctx, &mut conn, &params.product_key, None).await?;
    let row = store::summary(&mut conn, scope, &begins).await?;
    let spans = [(yesterday, yesterday), (week, today)];
    let [active_yesterday, active_week] = active_at_all(&mut conn, scope, spans).await?;
    Ok(Summary {
        online: row.online,
        total: row.total,
        active: ActiveCounts { yesterday: active_yesterday, week: active_week },
        new: NewCounts { today: row.today, yesterday: row.yesterday, week: row.week, month: row.month },
    })
}

/// How many devices were active in each span of days, wherever they were: counted where they are stored, without fetching
/// what they were like.
async fn active_at_all<const N: usize>(
    conn: &mut Conn,
    scope: Scope,
    spans: [(Date, Date); N],
) -> Result<[i64; N]> {
    let first = spans.iter().map(|(first, _)| *first).min().unwrap_or_default();
    let last = spans.iter().map(|(_, last)| *last).max().unwrap_or_default();
    let months = months(first, last);
    let parts = parts(&months, &spans);
    let mut totals = [0; N];
    let mut add = |span: i64, devices: i64| {
        if let Some(total) = usize::try_from(span).ok().and_then(|span| totals.get_mut(span)) {
            *total += devices;
        }
    };
    for (span, devices) in store::active_devices(conn, scope, &months, &parts).await? {
        add(span, devices);
    }
    for (span, _, devices) in store::on_both_sides(conn, scope, &months, &pairs(&parts)).await? {
        add(span, -devices);
    }
    Ok(totals)
}

/// How many devices were active in each span of days. `whole` says that the spans are whole months.
pub(super) async fn active_in(
    conn: &mut Conn,
    scope: Scope,
    spans: &[(Date, Date)],
    whole: bool,
) -> Result<Counts> {
    let first = spans.iter().map(|(first, _)| *first).min().unwrap_or_default();
    let last = spans.iter().map(|(_, last)| *last).max().unwrap_or_default();
    let months = months(first, last);
    let parts = parts(&months, spans);
    let groups = store::activity(conn, scope, &months, (whole, &AtPlace::default())).await?;
    let mut counts = Counts::of(spans.len(), &months, &parts, &groups);
    for (span, place, devices) in store::on_both_sides(conn, scope, &months, &pairs(&parts)).await? {
        if let Ok(span) = usize::try_from(span) {
            counts.take(span, place, devices);
        }
    }
    Ok(counts)
}

/// Devices by the day on which they were on line for the first time (`device_report.activation_detail`).
pub async fn incr_devices(ctx: &Ctx, params: QueryDetails) -> Result<Paged<DeviceOnDay>> {
    ctx.require(Area::Fleet, Access::Read)?;
    let (slice, first, last) = detailed(ctx, &params)?;
    let zone = &ctx.tenant.zone;
    let end = last.tomorrow().map_or(i64::MAX, |date| zone.start_of(date));
    let mut conn = ctx.read().await?;
    let scope = scope(ctx, &mut conn, &params.product_key, None).await?;
    let at = at_place(&params);
    let (total, rows) = store::activated(&mut conn, scope, (zone.start_of(first), end), &at, slice).await?;
    let key = &params.product_key;
    let objects = rows.into_iter().map(|row| shown(ctx, key, zone.date(row.day), row)).collect();
    Ok(Paged { meta: slice.meta(total), objects })
}

/// Devices by each day on which they reported (`device_report.active_detail`).
pub async fn active_devices(ctx: &Ctx, params: QueryDetails) -> Result<Paged<DeviceOnDay>> {
    ctx.require(Area::Fleet, Access::Read)?;
    let (slice, first, last) = detailed(ctx, &params)?;
    let mut conn = ctx.read().await?;
    let scope = scope(ctx, &mut conn, &params.product_key, None).await?;
    let at = at_place(&params);
    let of_days = months(first, last);
    let groups = store::activity(&mut conn, scope, &of_days, (false, &at)).await?;
    let mut days: BTreeMap<Date, i64> = BTreeMap::new();
    for month in &of_days {
        let mut counts = [0; 31];
        for group in groups.iter().filter(|group| group.month == month.name) {
            let mut bits = group.days & mask(month, first, last);
            while bits != 0 {
                counts[bits.trailing_zeros() as usize] += group.devices;
                bits &= bits - 1;
            }
        }
        let dates = std::iter::successors(Some(month.first), |date| date.tomorrow().ok());
        days.extend(dates.zip(counts).filter(|(_, count)| *count > 0));
    }
    let total = days.values().sum();
    let pages = day_pages(days.into_iter().rev(), slice);
    let dates: HashMap<i64, Date> = pages.iter().map(|page| (page.day, page.date)).collect();
    let rows = store::active(&mut conn, scope, &pages, &at).await?;
    let key = &params.product_key;
    let objects = rows.into_iter().map(|row| shown(ctx, key, dates[&row.day], row)).collect();
    Ok(Paged { meta: slice.meta(total), objects })
}

/// Which part of which days a slice of them all is.
fn day_pages(days: impl Iterator<Item = (Date, i64)>, slice: Slice) -> Vec<DayPage> {
    let (mut skip, mut left) = (slice.skip, slice.limit);
    let mut pages = Vec::new();
    for ((date, count), day) in days.zip(0..) {
        if left == 0 {
            break;
        }
        if skip >= count {
            skip -= count;
            continue;
        }
        let limit = left.min(count - skip);
        pages.push(DayPage { day, date, slice: Slice { limit, skip } });
        left -= limit;
        skip = 0;
    }
    pages
}

fn detailed(ctx: &Ctx, params: &QueryDetails) -> Result<(Slice, Date, Date)> {
    let slice = Slice::check(params.limit, params.skip)?;
    let (start, end) = (params.start.as_deref(), params.end.as_deref());
    let (first, last) = dates(("start", "end"), start, end, today(ctx))?;
    Ok((slice, first, last))
}

fn at_place(params: &QueryDetails) -> AtPlace {
    AtPlace { country: params.country.clone(), region: params.region.clone(), city: params.city.clone() }
}

fn shown(ctx: &Ctx, product_key: &str, date: Date, row: DetailRow) -> DeviceOnDay {
    let place = row.place();
    let known = |name: String| (!name.is_empty()).then_some(name);
    DeviceOnDay {
        report_date: date.to_string(),
        product_key: product_key.to_owned(),
        mac: row.mac,
        device_sn: row.serial_number,
        country: known(place.country),
        region: known(place.region),
        city: known(place.city),
        created_at: ctx.tenant.zone.format(row.created_at),
    }
}

/// Active devices by days, weeks or months (`device_report.liveness_history`).
pub async fn liveness_history(ctx: &Ctx, params: QueryHistory) -> Result<LivenessHistory> {
    ctx.require(Area::Fleet, Access::Read)?;
    let cycle = Cycle::named(params.cycle.as_deref())?;
    let periods = periods(cycle, &params.start, &params.end, today(ctx))?;
    let mut conn = ctx.read().await?;
    let scope = scope(ctx, &mut conn, &params.product_key, params.gid.as_deref()).await?;
    let spans: Vec<(Date, Date)> = periods.iter().map(|period| (period.first, period.last)).collect();
    let counts = active_in(&mut conn, scope, &spans, cycle == Cycle::Month).await?;
    let places = places::all(&mut conn, ctx.tenant_id()).await?;
    let entry = |(span, period): (usize, &Period)| Liveness {
        of: period.into(),
        count: counts.total(span),
        location: grown(&places, counts.by_place(span).map(|(place, n)| (place, Heads(n)))),
    };
    let data = periods.iter().enumerate().map(entry).collect();
    Ok(LivenessHistory { gid: params.gid, cycle, start: params.start, end: params.end, data })
}

/// What devices are like right now (`device_report.realtime`).
pub async fn realtime(ctx: &Ctx, params: OfGroup) -> Result<Realtime> {
    ctx.require(Area::Fleet, Access::Read)?;
    let mut conn = ctx.read().await?;
    let scope = scope(ctx, &mut conn, &params.product_key, params.gid.as_deref()).await?;
    let rows = store::realtime(&mut conn, scope).await?;
    let mut count = RealtimeCount::default();
    for (_, here) in &rows {
        count.add(here);
    }
    let location = tree(ctx, &mut conn, rows).await?;
    Ok(Realtime { gid: params.gid, count, location })
}

/// `kind` of a fault in the store.
const FAULT: i64 = 1;
/// `kind` of an alarm in the store.
const ALARM: i64 = 2;

/// Devices that ever had a fault (`device_report.fault_devices`).
pub async fn fault_devices(ctx: &Ctx, params: OfGroup) -> Result<TroubledDevices> {
    ctx.require(Area::Fleet, Access::Read)?;
    let mut conn = ctx.read().await?;
    let scope = scope(ctx, &mut conn, &params.product_key, params.gid.as_deref()).await?;
    let rows = store::troubled(&mut conn, scope, FAULT).await?;
    let count = sum(rows.iter().map(|(_, count)| count));
    let location = tree(ctx, &mut conn, rows).await?;
    Ok(TroubledDevices { gid: params.gid, count, location })
}

/// Occurrences of faults (`device_report.fault_events`).
pub async fn fault_events(ctx: &Ctx, params: OfGroup) -> Result<TroubleReport> {
    events(ctx, params, FAULT).await
}

/// Occurrences of alarms, as faults have them; the contract gives this no path of its own.
pub async fn alert_events(ctx: &Ctx, params: OfGroup) -> Result<TroubleReport> {
    events(ctx, params, ALARM).await
}

/// Devices that ever had an alarm, with the occurrences in `detail`: the two reports the contract has under one path
/// (`device_report.alert_devices`, `alert_events`).
pub async fn alert_devices(ctx: &Ctx, params: OfGroup) -> Result<TroubleReport> {
    ctx.require(Area::Fleet, Access::Read)?;
    let mut conn = ctx.read().await?;
    let scope = scope(ctx, &mut conn, &params.product_key, params.gid.as_deref()).await?;
    let devices = store::troubled(&mut conn, scope, ALARM).await?;
    let occurrences = store::occurrences(&mut conn, scope, ALARM).await?;
    let count = sum(devices.iter().map(|(_, count)| count));
    let devices =
        devices.into_iter().map(|(place, count)| (place, Detailed { count, ..Detailed::default() }));
    let occurrences = occurrences.into_iter().map(|(place, name, count)| {
        (place, Detailed { count: Resolution::default(), detail: BTreeMap::from([(name, count)]) })
    });
    let rows: Vec<(Option<i64>, Detailed)> = devices.chain(occurrences).collect();
    let detail = all_of(&rows).detail;
    let location = tree(ctx, &mut conn, rows).await?;
    Ok(TroubleReport { gid: params.gid, count, detail, location })
}

async fn events(ctx: &Ctx, params: OfGroup, kind: i64) -> Result<TroubleReport> {
    ctx.require(Area::Fleet, Access::Read)?;
    let mut conn = ctx.read().await?;
    let scope = scope(ctx, &mut conn, &params.product_key, params.gid.as_deref()).await?;
    let occurrences = store::occurrences(&mut conn, scope, kind).await?;
    let rows: Vec<(Option<i64>, Detailed)> = occurrences
        .into_iter()
        .map(|(place, name, count)| (place, Detailed { count, detail: BTreeMap::from([(name, count)]) }))
        .collect();
    let Detailed { count, detail } = all_of(&rows);
    let location = tree(ctx, &mut conn, rows).await?;
    Ok(TroubleReport { gid: params.gid, count, detail, location })
}

fn sum<'a>(counts: impl Iterator<Item = &'a Resolution>) -> Resolution {
    counts.fold(Resolution::default(), |mut sum, count| {
        sum.add(count);
        sum
    })
}

fn all_of(rows: &[(Option<i64>, Detailed)]) -> Detailed {
    rows.iter().fold(Detailed::default(), |mut all, (_, here)| {
        all.add(here);
        all
    })
}
