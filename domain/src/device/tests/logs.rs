use serde_json::{Value, json};

use super::plant::{code, import, in_guangzhou, message, param, product, run};
use crate::db::sql;
use crate::db::testing::TestPlant;
use crate::device::service::{data_history, device_of, message_log, online_log, update_product};
use crate::device::{HistoryRecord, ReadLog, UpdateProduct};
use crate::enterprise::Scroll;
use crate::time::Millis;
use crate::{Code, Ctx, Interval, db_test};

const HOUR: Millis = 3_600_000;
const DAY: i64 = 24 * 3600;

/// A product with a device, and the device's id.
async fn device(plant: &TestPlant) -> (Ctx, i64) {
    let ctx = plant.ctx();
    let product = product(&ctx, "pk1").await;
    import(&ctx, "pk1", vec![in_guangzhou("aa"), in_guangzhou("bb")]).await;
    let device = device_of(&ctx, &product, "did-aa").await.expect("a device");
    (ctx, device.id)
}

fn of(did: &str) -> ReadLog {
    ReadLog { product_key: "pk1".into(), did: did.into(), ..ReadLog::default() }
}

/// Reports one a minute, the newest a minute ago.
async fn reports(ctx: &Ctx, device_id: i64, count: i64) {
    for n in 1..=count {
        let ts = ctx.now() - n * 60_000;
        message(ctx, device_id, (ts, 0, ts), Some(&format!(r#"{{"set_temp":{n}}}"#))).await;
    }
}

fn temperatures(part: &Scroll<HistoryRecord>) -> Vec<i64> {
    part.objects.iter().filter_map(|record| record.attrs["set_temp"].as_i64()).collect()
}

db_test!(
    async fn history_is_read_on_with_a_cursor_while_data_arrives(plant: TestPlant) {
        let (ctx, id) = device(&plant).await;
        reports(&ctx, id, 25).await;
        let ask = |context: &str| ReadLog {
            limit: Some(10),
            context: Some(context.to_owned()).filter(|context| !context.is_empty()),
            ..of("did-aa")
        };
        let first = data_history(&ctx, ask("")).await.expect("history");
        assert_eq!(temperatures(&first), (1..=10).collect::<Vec<_>>());
        assert_eq!((first.meta.total, first.meta.limit, first.meta.skip), (25, 10, 0));
        assert_eq!(first.objects[0].ts, (ctx.now() - 60_000) / 1000);
        // A late report of the same window, and a new one, do not move what was begun.
        plant.clock.set(ctx.now() + 1000);
        message(&ctx, id, (ctx.now() - 12 * 60_000 - 1500, 0, ctx.now()), Some(r#"{"set_temp":99}"#)).await;
        message(&ctx, id, (ctx.now(), 0, ctx.now()), Some(r#"{"set_temp":98}"#)).await;
        let second = data_history(&ctx, ask(&first.context)).await.expect("history");
        assert_eq!(temperatures(&second), (11..=20).collect::<Vec<_>>());
        assert_eq!((second.meta.total, second.meta.skip), (25, 10));
        let third = data_history(&ctx, ask(&second.context)).await.expect("history");
        assert_eq!(temperatures(&third), (21..=25).collect::<Vec<_>>());
        assert_eq!(third.context, "");
        // The same cursor says the same again; a list begun anew knows the new ones.
        assert_eq!(data_history(&ctx, ask(&first.context)).await.expect("history").objects, second.objects);
        assert_eq!(data_history(&ctx, ask("")).await.expect("history").meta.total, 27);
    }
);

db_test!(
    async fn a_cursor_is_good_for_an_hour_for_one_list_of_one_device(plant: TestPlant) {
        let (ctx, id) = device(&plant).await;
        reports(&ctx, id, 3).await;
        let part = data_history(&ctx, ReadLog { limit: Some(1), ..of("did-aa") }).await.expect("history");
        let on = |did: &str| ReadLog { context: Some(part.context.clone()), ..of(did) };
        assert_eq!(param(data_history(&ctx, on("did-bb")).await), "context");
        assert_eq!(param(message_log(&ctx, on("did-aa")).await), "context");
        let mut forged = part.context.clone().into_bytes();
        let last = forged.len() - 3;
        forged[last] = if forged[last] == b'A' { b'B' } else { b'A' };
        for context in [String::from_utf8(forged).expect("text"), "x".into(), "AAAA".into()] {
            let params = ReadLog { context: Some(context), ..of("did-aa") };
            assert_eq!(param(data_history(&ctx, params).await), "context");
        }
        plant.clock.set(ctx.now() + HOUR - 1);
        data_history(&ctx, on("did-aa")).await.expect("still good");
        plant.clock.set(ctx.now() + 1);
        assert_eq!(param(data_history(&ctx, on("did-aa")).await), "context");
    }
);

db_test!(
    async fn a_window_is_any_two_days_of_the_last_thirty(plant: TestPlant) {
        let (ctx, id) = device(&plant).await;
        let now = ctx.now() / 1000;
        for days in [1, 3, 20] {
            let ts = (now - days * DAY) * 1000;
            message(&ctx, id, (ts, 0, ts), Some(&format!(r#"{{"set_temp":{days}}}"#))).await;
        }
        let window = |start_ts, end_ts| ReadLog { start_ts, end_ts, ..of("did-aa") };
        for (params, found) in [
            (of("did-aa"), &[1][..]),
            (window(Some(now - 2 * DAY), Some(now)), &[1]),
            (window(Some(now - 3 * DAY), None), &[1, 3]),
            (window(None, Some(now - DAY)), &[1, 3]),
            (window(None, Some(now - DAY - 1)), &[3]),
            (window(Some(now - 21 * DAY), Some(now - 19 * DAY)), &[20]),
            (window(Some(now - 30 * DAY), None), &[]),
            (window(None, Some(now - 29 * DAY)), &[]),
        ] {
            let shown = format!("{params:?}");
            assert_eq!(temperatures(&data_history(&ctx, params).await.expect("history")), found, "{shown}");
        }
        let asc = ReadLog { sort: Some("asc".into()), ..window(Some(now - 3 * DAY), None) };
        assert_eq!(temperatures(&data_history(&ctx, asc).await.expect("history")), [3, 1]);
        for (params, name) in [
            (window(Some(now - 2 * DAY - 1), Some(now)), "end_ts"),
            (window(Some(now), Some(now - 1)), "end_ts"),
            (window(Some(now - 31 * DAY), Some(now - 30 * DAY)), "start_ts"),
            (window(Some(now), Some(now + DAY)), "end_ts"),
            (window(Some(now + DAY), None), "end_ts"),
            (window(Some(i64::MIN), None), "start_ts"),
            (window(None, Some(i64::MAX)), "end_ts"),
            (window(Some(i64::MIN), Some(i64::MAX)), "start_ts"),
            (ReadLog { limit: Some(101), ..of("did-aa") }, "limit"),
            (ReadLog { limit: Some(0), ..of("did-aa") }, "limit"),
            (ReadLog { sort: Some("up".into()), ..of("did-aa") }, "sort"),
        ] {
            assert_eq!(param(data_history(&ctx, params.clone()).await), name);
            assert_eq!(param(online_log(&ctx, params.clone()).await), name);
            assert_eq!(param(message_log(&ctx, params).await), name);
        }
    }
);

db_test!(
    async fn the_logs_say_what_happened_newest_first(plant: TestPlant) {
        let (ctx, id) = device(&plant).await;
        let at = ctx.now() - HOUR + 229;
        for (n, online, payload) in [
            (0_i64, true, json!({"keep_alive": 130})),
            (1, false, json!({"duration": 60, "reason": "no_heartbeat"})),
        ] {
            let insert = sql("INSERT INTO device_online_log (tenant_id, device_id, at, id, online, payload)
                 VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(ctx.tenant_id())
            .bind(id)
            .bind(at + n * 1000)
            .bind(n)
            .bind(online)
            .bind(payload.to_string());
            run(&ctx, insert).await;
        }
        let log = online_log(&ctx, of("did-aa")).await.expect("a log");
        let words: Vec<_> = log.objects.iter().map(|record| record.r#type).collect();
        assert_eq!(words, ["dev_offline", "dev_online"]);
        assert_eq!(log.objects[1].payload["keep_alive"], 130);
        assert!((log.objects[1].timestamp - at as f64 / 1000.0).abs() < 1e-9);
        let up = ReadLog { sort: Some("asc".into()), limit: Some(1), ..of("did-aa") };
        let first = online_log(&ctx, up.clone()).await.expect("a log");
        assert_eq!(first.objects[0].r#type, "dev_online");
        let rest = ReadLog { context: Some(first.context), ..up };
        assert_eq!(online_log(&ctx, rest).await.expect("a log").objects[0].r#type, "dev_offline");

        message(&ctx, id, (at, 7, at), None).await;
        message(&ctx, id, (at - 5000, 0, at + 10), Some("{}")).await;
        let log = message_log(&ctx, of("did-aa")).await.expect("a log");
        let words: Vec<_> = log.objects.iter().map(|record| record.r#type).collect();
        assert_eq!(words, ["dev2app", "app2dev"]);
        assert_eq!(log.objects[1].payload, "0000000309000090010101000010");
        let one = ReadLog { limit: Some(1), ..of("did-aa") };
        let first = message_log(&ctx, one.clone()).await.expect("a log");
        let rest = message_log(&ctx, ReadLog { context: Some(first.context), ..one }).await.expect("a log");
        assert_eq!(rest.objects, log.objects[1..]);
        let history = data_history(&ctx, of("did-aa")).await.expect("history");
        assert_eq!(history.objects.len(), 1, "what was sent to the device is no history");
        assert_eq!(Value::Object(history.objects[0].attrs.clone()), json!({}));
    }
);

db_test!(
    async fn a_published_product_gives_no_logs_unless_that_is_switched_on(plant: TestPlant) {
        let (ctx, _) = device(&plant).await;
        let publish = |logs| UpdateProduct {
            product_key: "pk1".into(),
            published: Some(true),
            logs_enabled: Some(logs),
            ..UpdateProduct::default()
        };
        update_product(&ctx, publish(false)).await.expect("an update");
        assert_eq!(code(online_log(&ctx, of("did-aa")).await), Code::ApiDenyToVisit);
        assert_eq!(code(message_log(&ctx, of("did-aa")).await), Code::ApiDenyToVisit);
        assert_eq!(code(data_history(&ctx, of("did-aa")).await), Code::ApiDenyToVisit);
        update_product(&ctx, publish(true)).await.expect("an update");
        data_history(&ctx, of("did-aa")).await.expect("history");
        assert_eq!(code(data_history(&ctx, of("did-zz")).await), Code::DeviceNotExist);
        let other = plant.other_tenant().await;
        assert_eq!(code(data_history(&other, of("did-aa")).await), Code::ProductKeyNotExist);
    }
);

db_test!(
    async fn the_page_says_what_the_bytes_of_a_message_mean(plant: TestPlant) {
        let (ctx, id) = device(&plant).await;
        let at = ctx.now() - 1000;
        message(&ctx, id, (at, 0, at), None).await;
        let span = Interval::new(at - 1000, at + 1000);
        let log = crate::device::view::service::message_log(&ctx, id, span, None, 10).await.expect("a log");
        let [entry] = log.entries.as_slice() else { panic!("one message: {log:?}") };
        assert_eq!((entry.up, entry.serial), (false, None));
        assert_eq!(entry.what.as_ref().map(|what| what.en.as_str()), Some("control"));
        assert_eq!(entry.attrs.get("switch"), Some(&json!(1)));
    }
);
