//! Makes figures: of hours from messages, of days from hours.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};
use tokio::time::Instant;

use super::figure::{Figure, Figures, add, names};
use super::store::{self, DueHour, HourRow};
use super::{HOUR, SETTLED, rest};
use crate::access::Tenant;
use crate::ctx::Services;
use crate::db::Conn;
use crate::device::Definition;
use crate::device::store::products;
use crate::time::{Millis, Zone};
use crate::{Interval, Result};

/// Hours that are looked at together.
const LOT: i64 = 200;
/// Figures of a transaction, or a few more.
const MOST: usize = 500;
/// Messages that are read at once.
const PAGE: i64 = 5_000;
/// A day is over for good so long after its beginning: the longest has 25 hours.
const DAY_SETTLED: Millis = 26 * HOUR;
/// Hours and days of a device that are made when somebody looks, as long as that was not done otherwise.
const LIVE_HOURS: i64 = 48;
const LIVE_DAYS: i64 = 40;

/// The figures of an hour, not stored yet.
pub(super) struct Made {
    pub due: DueHour,
    pub figures: Figures,
}

/// A round in one tenant.
pub(super) struct Roll<'a> {
    services: &'a Services,
    tenant: &'a Tenant,
    now: Millis,
    /// Names of the datapoints that figures are made of, by product.
    names: HashMap<i64, Vec<String>>,
}

impl<'a> Roll<'a> {
    pub(super) async fn begin(services: &'a Services, tenant: &'a Tenant) -> Result<Self> {
        let mut read = services.db.read().await?;
        let products = products::list(&mut read, tenant.id).await?;
        let names = products.iter().map(|product| {
            let definition = Definition::parse(&product.definition);
            (product.id, definition.map(|definition| names(definition.datapoints())).unwrap_or_default())
        });
        Ok(Self { services, tenant, now: services.clock.now(), names: names.collect() })
    }

    /// Makes the hours that are due, each at most once.
    pub(super) async fn hours(&self) -> Result<usize> {
        let until = self.now - HOUR - SETTLED;
        let mut after = (i64::MIN, 0);
        let mut done = 0;
        loop {
            let mut read = self.services.db.read().await?;
            let due = store::due_hours(&mut read, self.tenant.id, until, after, LOT).await?;
            let Some(last) = due.last() else { return Ok(done) };
            after = (last.hour_at, last.device_id);
            let (mut lot, mut size) = (Vec::new(), 0);
            for due in due {
                let names = self.names.get(&due.product_id).map(Vec::as_slice).unwrap_or_default();
                let whose = (self.tenant.id, due.device_id);
                let figures = of_hour(&mut read, whose, &self.tenant.zone, due.hour_at, names).await?;
                size += figures.len();
                lot.push(Made { due, figures });
                if size >= MOST {
                    drop(read);
                    done += self.settle(std::mem::take(&mut lot)).await?;
                    size = 0;
                    read = self.services.db.read().await?;
                }
            }
            drop(read);
            if !lot.is_empty() {
                done += self.settle(lot).await?;
            }
        }
    }

    /// Stores figures of hours for which nothing else arrived meanwhile.
    async fn settle(&self, lot: Vec<Made>) -> Result<usize> {
        let began = Instant::now();
        let mut tx = self.services.db.begin().await?;
        tx.lock(self.tenant.id, "figures").await?;
        let settled = store::take_hours(&mut tx, self.tenant.id, &lot).await?;
        let (mut rows, mut days) = (Vec::new(), Vec::new());
        for Made { due, figures } in &lot {
            if !settled.contains(&(due.device_id, due.hour_at)) || figures.is_empty() {
                continue;
            }
            rows.extend(
                figures.iter().map(|(name, figure)| (due.device_id, name.as_str(), due.hour_at, *figure)),
            );
            days.push((due.device_id, self.tenant.zone.start_of(self.tenant.zone.date(due.hour_at))));
        }
        days.sort_unstable();
        days.dedup();
        store::keep(&mut tx, self.tenant.id, store::HOURS, &rows).await?;
        store::mark_days(&mut tx, self.tenant.id, &days).await?;
        tx.commit().await?;
        rest(began).await;
        Ok(settled.len())
    }

    /// Makes the days that are due, each at most once.
    pub(super) async fn days(&self) -> Result<usize> {
        let until = self.now - DAY_SETTLED;
        let mut after = (i64::MIN, 0);
        let mut done = 0;
        loop {
            let mut read = self.services.db.read().await?;
            let due = store::due_days(&mut read, self.tenant.id, until, after, LOT).await?;
            drop(read);
            let Some(last) = due.last() else { return Ok(done) };
            after = (last.day_at, last.device_id);
            let mut lots: BTreeMap<(Millis, i64), Vec<i64>> = BTreeMap::new();
            for day in &due {
                lots.entry((day.day_at, day.product_id)).or_default().push(day.device_id);
            }
            for ((day_at, product_id), devices) in lots {
                let names = self.names.get(&product_id).map(Vec::as_slice).unwrap_or_default();
                for devices in devices.chunks((MOST / names.len().max(1)).max(1)) {
                    self.make_days(day_at, devices, names).await?;
                }
            }
            done += due.len();
        }
    }

    async fn make_days(&self, day_at: Millis, devices: &[i64], names: &[String]) -> Result<()> {
        let began = Instant::now();
        let day = Interval::new(day_at, next_day(&self.tenant.zone, day_at));
        let mut tx = self.services.db.begin().await?;
        // Whoever makes hours of these days is done with them, or marks the days again.
        tx.lock(self.tenant.id, "figures").await?;
        let hours = store::hours(&mut tx, self.tenant.id, devices, names, day).await?;
        let mut days: BTreeMap<(i64, &str), Figure> = BTreeMap::new();
        for HourRow { device_id, name, figure, .. } in &hours {
            days.entry((*device_id, name)).and_modify(|known| known.join(figure)).or_insert(*figure);
        }
        let rows: Vec<_> =
            days.into_iter().map(|((device, name), figure)| (device, name, day_at, figure)).collect();
        store::keep(&mut tx, self.tenant.id, store::DAYS, &rows).await?;
        store::unmark_days(&mut tx, self.tenant.id, day_at, devices).await?;
        tx.commit().await?;
        rest(began).await;
        Ok(())
    }
}

fn next_day(zone: &Zone, day_at: Millis) -> Millis {
    zone.date(day_at).tomorrow().map_or(i64::MAX, |date| zone.start_of(date))
}

/// The figures of an hour, from its messages.
async fn of_hour(
    conn: &mut Conn,
    whose: (i64, i64),
    zone: &Zone,
    hour_at: Millis,
    names: &[String],
) -> Result<Figures> {
    let mut figures = Figures::new();
    if names.is_empty() {
        return Ok(figures);
    }
    let mut after = (hour_at, i64::MIN);
    loop {
        let rows = store::messages(conn, whose, after, hour_at + HOUR, PAGE).await?;
        for (ts, _, attrs) in &rows {
            // Where clocks change by half an hour, an hour is shorter.
            if zone.hour_of(*ts) != hour_at {
                continue;
            }
            let attrs: Map<String, Value> = serde_json::from_str(attrs).unwrap_or_default();
            add(&mut figures, names, &attrs);
        }
        let full = i64::try_from(rows.len()).is_ok_and(|rows| rows >= PAGE);
        match rows.last() {
            Some((ts, seq, _)) if full => after = (*ts, *seq),
            _ => return Ok(figures),
        }
    }
}

/// Hours of a datapoint whose figures are not made yet, the newest at most, each as its messages say now.
pub(in crate::device) async fn hours_begun(
    conn: &mut Conn,
    whose: (i64, i64),
    zone: &Zone,
    name: &str,
    span: Interval,
) -> Result<BTreeMap<Millis, Figure>> {
    let mut begun = BTreeMap::new();
    let name = [name.to_owned()];
    for hour_at in store::dirty_hours(conn, whose, span, LIVE_HOURS).await? {
        let mut figures = of_hour(conn, whose, zone, hour_at, &name).await?;
        if let Some(figure) = figures.remove(&name[0]) {
            begun.insert(hour_at, figure);
        }
    }
    Ok(begun)
}

/// Days of a datapoint whose figures are not made yet, the newest at most, each as its hours say now.
pub(in crate::device) async fn days_begun(
    conn: &mut Conn,
    (tenant_id, device_id): (i64, i64),
    zone: &Zone,
    name: &str,
    span: Interval,
) -> Result<BTreeMap<Millis, Figure>> {
    let whose = (tenant_id, device_id);
    let live = hours_begun(conn, whose, zone, name, span).await?;
    let day_of = |at| zone.start_of(zone.date(at));
    let mut days = store::dirty_days(conn, whose, span, LIVE_DAYS).await?;
    days.extend(live.keys().map(|hour_at| day_of(*hour_at)));
    days.sort_unstable();
    days.dedup();
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(BTreeMap::new()) };
    let names = [name.to_owned()];
    let all = Interval::new(*first, next_day(zone, *last));
    let kept = store::hours(conn, tenant_id, &[device_id], &names, all).await?;
    let mut hours: BTreeMap<Millis, Figure> =
        kept.into_iter().map(|row| (row.begin_at, row.figure)).collect();
    join_hours(&mut hours, live);
    let mut figures: BTreeMap<Millis, Figure> = BTreeMap::new();
    for (hour_at, figure) in hours {
        let day_at = day_of(hour_at);
        if days.binary_search(&day_at).is_ok() {
            figures.entry(day_at).and_modify(|known| known.join(&figure)).or_insert(figure);
        }
    }
    Ok(figures)
}

/// Puts figures that were made now in the place of kept ones, unless those know of more.
pub(in crate::device) fn join_hours(kept: &mut BTreeMap<Millis, Figure>, now: BTreeMap<Millis, Figure>) {
    for (at, figure) in now {
        let known = kept.entry(at).or_insert(figure);
        if figure.samples >= known.samples {
            *known = figure;
        }
    }
}
