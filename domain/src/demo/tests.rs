//! The demo plant against its closed form.

use super::plan::{MACHINES, shift_plan};
use super::service::{go_on, seed_from};
use super::{TENANT, model::asset_num};
use crate::access::service::{find_tenant, system_ctx};
use crate::db::testing::TestPlant;
use crate::db_test;
use crate::oee::{self, QueryDayShift};

async fn expect_day(plant: &TestPlant, date: jiff::civil::Date, machine: usize, shift: usize) {
    let tenant = find_tenant(&plant.services, TENANT).await.expect("an answer").expect("a tenant");
    let ctx = system_ctx(&plant.services, tenant);
    let query = QueryDayShift {
        query_date: Some(date.to_string()),
        equipment_code: asset_num(machine),
        shift_name: Some(["早班", "中班", "夜班"][shift].to_owned()),
    };
    let figures = oee::service::query_day_shift(&ctx, query).await.expect("figures");
    let plan = shift_plan(machine, date, shift).expect("a plan");
    let close = |a: f64, b: i64| (a - b as f64).abs() < 1e-9;
    assert!(close(figures.operating_time, plan.run), "{figures:?} {plan:?}");
    assert!(close(figures.loading_time, plan.loading()), "{figures:?} {plan:?}");
    assert!(close(figures.product_total_sum, plan.total), "{figures:?} {plan:?}");
    assert!(close(figures.product_defects_sum, plan.failed), "{figures:?} {plan:?}");
}

db_test!(
    async fn the_story_has_the_figures_of_its_closed_form_and_goes_on_after_a_restart(plant: TestPlant) {
        seed_days(&plant).await;
    }
);

/// Three production days are enough to see a whole one, a running one, and the change between them.
async fn seed_days(plant: &TestPlant) {
    let start = plant.services.clock.now();
    seed_from(&plant.services, 2).await.expect("a seed");
    let zone = crate::time::Zone::named("Asia/Shanghai").expect("a zone");
    let today = zone.date(start);
    // A Saturday: on the Sunday between, the assembly line stands still.
    let saturday = today.checked_sub(jiff::Span::new().days(2)).expect("a date");
    for machine in [0, 7, MACHINES - 1] {
        expect_day(plant, saturday, machine, 1).await;
    }
    // The running early shift ends and the late one begins.
    plant.clock.set(start + 7 * 3_600_000 + 123_456);
    seed_from(&plant.services, 2).await.expect("a seed");
    seed_from(&plant.services, 2).await.expect("a repeat");
    for machine in [0, 7, MACHINES - 1] {
        expect_day(plant, today, machine, 0).await;
    }
}

db_test!(
    async fn a_shift_told_minute_by_minute_has_the_figures_of_one_told_at_once(plant: TestPlant) {
        // 08:00: the early shift has run for two hours.
        let start = plant.services.clock.now();
        seed_from(&plant.services, 0).await.expect("a seed");
        let zone = crate::time::Zone::named("Asia/Shanghai").expect("a zone");
        let today = zone.date(start);
        // Steps of one minute and of a few, across inspections, hours and a break, then the rest at once.
        for minute in (1..70).chain([73, 88, 121, 185, 200, 361, 365]) {
            plant.clock.set(start + minute * 60_000 + 500);
            assert!(go_on(&plant.services).await.expect("a step"));
            if matches!(minute, 1 | 47 | 200) {
                running_shift_keeps_up(&plant, today, 120 + minute).await;
            }
        }
        for machine in 0..MACHINES {
            expect_day(&plant, today, machine, 0).await;
        }
    }
);

/// Machines show what they do now, and performance is that of the plan although the shift is not over.
async fn running_shift_keeps_up(plant: &TestPlant, date: jiff::civil::Date, minute: i64) {
    let tenant = find_tenant(&plant.services, TENANT).await.expect("an answer").expect("a tenant");
    let ctx = system_ctx(&plant.services, tenant);
    for machine in [0, 7, 13] {
        let plan = shift_plan(machine, date, 0).expect("a plan");
        let asset = asset_num(machine);
        let mut conn = ctx.read().await.expect("a connection");
        let record = crate::masterdata::equipment::equipment_by_asset_num(&mut conn, ctx.tenant_id(), &asset);
        let id = record.await.expect("an answer").expect("a machine").dap_id;
        drop(conn);
        let range = oee::view::Range { shift: Some("早班".into()), ..oee::view::Range::default() };
        let view = oee::service::machine_view(&ctx, id, range).await.expect("a view");
        let said = plan.spans.iter().find(|span| span.begin < minute && minute <= span.end);
        let current = view.current.expect("a running shift");
        if let Some(span) = said {
            let status = oee::Status::from_number(span.status).expect("a status");
            assert_eq!(current.kind, status.into(), "{asset} at {minute}");
        }
        let cycle = super::plan::CYCLES[machine / super::plan::MACHINES_PER_LINE];
        let whole = (plan.total * cycle) as f64 / (plan.run * 60) as f64;
        let now = view.total.figures.performance.value.expect("a performance");
        // A piece more or less of what is on the machine.
        assert!((now - whole).abs() < 0.03, "{asset} at {minute}: {now} against {whole}");
    }
}
