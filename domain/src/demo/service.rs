//! Telling the demo plant's story: a plant-day a transaction, up to now, and on from there.

use jiff::civil::{Date, Time};
use jiff::{Span as Days, ToSpan};

use super::model::{LINES, asset_num, build, step_code};
use super::plan::{
    MACHINES, MACHINES_PER_LINE, SHIFT_BEGINS, SHIFT_MINUTES, ShiftPlan, pieces_after, shift_plan,
};
use super::{DAYS, LOGIN, PASSWORD, TENANT};
use crate::access::Role;
use crate::access::service::{
    CreateEmployee, CreateTenant, ResetPassword, create_employee, create_tenant, find_tenant, reset_password,
    system_ctx,
};
use crate::ctx::Services;
use crate::db::{Batch, Conn, Db, sql};
use crate::events::{Events, Topic};
use crate::masterdata::lookup::person_by_id;
use crate::oee::{self, SetEquipmentStatus};
use crate::quality::{self, AddReport, CreateControl, CreateGrade};
use crate::time::{MINUTE, Millis};
use crate::{Ctx, Error, Result};

/// Steps in which the running day moves.
const STEP: Millis = 5 * MINUTE;
/// Where the day of the plant begins: with its first shift.
const DAY_BEGIN: i64 = SHIFT_BEGINS[0];
/// Words for the causes of stops.
const CAUSES: [(i64, [&str; 3]); 5] = [
    (3, ["主轴冷却超温", "排屑器卡滞", "刀库换刀失败"]),
    (4, ["换型 IP-40 → IP-65", "换型 IP-65 → IP-80", "换夹具"]),
    (5, ["待毛坯", "待转运", "待来料检验"]),
    (6, ["光幕触发", "安全门打开", "急停"]),
    (7, ["首件检验", "清理", ""]),
];

/// Builds the demo plant if it is not there yet and tells its story up to now. What an earlier start has told stays; the
/// days since then are told after it.
pub async fn seed(services: &Services) -> Result<()> {
    seed_from(services, DAYS).await
}

/// The same with a story that begins this many production days ago.
pub(super) async fn seed_from(services: &Services, days: i64) -> Result<()> {
    let ctx = plant(services, days).await?;
    let checker = {
        let mut conn = ctx.read().await?;
        person_by_id(&mut conn, ctx.tenant_id(), "Q-01").await?
    };
    let checker = checker.ok_or_else(|| Error::internal("the demo plant has lost its checker"))?.dap_id;
    tell(&ctx, checker).await
}

/// Goes on telling the story, step by step; ends with the task it runs in.
pub async fn keep_moving(services: Services) {
    loop {
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
        if let Err(error) = seed(&services).await {
            tracing::error!(?error, "the demo plant stands still");
        }
    }
}

async fn plant(services: &Services, days: i64) -> Result<Ctx> {
    if let Some(tenant) = find_tenant(services, TENANT).await? {
        let ctx = system_ctx(services, tenant);
        let mut conn = ctx.read().await?;
        if told_until(&mut conn, ctx.tenant_id()).await?.is_some() {
            drop(conn);
            return Ok(ctx);
        }
        drop(conn);
        found(&ctx, days).await?;
        return Ok(ctx);
    }
    let params = CreateTenant { name: TENANT.to_owned(), time_zone: "Asia/Shanghai".to_owned() };
    let ctx = system_ctx(services, create_tenant(services, params).await?.tenant);
    found(&ctx, days).await?;
    Ok(ctx)
}

/// Builds the plant in one transaction, so that a start that is interrupted finds all of it or nothing.
async fn found(ctx: &Ctx, days: i64) -> Result<()> {
    let batch = Batch::new(ctx.begin().await?);
    let within = inside(ctx, &batch);
    build(&within).await?;
    let zone = &ctx.tenant.zone;
    let today = zone.date(ctx.now() - DAY_BEGIN * MINUTE);
    let first = today.checked_sub(days.days()).map_err(Error::internal)?;
    let mut tx = within.begin().await?;
    sql("INSERT INTO demo_progress (tenant_id, told_until) VALUES ($1, $2)")
        .bind(ctx.tenant_id())
        .bind(zone.start_of(first) + DAY_BEGIN * MINUTE)
        .run(&mut tx)
        .await?;
    tx.commit().await?;
    batch.commit().await?;
    let person =
        CreateEmployee {
            name: "演示".to_owned(), login: Some(LOGIN.to_owned()), role: Role::Administrator
        };
    create_employee(ctx, person).await?;
    reset_password(ctx, ResetPassword { login: LOGIN.to_owned(), password: Some(PASSWORD.to_owned()) })
        .await?;
    Ok(())
}

async fn tell(ctx: &Ctx, checker: i64) -> Result<()> {
    let until = ctx.now() / STEP * STEP;
    loop {
        let mut conn = ctx.read().await?;
        let from = told_until(&mut conn, ctx.tenant_id()).await?.unwrap_or(until);
        drop(conn);
        if from >= until {
            return Ok(());
        }
        let zone = &ctx.tenant.zone;
        let date = zone.date(from - DAY_BEGIN * MINUTE);
        let next = date.checked_add(Days::new().days(1)).map_err(Error::internal)?;
        let to = until.min(zone.start_of(next) + DAY_BEGIN * MINUTE);

        let batch = Batch::new(ctx.begin().await?);
        tell_day(&inside(ctx, &batch), date, from, to, checker).await?;
        batch.commit().await?;
        ctx.changed(Topic::Oee);
    }
}

/// The context as the calls of a batch have it: watchers hear of it after the commit.
fn inside(ctx: &Ctx, batch: &Batch) -> Ctx {
    let services = Services { db: Db::within(batch), events: Events::default(), ..ctx.services.clone() };
    Ctx { services, ..ctx.clone() }
}

async fn told_until(conn: &mut Conn, tenant_id: i64) -> Result<Option<Millis>> {
    let row: Option<(i64,)> = sql("SELECT told_until FROM demo_progress WHERE tenant_id = $1")
        .bind(tenant_id)
        .optional(conn)
        .await?;
    Ok(row.map(|(until,)| until))
}

/// Everything of a production day that ends after `from` and has begun before `to`.
async fn tell_day(ctx: &Ctx, date: Date, from: Millis, to: Millis, checker: i64) -> Result<()> {
    let zone = &ctx.tenant.zone;
    for machine in 0..MACHINES {
        for (shift, begin) in SHIFT_BEGINS.into_iter().enumerate() {
            let wall =
                date.to_datetime(Time::midnight()).checked_add(begin.minutes()).map_err(Error::internal)?;
            let begin = zone.instant(wall);
            if begin >= to || begin + SHIFT_MINUTES * MINUTE <= from {
                continue;
            }
            let Some(plan) = shift_plan(machine, date, shift) else { continue };
            let story = Story { ctx, machine, shift, date, begin, from, to, checker };
            story.states(&plan).await?;
            story.pieces(&plan).await?;
        }
    }
    let mut tx = ctx.begin().await?;
    sql("UPDATE demo_progress SET told_until = $2 WHERE tenant_id = $1")
        .bind(ctx.tenant_id())
        .bind(to)
        .run(&mut tx)
        .await?;
    tx.commit().await
}

/// One shift of one machine.
struct Story<'a> {
    ctx: &'a Ctx,
    machine: usize,
    shift: usize,
    date: Date,
    begin: Millis,
    from: Millis,
    to: Millis,
    checker: i64,
}

impl Story<'_> {
    async fn states(&self, plan: &ShiftPlan) -> Result<()> {
        for span in &plan.spans {
            let begin = self.begin + span.begin * MINUTE;
            let end = (self.begin + span.end * MINUTE).min(self.to);
            if end <= self.from || begin >= self.to {
                continue;
            }
            let pick = usize::try_from(span.begin).unwrap_or(0) % 3;
            let cause =
                CAUSES.iter().find(|(status, _)| *status == span.status).map(|(_, words)| words[pick]);
            let report = SetEquipmentStatus {
                equipment_code: asset_num(self.machine),
                status: span.status,
                fault_cause: cause.filter(|words| !words.is_empty()).map(str::to_owned),
                begin_date_time: begin.to_string(),
                end_date_time: end.to_string(),
            };
            oee::service::set_equipment_status(self.ctx, report).await?;
        }
        Ok(())
    }

    /// A finished shift is reported at its end, the running one hour by hour.
    async fn pieces(&self, plan: &ShiftPlan) -> Result<()> {
        let hour = SHIFT_MINUTES / 8 * MINUTE;
        if self.from <= self.begin && self.to >= self.begin + 8 * hour {
            return self.report(plan, 0, 8).await;
        }
        for h in 0..8 {
            let end = self.begin + (h + 1) * hour;
            if end > self.from && end <= self.to {
                self.report(plan, h, h + 1).await?;
            }
        }
        Ok(())
    }

    async fn report(&self, plan: &ShiftPlan, first: i64, last: i64) -> Result<()> {
        let (total, failed) = pieces_after(plan, last);
        let (before, failed_before) = pieces_after(plan, first);
        let (total, failed) = (total - before, failed - failed_before);
        if total == 0 {
            return Ok(());
        }
        let zone = &self.ctx.tenant.zone;
        let line = self.machine / MACHINES_PER_LINE;
        let hour = SHIFT_MINUTES / 8 * MINUTE;
        let (begin, end) = (self.begin + first * hour, self.begin + last * hour);
        let day = self.date.strftime("%y%m%d");
        let part = if last - first == 8 { String::new() } else { format!("-{last}") };
        let unique_code =
            format!("WO-{day}-{}{}{part}", asset_num(self.machine), ["A", "B", "C"][self.shift]);
        let report = AddReport {
            material_code: LINES[line][2].to_owned(),
            unique_code: unique_code.clone(),
            step_code: step_code(line),
            start_time: zone.format(begin),
            end_time: zone.format(end),
            out_put: amount(total),
            unit_type: Some(4),
            unit_type_code: Some(asset_num(self.machine)),
            data_id: None,
            dap_id: None,
            columns: None,
            column_data: None,
        };
        quality::service::add_report(self.ctx, report).await?;
        let control = CreateControl {
            unique_code: unique_code.clone(),
            step_code: step_code(line),
            start_time: zone.format(end - 10 * MINUTE),
            end_time: zone.format(end),
            checker_id: self.checker,
            out_put: Some(amount(total)),
        };
        let parent = quality::service::create_control(self.ctx, control).await?;
        for (is_passed, pieces) in [(1, total - failed), (0, failed)] {
            if pieces > 0 {
                let grade = CreateGrade {
                    parent_id: Some(parent),
                    grade: if is_passed == 1 { 0 } else { 5 },
                    is_passed: Some(is_passed),
                    batch_number: unique_code.clone(),
                    out_put: amount(pieces),
                    columns: None,
                    column_data: None,
                    unique_code: None,
                    step_code: None,
                };
                quality::service::create_grade(self.ctx, grade).await?;
            }
        }
        Ok(())
    }
}

/// Pieces as an amount. A shift makes a few hundred.
fn amount(pieces: i64) -> f64 {
    pieces as f64
}
