//! The range of a page, settled, and the shifts in it.

use jiff::ToSpan;
use jiff::civil::Date;

use super::load::{Machine, Window};
use crate::calendar::ShiftOccurrence;
use crate::oee::view::{Column, Current, Range, Shown, is_unexplained};
use crate::oee::window::Kind;
use crate::oee::{RuleSet, Sums};
use crate::time::MINUTE;
use crate::{Ctx, Error, Interval, Millis, Result, text};

/// Most production days a page shows at once.
const MAX_DAYS: i32 = 92;

/// Which shifts a page shows.
#[derive(Clone)]
pub(super) struct Pick {
    /// First production day.
    pub(super) from: Date,
    /// Last production day, included.
    pub(super) to: Date,
    /// Only shifts of this name.
    pub(super) name: Option<String>,
    /// Only shifts that run at this instant.
    pub(super) at: Option<Millis>,
}

/// Settles a range: what is not given is the current production day.
pub(super) fn pick(ctx: &Ctx, range: Range, machines: &[Machine]) -> Result<Pick> {
    let zone = &ctx.tenant.zone;
    let day_at = |at: Millis| {
        let dates = machines.iter().map(|machine| machine.production_date(zone, at));
        dates.min().unwrap_or_else(|| zone.date(at))
    };
    if let (Some(at), None, None) = (range.at, range.from, range.to) {
        let at = zone.instant(at);
        let day = day_at(at);
        let pick = Pick { from: day, to: day, name: range.shift, at: Some(at) };
        let any = machines.iter().any(|machine| !shifts(ctx, machine, &pick).is_empty());
        return Ok(Pick { at: pick.at.filter(|_| any), ..pick });
    }
    let from = range.from.or(range.to).unwrap_or_else(|| day_at(ctx.now()));
    let to = range.to.unwrap_or(from);
    if to < from {
        return Err(Error::invalid("to", text!("must not be before from", "不能早于起始日期")));
    }
    if (to - from).get_days() >= MAX_DAYS {
        return Err(Error::invalid(
            "to",
            text!("must be less than {MAX_DAYS} days after from", "与起始日期相差应小于 {MAX_DAYS} 天"),
        ));
    }
    Ok(Pick { from, to, name: range.shift, at: None })
}

/// A machine's shifts that are picked.
pub(super) fn shifts(ctx: &Ctx, machine: &Machine, pick: &Pick) -> Vec<ShiftOccurrence> {
    let mut shifts = machine.calendar.occurrences(&ctx.tenant.zone, pick.from, pick.to);
    shifts.retain(|shift| {
        pick.name.as_ref().is_none_or(|name| shift.name == *name)
            && pick.at.is_none_or(|at| shift.span().contains(at))
    });
    shifts
}

/// What is shown: the days picked, and the time from the first to the last of these shifts.
pub(super) fn shown<'a>(
    ctx: &Ctx,
    pick: &Pick,
    shifts: impl IntoIterator<Item = &'a ShiftOccurrence>,
) -> Shown {
    let mut span: Option<Interval> = None;
    let mut names: Vec<&str> = Vec::new();
    for shift in shifts {
        let own = shift.span();
        span = Some(span.map_or(own, |all| Interval::new(all.begin.min(own.begin), all.end.max(own.end))));
        names.push(&shift.name);
    }
    let span = span.unwrap_or_else(|| {
        let begin = ctx.tenant.zone.start_of(pick.from);
        Interval::new(begin, begin)
    });
    // Lines may call the shift at one instant by different names.
    let common = names.first().filter(|first| names.iter().all(|name| name == *first));
    let at = pick.at.and(common).map(|name| (*name).to_owned());
    Shown {
        from: pick.from,
        to: pick.to,
        shift: pick.name.clone().or(at),
        span,
        now: ctx.now(),
        zone: ctx.tenant.zone.name().to_owned(),
    }
}

/// The part of a span that has passed.
pub(super) fn passed(span: Interval, now: Millis) -> Interval {
    Interval::new(span.begin, span.end.min(now).max(span.begin))
}

/// The different shifts, in order of time: those of one day and name are one, even where lines begin it differently.
pub(super) fn columns<'a>(shifts: impl IntoIterator<Item = &'a ShiftOccurrence>, now: Millis) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for shift in shifts {
        let same = |column: &&mut Column| column.date == shift.production_date && column.shift == shift.name;
        match columns.iter_mut().find(same) {
            Some(column) => {
                column.span.begin = column.span.begin.min(shift.begin);
                column.span.end = column.span.end.max(shift.end);
            }
            None => columns.push(Column {
                date: shift.production_date,
                shift: shift.name.clone(),
                span: shift.span(),
                running: false,
            }),
        }
    }
    for column in &mut columns {
        column.running = column.span.contains(now);
    }
    columns.sort_by(|a, b| (a.date, a.span.begin, &a.shift).cmp(&(b.date, b.span.begin, &b.shift)));
    columns
}

/// All of these windows added.
pub(super) fn sum(windows: &[Window]) -> Sums {
    windows.iter().map(|window| window.sums).sum()
}

/// Stops in loading time that nobody has explained.
pub(super) fn unexplained(windows: &[Window], rules: RuleSet) -> i64 {
    let stretches = windows.iter().flat_map(|window| &window.stretches);
    let open = stretches.filter(|stretch| rules.loads(stretch.kind) && is_unexplained(stretch));
    i64::try_from(open.count()).unwrap_or(i64::MAX)
}

/// Machines report every minute or so: what the last report said counts as current for this long after its end.
const FRESH: Millis = 2 * MINUTE;

/// What the machine does now, if one of these shifts is running. A gap after the last report is no data once it is older
/// than [`FRESH`].
pub(super) fn current(windows: &[Window], now: Millis) -> Option<Current> {
    let running = windows.iter().find(|window| window.shift.span().contains(now))?;
    let mut latest = running.stretches.iter().rev();
    let mut last = latest.next()?;
    if last.kind == Kind::NoData && last.duration() <= FRESH {
        last = latest.next().filter(|before| before.sequence.is_some()).unwrap_or(last);
    }
    Some(Current { kind: last.kind, since: last.begin, cause: last.cause.clone() })
}

/// The date so many days earlier.
pub(super) fn earlier(date: Date, days: i64) -> Date {
    date.saturating_sub(days.days())
}
