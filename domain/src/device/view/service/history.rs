//! What a datapoint was over time.

use serde_json::{Map, Value};

use super::{check, no_device};
use crate::access::{Access, Area};
use crate::db::Conn;
use crate::device::view::history::{Sample, count, gather, with_gaps};
use crate::device::view::store::fleet;
use crate::device::view::store::logs::{self, FigureRow};
use crate::device::view::{History, HistoryPoint, HistorySource, MAX_POINTS, Point, point};
use crate::time::{MINUTE, Millis};
use crate::{Ctx, Error, Interval, Result, text};

/// Messages that are read for a history; more are told by the figures of hours.
const MOST: i64 = 50_000;
const HOUR: Millis = 60 * MINUTE;

/// The history of a datapoint, at most [`MAX_POINTS`] points: from the messages of a day or less, from the kept figures
/// of what is longer or gone.
pub async fn device_history(ctx: &Ctx, id: i64, name: &str, span: Interval) -> Result<History> {
    ctx.require(Area::Device, Access::Read)?;
    let span = check(span)?;
    let mut conn = ctx.read().await?;
    let whose = (ctx.tenant_id(), id);
    let point = named(&mut conn, whose, name).await?;
    let answer = |point, source, points| Ok(History { point, span, source, points });
    // The longest day has 25 hours.
    let short = span.duration() <= 26 * HOUR;
    let mut samples = Vec::new();
    if short {
        samples = read(&mut conn, whose, &point, span, MOST + 1).await?;
        if !samples.is_empty() && samples.len() <= usize::try_from(MOST).unwrap_or(usize::MAX) {
            let points = gather(&samples, span);
            return answer(point, HistorySource::Messages, points);
        }
    }
    let many = span.duration() / HOUR > i64::try_from(MAX_POINTS).unwrap_or(i64::MAX);
    for (source, kind, width) in [(HistorySource::Hours, 1, HOUR), (HistorySource::Days, 2, 24 * HOUR)]
        .into_iter()
        .skip(usize::from(many))
    {
        let rows = logs::figures(&mut conn, whose, name, kind, span).await?;
        if !rows.is_empty() {
            return answer(point, source, thinned(rows, width));
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

/// The datapoint of the device's product with this name.
async fn named(conn: &mut Conn, (tenant_id, id): (i64, i64), name: &str) -> Result<Point> {
    let device = fleet::by_ids(conn, tenant_id, &[id]).await?.pop().ok_or_else(no_device)?;
    let products = fleet::products(conn, tenant_id).await?;
    let product = products.into_iter().find(|product| product.id == device.product_id);
    let points = product.map(|product| point::points(&product.definition)).unwrap_or_default();
    points.into_iter().find(|point| point.name == name).ok_or_else(|| {
        Error::invalid(
            "name",
            text!("The product defines no datapoint {name}", "该产品没有名为 {name} 的数据点"),
        )
    })
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

/// Figures as points; neighbours are added up until they are few enough.
fn thinned(rows: Vec<FigureRow>, width: Millis) -> Vec<HistoryPoint> {
    let together = rows.len().div_ceil(MAX_POINTS).max(1);
    let point = |rows: &[FigureRow]| {
        let samples: i64 = rows.iter().map(|row| row.samples).sum();
        HistoryPoint {
            at: rows[0].begin_at,
            min: rows.iter().map(|row| row.minimum).fold(f64::INFINITY, f64::min),
            max: rows.iter().map(|row| row.maximum).fold(f64::NEG_INFINITY, f64::max),
            mean: rows.iter().map(|row| row.total).sum::<f64>() / count(samples),
            last: rows[rows.len() - 1].last,
            samples,
            gap: false,
        }
    };
    let points = rows.chunks(together).map(point).collect();
    let together = i64::try_from(together).unwrap_or(1);
    // Here every missing figure is a gap.
    with_gaps(points, width * together / 2)
}
