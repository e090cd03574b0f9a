//! What is made of what a broker tells.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Told, add_pulses, arrived, departed, expire, spoke};
use crate::Ctx;
use crate::db::sql;
use crate::db_test;
use crate::device::CreateProduct;
use crate::device::registration::{RegisterDevice, register_device};
use crate::device::service::create_product;
use crate::device::session::service::{Known, Login, Pulse, close_left_over, find};
use crate::device::session::{Beats, OfflineReason};

const KEY: &str = "4244bf2d79694a259232431b6f2ef46a";

async fn device(ctx: &Ctx) -> Arc<Known> {
    let attrs = json!([{"id": 0, "name": "switch", "display_name": "On", "type": "status_writable", "data_type": "bool",
        "position": {"byte_offset": 0, "bit_offset": 0, "len": 1, "unit": "bit"}}]);
    let definition = json!({"name": "P", "product_key": KEY, "protocolType": "standard", "packetVersion": "0x00000004",
        "entities": [{"id": 0, "name": "entity0", "display_name": "P", "attrs": attrs}]});
    let params = CreateProduct {
        definition: Some(definition),
        product_key: Some(KEY.into()),
        product_secret: Some("secret".into()),
        ..CreateProduct::default()
    };
    create_product(ctx, params).await.expect("a product");
    let new = RegisterDevice { passcode: "123456".into(), mac: "m1".into(), product_key: KEY.into() };
    let did = register_device(&ctx.services, new).await.expect("a device");
    match find(&ctx.services, &did).await.expect("found") {
        Login::Accepted(known) => known,
        other => panic!("{other:?}"),
    }
}

fn told(connection: &str, at: i64) -> Told {
    Told { connection: connection.into(), address: Some("192.0.2.7".into()), keep_alive: 60, at }
}

/// Records in order: time and reason, "online" for coming on line.
async fn log(ctx: &Ctx) -> Vec<(i64, String)> {
    let mut read = ctx.read().await.expect("a connection");
    let rows: Vec<(i64, String)> =
        sql("SELECT at, payload FROM device_online_log WHERE tenant_id = $1 ORDER BY at, id")
            .bind(ctx.tenant_id())
            .all(&mut read)
            .await
            .expect("rows");
    let word = |payload: String| {
        let payload: Value = serde_json::from_str(&payload).expect("JSON");
        payload["reason"].as_str().unwrap_or("online").to_owned()
    };
    rows.into_iter().map(|(at, payload)| (at, word(payload))).collect()
}

async fn online(ctx: &Ctx) -> bool {
    let mut read = ctx.read().await.expect("a connection");
    let row: (bool,) = sql("SELECT online FROM device WHERE tenant_id = $1")
        .bind(ctx.tenant_id())
        .one(&mut read)
        .await
        .expect("a row");
    row.0
}

db_test!(
    async fn each_connection_that_is_told_of_is_on_record_once(plant: TestPlant) {
        let ctx = plant.ctx();
        let known = device(&ctx).await;
        let services = &ctx.services;
        let now = ctx.now();
        for _ in 0..2 {
            arrived(services, &known, told("1", now - 9_000)).await.expect("noted");
        }
        assert!(online(&ctx).await);
        for _ in 0..2 {
            departed(services, &known, OfflineReason::TcpClosed, now - 5_000).await.expect("noted");
        }
        // Told once more, after its end.
        arrived(services, &known, told("1", now - 9_000)).await.expect("noted");
        assert!(!online(&ctx).await);
        let expected = [(now - 9_000, "online".to_owned()), (now - 5_000, "tcp_closed".to_owned())];
        assert_eq!(log(&ctx).await, expected);
        // A second connection takes the place of the first, whose end is told late.
        arrived(services, &known, told("2", now - 4_000)).await.expect("noted");
        arrived(services, &known, told("3", now - 2_000)).await.expect("noted");
        departed(services, &known, OfflineReason::TcpClosed, now - 3_000).await.expect("noted");
        arrived(services, &known, told("2", now - 4_000)).await.expect("noted");
        assert!(online(&ctx).await);
        let words: Vec<_> = log(&ctx).await.into_iter().map(|(_, word)| word).collect();
        assert_eq!(words, ["online", "tcp_closed", "online", "offline_force", "online"]);
        // These connections outlive the server.
        assert_eq!(close_left_over(services, Some(super::BROKER)).await.expect("closed"), 0);
        assert!(online(&ctx).await);
        plant.clock.set(now + 3_600_000);
        assert!(expire(services).await.expect("looked").is_empty(), "its end will be told");
        assert_eq!(close_left_over(services, None).await.expect("closed"), 1);
        assert!(!online(&ctx).await);
    }
);

db_test!(
    async fn a_device_is_on_line_while_it_speaks(plant: TestPlant) {
        let ctx = plant.ctx();
        let known = device(&ctx).await;
        let services = &ctx.services;
        let now = ctx.now();
        let pulse = |at: i64| {
            let mut beats = Beats::since(at - 1_000);
            beats.beat(at);
            Pulse { tenant_id: known.tenant.id, device_id: known.device_id, beats, heard_at: at }
        };
        let missing = add_pulses(services, &[pulse(now)]).await.expect("noted");
        assert_eq!(missing, [(known.tenant.id, known.device_id)]);
        spoke(services, &known, now, 10).await.expect("noted");
        spoke(services, &known, now, 10).await.expect("noted");
        plant.clock.set(now + 14_000);
        assert!(add_pulses(services, &[pulse(now + 4_000)]).await.expect("noted").is_empty());
        assert!(expire(services).await.expect("looked").is_empty());
        plant.clock.set(now + 60_000);
        assert_eq!(expire(services).await.expect("looked").len(), 1);
        assert!(!online(&ctx).await);
        // The silence began after the last message, however late it was noticed.
        let expected = [(now, "online".to_owned()), (now + 19_000, "no_heartbeat".to_owned())];
        assert_eq!(log(&ctx).await, expected);
        spoke(services, &known, now + 10_000, 10).await.expect("noted");
        assert!(!online(&ctx).await, "it was heard before that");
    }
);

db_test!(
    async fn a_connection_that_is_told_of_late_is_the_one_that_spoke(plant: TestPlant) {
        let ctx = plant.ctx();
        let known = device(&ctx).await;
        let now = ctx.now();
        spoke(&ctx.services, &known, now, 10).await.expect("noted");
        arrived(&ctx.services, &known, told("1", now - 100)).await.expect("noted");
        plant.clock.set(now + 60_000);
        assert!(expire(&ctx.services).await.expect("looked").is_empty());
        departed(&ctx.services, &known, OfflineReason::MqttDisconnect, now + 50_000).await.expect("noted");
        let expected = [(now, "online".to_owned()), (now + 50_000, "mqtt_disconnect".to_owned())];
        assert_eq!(log(&ctx).await, expected);
    }
);
