//! From a range of the URL to production days and shifts.

use domain::oee::service;
use domain::oee::view::{LineView, MachineView, OeeOverview, Range as Days};
use domain::time::MINUTE;
use domain::{Ctx, Interval};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::respond;
use crate::api::Result;
use crate::api::oee::{Clock, Timed};
use crate::range::{Range, Unit};

/// Lines × shifts.
pub async fn overview(ctx: &Ctx, range: &str) -> Result<Timed<OeeOverview>> {
    let view = respond(service::oee_overview(ctx, days(ctx, range)).await)?;
    Ok(Timed { clock: clock(ctx, view.shown.span), view })
}

/// One machine.
pub async fn machine(ctx: &Ctx, id: i64, range: &str) -> Result<Timed<MachineView>> {
    let view = respond(service::machine_view(ctx, id, days(ctx, range)).await)?;
    Ok(Timed { clock: clock(ctx, view.shown.span), view })
}

/// One line.
pub async fn line(ctx: &Ctx, id: i64, range: &str) -> Result<Timed<LineView>> {
    let view = respond(service::line_view(ctx, id, days(ctx, range)).await)?;
    Ok(Timed { clock: clock(ctx, view.shown.span), view })
}

/// The production days or the shift, see [`crate::range`].
fn days(ctx: &Ctx, text: &str) -> Days {
    let range = Range::parse(text);
    let now = ctx.tenant.zone.wall(ctx.now());
    match range {
        // Each machine knows its own production day and its own running shift.
        Range::Of(Unit::Day, None) => Days::default(),
        Range::Of(Unit::Shift, at) => Days { at: Some(at.unwrap_or(now)), ..Days::default() },
        Range::Of(..) | Range::Span(..) => {
            let (from, to) = range.dates(now, &[]);
            Days { from: Some(from), to: Some(to), shift: None, at: None }
        }
    }
}

/// The plant's clock from some time before a span to some time after it.
pub fn clock(ctx: &Ctx, span: Interval) -> Clock {
    let zone = &ctx.tenant.zone;
    let ahead = |at| utc(zone.wall(at)) - at;
    let day = 24 * 60 * MINUTE;
    let mut offsets = vec![(span.begin - day, ahead(span.begin - day))];
    let mut at = span.begin - day;
    // Clocks are put forward and back on half hours of UTC.
    while at < span.end + day {
        at = (at / (30 * MINUTE) + 1) * 30 * MINUTE;
        let now = ahead(at);
        if offsets.last().is_none_or(|(_, before)| *before != now) {
            offsets.push((at, now));
        }
    }
    Clock { offsets }
}

fn utc(wall: DateTime) -> i64 {
    wall.to_zoned(TimeZone::UTC).map_or(0, |at| at.timestamp().as_millisecond())
}
