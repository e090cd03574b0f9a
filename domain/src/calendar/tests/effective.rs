use jiff::civil::date;
use serde_json::json;

use super::{chain, refused, shift, shutdown};
use crate::calendar::service::{
    get_calendar_on_date, get_shift_at, is_planned_shutdown_at, month_view, query_day_types,
};
use crate::calendar::{AtTime, CalendarOnDate, DayType, MonthView, OnDate, QueryDays, ShiftRecord, lookup};
use crate::time::MINUTE;
use crate::{Ctx, Result, db_test};

fn at(level: i64, datetime: &str) -> AtTime {
    AtTime { datetime: datetime.into(), fty_model_value: level, fty_model_id: level }
}

fn days(level: i64, begin: &str, end: &str) -> QueryDays {
    QueryDays { begin_date: begin.into(), end_date: end.into(), fty_model_value: level, fty_model_id: level }
}

async fn shift_at(ctx: &Ctx, level: i64, datetime: &str) -> Option<ShiftRecord> {
    get_shift_at(ctx, at(level, datetime)).await.expect("an answer")
}

async fn is_shut_down(ctx: &Ctx, level: i64, datetime: &str) -> bool {
    is_planned_shutdown_at(ctx, at(level, datetime)).await.expect("an answer")
}

async fn day_types(ctx: &Ctx, level: i64, begin: &str, end: &str) -> Vec<i64> {
    let days = query_day_types(ctx, days(level, begin, end)).await.expect("days");
    days.into_iter().map(|day| day.day_type).collect()
}

async fn on_date(ctx: &Ctx, level: i64, date: &str) -> Result<CalendarOnDate> {
    get_calendar_on_date(ctx, OnDate { date: date.into(), fty_model_value: level, fty_model_id: level }).await
}

async fn month(ctx: &Ctx, level: i64, begin: &str, end: &str) -> MonthView {
    month_view(ctx, days(level, begin, end)).await.expect("a view")
}

db_test!(
    async fn machines_inherit_shifts_and_shutdowns_with_their_origin(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        shift(&ctx, json!({})).await.expect("a shift");
        shutdown(&ctx, json!({})).await.expect("a shutdown");
        let own = json!({
            "ftyModelId": 3, "ftyModelValue": 3, "name": "own", "beginTime": "20:00", "endTime": "04:00",
            "beginEffectiveDate": "2026-06-06", "endEffectiveDate": "2026-06-07"
        });
        shift(&ctx, own).await.expect("a shift");
        let cleaning = json!({
            "ftyModelId": 4, "ftyModelValue": 4, "name": "cleaning", "type": 1,
            "beginDatetime": "2026-06-07 23:00", "endDatetime": "2026-06-08 01:00"
        });
        shutdown(&ctx, cleaning).await.expect("a shutdown");

        let friday = on_date(&ctx, 5, "2026-06-05").await.expect("an answer");
        assert_eq!((friday.shifts[0].fty_model_name.as_str(), friday.planned_shutdowns.len()), ("node 1", 0));
        let sunday = on_date(&ctx, 5, "2026-06-07").await.expect("an answer");
        assert_eq!((sunday.shifts[0].fty_model_id, sunday.shifts.len()), (3, 1));
        let shutdowns: Vec<_> = sunday.planned_shutdowns.iter().map(|s| s.fty_model_name.as_str()).collect();
        assert_eq!(shutdowns, ["node 4", "node 1"]);
        // The line itself does not know its machining center's shutdown.
        assert_eq!(on_date(&ctx, 3, "2026-06-07").await.expect("an answer").planned_shutdowns.len(), 1);

        let name = |shift: Option<ShiftRecord>| shift.map(|shift| shift.name);
        assert_eq!(name(shift_at(&ctx, 5, "2026-06-05 08:00:00").await).as_deref(), Some("日班"));
        assert_eq!(name(shift_at(&ctx, 5, "2026-06-05 16:00:00").await), None);
        assert_eq!(name(shift_at(&ctx, 5, "2026-06-06 12:00:00").await), None);
        assert_eq!(name(shift_at(&ctx, 5, "2026-06-08 01:00:00").await).as_deref(), Some("own"));
        assert_eq!(name(shift_at(&ctx, 5, "2026-06-08 00:59:59").await), None);
        assert_eq!(name(shift_at(&ctx, 3, "2026-06-08 00:59:59").await).as_deref(), Some("own"));
        assert!(is_shut_down(&ctx, 5, "2026-06-07 08:00:00").await);
        assert!(!is_shut_down(&ctx, 5, "2026-06-07 16:00:00").await);
        assert!(!is_shut_down(&ctx, 5, "2026-06-06 08:00:00").await);

        assert_eq!(day_types(&ctx, 5, "2026-06-05", "2026-06-07").await, [1, 1, 1]);
        assert_eq!(day_types(&ctx, 1, "2026-06-05", "2026-06-07").await, [1, 1, 2]);
    }
);

db_test!(
    async fn bad_questions_are_refused_by_name(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        for (begin, end, param) in [
            ("2020-01-01", "2020-02-21", Some("endDate")),
            ("2020-01-01", "2020-02-20", None),
            ("2020-01-02", "2020-01-01", Some("endDate")),
            ("2020-1-1", "2020-01-02", Some("beginDate")),
            ("2020-01-01", "2020-01-32", Some("endDate")),
        ] {
            let reply = query_day_types(&ctx, days(1, begin, end)).await;
            match param {
                Some(param) => assert_eq!(refused(reply), param, "{begin} {end}"),
                None => assert_eq!(reply.expect("days").len(), 51),
            }
        }
        let nowhere = |param: &str| if param == "ftyModelId" { 9 } else { 1 };
        for param in ["ftyModelId", "ftyModelValue"] {
            let (id, level) = (nowhere(param), if param == "ftyModelValue" { 6 } else { 1 });
            let question = || QueryDays {
                fty_model_id: id,
                fty_model_value: level,
                ..days(1, "2020-01-01", "2020-01-01")
            };
            assert_eq!(refused(query_day_types(&ctx, question()).await), param);
            assert_eq!(refused(month_view(&ctx, question()).await), param);
            let question =
                || AtTime { fty_model_id: id, fty_model_value: level, ..at(1, "2020-01-01 00:00:00") };
            assert_eq!(refused(get_shift_at(&ctx, question()).await), param);
            assert_eq!(refused(is_planned_shutdown_at(&ctx, question()).await), param);
            let question = OnDate { fty_model_id: id, fty_model_value: level, date: "2020-01-01".into() };
            assert_eq!(refused(get_calendar_on_date(&ctx, question).await), param);
        }
        assert_eq!(refused(get_shift_at(&ctx, at(1, "noon")).await), "datetime");
        assert_eq!(refused(is_planned_shutdown_at(&ctx, at(1, "2020-01-01")).await), "datetime");
        assert_eq!(refused(on_date(&ctx, 1, "2020-01-01 00:00:00").await), "date");
    }
);

db_test!(
    async fn a_plant_in_berlin_loses_and_gains_the_hour(plant: TestPlant) {
        let ctx = plant.in_zone("Europe/Berlin").await;
        chain(&ctx, 1).await;
        let night = json!({
            "beginTime": "22:00", "endTime": "06:00",
            "nonProdTimeMgtDTOList": [{ "type": 3, "beginTime": "01:00", "endTime": "01:30" }]
        });
        shift(&ctx, night).await.expect("a shift");
        let view = month(&ctx, 5, "2026-03-27", "2026-03-29").await;
        let planned: Vec<_> = view.days.iter().map(|day| day.planned_minutes).collect();
        assert_eq!(planned, [450.0, 390.0, 450.0]);
        let autumn = month(&ctx, 5, "2026-10-24", "2026-10-25").await;
        let planned: Vec<_> = autumn.days.iter().map(|day| day.planned_minutes).collect();
        assert_eq!(planned, [510.0, 450.0]);
        assert_eq!((view.time_zone.as_str(), view.chain.len()), ("Europe/Berlin", 5));
        let shift = &view.days[1].shifts[0];
        assert_eq!((shift.begin_time.as_str(), shift.end_time.as_str()), ("22:00:00", "06:00:00"));
        assert!(shift.inherited && shift.origin.level == 1);
    }
);

db_test!(
    async fn tz_database_a_night_in_shanghai_in_1986_is_seven_hours(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        shift(&ctx, json!({ "beginTime": "22:00", "endTime": "06:00" })).await.expect("a shift");
        let view = month(&ctx, 1, "1986-05-03", "1986-05-04").await;
        assert_eq!(view.days.iter().map(|day| day.planned_minutes).collect::<Vec<_>>(), [420.0, 480.0]);
        assert!(!view.days[0].shifts[0].inherited);
    }
);

db_test!(
    async fn the_month_view_shows_shutdowns_and_planned_minutes(plant: TestPlant) {
        let ctx = plant.ctx();
        chain(&ctx, 1).await;
        shift(&ctx, json!({})).await.expect("a shift");
        let half = json!({ "beginTime": "12:00", "endTime": "24:00", "dayOfWeek": 6 });
        shutdown(&ctx, half).await.expect("a shutdown");
        let whole = json!({ "beginTime": "00:00", "endTime": "24:00", "ftyModelId": 2, "ftyModelValue": 2 });
        shutdown(&ctx, whole).await.expect("a shutdown");
        let view = month(&ctx, 2, "2026-06-05", "2026-06-08").await;
        let days: Vec<_> = view.days.iter().map(|day| (day.day_type, day.planned_minutes)).collect();
        let work = |minutes| (DayType::Workday, minutes);
        assert_eq!(days, [work(480.0), work(240.0), (DayType::RestDay, 0.0), work(480.0)]);
        let sunday = &view.days[2].shutdowns[0];
        assert!(sunday.whole_day && !sunday.inherited);
        let saturday = &view.days[1].shutdowns[0];
        assert!(!saturday.whole_day && saturday.inherited);
        assert_eq!(saturday.during[0].duration(), 720 * MINUTE);
    }
);

db_test!(
    async fn the_shifts_of_many_machines_come_at_once(plant: TestPlant) {
        let (ctx, other) = (plant.ctx(), plant.other_tenant().await);
        chain(&ctx, 1).await;
        chain(&ctx, 10).await;
        chain(&other, 1).await;
        shift(&ctx, json!({})).await.expect("a shift");
        shift(&ctx, json!({ "ftyModelId": 50, "ftyModelValue": 5, "name": "own" })).await.expect("a shift");
        shift(&other, json!({ "name": "theirs" })).await.expect("a shift");
        shutdown(&ctx, json!({ "ftyModelId": 40, "ftyModelValue": 4 })).await.expect("a shutdown");
        let mut conn = ctx.read().await.expect("a connection");
        let (tenant_id, zone) = (ctx.tenant_id(), &ctx.tenant.zone);
        let (from, to) = (date(2026, 6, 6), date(2026, 6, 7));
        let all = lookup::calendars_for(&mut conn, tenant_id, zone, &[5, 50, 99], from, to).await;
        let all = all.expect("calendars");
        assert_eq!(all.len(), 2);
        let seen =
            |id| all[&id].iter().map(|s| (s.name.as_str(), s.loading().total() / MINUTE)).collect::<Vec<_>>();
        assert_eq!(seen(5), [("日班", 480), ("日班", 480)]);
        assert_eq!(seen(50), [("own", 480), ("own", 0)]);
        let chain = crate::modelling::lookup::chain(&mut conn, tenant_id, 5, 50).await.expect("a chain");
        let one = lookup::shift_occurrences(&mut conn, tenant_id, zone, &chain, from, to).await;
        assert_eq!(one.expect("shifts"), all[&50]);
        let theirs = lookup::calendars_for(&mut conn, other.tenant_id(), zone, &[5], from, from).await;
        assert_eq!(theirs.expect("calendars")[&5][0].name, "theirs");
    }
);
