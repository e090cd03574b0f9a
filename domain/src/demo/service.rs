//! Telling the demo plant's story: a plant-day a transaction, up to now, and on from there.

use std::collections::HashMap;
use std::time::Duration;

use jiff::civil::{Date, Time};
use jiff::{Span as Days, ToSpan};

use super::model::build;
use super::plan::{MACHINES, SHIFT_BEGINS, SHIFT_MINUTES, shift_plan};
use super::story::Story;
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
use crate::time::{MINUTE, Millis};
use crate::{Ctx, Error, Result};

/// Steps in which the running day moves.
const STEP: Millis = MINUTE;
/// Where the day of the plant begins: with its first shift.
const DAY_BEGIN: i64 = SHIFT_BEGINS[0];
/// Builds the demo plant if it is not there yet and tells its story up to now. What an earlier start has told stays; the
/// days since then are told after it.
pub async fn seed(services: &Services) -> Result<()> {
    seed_from(services, DAYS).await
}

/// The same with a story that begins this many production days ago.
pub(crate) async fn seed_from(services: &Services, days: i64) -> Result<()> {
    let ctx = plant(services, days).await?;
    tell(&ctx, checker(&ctx).await?).await
}

/// Goes on telling the story, a minute after the other, until the plant is removed; ends with the task it runs in.
pub async fn keep_moving(services: Services) {
    loop {
        let over = services.clock.now().rem_euclid(STEP);
        tokio::time::sleep(Duration::from_millis((STEP - over).unsigned_abs() + 20)).await;
        match go_on(&services).await {
            Ok(true) => {}
            Ok(false) => return tracing::info!("the demo plant was removed; its story ends"),
            Err(error) => tracing::error!(?error, "the demo plant stands still"),
        }
    }
}

/// Tells the story up to now, if the plant is still there.
pub(crate) async fn go_on(services: &Services) -> Result<bool> {
    let Some(tenant) = find_tenant(services, TENANT).await? else { return Ok(false) };
    let ctx = system_ctx(services, tenant);
    tell(&ctx, checker(&ctx).await?).await?;
    Ok(true)
}

async fn checker(ctx: &Ctx) -> Result<i64> {
    let mut conn = ctx.read().await?;
    let checker = person_by_id(&mut conn, ctx.tenant_id(), "Q-01").await?;
    Ok(checker.ok_or_else(|| Error::internal("the demo plant has lost its checker"))?.dap_id)
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
    let mut stories = Vec::new();
    for machine in 0..MACHINES {
        for (shift, begin) in SHIFT_BEGINS.into_iter().enumerate() {
            let wall =
                date.to_datetime(Time::midnight()).checked_add(begin.minutes()).map_err(Error::internal)?;
            let begin = zone.instant(wall);
            if begin >= to || begin + SHIFT_MINUTES * MINUTE <= from {
                continue;
            }
            let Some(plan) = shift_plan(machine, date, shift) else { continue };
            stories.push(Story { ctx, machine, shift, date, begin, from, to, checker, plan });
        }
    }
    let growing: Vec<String> = stories.iter().filter_map(Story::growing_code).collect();
    let growing = reports_of(ctx, growing).await?;
    for story in stories {
        story.states().await?;
        story.pieces(&growing).await?;
    }
    let mut tx = ctx.begin().await?;
    sql("UPDATE demo_progress SET told_until = $2 WHERE tenant_id = $1")
        .bind(ctx.tenant_id())
        .bind(to)
        .run(&mut tx)
        .await?;
    tx.commit().await
}

/// The reports of these codes.
async fn reports_of(ctx: &Ctx, codes: Vec<String>) -> Result<HashMap<String, i64>> {
    if codes.is_empty() {
        return Ok(HashMap::new());
    }
    let mut conn = ctx.read().await?;
    let rows: Vec<(String, i64)> = sql("SELECT unique_code, id FROM production_report WHERE tenant_id = ")
        .arg(ctx.tenant_id())
        .push(" AND unique_code IN ")
        .list(codes)
        .all(&mut conn)
        .await?;
    Ok(rows.into_iter().collect())
}
