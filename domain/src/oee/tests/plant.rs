//! A small plant for the tests of services: one factory with lines, machines, shifts and reports.

use crate::db::{Tx, sql};
use crate::masterdata::equipment::insert_equipment;
use crate::oee::SetEquipmentStatus;
use crate::oee::service::set_equipment_status;
use crate::time::MINUTE;
use crate::{Ctx, Millis, Result};

/// Ids of what [`build`] made.
pub(super) struct Built {
    pub(super) factory: i64,
    pub(super) line: i64,
    pub(super) center: i64,
    pub(super) machines: Vec<i64>,
}

pub(super) async fn node(
    tx: &mut Tx,
    ctx: &Ctx,
    id: i64,
    parent: Option<i64>,
    level: i64,
    code: &str,
) -> i64 {
    sql("INSERT INTO factory_node (tenant_id, id, parent_id, level, code, name, flag, created_at, modified_at)
         VALUES ($1, $2, $3, $4, $5, $5, 'publish', 0, 0)")
    .bind(ctx.tenant_id())
    .bind(id)
    .bind(parent)
    .bind(level)
    .bind(code)
    .run(tx)
    .await
    .expect("a node");
    id
}

pub(super) async fn attribute(tx: &mut Tx, ctx: &Ctx, node: i64, name: &str, value: &str) {
    sql("INSERT INTO node_attribute (tenant_id, id, node_id, name, en_name, value, created_at, modified_at)
         VALUES ($1, $2, $3, $4, $4, $5, 0, 0)")
    .bind(ctx.tenant_id())
    .bind(ctx.next_id())
    .bind(node)
    .bind(name)
    .bind(value)
    .run(tx)
    .await
    .expect("an attribute");
}

pub(super) async fn shift(tx: &mut Tx, ctx: &Ctx, node: i64, name: &str, begin: &str, end: &str) -> i64 {
    let id = ctx.next_id();
    sql("INSERT INTO calendar_shift (tenant_id, id, node_id, node_level, name, begin_time, end_time, created_at)
         VALUES ($1, $2, $3, 1, $4, $5, $6, 0)")
    .bind(ctx.tenant_id())
    .bind(id)
    .bind(node)
    .bind(name)
    .bind(begin)
    .bind(end)
    .run(tx)
    .await
    .expect("a shift");
    id
}

async fn pause(tx: &mut Tx, ctx: &Ctx, shift: i64, begin: &str, end: &str) {
    sql("INSERT INTO calendar_break (tenant_id, id, shift_id, kind, begin_time, end_time)
         VALUES ($1, $2, $3, 2, $4, $5)")
    .bind(ctx.tenant_id())
    .bind(ctx.next_id())
    .bind(shift)
    .bind(begin)
    .bind(end)
    .run(tx)
    .await
    .expect("a break");
}

/// A factory with one line and these machines at one machining center (ideal cycle 60 s), working Early 08:00 to 16:00
/// with a break at noon, and Night 22:00 to 06:00.
pub(super) async fn build(ctx: &Ctx, machines: &[&str]) -> Built {
    let mut tx = ctx.begin().await.expect("a write");
    let factory = node(&mut tx, ctx, ctx.next_id(), None, 1, "F").await;
    let workshop = node(&mut tx, ctx, ctx.next_id(), Some(factory), 2, "W").await;
    let line = node(&mut tx, ctx, ctx.next_id(), Some(workshop), 3, "L").await;
    let center = node(&mut tx, ctx, ctx.next_id(), Some(line), 4, "C").await;
    attribute(&mut tx, ctx, center, "idealCycleTime", "60").await;
    let mut ids = Vec::new();
    for code in machines {
        let equipment = insert_equipment(ctx, &mut tx, code, code).await.expect("an equipment");
        ids.push(node(&mut tx, ctx, equipment.dap_id, Some(center), 5, code).await);
    }
    let early = shift(&mut tx, ctx, factory, "Early", "08:00:00", "16:00:00").await;
    pause(&mut tx, ctx, early, "12:00:00", "12:30:00").await;
    shift(&mut tx, ctx, factory, "Night", "22:00:00", "06:00:00").await;
    tx.commit().await.expect("a commit");
    Built { factory, line, center, machines: ids }
}

/// An instant of the plant's wall clock.
pub(super) fn at(ctx: &Ctx, wall: &str) -> Millis {
    ctx.tenant.zone.parse("t", wall).expect("a time")
}

pub(super) fn status(code: &str, status: i64, begin: &str, end: &str) -> SetEquipmentStatus {
    SetEquipmentStatus {
        equipment_code: code.into(),
        status,
        fault_cause: None,
        begin_date_time: begin.into(),
        end_date_time: end.into(),
    }
}

/// Reports a state of 2026-06-01; times are `HH:mm`.
pub(super) async fn set(ctx: &Ctx, code: &str, number: i64, begin: &str, end: &str) -> Result<i64> {
    let day = |time: &str| format!("2026-06-01 {time}");
    set_equipment_status(ctx, status(code, number, &day(begin), &day(end))).await
}

/// Reports pieces on a machine, some of which failed.
pub(super) async fn made(ctx: &Ctx, machine: i64, begin: Millis, minutes: i64, total: f64, failed: f64) {
    let mut tx = ctx.begin().await.expect("a write");
    let code = format!("B{}", ctx.next_id());
    report(&mut tx, ctx, (4, machine), &code, begin, begin + minutes * MINUTE, total).await;
    let control = ctx.next_id();
    sql("INSERT INTO quality_control (tenant_id, id, unique_code, step_id, step_code, begin_at, end_at, checker_id,
            out_put, created_at, modified_at)
         VALUES ($1, $2, $3, 1, 'S', 0, 0, 1, $4, 0, 0)")
    .bind(ctx.tenant_id())
    .bind(control)
    .bind(&code)
    .bind(total)
    .run(&mut tx)
    .await
    .expect("a control");
    sql("INSERT INTO quality_grade (tenant_id, id, control_id, grade, is_passed, batch_number, out_put, created_at,
            modified_at)
         VALUES ($1, $2, $3, 0, $4, 'B', $5, 0, 0)")
    .bind(ctx.tenant_id())
    .bind(ctx.next_id())
    .bind(control)
    .bind(false)
    .bind(failed)
    .run(&mut tx)
    .await
    .expect("a grade");
    tx.commit().await.expect("a commit");
}

/// Reports pieces on any unit.
pub(super) async fn report(
    tx: &mut Tx,
    ctx: &Ctx,
    (unit_type, unit): (i64, i64),
    code: &str,
    begin: Millis,
    end: Millis,
    total: f64,
) {
    sql("INSERT INTO production_report (tenant_id, id, unique_code, material_id, material_code, step_id, step_code,
            begin_at, end_at, out_put, unit_type, unit_id, unit_code, created_at, modified_at)
         VALUES ($1, $2, $3, 1, 'M', 1, 'S', $4, $5, $6, $7, $8, 'E', 0, 0)")
    .bind(ctx.tenant_id())
    .bind(ctx.next_id())
    .bind(code)
    .bind(begin)
    .bind(end)
    .bind(total)
    .bind(unit_type)
    .bind(unit)
    .run(tx)
    .await
    .expect("a report");
}
