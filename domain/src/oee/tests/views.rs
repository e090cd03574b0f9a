//! What the pages show.

use jiff::civil::date;

use super::plant::{at, attribute, build, made, node, report, set, shift, status};
use crate::db::sql;
use crate::db::testing::TestPlant;
use crate::masterdata::equipment::insert_equipment;
use crate::oee::losses::Step;
use crate::oee::service::{line_view, machine_view, oee_overview, query_day_shift, set_equipment_status};
use crate::oee::view::{Basis, CycleSource, Range};
use crate::oee::{Kind, QueryDayShift, RuleSet, SetEquipmentStatus, Why};
use crate::time::MINUTE;
use crate::{Ctx, Error, db_test};

fn early() -> Range {
    Range { from: Some(date(2026, 6, 1)), to: None, shift: Some("Early".into()), at: None }
}

fn near(value: Option<f64>, expected: f64) {
    assert!((value.expect("a ratio") - expected).abs() < 1e-9, "{value:?} is not {expected}");
}

/// Two lines: L with M1 and M2, and K with M3, which has shifts of its own. It is 20:00.
async fn two_lines(plant: &TestPlant, ctx: &Ctx) -> (super::plant::Built, i64) {
    let built = build(ctx, &["M1", "M2"]).await;
    let mut tx = ctx.begin().await.expect("a write");
    let hall = node(&mut tx, ctx, ctx.next_id(), Some(built.factory), 2, "W2").await;
    let line = node(&mut tx, ctx, ctx.next_id(), Some(hall), 3, "K").await;
    let center = node(&mut tx, ctx, ctx.next_id(), Some(line), 4, "C2").await;
    let equipment = insert_equipment(ctx, &mut tx, "M3", "M3").await.expect("an equipment");
    node(&mut tx, ctx, equipment.dap_id, Some(center), 5, "M3").await;
    shift(&mut tx, ctx, line, "Day", "07:00:00", "17:00:00").await;
    attribute(&mut tx, ctx, line, "targetOee", "40").await;
    attribute(&mut tx, ctx, built.factory, "targetOee", "0.8").await;
    tx.commit().await.expect("a commit");
    plant.clock.set(at(ctx, "2026-06-01 20:00"));
    (built, line)
}

db_test!(
    async fn the_overview_rolls_up_by_sums_worst_line_first(plant: TestPlant) {
        let ctx = plant.ctx();
        let (built, other_line) = two_lines(&plant, &ctx).await;
        set(&ctx, "M1", 1, "08:00", "12:00").await.expect("set");
        set(&ctx, "M1", 3, "12:30", "16:00").await.expect("set");
        set(&ctx, "M2", 1, "08:00", "16:00").await.expect("set");
        set(&ctx, "M3", 1, "07:00", "17:00").await.expect("set");
        made(&ctx, built.machines[0], at(&ctx, "2026-06-01 08:00"), 240, 180.0, 0.0).await;
        made(&ctx, built.machines[1], at(&ctx, "2026-06-01 08:00"), 480, 450.0, 45.0).await;
        let range = Range { from: Some(date(2026, 6, 1)), ..Range::default() };
        let view = oee_overview(&plant.viewer(), range).await.expect("a view");

        let names: Vec<_> = view.columns.iter().map(|c| (c.shift.as_str(), c.running)).collect();
        assert_eq!(names, [("Day", false), ("Early", false), ("Night", false)]);
        let codes: Vec<_> = view.lines.iter().map(|row| row.place.code.as_str()).collect();
        // L misses 80 % by 15 points; K made nothing and misses its own 40 % by 40.
        assert_eq!(codes, ["K", "L"]);
        let line = &view.lines[1];
        assert_eq!(line.cells.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true, false]);
        near(line.total.figures.oee.value, (180.0 + 405.0) / 900.0);
        near(line.total.gap, 0.65 - 0.8);
        assert_eq!(line.total.unexplained, 1);
        assert_eq!(line.machines.iter().map(|m| m.place.code.as_str()).collect::<Vec<_>>(), ["M1", "M2"]);
        near(line.machines[0].total.figures.oee.value, 180.0 / 450.0);
        assert_eq!((view.lines[0].place.id, view.lines[0].total.targets.oee), (other_line, 0.4));
        near(view.plant.total.figures.oee.value, (180.0 + 405.0) / (900.0 + 600.0));
        near(view.plant.total.figures.availability.value, (240.0 + 450.0 + 600.0) / 1500.0);
        assert_eq!(view.rules, [RuleSet::Iso22400]);
        assert_eq!(line.trend.len(), 1);

        let other = plant.other_tenant().await;
        let view = oee_overview(&other, Range::default()).await.expect("a view");
        assert!(view.lines.is_empty() && view.columns.is_empty());
        assert_eq!(view.plant.total.figures.oee.why, Some(Why::NotScheduled));
    }
);

db_test!(
    async fn a_range_is_checked_and_defaults_to_the_running_production_day(plant: TestPlant) {
        let ctx = plant.ctx();
        build(&ctx, &["M1"]).await;
        plant.clock.set(at(&ctx, "2026-06-02 03:00"));
        let view = oee_overview(&ctx, Range::default()).await.expect("a view");
        assert_eq!((view.shown.from, view.shown.to), (date(2026, 6, 1), date(2026, 6, 1)));
        assert_eq!(view.shown.span.end, at(&ctx, "2026-06-02 06:00"));
        assert!(view.columns[1].running);
        for to in [date(2026, 5, 31), date(2026, 9, 1)] {
            let range = Range { from: Some(date(2026, 6, 1)), to: Some(to), ..Range::default() };
            let refused = oee_overview(&ctx, range).await;
            assert!(matches!(refused, Err(Error::Invalid { ref param, .. }) if param == "to"), "{to}");
        }
    }
);

db_test!(
    async fn a_wall_time_picks_the_shift_that_runs_then(plant: TestPlant) {
        let ctx = plant.ctx();
        let (built, _) = two_lines(&plant, &ctx).await;
        let at = |hour: i8| Range { at: Some(date(2026, 6, 1).at(hour, 30, 0, 0)), ..Range::default() };
        let view = oee_overview(&ctx, at(10)).await.expect("a view");
        assert_eq!(view.columns.iter().map(|c| c.shift.as_str()).collect::<Vec<_>>(), ["Day", "Early"]);
        assert_eq!(view.shown.shift, None);
        let night = Range { at: Some(date(2026, 6, 2).at(3, 0, 0, 0)), ..Range::default() };
        let view = machine_view(&ctx, built.machines[0], night).await.expect("a view");
        assert_eq!((view.shown.shift.as_deref(), view.shown.from), (Some("Night"), date(2026, 6, 1)));
        let view = line_view(&ctx, built.line, at(19)).await.expect("a view");
        assert_eq!(view.shifts.iter().map(|c| c.shift.as_str()).collect::<Vec<_>>(), ["Early", "Night"]);
    }
);

db_test!(
    async fn a_line_shows_its_machines_on_one_axis(plant: TestPlant) {
        let ctx = plant.ctx();
        let (built, _) = two_lines(&plant, &ctx).await;
        plant.clock.set(at(&ctx, "2026-06-01 14:00"));
        set(&ctx, "M1", 1, "08:00", "12:00").await.expect("set");
        set(&ctx, "M2", 3, "13:00", "14:00").await.expect("set");
        made(&ctx, built.machines[0], at(&ctx, "2026-06-01 08:00"), 240, 180.0, 20.0).await;
        let mut tx = ctx.begin().await.expect("a write");
        let (begin, end) = (at(&ctx, "2026-06-01 08:00"), at(&ctx, "2026-06-01 09:00"));
        report(&mut tx, &ctx, (2, built.line), "X", begin, end, 7.0).await;
        report(&mut tx, &ctx, (3, built.center), "X", begin, end, 5.0).await;
        tx.commit().await.expect("a commit");
        let view = line_view(&plant.viewer(), built.line, early()).await.expect("a view");
        assert_eq!((view.shown.span.begin, view.shown.span.end), (begin, at(&ctx, "2026-06-01 16:00")));
        for lane in &view.machines {
            assert_eq!(lane.stretches.first().map(|s| s.begin), Some(begin));
            assert_eq!(lane.stretches.last().map(|s| s.end), Some(at(&ctx, "2026-06-01 14:00")));
        }
        let m2 = view.machines.iter().find(|lane| lane.place.code == "M2").expect("M2");
        let current = m2.current.as_ref().expect("a running shift");
        assert_eq!((current.kind, current.since), (Kind::Fault, at(&ctx, "2026-06-01 13:00")));
        // Both have the cycle of their machining center; M2 was less available.
        assert_eq!(view.bottleneck, Some(built.machines[1]));
        assert_eq!(view.total.sums.times.loading, 2 * 330 * MINUTE);
        near(Some(view.not_on_a_machine), 12.0);
        let last = view.curve.last().expect("points");
        near(last.target, 450.0 * 0.8);
        assert_eq!(last.actual, None);

        assert!(matches!(line_view(&ctx, 1, early()).await, Err(Error::Invalid { .. })));
        let other = plant.other_tenant().await;
        assert!(matches!(line_view(&other, built.line, early()).await, Err(Error::Invalid { .. })));
    }
);

db_test!(
    async fn a_machine_opens_down_to_reports_and_counts(plant: TestPlant) {
        let ctx = plant.ctx();
        let built = build(&ctx, &["M1"]).await;
        plant.clock.set(at(&ctx, "2026-06-01 20:00"));
        set(&ctx, "M1", 1, "08:00", "12:30").await.expect("set");
        let fault = SetEquipmentStatus {
            fault_cause: Some("bearing".into()),
            ..status("M1", 3, "2026-06-01 12:15", "2026-06-01 13:00")
        };
        set_equipment_status(&ctx, fault).await.expect("set");
        set(&ctx, "M1", 1, "13:00", "15:30").await.expect("set");
        made(&ctx, built.machines[0], at(&ctx, "2026-06-01 08:00"), 120, 90.0, 9.0).await;
        for (day, total) in [("2026-05-31", 30.0), ("2026-05-25", 60.0), ("2026-05-20", 120.0)] {
            let report = status("M1", 1, &format!("{day} 08:00"), &format!("{day} 16:00"));
            set_equipment_status(&ctx, report).await.expect("set");
            made(&ctx, built.machines[0], at(&ctx, &format!("{day} 08:00")), 60, total, 0.0).await;
        }
        let view = machine_view(&plant.viewer(), built.machines[0], early()).await.expect("a view");

        let kinds: Vec<_> = view.entries.iter().map(|entry| entry.stretch.kind).collect();
        assert_eq!(kinds, [Kind::Running, Kind::Break, Kind::Fault, Kind::Running, Kind::NoData]);
        assert_eq!(view.entries[2].reported_by.as_deref(), Some("system"));
        assert_eq!(view.entries[2].reported_at, Some(at(&ctx, "2026-06-01 20:00")));
        assert_eq!(view.entries[4].reported_by, None);
        assert_eq!(view.bins.len(), 96);
        near(Some(view.bins[0].total), 90.0 / 24.0);
        assert_eq!(view.hours.len(), 8);
        near(Some(view.hours[0].good), 40.5);
        near(view.hours[4].ideal, 30.0);
        near(view.hours[4].target, 30.0 * 0.85);
        assert_eq!((view.total.sums.run(), view.total.sums.times.loading), (390 * MINUTE, 450 * MINUTE));
        near(view.total.figures.oee.value, 81.0 / 450.0);
        assert_eq!(view.products.len(), 1);
        let cycle = view.products[0].cycle.as_ref().expect("a cycle");
        assert_eq!(
            (cycle.seconds, cycle.source, cycle.code.as_str()),
            (60.0, CycleSource::MachiningCenter, "C")
        );
        assert_eq!(view.falls.last().map(|fall| fall.step), Some(Step::GoodTime));
        near(view.falls.first().map(|fall| fall.millis), (480 * MINUTE) as f64);
        let lost: Vec<_> =
            view.losses.iter().map(|l| (l.kind, l.cause.as_deref(), l.millis / MINUTE, l.count)).collect();
        assert_eq!(lost, [(Kind::Fault, Some("bearing"), 30, 1), (Kind::NoData, None, 30, 1)]);
        assert_eq!((view.reliability.failures, view.reliability.down), (1, 30 * MINUTE));
        assert_eq!(view.total.unexplained, 0);
        assert_eq!(
            view.path.iter().map(|place| place.code.as_str()).collect::<Vec<_>>(),
            ["F", "W", "L", "C"]
        );
        let compared: Vec<_> = view.comparison.iter().map(|c| (c.basis, c.date)).collect();
        assert_eq!(
            compared,
            [
                (Basis::This, date(2026, 6, 1)),
                (Basis::DayBefore, date(2026, 5, 31)),
                (Basis::WeekBefore, date(2026, 5, 25)),
                (Basis::Best, date(2026, 5, 20)),
            ]
        );
        near(view.comparison[3].figures.oee.value, 120.0 / 450.0);

        let other = plant.other_tenant().await;
        let refused = machine_view(&other, built.machines[0], early()).await;
        assert!(matches!(refused, Err(Error::Invalid { ref param, .. }) if param == "equipmentId"));
    }
);

db_test!(
    async fn a_day_falls_from_calendar_time(plant: TestPlant) {
        let ctx = plant.ctx();
        let built = build(&ctx, &["M1"]).await;
        plant.clock.set(at(&ctx, "2026-06-03 00:00"));
        set(&ctx, "M1", 1, "08:00", "16:00").await.expect("set");
        let day = Range { from: Some(date(2026, 6, 1)), ..Range::default() };
        let view = machine_view(&ctx, built.machines[0], day).await.expect("a view");
        let falls: Vec<_> =
            view.falls.iter().take(3).map(|fall| (fall.step, fall.millis / MINUTE as f64)).collect();
        assert_eq!(falls, [(Step::Calendar, 1440.0), (Step::NotScheduled, 480.0), (Step::Shift, 960.0)]);
        assert!(view.total.figures.uncertain);
    }
);

/// Fills a shift with 500 states and as many reports of pieces, straight into the tables.
async fn fill(ctx: &Ctx, machine: i64) {
    let mut tx = ctx.begin().await.expect("a write");
    let begin = at(ctx, "2026-06-01 08:00");
    for i in 0..500_i64 {
        let params = status(
            "M1",
            1 + i % 7,
            &(begin + i * MINUTE / 2).to_string(),
            &(begin + (i + 1) * MINUTE / 2).to_string(),
        );
        let state = params.check(&ctx.tenant.zone, ctx.now()).expect("a state");
        crate::oee::service::report_states(ctx, &mut tx, machine, vec![state]).await.expect("a report");
        report(&mut tx, ctx, (4, machine), "X", begin + i * MINUTE / 2, begin + (i + 1) * MINUTE / 2, 1.0)
            .await;
    }
    tx.commit().await.expect("a commit");
}

db_test!(
    async fn a_machine_day_of_500_states_is_answered(plant: TestPlant) {
        let ctx = plant.ctx();
        let built = build(&ctx, &["M1"]).await;
        plant.clock.set(at(&ctx, "2026-06-01 20:00"));
        fill(&ctx, built.machines[0]).await;
        if ctx.services.db.kind() == crate::db::Kind::Postgres {
            let mut conn = ctx.read().await.expect("a connection");
            sql("ANALYZE").run(&mut conn).await.expect("statistics");
        }
        let ask = || QueryDayShift {
            query_date: Some("2026-06-01".into()),
            equipment_code: "M1".into(),
            shift_name: None,
        };
        let day = query_day_shift(&ctx, ask()).await.expect("figures");
        near(Some(day.product_total_sum.round()), 500.0);
        if std::env::var_os("MILLWRIGHT_MEASURE").is_some() {
            let begin = std::time::Instant::now();
            for _ in 0..50 {
                query_day_shift(&ctx, ask()).await.expect("figures");
            }
            eprintln!("{:?}: {:?} a machine-day", ctx.services.db.kind(), begin.elapsed() / 50);
        }
    }
);

db_test!(
    async fn what_a_machine_does_now_outlives_its_last_report_by_two_minutes(plant: TestPlant) {
        let ctx = plant.ctx();
        let built = build(&ctx, &["M1"]).await;
        plant.clock.set(at(&ctx, "2026-06-01 11:00"));
        set(&ctx, "M1", 1, "08:00", "10:00").await.expect("set");
        set(&ctx, "M1", 3, "10:00", "11:00").await.expect("set");
        for (later, expected) in [(0, Kind::Fault), (2, Kind::Fault), (3, Kind::NoData)] {
            plant.clock.set(at(&ctx, "2026-06-01 11:00") + later * MINUTE);
            let view = machine_view(&ctx, built.machines[0], early()).await.expect("a view");
            let current = view.current.expect("a running shift");
            assert_eq!(current.kind, expected, "{later} minutes later");
            let since = if expected == Kind::Fault { "10:00" } else { "11:00" };
            assert_eq!(current.since, at(&ctx, &format!("2026-06-01 {since}")));
            // The gap itself stays one: in no sum is it anything else.
            assert_eq!(view.total.sums.times.spent[Kind::NoData], later * MINUTE);
        }
    }
);
