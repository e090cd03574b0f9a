use std::sync::Arc;

use serde_json::json;

use super::figure::Figure;
use super::{HOUR, remove_old, roll_up};
use crate::ctx::Services;
use crate::db::sql;
use crate::device::ingest::{Form, Incoming, Ingest};
use crate::device::registration::{RegisterDevice, register_device};
use crate::device::service::{create_product, update_product};
use crate::device::session::service::{Known, Login, log_in};
use crate::device::view::HistorySource;
use crate::device::view::service::device_history;
use crate::device::{CreateProduct, UpdateProduct};
use crate::time::Millis;
use crate::{Ctx, Interval, db_test};

const DAY: Millis = 24 * HOUR;

/// A device of a product with a number, a switch, a word and a fault.
async fn device(ctx: &Ctx, key: &str) -> Arc<Known> {
    let attrs = json!([
        {"id": 0, "name": "flow", "display_name": "Flow", "type": "status_readonly", "data_type": "uint16",
         "uint_spec": {"min": 0, "max": 1000, "ratio": 1, "addition": 0}},
        {"id": 1, "name": "switch", "display_name": "On", "type": "status_writable", "data_type": "bool"},
        {"id": 2, "name": "mode", "display_name": "Mode", "type": "status_writable", "data_type": "enum",
         "enum": ["auto", "manual"]},
        {"id": 3, "name": "dry", "display_name": "Dry", "type": "fault", "data_type": "bool"},
    ]);
    let definition = json!({"name": "Pump", "entities": [{"id": 0, "name": "entity0", "display_name": "Pump", "attrs": attrs}]});
    let params = CreateProduct {
        definition: Some(definition),
        product_key: Some(key.into()),
        ..CreateProduct::default()
    };
    create_product(ctx, params).await.expect("a product");
    let params = RegisterDevice { passcode: "123456".into(), mac: "M1".into(), product_key: key.into() };
    let did = register_device(&ctx.services, params).await.expect("a device");
    match log_in(&ctx.services, &did, b"123456").await.expect("an answer") {
        Login::Accepted(known) => known,
        other => panic!("{other:?}"),
    }
}

/// Messages of a device (when, datapoints) that arrive now.
async fn say(services: &Services, known: &Arc<Known>, said: &[(Millis, serde_json::Value)]) {
    let (ingest, writer) = Ingest::start(services.clone());
    for (ts, attrs) in said {
        let incoming = Incoming {
            device: Arc::clone(known),
            form: Form::Json,
            payload: json!({"ts": ts, "attrs": attrs}).to_string().into_bytes(),
            at: services.clock.now(),
            packet: None,
            repeat: false,
            done: Box::new(|stored| assert!(stored)),
        };
        ingest.accept(incoming).await;
    }
    drop(ingest);
    writer.await.expect("a writer");
}

async fn kept(ctx: &Ctx, device_id: i64, name: &str, span: i64) -> Vec<(Millis, Figure)> {
    #[derive(sqlx::FromRow)]
    struct Row {
        begin_at: i64,
        #[sqlx(flatten)]
        figure: Figure,
    }
    let mut read = ctx.read().await.expect("a connection");
    let rows: Vec<Row> =
        sql("SELECT begin_at, samples, minimum, maximum, total, first, last FROM device_figure
         WHERE tenant_id = $1 AND device_id = $2 AND name = $3 AND span = $4 ORDER BY begin_at")
        .bind(ctx.tenant_id())
        .bind(device_id)
        .bind(name)
        .bind(span)
        .all(&mut read)
        .await
        .expect("figures");
    rows.into_iter().map(|row| (row.begin_at, row.figure)).collect()
}

async fn count(ctx: &Ctx, table: &'static str) -> i64 {
    let mut read = ctx.read().await.expect("a connection");
    sql("SELECT COUNT(*) FROM ")
        .push(table)
        .push(" WHERE tenant_id = ")
        .arg(ctx.tenant_id())
        .count(&mut read)
        .await
        .expect("a count")
}

fn figure(samples: i64, [minimum, maximum, total, first, last]: [f64; 5]) -> Figure {
    Figure { samples, minimum, maximum, total, first, last }
}

/// Says values of `flow` at minutes of an hour.
fn flows(hour: Millis, values: &[(i64, i64)]) -> Vec<(Millis, serde_json::Value)> {
    values.iter().map(|(minute, value)| (hour + minute * 60_000, json!({"flow": value}))).collect()
}

db_test!(
    async fn hours_and_days_are_made_when_they_are_over(plant: TestPlant) {
        let ctx = plant.ctx();
        let known = device(&ctx, "pump").await;
        let id = known.device_id;
        // 08:00 in Shanghai.
        let eight = ctx.now();
        plant.clock.set(eight + 59 * 60_000);
        let mut said = flows(eight, &[(0, 5), (10, 2), (20, 9), (59, 4)]);
        said.push((eight + 1, json!({"switch": true, "mode": "manual", "dry": 1})));
        said.push((eight + 2, json!({"switch": false})));
        say(&plant.services, &known, &said).await;
        plant.clock.set(eight + HOUR);
        assert_eq!(roll_up(&plant.services).await.expect("a round"), (0, 0), "the hour is not settled");
        // Until then the chart makes them when it is asked.
        let week = Interval::new(eight - 7 * DAY, eight + DAY);
        let chart = device_history(&ctx, id, "flow", week).await.expect("a history");
        assert_eq!((chart.source, chart.points.len()), (HistorySource::Hours, 1));
        assert_eq!((chart.points[0].min, chart.points[0].mean, chart.points[0].max), (2.0, 5.0, 9.0));

        plant.clock.set(eight + HOUR + 10 * 60_000);
        assert_eq!(roll_up(&plant.services).await.expect("a round"), (1, 0));
        assert_eq!(roll_up(&plant.services).await.expect("a round"), (0, 0), "once is enough");
        let flow = figure(4, [2.0, 9.0, 20.0, 5.0, 4.0]);
        assert_eq!(kept(&ctx, id, "flow", 1).await, [(eight, flow)]);
        assert_eq!(kept(&ctx, id, "switch", 1).await, [(eight, figure(2, [0.0, 1.0, 1.0, 1.0, 0.0]))]);
        assert!(kept(&ctx, id, "mode", 1).await.is_empty() && kept(&ctx, id, "dry", 1).await.is_empty());
        assert!(kept(&ctx, id, "flow", 2).await.is_empty(), "the day is not over");
        let year = Interval::new(eight - 364 * DAY, eight + DAY);
        let chart = device_history(&ctx, id, "flow", year).await.expect("a history");
        assert_eq!((chart.source, chart.points.len()), (HistorySource::Days, 1));
        assert_eq!((chart.points[0].at, chart.points[0].max), (eight - 8 * HOUR, 9.0));

        say(&plant.services, &known, &flows(eight + HOUR, &[(0, 1), (1, 3)])).await;
        let midnight = eight - 8 * HOUR;
        plant.clock.set(midnight + 26 * HOUR);
        assert_eq!(roll_up(&plant.services).await.expect("a round"), (1, 1));
        let day = figure(6, [1.0, 9.0, 24.0, 5.0, 3.0]);
        assert_eq!(kept(&ctx, id, "flow", 2).await, [(midnight, day)]);
        let chart = device_history(&ctx, id, "flow", year).await.expect("a history");
        assert_eq!((chart.points.len(), chart.points[0].samples), (1, 6));
        assert_eq!((count(&ctx, "device_dirty_hour").await, count(&ctx, "device_dirty_day").await), (0, 0));
    }
);

db_test!(
    async fn a_late_message_is_counted_in_its_hour_and_day(plant: TestPlant) {
        let ctx = plant.ctx();
        let known = device(&ctx, "pump").await;
        let id = known.device_id;
        let begin = ctx.now();
        say(&plant.services, &known, &flows(begin, &[(0, 5)])).await;
        plant.clock.set(begin + 3 * DAY);
        roll_up(&plant.services).await.expect("a round");
        assert_eq!(kept(&ctx, id, "flow", 2).await[0].1.samples, 1);
        say(&plant.services, &known, &flows(begin, &[(1, 50), (0, 5)])).await;
        assert_eq!(roll_up(&plant.services).await.expect("a round"), (1, 1));
        let both = figure(2, [5.0, 50.0, 55.0, 5.0, 50.0]);
        assert_eq!(kept(&ctx, id, "flow", 1).await, [(begin, both)]);
        assert_eq!(kept(&ctx, id, "flow", 2).await, [(begin - 8 * HOUR, both)]);
    }
);

db_test!(
    async fn figures_stay_when_messages_go_and_never_become_less(plant: TestPlant) {
        let ctx = plant.ctx();
        let known = device(&ctx, "pump").await;
        let id = known.device_id;
        let params =
            UpdateProduct { product_key: "pump".into(), retention_days: Some(2), ..UpdateProduct::default() };
        update_product(&ctx, params).await.expect("a product");
        let begin = ctx.now();
        say(&plant.services, &known, &flows(begin, &[(0, 5), (1, 6), (2, 7)])).await;
        plant.clock.set(begin + 3 * DAY);
        assert_eq!(remove_old(&plant.services).await.expect("a removal"), 0, "figures come first");
        roll_up(&plant.services).await.expect("a round");
        say(&plant.services, &known, &flows(begin + 3 * DAY, &[(0, 1)])).await;
        assert_eq!(remove_old(&plant.services).await.expect("a removal"), 3);
        assert_eq!(count(&ctx, "device_message").await, 1);
        let whole = figure(3, [5.0, 7.0, 18.0, 5.0, 7.0]);
        assert_eq!(kept(&ctx, id, "flow", 1).await, [(begin, whole)]);
        // One that comes after its neighbours are gone changes nothing.
        say(&plant.services, &known, &flows(begin, &[(3, 100)])).await;
        roll_up(&plant.services).await.expect("a round");
        assert_eq!(kept(&ctx, id, "flow", 1).await, [(begin, whole)]);
        assert_eq!(kept(&ctx, id, "flow", 2).await, [(begin - 8 * HOUR, whole)]);
        // Late messages of an hour that nobody knew are kept as long as others, and counted.
        plant.clock.set(begin + 4 * DAY);
        say(&plant.services, &known, &flows(begin + HOUR, &[(0, 8), (1, 9)])).await;
        assert_eq!(remove_old(&plant.services).await.expect("a removal"), 0);
        roll_up(&plant.services).await.expect("a round");
        assert_eq!(kept(&ctx, id, "flow", 1).await[1], (begin + HOUR, figure(2, [8.0, 9.0, 17.0, 8.0, 9.0])));
        let day = Interval::new(begin, begin + 3 * HOUR);
        let chart = device_history(&ctx, id, "flow", day).await.expect("a history");
        let points: Vec<_> = chart.points.iter().map(|point| (point.min, point.max)).collect();
        assert_eq!(
            (chart.source, points.as_slice()),
            (HistorySource::Hours, [(5.0, 7.0), (8.0, 9.0)].as_slice())
        );
    }
);

db_test!(
    async fn days_are_those_of_the_plant(plant: TestPlant) {
        let ctx = plant.in_zone("Asia/Kolkata").await;
        let known = device(&ctx, "pump").await;
        let zone = &ctx.tenant.zone;
        let midnight = zone.parse("t", "2026-06-02 00:00").expect("a time");
        plant.clock.set(midnight + HOUR);
        let said: Vec<_> = [-2, -1, 0, 1].map(|n| (midnight + n, json!({"flow": n + 10}))).into();
        say(&plant.services, &known, &said).await;
        plant.clock.set(midnight + 3 * DAY);
        roll_up(&plant.services).await.expect("a round");
        let days = kept(&ctx, known.device_id, "flow", 2).await;
        let totals: Vec<_> = days.iter().map(|(at, figure)| (*at, figure.total)).collect();
        assert_eq!(totals, [(midnight - DAY, 17.0), (midnight, 21.0)]);
        assert_eq!(kept(&ctx, known.device_id, "flow", 1).await.len(), 2, "hours are those of the wall too");
    }
);

db_test!(
    async fn what_arrives_while_an_hour_is_made_is_not_lost(plant: TestPlant) {
        let ctx = plant.ctx();
        let known = device(&ctx, "pump").await;
        let begin = ctx.now();
        say(&plant.services, &known, &flows(begin, &[(0, 5)])).await;
        plant.clock.set(begin + 2 * HOUR);
        // Two processes make figures while messages of the same hour keep coming.
        let talk = async {
            for minute in 1..40 {
                say(&plant.services, &known, &flows(begin, &[(minute, minute)])).await;
            }
        };
        let make = async {
            for _ in 0..20 {
                roll_up(&plant.services).await.expect("a round");
                tokio::task::yield_now().await;
            }
        };
        tokio::join!(talk, make);
        roll_up(&plant.services).await.expect("a round");
        roll_up(&plant.services).await.expect("a round");
        let hours = kept(&ctx, known.device_id, "flow", 1).await;
        assert_eq!(hours.len(), 1);
        assert_eq!((hours[0].1.samples, hours[0].1.last), (40, 39.0));
        assert_eq!(count(&ctx, "device_dirty_hour").await, 0);
    }
);

db_test!(
    async fn records_and_counts_go_after_their_windows(plant: TestPlant) {
        let ctx = plant.ctx();
        let known = device(&ctx, "pump").await;
        let now = ctx.now();
        let mut tx = ctx.begin().await.expect("a write");
        for (n, age) in [29, 31].into_iter().enumerate() {
            sql("INSERT INTO device_online_log (tenant_id, device_id, at, id, online, payload)
                 VALUES ($1, $2, $3, $4, TRUE, '{}')")
            .bind(ctx.tenant_id())
            .bind(known.device_id)
            .bind(now - age * DAY)
            .bind(i64::try_from(n).expect("small"))
            .run(&mut tx)
            .await
            .expect("a record");
        }
        for month in ["2025-03", "2025-04", "2026-05"] {
            sql("INSERT INTO device_activity (tenant_id, product_id, month, device_id, days)
                 VALUES ($1, $2, $3, $4, 1)")
            .bind(ctx.tenant_id())
            .bind(known.product_id)
            .bind(month)
            .bind(known.device_id)
            .run(&mut tx)
            .await
            .expect("a month");
        }
        for day in ["2026-03-01", "2026-05-01"] {
            sql("INSERT INTO device_refusal (tenant_id, did, day, kind, refusals) VALUES ($1, 'd', $2, 'topic', 1)")
                .bind(ctx.tenant_id())
                .bind(day)
                .run(&mut tx)
                .await
                .expect("a count");
        }
        tx.commit().await.expect("a commit");
        assert_eq!(remove_old(&plant.services).await.expect("a removal"), 3);
        let left = ["device_online_log", "device_activity", "device_refusal"];
        let mut counts = Vec::new();
        for table in left {
            counts.push(count(&ctx, table).await);
        }
        assert_eq!(counts, [1, 2, 1]);
    }
);
