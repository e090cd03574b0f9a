//! Devices that drive their machines.

use super::plant::{at, build, made};
use crate::db::sql;
use crate::db::testing::TestPlant;
use crate::device::machine::follow::{Observed, follow};
use crate::masterdata::builtin::property::EQUIPMENT_IOT_DEVICE_ID;
use crate::oee::service::query_day_shift;
use crate::oee::{DayShift, QueryDayShift, Status};
use crate::time::MINUTE;
use crate::{Ctx, Millis, db_test};

fn near(value: f64, expected: f64) {
    assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
}

async fn bind(ctx: &Ctx, machine: i64, did: &str) {
    let mut tx = ctx.begin().await.expect("a write");
    sql("DELETE FROM masterdata_value WHERE tenant_id = $1 AND property_id = $2 AND value_text = $3")
        .bind(ctx.tenant_id())
        .bind(EQUIPMENT_IOT_DEVICE_ID)
        .bind(did)
        .run(&mut tx)
        .await
        .expect("nothing bound");
    sql("INSERT INTO masterdata_value (tenant_id, record_id, property_id, seq, value_text, text_key)
         VALUES ($1, $2, $3, 0, $4, $4)")
    .bind(ctx.tenant_id())
    .bind(machine)
    .bind(EQUIPMENT_IOT_DEVICE_ID)
    .bind(did)
    .run(&mut tx)
    .await
    .expect("a value");
    tx.commit().await.expect("a commit");
}

fn say(ctx: &Ctx, at: Millis, status: Option<Status>, pieces: i64, scrap: i64) -> Observed {
    let (pieces, scrap) = (Some(pieces), Some(scrap));
    Observed { tenant_id: ctx.tenant_id(), device_id: 7, did: "did-1".into(), at, status, pieces, scrap }
}

async fn hear(ctx: &Ctx, reports: &[Observed]) -> bool {
    let mut tx = ctx.begin().await.expect("a write");
    let news = follow(&mut tx, reports, ctx.now()).await.expect("followed");
    tx.commit().await.expect("a commit");
    news.contains(&ctx.tenant_id())
}

async fn states(ctx: &Ctx, machine: i64) -> Vec<(i64, i64, i64)> {
    let mut conn = ctx.read().await.expect("a connection");
    sql("SELECT begin_at, end_at, status FROM machine_state WHERE tenant_id = $1 AND equipment_id = $2
         ORDER BY begin_at")
    .bind(ctx.tenant_id())
    .bind(machine)
    .all(&mut conn)
    .await
    .expect("states")
}

async fn day(ctx: &Ctx) -> DayShift {
    let params = QueryDayShift {
        query_date: Some("2026-06-01".into()),
        equipment_code: "M1".into(),
        shift_name: None,
    };
    query_day_shift(ctx, params).await.expect("figures")
}

/// Nine in the morning, within a shift.
fn nine(plant: &TestPlant) -> (Ctx, Millis) {
    let ctx = plant.ctx();
    plant.clock.set(at(&ctx, "2026-06-01 20:00"));
    let nine = at(&ctx, "2026-06-01 09:00");
    (ctx, nine)
}

db_test!(
    async fn a_bound_device_drives_states_and_pieces_of_its_machine(plant: TestPlant) {
        let (ctx, nine) = nine(&plant);
        let built = build(&ctx, &["M1"]).await;
        assert!(!hear(&ctx, &[say(&ctx, nine, Some(Status::Running), 100, 5)]).await, "not bound");
        bind(&ctx, built.machines[0], "did-1").await;
        // one report a minute for an hour, two pieces each, of which one in ten is rejected
        for minute in 0..=60 {
            let status = if minute < 50 { Status::Running } else { Status::Fault };
            let report = say(&ctx, nine + minute * MINUTE, Some(status), 100 + 2 * minute, 5 + minute / 5);
            hear(&ctx, std::slice::from_ref(&report)).await;
            // what comes twice changes nothing
            assert!(!hear(&ctx, &[report]).await);
        }
        let states = states(&ctx, built.machines[0]).await;
        assert_eq!(states.first().map(|state| state.0), Some(nine));
        assert!(states.windows(2).all(|pair| pair[0].1 == pair[1].0), "without a gap: {states:?}");
        assert!(states.iter().all(|(begin, _, status)| (*status == 1) == (*begin < nine + 50 * MINUTE)));
        assert_eq!(states.last().map(|state| state.1), Some(nine + 60 * MINUTE));
        let day = day(&ctx).await;
        assert_eq!((day.product_total_sum, day.product_defects_sum), (120.0, 12.0));
    }
);

db_test!(
    async fn a_batch_says_the_same_as_one_report_after_the_other(plant: TestPlant) {
        let (ctx, nine) = nine(&plant);
        let built = build(&ctx, &["M1"]).await;
        bind(&ctx, built.machines[0], "did-1").await;
        let minutes = [0, 1, 2, 4, 3, 9, 10];
        let reports: Vec<_> = minutes
            .map(|minute| say(&ctx, nine + minute * MINUTE, Some(Status::Running), minute * 10, minute))
            .into();
        assert!(hear(&ctx, &reports).await);
        let day = day(&ctx).await;
        assert_eq!((day.product_total_sum, day.product_defects_sum), (100.0, 10.0));
        // nobody knows what the machine did in a longer silence than two minutes
        let states = states(&ctx, built.machines[0]).await;
        let known: i64 = states.iter().map(|(begin, end, _)| end - begin).sum();
        assert_eq!(known, (1 + 1 + 2 + 2 + 1) * MINUTE);
    }
);

db_test!(
    async fn a_reset_counts_and_another_machine_begins_anew(plant: TestPlant) {
        let (ctx, nine) = nine(&plant);
        let built = build(&ctx, &["M1", "M2"]).await;
        bind(&ctx, built.machines[0], "did-1").await;
        for (minute, pieces) in [(0, 1000), (1, 1010), (2, 3), (3, 4)] {
            hear(&ctx, &[say(&ctx, nine + minute * MINUTE, None, pieces, 0)]).await;
        }
        near(day(&ctx).await.product_total_sum, 14.0);
        bind(&ctx, built.machines[1], "did-1").await;
        assert!(!hear(&ctx, &[say(&ctx, nine + 4 * MINUTE, None, 500, 0)]).await);
        assert!(hear(&ctx, &[say(&ctx, nine + 5 * MINUTE, None, 501, 0)]).await);
        near(day(&ctx).await.product_total_sum, 14.0);
    }
);

db_test!(
    async fn a_production_report_wins_over_what_was_counted(plant: TestPlant) {
        let (ctx, nine) = nine(&plant);
        let built = build(&ctx, &["M1"]).await;
        bind(&ctx, built.machines[0], "did-1").await;
        for minute in 0..=20 {
            hear(&ctx, &[say(&ctx, nine + minute * MINUTE, Some(Status::Running), minute, 0)]).await;
        }
        // rows of five minutes: the report covers two of them
        made(&ctx, built.machines[0], nine + 5 * MINUTE, 10, 77.0, 7.0).await;
        near(day(&ctx).await.product_total_sum, 77.0 + 10.0);
    }
);

db_test!(
    async fn devices_of_other_tenants_move_nothing_here(plant: TestPlant) {
        let (ctx, nine) = nine(&plant);
        let built = build(&ctx, &["M1"]).await;
        bind(&ctx, built.machines[0], "did-1").await;
        let other = plant.other_tenant().await;
        assert!(!hear(&other, &[say(&other, nine, Some(Status::Running), 1, 0)]).await);
        assert_eq!(states(&ctx, built.machines[0]).await, []);
    }
);
