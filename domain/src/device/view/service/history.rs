//! What a datapoint was over time.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{check, no_device};
use crate::access::{Access, Area};
use crate::db::Conn;
use crate::device::DEFAULT_RETENTION_DAYS;
use crate::device::figures::{Figure, HOUR, days_begun, hours_begun, join_hours};
use crate::device::view::history::{Sample, count, gather, with_gaps};
use crate::device::view::store::fleet;
use crate::device::view::store::logs;
use crate::device::view::{History, HistoryPoint, HistorySource, MAX_POINTS, Point, point};
use crate::time::Millis;
use crate::{Ctx, Error, Interval, Result, text};

/// Messages that are read for a history; more are told by the figures of hours.
const MOST: i64 = 50_000;
/// Longest span that is told by hours, neighbours joined; longer ones by days.
const HOURS_UP_TO: Millis = 62 * 24 * HOUR;

/// The history of a datapoint, at most [`MAX_POINTS`] points: from the messages of a day or less, from the figures of
/// hours and days where it is longer or the messages are gone. What of those is not made yet is made now.
pub async fn device_history(ctx: &Ctx, id: i64, name: &str, span: Interval) -> Result<History> {
    ctx.require(Area::Device, Access::Read)?;
    let span = check(span)?;
    let mut conn = ctx.read().await?;
    let whose = (ctx.tenant_id(), id);
    let (point, retention_days) = named(&mut conn, whose, name).await?;
    let answer = |point, source, points| Ok(History { point, span, source, points });
    // The longest day has 25 hours.
    let short = span.duration() <= 26 * HOUR;
    let gone = span.begin < ctx.now() - retention_days * 24 * HOUR;
    let mut samples = Vec::new();
    if short {
        samples = read(&mut conn, whose, &point, span, MOST + 1).await?;
        if !gone && !samples.is_empty() && samples.len() <= usize::try_from(MOST).unwrap_or(usize::MAX) {
            let points = gather(&samples, span);
            return answer(point, HistorySource::Messages, points);
        }
    }
    if point.has_figures() {
        let zone = &ctx.tenant.zone;
        if span.duration() <= HOURS_UP_TO {
            let mut hours = logs::figures(&mut conn, whose, name, 1, span).await?;
            join_hours(&mut hours, hours_begun(&mut conn, whose, zone, name, span).await?);
            if !hours.is_empty() {
                return answer(point, HistorySource::Hours, thinned(&hours, HOUR));
            }
        }
        let mut days = logs::figures(&mut conn, whose, name, 2, span).await?;
        join_hours(&mut days, days_begun(&mut conn, whose, zone, name, span).await?);
        if !days.is_empty() {
            return answer(point, HistorySource::Days, thinned(&days, 24 * HOUR));
        }
    }
    if samples.is_empty() && !short {
        // Nobody keeps figures of words.
        samples = read(&mut conn, whose, &point, span, MOST).await?;
    }
    let points = gather(&samples, span);
    answer(point, HistorySource::Messages, points)
}

/// Every value of a datapoint that messages of a span named, in order of time, as it was said.
pub async fn device_samples(
    ctx: &Ctx,
    id: i64,
    name: &str,
    span: Interval,
    most: i64,
) -> Result<Vec<(Millis, Value)>> {
    ctx.require(Area::Device, Access::Read)?;
    let span = check(span)?;
    let mut conn = ctx.read().await?;
    let whose = (ctx.tenant_id(), id);
    named(&mut conn, whose, name).await?;
    let mut rows = logs::reports(&mut conn, whose, name, span, most).await?;
    rows.reverse();
    let value = |(at, attrs): (i64, String)| {
        let mut attrs: Map<String, Value> = serde_json::from_str(&attrs).ok()?;
        Some((at, attrs.remove(name)?))
    };
    Ok(rows.into_iter().filter_map(value).collect())
}

/// The datapoint of the device's product with this name, and how many days its messages are kept.
async fn named(conn: &mut Conn, (tenant_id, id): (i64, i64), name: &str) -> Result<(Point, i64)> {
    let device = fleet::by_ids(conn, tenant_id, &[id]).await?.pop().ok_or_else(no_device)?;
    let products = fleet::products(conn, tenant_id).await?;
    let product = products.into_iter().find(|product| product.id == device.product_id);
    let days = product.as_ref().map_or(DEFAULT_RETENTION_DAYS, |product| product.retention_days);
    let points = product.map(|product| point::points(&product.definition)).unwrap_or_default();
    let point = points.into_iter().find(|point| point.name == name).ok_or_else(|| {
        Error::invalid(
            "name",
            text!("The product defines no datapoint {name}", "该产品没有名为 {name} 的数据点"),
        )
    })?;
    Ok((point, days))
}

async fn read(
    conn: &mut Conn,
    whose: (i64, i64),
    point: &Point,
    span: Interval,
    most: i64,
) -> Result<Vec<Sample>> {
    let rows = logs::reports(conn, whose, &point.name, span, most).await?;
    let sample = |(at, attrs): (i64, String)| {
        let attrs: Map<String, Value> = serde_json::from_str(&attrs).ok()?;
        Some((at, point.figure(attrs.get(&point.name)?)?))
    };
    let mut samples: Vec<Sample> = rows.into_iter().filter_map(sample).collect();
    samples.reverse();
    Ok(samples)
}

/// Figures as points; neighbours are joined until they are few enough.
fn thinned(figures: &BTreeMap<Millis, Figure>, width: Millis) -> Vec<HistoryPoint> {
    let together = figures.len().div_ceil(MAX_POINTS).max(1);
    let mut points: Vec<(Millis, Figure)> = Vec::with_capacity(MAX_POINTS);
    for (n, (at, figure)) in figures.iter().enumerate() {
        match points.last_mut().filter(|_| n % together != 0) {
            Some((_, known)) => known.join(figure),
            None => points.push((*at, *figure)),
        }
    }
    let point = |(at, figure): (Millis, Figure)| HistoryPoint {
        at,
        min: figure.minimum,
        max: figure.maximum,
        mean: figure.total / count(figure.samples),
        last: figure.last,
        samples: figure.samples,
        gap: false,
    };
    let together = i64::try_from(together).unwrap_or(1);
    // Here every missing figure is a gap.
    with_gaps(points.into_iter().map(point).collect(), width * together / 2)
}
