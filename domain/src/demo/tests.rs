//! The demo plant against its closed form.

use super::plan::{MACHINES, shift_plan};
use super::service::seed_from;
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
