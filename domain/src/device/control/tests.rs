//! Telling devices what to do, with a broker that only remembers.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::{ControlDevice, control_device, outbox};
use crate::ctx::Services;
use crate::db::sql;
use crate::db::testing::TestPlant;
use crate::db_test;
use crate::device::link::{Broker, Links, Order, Sending, Sent};
use crate::device::registration::{RegisterDevice, register_device};
use crate::device::session::OfflineReason;
use crate::{Code, Ctx, Error};

const KEY: &str = "4244bf2d79694a259232431b6f2ef46a";

/// Topics and messages that were handed over; only topics with this beginning are listened to.
struct Memory(&'static str, Mutex<Vec<(String, Vec<u8>)>>);

impl Broker for Memory {
    fn send<'a>(&'a self, order: Order<'a>) -> Sending<'a> {
        Box::pin(async move {
            if !order.topic.starts_with(self.0) {
                return Sent::Offline;
            }
            self.1.lock().expect("no panic").push((order.topic.to_owned(), order.payload.to_vec()));
            Sent::Handed
        })
    }

    fn end(&self, _: &str, _: OfflineReason) {}
}

fn listening(plant: &TestPlant, topic: &'static str) -> Arc<Memory> {
    let memory = Arc::new(Memory(topic, Mutex::default()));
    plant.services.links.set_broker(Some(memory.clone()));
    memory
}

/// A registered device of a product with a switch.
async fn device(ctx: &Ctx) -> String {
    let attrs = json!([{
        "id": 0, "name": "switch", "display_name": "switch", "desc": "", "type": "status_writable", "data_type": "bool",
        "position": {"byte_offset": 0, "unit": "bit", "len": 1, "bit_offset": 0},
    }]);
    let definition = json!({
        "name": "P", "product_key": KEY, "protocolType": "standard", "packetVersion": "0x00000004",
        "entities": [{"id": 0, "name": "entity0", "display_name": "P", "attrs": attrs}],
    });
    let id = ctx.next_id();
    let mut tx = ctx.begin().await.expect("a write");
    sql("INSERT INTO product (tenant_id, id, name, product_key, secret_hash, definition, published, logs_enabled,
           api_enabled, retention_days, created_at, modified_at)
         VALUES ($1, $2, 'P', $3, 'x', $4, FALSE, FALSE, TRUE, 30, 1, 1)")
    .bind(ctx.tenant_id())
    .bind(id)
    .bind(KEY)
    .bind(definition.to_string())
    .run(&mut tx)
    .await
    .expect("a product");
    sql("INSERT INTO product_key (product_key, tenant_id, product_id) VALUES ($1, $2, $3)")
        .bind(KEY)
        .bind(ctx.tenant_id())
        .bind(id)
        .run(&mut tx)
        .await
        .expect("a key");
    tx.commit().await.expect("a commit");
    let new = RegisterDevice { passcode: "123456".into(), mac: "m1".into(), product_key: KEY.into() };
    register_device(&ctx.services, new).await.expect("a device")
}

fn order(did: &str, attrs: Value) -> ControlDevice {
    ControlDevice {
        product_key: KEY.into(),
        did: did.into(),
        attrs: Some(attrs),
        raw: None,
        binary_coding: None,
    }
}

async fn said(ctx: &Ctx) -> Vec<(String, Option<String>)> {
    let mut read = ctx.read().await.expect("a connection");
    sql("SELECT payload, attrs FROM device_message WHERE tenant_id = $1 AND direction = 2 ORDER BY ts, seq")
        .bind(ctx.tenant_id())
        .all(&mut read)
        .await
        .expect("rows")
}

fn code(refused: Result<(), Error>) -> Code {
    match refused {
        Err(Error::Coded(code, _)) => code,
        other => panic!("{other:?}"),
    }
}

db_test!(
    async fn an_order_goes_to_the_device_and_on_record(plant: TestPlant) {
        let ctx = plant.ctx();
        let did = device(&ctx).await;
        let memory = listening(&plant, "app2dev/");
        control_device(&ctx, order(&did, json!({"switch": true}))).await.expect("done");
        let raw = ControlDevice {
            attrs: None,
            raw: Some(json!("0102")),
            binary_coding: Some("hex".into()),
            ..order(&did, Value::Null)
        };
        control_device(&ctx, raw).await.expect("done");
        let sent = memory.1.lock().expect("no panic").clone();
        assert_eq!(sent[0].0, format!("app2dev/{did}/millwright"));
        assert_eq!(sent[0].1, [0, 0, 0, 3, 6, 0, 0, 0x90, 1, 1, 1]);
        assert_eq!(sent[1].1, [0, 0, 0, 3, 5, 0, 0, 0x90, 1, 2]);
        let said = said(&ctx).await;
        assert_eq!(said[0], ("0000000306000090010101".into(), Some(r#"{"switch":1}"#.into())));
        assert_eq!(said[1], ("00000003050000900102".into(), None));
    }
);

db_test!(
    async fn a_device_that_never_spoke_is_told_in_the_form_it_listens_to(plant: TestPlant) {
        let ctx = plant.ctx();
        let did = device(&ctx).await;
        let memory = listening(&plant, "millwright/");
        control_device(&ctx, order(&did, json!({"switch": 0}))).await.expect("done");
        let sent = memory.1.lock().expect("no panic").clone();
        assert_eq!(sent[0].0, format!("millwright/{KEY}/{did}/down"));
        assert_eq!(sent[0].1, br#"{"attrs":{"switch":0}}"#);
        assert_eq!(said(&ctx).await.len(), 1, "only what was sent is on record");
    }
);

db_test!(
    async fn orders_are_refused_with_their_codes(plant: TestPlant) {
        let ctx = plant.ctx();
        let did = device(&ctx).await;
        let on = || json!({"switch": 1});
        assert_eq!(code(control_device(&ctx, order(&did, on())).await), Code::DeviceOffline);
        listening(&plant, "nothing");
        assert_eq!(code(control_device(&ctx, order(&did, on())).await), Code::DeviceOffline);
        assert_eq!(code(control_device(&ctx, order("nobody", on())).await), Code::DeviceNotExist);
        let elsewhere = ControlDevice { product_key: "another".into(), ..order(&did, on()) };
        assert_eq!(code(control_device(&ctx, elsewhere).await), Code::DeviceNotBelongToThisProduct);
        assert_eq!(code(control_device(&ctx, order(&did, json!({"no": 1}))).await), Code::AttrsNotExist);
        assert_eq!(code(control_device(&ctx, order(&did, json!({"switch": 7}))).await), Code::AttrInvalid);
        let other = plant.other_tenant().await;
        assert_eq!(code(control_device(&other, order(&did, on())).await), Code::DeviceNotExist);
        let viewer = control_device(&plant.viewer(), order(&did, on())).await;
        assert!(matches!(viewer, Err(Error::Forbidden)));
        assert!(said(&ctx).await.is_empty());
    }
);

/// A second process on the same store, which holds the connections.
fn other_process(plant: &TestPlant, topic: &'static str) -> (Services, Arc<Memory>) {
    let services = Services { links: Links::default(), ..plant.services.clone() };
    let memory = Arc::new(Memory(topic, Mutex::default()));
    services.links.set_broker(Some(memory.clone()));
    (services, memory)
}

async fn set_online(ctx: &Ctx) {
    let mut tx = ctx.begin().await.expect("a write");
    sql("UPDATE device SET online = TRUE WHERE tenant_id = $1")
        .bind(ctx.tenant_id())
        .run(&mut tx)
        .await
        .expect("set");
    tx.commit().await.expect("a commit");
}

async fn waiting(ctx: &Ctx) -> i64 {
    let mut read = ctx.read().await.expect("a connection");
    sql("SELECT COUNT(*) FROM device_outbox WHERE tenant_id = $1")
        .bind(ctx.tenant_id())
        .count(&mut read)
        .await
        .expect("a number")
}

db_test!(
    async fn an_order_goes_through_the_process_with_the_connections(plant: TestPlant) {
        let ctx = plant.ctx();
        let did = device(&ctx).await;
        let on = || json!({"switch": 1});
        assert_eq!(code(control_device(&ctx, order(&did, on())).await), Code::DeviceOffline);
        set_online(&ctx).await;
        let (other, memory) = other_process(&plant, "app2dev/");
        let serving = tokio::spawn(outbox::serve(other));
        control_device(&ctx, order(&did, on())).await.expect("done");
        assert_eq!(memory.1.lock().expect("no panic").len(), 1);
        assert_eq!(said(&ctx).await.len(), 1);
        assert_eq!(waiting(&ctx).await, 0, "its row is gone");
        serving.abort();
        let _ = serving.await;
        let (other, _) = other_process(&plant, "nothing");
        let serving = tokio::spawn(outbox::serve(other));
        assert_eq!(code(control_device(&ctx, order(&did, on())).await), Code::DeviceOffline);
        serving.abort();
        let _ = serving.await;
        assert_eq!((said(&ctx).await.len(), waiting(&ctx).await), (1, 0), "only what was sent is on record");
    }
);

db_test!(
    async fn an_order_that_nobody_takes_is_taken_back(plant: TestPlant) {
        let ctx = plant.ctx();
        let did = device(&ctx).await;
        set_online(&ctx).await;
        let topic = format!("app2dev/{did}/millwright");
        let order = Order { did: &did, topic: &topic, payload: &[1, 2], online: true };
        let sent = outbox::send(&ctx.services, ctx.tenant_id(), order).await.expect("an answer");
        assert_eq!(sent, Sent::Offline);
        assert_eq!(waiting(&ctx).await, 0);
        // One that was left behind by a process that ended is not sent late, and goes.
        let mut tx = ctx.begin().await.expect("a write");
        sql("INSERT INTO device_outbox (tenant_id, id, did, topic, payload, outcome, created_at, expires_at)
             VALUES ($1, 1, $2, 'app2dev/x', '01', 'waiting', 0, $3)")
        .bind(ctx.tenant_id())
        .bind(did.as_str())
        .bind(ctx.now())
        .run(&mut tx)
        .await
        .expect("a row");
        tx.commit().await.expect("a commit");
        plant.clock.set(ctx.now() + 120_000);
        let (other, memory) = other_process(&plant, "app2dev/");
        outbox::remove_expired(&other).await.expect("removed");
        outbox::take(&other).await.expect("looked");
        assert!(memory.1.lock().expect("no panic").is_empty());
        assert_eq!(waiting(&ctx).await, 0);
    }
);
