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
use super::state::{State, overwrite, replay};
use super::{Sums, store};
use crate::access::{Access, Area};
use crate::db::Tx;
use crate::events::Topic;
use crate::masterdata::equipment::equipment_by_asset_num;
use crate::{Code, Ctx, Error, Interval, Result, text};

/// Says what a machine did in a period (section 5.1). Answers the number of changes: 1, or 0 when that was known already.
///
/// A later report overwrites what earlier ones said of the same instants and splits what it cuts.
pub async fn set_equipment_status(ctx: &Ctx, params: SetEquipmentStatus) -> Result<i64> {
    ctx.require(Area::Oee, Access::Write)?;
    check_code(&params.equipment_code)?;
    let report = params.check(&ctx.tenant.zone, ctx.now())?;
    let found = {
        let mut conn = ctx.read().await?;
        store::equipment_id(&mut conn, ctx.tenant_id(), &params.equipment_code).await?
    };
    let equipment_id = found.ok_or_else(unknown_equipment)?;
    let mut tx = ctx.begin().await?;
    let changed = report_state(ctx, &mut tx, equipment_id, report).await?;
    // Also when nothing changed: a call that does not commit would undo the batch it may be part of.
    tx.commit().await?;
    if changed {
        ctx.changed(Topic::Oee);
    }
    Ok(i64::from(changed))
}

/// Enters a report on a machine; answers whether it says anything new. The rights and the commit are the caller's.
pub(crate) async fn report_state(
    ctx: &Ctx,
    tx: &mut Tx,
    equipment_id: i64,
    mut report: State,
) -> Result<bool> {
    let tenant_id = ctx.tenant_id();
    report.sequence = store::next_sequence(tx, tenant_id, equipment_id).await?;
    let span = Interval::new(report.begin, report.end);
    let overlapped = store::overlapping(tx, tenant_id, equipment_id, span).await?;
    let Some(states) = overwrite(&overlapped, &report) else { return Ok(false) };
    let reporter =
        store::Reporter { at: ctx.now(), name: ctx.actor.name(), employee_id: ctx.actor.employee_id() };
    store::insert_report(tx, tenant_id, equipment_id, &report, &reporter).await?;
    if let Some(first) = overlapped.first() {
        let begins = Interval::new(first.begin, report.end);
        store::delete_states(tx, tenant_id, equipment_id, begins).await?;
    }
    store::insert_states(tx, tenant_id, equipment_id, &states).await?;
    Ok(true)
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
