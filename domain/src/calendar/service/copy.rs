//! Copying a node's own week to another one.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use crate::access::{Access, Area};
use crate::calendar::{CopyWeek, Shift, Shutdown, ShutdownRule, store};
use crate::db::Tx;
use crate::events::Topic;
use crate::time::{Zone, monday, parse_date};
use crate::{Ctx, Error, Interval, Result, text};

use super::{LOCK, shifts::number_breaks, usable_node};

/// Copies what is a node's own in the week of one date to the week of another, and answers how many records that made.
/// What holds there already is not made twice: shifts that go on until then, and weekly shutdowns.
pub async fn copy_week(ctx: &Ctx, params: CopyWeek) -> Result<i64> {
    ctx.require(Area::Calendar, Access::Write)?;
    let from = monday(parse_date("fromDate", &params.from_date)?);
    let to = monday(parse_date("toDate", &params.to_date)?);
    if from == to {
        return Err(Error::invalid("toDate", text!("must be in another week", "应在另一周内")));
    }
    let zone = &ctx.tenant.zone;
    let later = i64::from((to - from).get_days()).days();
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let node = usable_node(&mut tx, ctx.tenant_id(), params.fty_model_value, params.fty_model_id).await?;
    let shifts = store::shifts_of_nodes(&mut tx, ctx.tenant_id(), &[node.id]).await?;
    let shutdowns = store::shutdowns_of_nodes(&mut tx, ctx.tenant_id(), &[node.id]).await?;
    let new_shifts: Vec<Shift> =
        shifts.iter().filter_map(|shift| shift_later(ctx.next_id(), shift, from, later)).collect();
    let new_shutdowns: Vec<Shutdown> = shutdowns
        .iter()
        .filter_map(|shutdown| shutdown_later(ctx.next_id(), shutdown, (zone, from), later))
        .filter(|new| !shutdowns.iter().any(|old| old.name == new.name && old.rule == new.rule))
        .collect();
    if new_shifts.is_empty() && new_shutdowns.is_empty() {
        let name = node.name;
        return Err(Error::invalid(
            "toDate",
            text!(
                "nothing to copy: all that is {name}'s own in this week holds there already",
                "无可复制内容：“{name}”本周没有自有记录，或在目标周已经有效"
            ),
        ));
    }
    for new in &new_shifts {
        new.check_overlaps(shifts.iter().map(|old| &**old), zone).map_err(at_target)?;
    }
    let copied = new_shifts.len() + new_shutdowns.len();
    store_all(ctx, &mut tx, (new_shifts, new_shutdowns)).await?;
    tx.commit().await?;
    ctx.changed(Topic::Calendar);
    Ok(i64::try_from(copied).unwrap_or(i64::MAX))
}

async fn store_all(ctx: &Ctx, tx: &mut Tx, (shifts, shutdowns): (Vec<Shift>, Vec<Shutdown>)) -> Result<()> {
    for mut shift in shifts {
        store::insert_shift(tx, ctx.tenant_id(), &shift, ctx.now()).await?;
        number_breaks(ctx, &mut shift);
        store::replace_breaks(tx, ctx.tenant_id(), &shift).await?;
    }
    for shutdown in shutdowns {
        store::insert_shutdown(tx, ctx.tenant_id(), &shutdown, ctx.now()).await?;
    }
    Ok(())
}

/// The form has no begin of its own: what overlaps is the chosen week.
fn at_target(error: Error) -> Error {
    match error {
        Error::Invalid { reason, .. } => Error::Invalid { param: "toDate".to_owned(), reason },
        other => other,
    }
}

/// What a shift is in the week of `from`, moved; nothing when it is not effective then, or goes on until the other week.
fn shift_later(id: i64, shift: &Shift, from: Date, later: Span) -> Option<Shift> {
    let first = shift.first_date.map_or(from, |date| date.max(from));
    let sunday = from.saturating_add(6.days());
    let last = shift.last_date.map_or(sunday, |date| date.min(sunday));
    if first > last {
        return None;
    }
    let (first, last) = (first.saturating_add(later), last.saturating_add(later));
    let goes_on = shift.is_effective_on(first) && shift.is_effective_on(last);
    (!goes_on).then(|| Shift { id, first_date: Some(first), last_date: Some(last), ..shift.clone() })
}

/// A period that begins in the week of `from`, moved on the wall clock; weekly ones repeat by themselves.
fn shutdown_later(
    id: i64,
    shutdown: &Shutdown,
    (zone, from): (&Zone, Date),
    later: Span,
) -> Option<Shutdown> {
    let ShutdownRule::Period(period) = &shutdown.rule else { return None };
    let begin = zone.wall(period.begin);
    if begin.date() < from || begin.date() > from.saturating_add(6.days()) {
        return None;
    }
    let moved = |at| zone.instant(zone.wall(at).saturating_add(later));
    let period = Interval::new(moved(period.begin), moved(period.end));
    Some(Shutdown { id, rule: ShutdownRule::Period(period), ..shutdown.clone() })
}
