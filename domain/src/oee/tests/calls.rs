//! Sections 5.1 and 5.2 as services.

use super::plant::{at, attribute, build, made, node, set, shift, status};
use crate::ctx::Services;
use crate::db::testing::TestPlant;
use crate::db::{Batch, Db, sql};
use crate::masterdata::equipment::insert_equipment;
use crate::oee::service::{query_day_shift, rebuild_states, set_equipment_status, set_equipment_statuses};
use crate::oee::{DayShift, QueryDayShift, SetEquipmentStatus};
use crate::{Code, Ctx, Error, Result, db_test};

/// Evening of the day that most tests report on.
const EVENING: &str = "2026-06-01 20:00";

fn evening(plant: &TestPlant) -> Ctx {
    let ctx = plant.ctx();
    plant.clock.set(at(&ctx, EVENING));
    ctx
}

async fn ask(ctx: &Ctx, code: &str, date: &str, shift: Option<&str>) -> Result<DayShift> {
    let params = QueryDayShift {
        query_date: Some(date.into()),
        equipment_code: code.into(),
        shift_name: shift.map(str::to_owned),
    };
    query_day_shift(ctx, params).await
}

async fn states(ctx: &Ctx) -> Vec<(i64, i64, i64)> {
    let mut conn = ctx.read().await.expect("a connection");
    sql("SELECT begin_at, end_at, status FROM machine_state WHERE tenant_id = $1 ORDER BY equipment_id, begin_at")
        .bind(ctx.tenant_id())
        .all(&mut conn)
        .await
        .expect("states")
}

fn refused(result: Result<impl std::fmt::Debug>) -> String {
    match result {
        Err(Error::Invalid { param, .. }) => param,
        other => panic!("not refused: {other:?}"),
    }
}

fn is_empty(result: &Result<DayShift>) -> bool {
    matches!(result, Err(Error::Coded(Code::QueryResultEmpty, _)))
}

fn near(value: Option<f64>, expected: f64) {
    assert!((value.expect("a ratio") - expected).abs() < 1e-12, "{value:?} is not {expected}");
}

db_test!(
    async fn a_report_changes_the_states_once_and_splits_what_it_cuts(plant: TestPlant) {
        let ctx = evening(&plant);
        build(&ctx, &["M1"]).await;
        assert_eq!(set(&ctx, "M1", 1, "08:00", "12:00").await.expect("set"), 1);
        assert_eq!(set(&ctx, "M1", 1, "08:00", "12:00").await.expect("set"), 0);
        assert_eq!(set(&ctx, "M1", 3, "09:00", "10:00").await.expect("set"), 1);
        let time = |hour| at(&ctx, &format!("2026-06-01 {hour:02}:00"));
        assert_eq!(
            states(&ctx).await,
            [(time(8), time(9), 1), (time(9), time(10), 3), (time(10), time(12), 1)]
        );
        assert_eq!(set(&ctx, "M1", 2, "07:00", "13:00").await.expect("set"), 1);
        assert_eq!(states(&ctx).await, [(time(7), time(13), 2)]);
    }
);

db_test!(
    async fn replaying_the_reports_gives_the_stored_states(plant: TestPlant) {
        let ctx = evening(&plant);
        let line = build(&ctx, &["M1"]).await;
        for (number, begin, end) in [
            (1, "08:00", "16:00"),
            (3, "09:00", "09:20"),
            (4, "09:10", "10:00"),
            (1, "09:15", "09:16"),
            (2, "15:00", "18:00"),
        ] {
            assert_eq!(set(&ctx, "M1", number, begin, end).await.expect("set"), 1);
        }
        let stored = states(&ctx).await;
        assert!(!rebuild_states(&ctx, line.machines[0]).await.expect("rebuilt"));
        let mut tx = ctx.begin().await.expect("a write");
        sql("UPDATE machine_state SET status = 7 WHERE tenant_id = $1")
            .bind(ctx.tenant_id())
            .run(&mut tx)
            .await
            .expect("damage");
        tx.commit().await.expect("a commit");
        assert!(rebuild_states(&ctx, line.machines[0]).await.expect("rebuilt"));
        assert_eq!(states(&ctx).await, stored);
        assert!(matches!(rebuild_states(&plant.viewer(), line.machines[0]).await, Err(Error::Forbidden)));
    }
);

db_test!(
    async fn many_reports_at_once_are_as_one_after_the_other(plant: TestPlant) {
        let ctx = evening(&plant);
        build(&ctx, &["M1", "M2"]).await;
        let (mut changes, mut reports) = (0, Vec::new());
        for i in 0..60_i64 {
            let (from, length) = (i * 37 % 600, 1 + i * 53 % 90);
            let wall = |minutes: i64| format!("2026-06-01 {:02}:{:02}", 6 + minutes / 60, minutes % 60);
            let one = status("M1", 1 + i % 3, &wall(from), &wall(from + length));
            reports.push(SetEquipmentStatus { equipment_code: "M2".into(), ..one.clone() });
            changes += set_equipment_status(&ctx, one).await.expect("set");
        }
        assert_eq!(set_equipment_statuses(&ctx, reports).await.expect("set"), changes);
        let found = states(&ctx).await;
        let (one, other) = found.split_at(found.len() / 2);
        assert_eq!(one, other);
    }
);

db_test!(
    async fn a_repeat_in_a_batch_leaves_the_batch_whole(plant: TestPlant) {
        let ctx = evening(&plant);
        build(&ctx, &["M1"]).await;
        let batch = Batch::new(ctx.begin().await.expect("a write"));
        let services = Services { db: Db::within(&batch), ..ctx.services.clone() };
        let inside = Ctx { services, ..ctx.clone() };
        for expected in [1, 0] {
            assert_eq!(set(&inside, "M1", 1, "08:00", "12:00").await.expect("set"), expected);
        }
        batch.commit().await.expect("a commit");
        assert_eq!(states(&ctx).await.len(), 1);
    }
);

db_test!(
    async fn times_are_read_in_all_three_forms(plant: TestPlant) {
        let ctx = evening(&plant);
        build(&ctx, &["M1"]).await;
        let (begin, end) = (at(&ctx, "2026-06-01 08:00"), at(&ctx, "2026-06-01 09:00"));
        let mixed = status("M1", 1, "2026-06-01 08:00", &end.to_string());
        assert_eq!(set_equipment_status(&ctx, mixed).await.expect("set"), 1);
        let same = status("M1", 1, &begin.to_string(), "2026-06-01 09:00:00");
        assert_eq!(set_equipment_status(&ctx, same).await.expect("set"), 0);
        let cause = SetEquipmentStatus {
            fault_cause: Some("bearing".into()),
            ..status("M1", 1, "2026-06-01 08:00", "2026-06-01 09:00")
        };
        assert_eq!(set_equipment_status(&ctx, cause).await.expect("set"), 1);
    }
);

db_test!(
    async fn bad_reports_are_refused_by_the_name_of_their_parameter(plant: TestPlant) {
        let ctx = evening(&plant);
        build(&ctx, &["M1"]).await;
        assert_eq!(refused(set(&ctx, "M1", 1, "09:00", "09:00").await), "endDateTime");
        assert_eq!(refused(set(&ctx, "M1", 1, "09:00", "08:00").await), "endDateTime");
        assert_eq!(refused(set(&ctx, "M1", 0, "08:00", "09:00").await), "status");
        assert_eq!(refused(set(&ctx, "M1", 8, "08:00", "09:00").await), "status");
        assert_eq!(refused(set(&ctx, "M2", 1, "08:00", "09:00").await), "equipmentCode");
        assert_eq!(refused(set(&ctx, "M\0", 1, "08:00", "09:00").await), "equipmentCode");
        assert_eq!(
            refused(set_equipment_status(&ctx, status("M1", 1, "soon", "2026-06-01 09:00")).await),
            "beginDateTime"
        );
        assert_eq!(
            refused(set_equipment_status(&ctx, status("M1", 1, "2026-06-01 08:00", "")).await),
            "endDateTime"
        );
        let long = SetEquipmentStatus {
            fault_cause: Some("x".repeat(501)),
            ..status("M1", 3, "2026-06-01 08:00", "2026-06-01 09:00")
        };
        assert_eq!(refused(set_equipment_status(&ctx, long).await), "faultCause");
        assert!(states(&ctx).await.is_empty());
    }
);

db_test!(
    async fn only_a_planned_stop_may_lie_in_the_future(plant: TestPlant) {
        let ctx = evening(&plant);
        build(&ctx, &["M1"]).await;
        assert_eq!(refused(set(&ctx, "M1", 1, "19:00", "20:06").await), "endDateTime");
        assert_eq!(set(&ctx, "M1", 1, "19:00", "20:05").await.expect("within five minutes"), 1);
        assert_eq!(set(&ctx, "M1", 2, "21:00", "23:00").await.expect("planned"), 1);
    }
);

db_test!(
    async fn a_viewer_reads_but_does_not_report(plant: TestPlant) {
        let ctx = evening(&plant);
        build(&ctx, &["M1"]).await;
        set(&ctx, "M1", 1, "08:00", "12:00").await.expect("set");
        assert!(matches!(set(&plant.viewer(), "M1", 1, "08:00", "13:00").await, Err(Error::Forbidden)));
        assert!(ask(&plant.viewer(), "M1", "2026-06-01", None).await.is_ok());
    }
);

db_test!(
    async fn another_tenant_sees_and_changes_nothing(plant: TestPlant) {
        let ctx = evening(&plant);
        build(&ctx, &["M1"]).await;
        set(&ctx, "M1", 1, "08:00", "12:00").await.expect("set");
        let other = plant.other_tenant().await;
        assert_eq!(refused(set(&other, "M1", 3, "08:00", "12:00").await), "equipmentCode");
        assert_eq!(refused(ask(&other, "M1", "2026-06-01", None).await), "equipmentCode");
        build(&other, &["M1"]).await;
        assert!(is_empty(&ask(&other, "M1", "2026-06-01", None).await));
        set(&other, "M1", 3, "08:00", "12:00").await.expect("set");
        near(ask(&ctx, "M1", "2026-06-01", Some("Early")).await.expect("figures").ea_ratio, 240.0 / 450.0);
        near(ask(&other, "M1", "2026-06-01", Some("Early")).await.expect("figures").ea_ratio, 0.0);
    }
);

db_test!(
    async fn reports_on_one_machine_at_once_are_all_kept_and_partition_time(plant: TestPlant) {
        let ctx = evening(&plant);
        let line = build(&ctx, &["M1"]).await;
        let reports = (0..40_i64).map(|i| {
            let ctx = ctx.clone();
            tokio::spawn(async move {
                let begin = at(&ctx, "2026-06-01 08:00") + (i % 13) * 60_000;
                let end = begin + (1 + i % 7) * 60_000;
                let params = status("M1", 1 + i % 7, &begin.to_string(), &end.to_string());
                set_equipment_status(&ctx, params).await.expect("set")
            })
        });
        for report in futures::future::join_all(reports).await {
            report.expect("no panic");
        }
        let states = states(&ctx).await;
        assert!(states.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{states:?}");
        assert!(!rebuild_states(&ctx, line.machines[0]).await.expect("the replay agrees"));
    }
);

db_test!(
    async fn a_shift_is_answered_with_every_field(plant: TestPlant) {
        let ctx = evening(&plant);
        let line = build(&ctx, &["M1"]).await;
        // 480 minutes with a break of 30 and a planned stop of 30: loading 420. 300 run, 60 fault, 60 without data.
        set(&ctx, "M1", 1, "08:00", "12:00").await.expect("set");
        set(&ctx, "M1", 2, "12:30", "13:00").await.expect("set");
        set(&ctx, "M1", 3, "13:00", "14:00").await.expect("set");
        set(&ctx, "M1", 1, "14:00", "15:00").await.expect("set");
        made(&ctx, line.machines[0], at(&ctx, "2026-06-01 08:00"), 240, 200.0, 20.0).await;
        // Half of this report lies after the shift.
        made(&ctx, line.machines[0], at(&ctx, "2026-06-01 15:00"), 120, 80.0, 0.0).await;
        let early = ask(&ctx, "M1", "2026-06-01", Some("Early")).await.expect("figures");
        assert_eq!((early.product_total_sum, early.product_defects_sum), (240.0, 20.0));
        assert_eq!(
            (early.oee_shift_duration, early.loading_time, early.operating_time),
            (480.0, 420.0, 300.0)
        );
        near(early.ea_ratio, 300.0 / 420.0);
        near(early.pe_ratio, 240.0 / 300.0);
        near(early.qr_ratio, 220.0 / 240.0);
        near(early.oee_ratio, 220.0 / 420.0);
        assert_eq!((early.ideal_cycle_time, early.shift_date.as_str()), (Some(60.0), "2026-06-01"));
    }
);

db_test!(
    async fn the_day_is_the_sum_of_its_shifts_and_a_running_one_counts_up_to_now(plant: TestPlant) {
        let ctx = plant.ctx();
        let line = build(&ctx, &["M1"]).await;
        plant.clock.set(at(&ctx, "2026-06-02 00:00"));
        set_equipment_status(&ctx, status("M1", 1, "2026-06-01 08:00", "2026-06-02 00:00"))
            .await
            .expect("set");
        made(&ctx, line.machines[0], at(&ctx, "2026-06-01 08:00"), 60, 60.0, 6.0).await;
        made(&ctx, line.machines[0], at(&ctx, "2026-06-01 22:00"), 60, 30.0, 0.0).await;
        let early = ask(&ctx, "M1", "2026-06-01", Some("Early")).await.expect("figures");
        let night = ask(&ctx, "M1", "2026-06-01", Some("Night")).await.expect("figures");
        let day = ask(&ctx, "M1", "2026-06-01", None).await.expect("figures");
        assert_eq!((night.loading_time, night.oee_shift_duration), (120.0, 480.0));
        assert_eq!(
            (day.loading_time, day.product_total_sum),
            (early.loading_time + night.loading_time, 90.0)
        );
        near(day.oee_ratio, 84.0 / (450.0 + 120.0));
        // After midnight the running night shift still is of the day on which it began.
        let params = QueryDayShift { query_date: None, equipment_code: "M1".into(), shift_name: None };
        assert_eq!(query_day_shift(&ctx, params).await.expect("figures"), day);
    }
);

db_test!(
    async fn nothing_to_answer_is_22000_and_a_bad_question_460(plant: TestPlant) {
        let ctx = evening(&plant);
        build(&ctx, &["M1"]).await;
        assert!(is_empty(&ask(&ctx, "M1", "2026-06-01", None).await));
        set(&ctx, "M1", 1, "08:00", "09:00").await.expect("set");
        assert!(ask(&ctx, "M1", "2026-06-01", Some("Early")).await.is_ok());
        assert!(is_empty(&ask(&ctx, "M1", "2026-06-01", Some("Late")).await));
        assert!(is_empty(&ask(&ctx, "M1", "2026-06-02", None).await), "a day to come");
        assert_eq!(refused(ask(&ctx, "M1", "1 June", None).await), "queryDate");
        assert_eq!(refused(ask(&ctx, "M9", "2026-06-01", None).await), "equipmentCode");
        let mut tx = ctx.begin().await.expect("a write");
        insert_equipment(&ctx, &mut tx, "loose", "loose").await.expect("an equipment");
        tx.commit().await.expect("a commit");
        set(&ctx, "loose", 1, "08:00", "09:00")
            .await
            .expect("a machine outside the factory model has states");
        assert!(is_empty(&ask(&ctx, "loose", "2026-06-01", None).await), "but no shift");
    }
);

db_test!(
    async fn a_shift_that_is_wholly_shut_down_has_no_ratios(plant: TestPlant) {
        let ctx = evening(&plant);
        let line = build(&ctx, &["M1"]).await;
        let mut tx = ctx.begin().await.expect("a write");
        sql("INSERT INTO planned_shutdown (tenant_id, id, node_id, node_level, name, begin_at, end_at, created_at)
             VALUES ($1, $2, $3, 1, 'holiday', $4, $5, 0)")
        .bind(ctx.tenant_id())
        .bind(ctx.next_id())
        .bind(line.factory)
        .bind(at(&ctx, "2026-06-01 00:00"))
        .bind(at(&ctx, "2026-06-02 00:00"))
        .run(&mut tx)
        .await
        .expect("a shutdown");
        tx.commit().await.expect("a commit");
        assert!(is_empty(&ask(&ctx, "M1", "2026-06-01", Some("Early")).await));
        made(&ctx, line.machines[0], at(&ctx, "2026-06-01 09:00"), 60, 5.0, 0.0).await;
        let early = ask(&ctx, "M1", "2026-06-01", Some("Early")).await.expect("figures");
        assert_eq!((early.loading_time, early.product_total_sum), (0.0, 5.0));
        assert_eq!(
            (early.ea_ratio, early.pe_ratio, early.qr_ratio, early.oee_ratio),
            (None, None, None, None)
        );
    }
);

db_test!(
    async fn the_plant_chooses_the_rules_and_the_nearest_cycle_counts(plant: TestPlant) {
        let ctx = evening(&plant);
        let line = build(&ctx, &["M1"]).await;
        set(&ctx, "M1", 1, "08:00", "12:00").await.expect("set");
        set(&ctx, "M1", 5, "13:00", "14:00").await.expect("set");
        made(&ctx, line.machines[0], at(&ctx, "2026-06-01 08:00"), 240, 100.0, 0.0).await;
        let mut tx = ctx.begin().await.expect("a write");
        attribute(&mut tx, &ctx, line.factory, "oeeRuleSet", "tpm-cn").await;
        // Step 1, which all reports name, gets a cycle of its own.
        attribute(&mut tx, &ctx, 1, "idealCycleTime", "90").await;
        tx.commit().await.expect("a commit");
        let early = ask(&ctx, "M1", "2026-06-01", Some("Early")).await.expect("figures");
        assert_eq!((early.loading_time, early.ideal_cycle_time), (390.0, Some(90.0)));
        near(early.pe_ratio, 150.0 / 240.0);
    }
);

db_test!(
    async fn a_plant_with_daylight_saving_loses_and_gains_the_hour(plant: TestPlant) {
        let ctx = plant.in_zone("Europe/Berlin").await;
        build(&ctx, &["M1"]).await;
        plant.clock.set(at(&ctx, "2026-11-01 00:00"));
        for (begin, end, minutes) in [
            ("2026-03-28 22:00", "2026-03-29 06:00", 420.0),
            ("2026-10-24 22:00", "2026-10-25 06:00", 540.0),
            ("2026-06-01 22:00", "2026-06-02 06:00", 480.0),
        ] {
            set_equipment_status(&ctx, status("M1", 1, begin, end)).await.expect("set");
            let night = ask(&ctx, "M1", &begin[..10], Some("Night")).await.expect("figures");
            assert_eq!(
                (night.oee_shift_duration, night.loading_time, night.operating_time),
                (minutes, minutes, minutes)
            );
        }
    }
);

db_test!(
    async fn a_machine_takes_the_shifts_of_its_own_node_first(plant: TestPlant) {
        let ctx = evening(&plant);
        let line = build(&ctx, &["M1"]).await;
        let mut tx = ctx.begin().await.expect("a write");
        shift(&mut tx, &ctx, line.machines[0], "Own", "08:00:00", "10:00:00").await;
        node(&mut tx, &ctx, ctx.next_id(), Some(line.line), 4, "C2").await;
        tx.commit().await.expect("a commit");
        set(&ctx, "M1", 1, "08:00", "09:00").await.expect("set");
        near(Some(ask(&ctx, "M1", "2026-06-01", None).await.expect("figures").loading_time), 120.0);
        assert!(is_empty(&ask(&ctx, "M1", "2026-06-01", Some("Early")).await));
    }
);
