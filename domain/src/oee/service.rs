//! Use cases of machine states and OEE.

mod line;
mod load;
mod machine;
mod overview;
mod range;

pub use line::line_view;
pub use machine::machine_view;
pub use overview::oee_overview;

use super::params::{DayShift, QueryDayShift, SetEquipmentStatus};
use super::state::{State, enter, replay};
use super::{Sums, store};
use crate::access::{Access, Area};
use crate::db::Tx;
use crate::events::Topic;
use crate::masterdata::equipment::equipment_by_asset_num;
use crate::{Code, Ctx, Error, Interval, Millis, Result, text};

/// Says what a machine did in a period (section 5.1). Answers the number of changes: 1, or 0 when that was known already.
///
/// A later report overwrites what earlier ones said of the same instants and splits what it cuts.
pub async fn set_equipment_status(ctx: &Ctx, params: SetEquipmentStatus) -> Result<i64> {
    set_equipment_statuses(ctx, vec![params]).await
}

/// Says what machines did in many periods, in the order in which it became known: as one call after the other would, in
/// one transaction. Answers the number of reports that say anything new.
pub async fn set_equipment_statuses(ctx: &Ctx, params: Vec<SetEquipmentStatus>) -> Result<i64> {
    ctx.require(Area::Oee, Access::Write)?;
    let now = ctx.now();
    for report in &params {
        check_code(&report.equipment_code)?;
    }
    let states: Result<Vec<_>> = params.iter().map(|report| report.check(&ctx.tenant.zone, now)).collect();
    let mut states = states?.into_iter();
    let mut tx = ctx.begin().await?;
    let mut changes = 0;
    for of_machine in params.chunk_by(|one, next| one.equipment_code == next.equipment_code) {
        let code = &of_machine[0].equipment_code;
        let found = store::equipment_id(&mut tx, ctx.tenant_id(), code).await?;
        let equipment_id = found.ok_or_else(unknown_equipment)?;
        let reports = states.by_ref().take(of_machine.len()).collect();
        changes += report_states(ctx, &mut tx, equipment_id, reports).await?;
    }
    // Also when nothing changed: a call that does not commit would undo the batch it may be part of.
    tx.commit().await?;
    if changes > 0 {
        ctx.changed(Topic::Oee);
    }
    Ok(changes)
}

/// Enters reports on one machine, in the order in which they came; answers how many of them say anything new. The rights
/// and the commit are the caller's.
pub(crate) async fn report_states(
    ctx: &Ctx,
    tx: &mut Tx,
    equipment_id: i64,
    reports: Vec<State>,
) -> Result<i64> {
    let reporter =
        store::Reporter { at: ctx.now(), name: ctx.actor.name(), employee_id: ctx.actor.employee_id() };
    enter_reports(tx, ctx.tenant_id(), equipment_id, reports, &reporter).await
}

/// The same for what the device of a machine says.
pub(crate) async fn report_states_of_device(
    tx: &mut Tx,
    tenant_id: i64,
    equipment_id: i64,
    reports: Vec<State>,
    at: Millis,
    did: &str,
) -> Result<i64> {
    let reporter = store::Reporter { at, name: did, employee_id: None };
    enter_reports(tx, tenant_id, equipment_id, reports, &reporter).await
}

async fn enter_reports(
    tx: &mut Tx,
    tenant_id: i64,
    equipment_id: i64,
    mut reports: Vec<State>,
    reporter: &store::Reporter<'_>,
) -> Result<i64> {
    let Some(span) = reports.iter().map(|report| Interval::new(report.begin, report.end)).reduce(hull) else {
        return Ok(0);
    };
    let last = store::next_sequences(tx, tenant_id, equipment_id, reports.len()).await?;
    for (report, back) in reports.iter_mut().rev().zip(0..) {
        report.sequence = last - back;
    }
    let overlapped = store::overlapping(tx, tenant_id, equipment_id, span).await?;
    let mut states = overlapped.clone();
    reports.retain(|report| enter(&mut states, report));
    if reports.is_empty() {
        return Ok(0);
    }
    store::insert_reports(tx, tenant_id, equipment_id, &reports, reporter).await?;
    if let Some(first) = overlapped.first() {
        let begins = Interval::new(first.begin, span.end);
        store::delete_states(tx, tenant_id, equipment_id, begins).await?;
    }
    store::insert_states(tx, tenant_id, equipment_id, &states).await?;
    i64::try_from(reports.len()).map_err(Error::internal)
}

/// The shortest span that holds both.
fn hull(one: Interval, other: Interval) -> Interval {
    Interval::new(one.begin.min(other.begin), one.end.max(other.end))
}

/// OEE of a machine on a production day or in one of its shifts (section 5.2).
pub async fn query_day_shift(ctx: &Ctx, params: QueryDayShift) -> Result<DayShift> {
    ctx.require(Area::Oee, Access::Read)?;
    check_code(&params.equipment_code)?;
    let asked = params.date()?;
    let now = ctx.now();
    let mut conn = ctx.read().await?;
    let equipment = equipment_by_asset_num(&mut conn, ctx.tenant_id(), &params.equipment_code).await?;
    let equipment = equipment.ok_or_else(unknown_equipment)?;
    let mut machine = load::machine(ctx, &mut conn, equipment).await?;
    let zone = &ctx.tenant.zone;
    let date = asked.unwrap_or_else(|| machine.production_date(zone, now));
    let mut shifts = machine.calendar.occurrences(zone, date, date);
    if let Some(name) = &params.shift_name {
        shifts.retain(|shift| shift.name == *name);
    }
    load::facts(ctx, &mut conn, std::slice::from_mut(&mut machine), load::hull(&shifts, now)).await?;
    let windows = machine.windows(&shifts, now);
    if !windows.iter().any(load::Window::has_facts) {
        return Err(nothing());
    }
    let sums: Sums = windows.iter().map(|window| window.sums).sum();
    let length = shifts.iter().map(|shift| shift.span().duration()).sum();
    Ok(DayShift::new(&sums, length, date, machine.cycle().map(|cycle| cycle.seconds)))
}

/// Replays all reports on a machine and stores what follows from them anew. Answers whether anything was different.
pub async fn rebuild_states(ctx: &Ctx, equipment_id: i64) -> Result<bool> {
    ctx.require(Area::Oee, Access::Write)?;
    let tenant_id = ctx.tenant_id();
    let ever = Interval::new(i64::MIN, i64::MAX);
    let mut tx = ctx.begin().await?;
    store::hold(&mut tx, tenant_id, equipment_id).await?;
    let states = replay(&store::reports(&mut tx, tenant_id, equipment_id).await?);
    let differs = states != store::overlapping(&mut tx, tenant_id, equipment_id, ever).await?;
    if differs {
        store::delete_states(&mut tx, tenant_id, equipment_id, ever).await?;
        store::insert_states(&mut tx, tenant_id, equipment_id, &states).await?;
    }
    tx.commit().await?;
    if differs {
        ctx.changed(Topic::Oee);
    }
    Ok(differs)
}

/// No asset number has a character that PostgreSQL cannot hold, and asking it for one would be an error.
fn check_code(code: &str) -> Result<()> {
    if code.contains('\0') { Err(unknown_equipment()) } else { Ok(()) }
}

fn unknown_equipment() -> Error {
    Error::unknown("equipmentCode", text!("an equipment with this asset number", "该资产编号的设备"))
}

fn nothing() -> Error {
    Error::Coded(Code::QueryResultEmpty, text!("Query Result is Empty", "查询结果为空"))
}
