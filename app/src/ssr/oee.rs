//! From a range of the URL to production days and shifts.

use domain::oee::service;
use domain::oee::view::{LineView, MachineView, OeeOverview, Range as Days};
use domain::time::MINUTE;
use domain::{Ctx, Interval};
use jiff::ToSpan;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{respond, shifts};
use crate::api::Result;
use crate::api::oee::{Clock, Timed};
use crate::range::{Range, Unit};

/// Lines × shifts.
pub async fn overview(ctx: &Ctx, range: &str) -> Result<Timed<OeeOverview>> {
    let view = respond(service::oee_overview(ctx, days(ctx, range).await).await)?;
    Ok(Timed { clock: clock(ctx, view.shown.span), view })
}

/// One machine.
pub async fn machine(ctx: &Ctx, id: i64, range: &str) -> Result<Timed<MachineView>> {
    let view = respond(service::machine_view(ctx, id, days(ctx, range).await).await)?;
    Ok(Timed { clock: clock(ctx, view.shown.span), view })
}

/// One line.
pub async fn line(ctx: &Ctx, id: i64, range: &str) -> Result<Timed<LineView>> {
    let view = respond(service::line_view(ctx, id, days(ctx, range).await).await)?;
    Ok(Timed { clock: clock(ctx, view.shown.span), view })
}

/// The production days, and the shift if it is one.
async fn days(ctx: &Ctx, text: &str) -> Days {
    let range = Range::parse(text);
    let now = ctx.tenant.zone.wall(ctx.now());
    match range {
        // Before the first shift of a day the production day is still the one before: the service knows.
        Range::Of(Unit::Day, None) => Days::default(),
        Range::Of(Unit::Shift, at) => {
            let at = at.unwrap_or(now);
            let around = shifts::around(ctx, at.date(), at.date()).await;
            let found = around.into_iter().find(|(_, shift)| shift.begin <= at && at < shift.end);
            match found {
                Some((date, shift)) => Days { from: Some(date), to: None, shift: Some(shift.name), at: None },
                None => Days { from: Some(at.date()), ..Days::default() },
            }
        }
        Range::Of(..) | Range::Span(..) => {
            let (begin, end) = range.bounds(now, &[]);
            let last = end.checked_sub(1.minute()).unwrap_or(end);
            Days { from: Some(begin.date()), to: Some(last.date()), shift: None, at: None }
        }
    }
}

/// The plant's clock from some time before a span to some time after it.
fn clock(ctx: &Ctx, span: Interval) -> Clock {
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
