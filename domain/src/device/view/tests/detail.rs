use super::seed::{self, HOUR, NewDevice};
use crate::device::view::service::{
    device_history, device_samples, get_device, get_product, message_log, online_log,
};
use crate::device::view::{HistorySource, MAX_POINTS};
use crate::{Ctx, Error, Interval, db_test};

async fn pump(ctx: &Ctx) -> i64 {
    let product = seed::product(ctx, "Pump").await;
    let group = seed::group(ctx, product, None, "East").await;
    let new =
        NewDevice { product, mac: "M".into(), online: true, group: Some(group), ..NewDevice::default() };
    seed::device(ctx, new).await
}

fn refused<T>(answer: crate::Result<T>) -> String {
    match answer {
        Err(Error::Invalid { param, .. }) => param,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("not refused"),
    }
}

db_test!(
    async fn a_device_is_told_in_full(plant: TestPlant) {
        let ctx = plant.ctx();
        let id = pump(&ctx).await;
        seed::event(&ctx, id, (1, "fault_dry"), ctx.now() - 5, None).await;
        seed::event(&ctx, id, (2, "alert_high"), ctx.now() - 9, Some(ctx.now() - 1)).await;
        let device = get_device(&ctx, id).await.expect("a device");
        assert_eq!((device.line.did.as_str(), device.points.len()), ("did-M", 5));
        assert_eq!(device.latest["flow"], 6.2);
        assert_eq!(device.groups.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["East"]);
        let events: Vec<_> = device.events.iter().map(|e| (e.fault, e.title.as_str())).collect();
        assert_eq!(events, [(true, "Runs dry"), (false, "Too high")]);
        assert!(device.equipment.is_empty() && device.users.is_empty() && device.connection.is_none());
        assert_eq!(refused(get_device(&plant.other_tenant().await, id).await), "id");
        let product = get_product(&ctx, device.product_id).await.expect("a product");
        assert_eq!((product.points.len(), product.definition.as_str()), (5, seed::DEFINITION));
        assert_eq!(refused(get_product(&plant.other_tenant().await, device.product_id).await), "id");
    }
);

db_test!(
    async fn the_machine_of_a_device_is_found_by_its_master_data(plant: TestPlant) {
        use crate::masterdata::service::write_records;
        use crate::masterdata::table::WriteRecords;
        let ctx = plant.ctx();
        let id = pump(&ctx).await;
        let nodes = ["asset_num", "name", "iot_device_id"].map(str::to_owned);
        let params = WriteRecords {
            data_id: None,
            meta_data_name: Some("equipment".into()),
            action: "INSERT".into(),
            nodes: Some(nodes.into()),
            data: Some(r#"[["CNC-7", "Lathe 7", "did-M"], ["CNC-8", "Lathe 8", "did-N"]]"#.into()),
            condition: None,
        };
        let written = write_records(&ctx, params).await.expect("machines");
        let device = get_device(&ctx, id).await.expect("a device");
        let bound: Vec<_> = device.equipment.iter().map(|e| (e.id, e.asset_num.as_str())).collect();
        assert_eq!(bound, [(written[0].dap_id, "CNC-7")]);
    }
);

db_test!(
    async fn short_histories_come_from_messages_and_long_ones_from_figures(plant: TestPlant) {
        let ctx = plant.ctx();
        let id = pump(&ctx).await;
        let now = ctx.now();
        let all: Vec<_> = (0..1000).map(|n| (now - n * 1000, format!(r#"{{"flow":{}}}"#, n % 10))).collect();
        seed::messages(&ctx, id, &all).await;
        seed::messages(&ctx, id, &[(now - 500, r#"{"mode":"manual"}"#.to_owned())]).await;
        let hour = Interval::new(now - HOUR, now + 1);
        let short = device_history(&ctx, id, "flow", hour).await.expect("a history");
        assert_eq!(short.source, HistorySource::Messages);
        assert!(short.points.len() <= MAX_POINTS);
        assert_eq!(short.points.iter().map(|point| point.samples).sum::<i64>(), 1000);
        let mode = device_history(&ctx, id, "mode", hour).await.expect("a history");
        assert_eq!((mode.points.len(), mode.points[0].last), (1, 1.0));
        for n in 0..100 {
            seed::figure(&ctx, id, "flow", 1, now - n * HOUR).await;
            seed::figure(&ctx, id, "flow", 2, now - n * 24 * HOUR).await;
        }
        let week = device_history(&ctx, id, "flow", Interval::new(now - 168 * HOUR, now + 1))
            .await
            .expect("a history");
        assert_eq!((week.source, week.points.len()), (HistorySource::Hours, 100));
        assert_eq!((week.points[0].min, week.points[0].mean, week.points[0].max), (1.0, 2.0, 3.0));
        let year = Interval::new(now - 365 * 24 * HOUR, now + 1);
        let year = device_history(&ctx, id, "flow", year).await.expect("a history");
        assert_eq!((year.source, year.points.len()), (HistorySource::Days, 100));
        let gone = Interval::new(now - 50 * HOUR, now - 49 * HOUR + 1);
        let gone = device_history(&ctx, id, "flow", gone).await.expect("a history");
        assert_eq!(gone.source, HistorySource::Hours);
        let words = Interval::new(now - 100 * HOUR, now + 1);
        let words = device_history(&ctx, id, "mode", words).await.expect("a history");
        assert_eq!((words.source, words.points.len()), (HistorySource::Messages, 1));
        let raw = device_samples(&ctx, id, "mode", hour, 10).await.expect("values");
        assert_eq!(raw, [(now - 500, "manual".into())]);
        assert_eq!(refused(device_history(&ctx, id, "speed", hour).await), "name");
        assert_eq!(refused(device_history(&ctx, id, "flow", Interval::new(now, now)).await), "end");
        assert_eq!(refused(device_history(&plant.other_tenant().await, id, "flow", hour).await), "id");
    }
);

db_test!(
    async fn logs_are_paged_back_without_losing_an_entry(plant: TestPlant) {
        let ctx = plant.ctx();
        let id = pump(&ctx).await;
        let now = ctx.now();
        for n in 0..5 {
            seed::turned(&ctx, id, now - n / 2 * 1000, n % 2 == 0).await;
        }
        let all: Vec<_> = (0..5).map(|n| (now - n * 1000, "{}".to_owned())).collect();
        seed::messages(&ctx, id, &all).await;
        let span = Interval::new(now - HOUR, now + 1);
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = online_log(&ctx, id, span, before, 2).await.expect("a page");
            seen.extend(page.entries);
            before = page.older;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 5);
        let off = seen.iter().find(|entry| !entry.online).expect("an entry");
        assert_eq!(
            (off.reason.as_deref(), off.duration, off.beats),
            (Some("no_heartbeat"), Some(1391), Some(21))
        );
        assert_eq!(off.distance, Some((59.0, 60.0, 60.0)));
        assert_eq!(seen[0].keep_alive.or(seen[1].keep_alive), Some(130));
        let first = message_log(&ctx, id, span, None, 3).await.expect("a page");
        let rest = message_log(&ctx, id, span, first.older, 3).await.expect("a page");
        assert_eq!((first.entries.len(), rest.entries.len(), rest.older), (3, 2, None));
        assert!(first.entries[2].at > rest.entries[0].at && first.entries[0].up);
        assert_eq!(refused(message_log(&plant.other_tenant().await, id, span, None, 3).await), "id");
    }
);
