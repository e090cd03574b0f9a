//! Where devices are: as they say themselves, and by the addresses they connect from.

use std::net::IpAddr;
use std::sync::Arc;

use serde_json::{Value, json};

use super::plant::import;
use crate::ctx::Services;
use crate::device::atlas::{Atlas, Found};
use crate::device::ingest::{Form, Incoming, Ingest};
use crate::device::registration::{RegisterDevice, ResetDevice, register_device, reset_device};
use crate::device::service::{create_product, update_product};
use crate::device::session::Beats;
use crate::device::session::OfflineReason;
use crate::device::session::service::{
    Known, Login, NewConnection, go_offline, go_online, log_in, note_pulses,
};
use crate::device::view::DeviceDetail;
use crate::device::view::service::{get_device, online_log};
use crate::device::{CreateProduct, ImportDevice, UpdateProduct};
use crate::fleet::place::Place;
use crate::{Ctx, Interval, Patch, db_test};

/// A product whose devices say where they are.
async fn product(ctx: &Ctx) {
    let degrees = |id: i64, name: &str, half: i64| {
        json!({"id": id, "name": name, "display_name": name, "type": "status_readonly", "data_type": "uint32",
               "uint_spec": {"min": 0, "max": half * 2_000_000, "ratio": 0.000_001, "addition": -half}})
    };
    let attrs = [degrees(0, "lng", 180), degrees(1, "lat", 90)];
    let definition = json!({"name": "Truck", "entities": [{"id": 0, "name": "entity0", "display_name": "Truck", "attrs": attrs}]});
    let params = CreateProduct {
        definition: Some(definition),
        product_key: Some("truck".into()),
        ..CreateProduct::default()
    };
    create_product(ctx, params).await.expect("a product");
    let params = UpdateProduct {
        product_key: "truck".into(),
        position_rule: Patch::Set(json!({"longitude": "lng", "latitude": "lat"})),
        ..UpdateProduct::default()
    };
    update_product(ctx, params).await.expect("a rule");
}

async fn registered(ctx: &Ctx, mac: &str) -> Arc<Known> {
    let params = RegisterDevice { passcode: "123456".into(), mac: mac.into(), product_key: "truck".into() };
    let did = register_device(&ctx.services, params).await.expect("a device");
    match log_in(&ctx.services, &did, b"123456").await.expect("an answer") {
        Login::Accepted(known) => known,
        other => panic!("{other:?}"),
    }
}

async fn say(ctx: &Ctx, known: &Arc<Known>, attrs: &Value) {
    let (ingest, writer) = Ingest::start(ctx.services.clone());
    let incoming = Incoming {
        device: Arc::clone(known),
        form: Form::Json,
        payload: json!({"attrs": attrs}).to_string().into_bytes(),
        at: ctx.now(),
        packet: None,
        repeat: false,
        done: Box::new(|stored| assert!(stored)),
    };
    ingest.accept(incoming).await;
    drop(ingest);
    writer.await.expect("a writer");
}

async fn connect(services: &Services, known: &Known, address: &str) {
    let new = NewConnection { broker: "b", connection: "1", address: Some(address.into()), keep_alive: 60 };
    let at = go_online(services, known, new).await.expect("a record").expect("it may");
    go_offline(services, known, ("b", "1"), Beats::since(at), OfflineReason::MqttDisconnect)
        .await
        .expect("a record");
}

async fn shown(ctx: &Ctx, known: &Known) -> DeviceDetail {
    get_device(ctx, known.device_id).await.expect("a device")
}

db_test!(
    async fn who_holds_the_connection_of_a_device_hears_that_it_was_deregistered_elsewhere(plant: TestPlant) {
        let ctx = plant.ctx();
        product(&ctx).await;
        let known = registered(&ctx, "T1").await;
        let new = NewConnection { broker: "b", connection: "1", address: None, keep_alive: 60 };
        go_online(&plant.services, &known, new).await.expect("a record").expect("it may");
        let barred = async || note_pulses(&plant.services, "b", &[]).await.expect("an answer");
        assert_eq!(barred().await, []);
        // By a process that does not hold it.
        let params = ResetDevice { did: known.did.clone(), passcode: "123456".into() };
        reset_device(&plant.services, params).await.expect("a reset");
        assert_eq!(barred().await, [(ctx.tenant_id(), known.device_id)]);
        let beats = Beats::since(ctx.now());
        go_offline(&plant.services, &known, ("b", "1"), beats, OfflineReason::OfflineReset)
            .await
            .expect("a record");
        assert_eq!(barred().await, []);
        let last =
            online_log(&ctx, known.device_id, Interval::new(0, i64::MAX), None, 1).await.expect("a log");
        assert_eq!(last.entries[0].reason.as_deref(), Some("offline_reset"));
    }
);

struct Frostland;

impl Atlas for Frostland {
    fn find(&self, address: IpAddr) -> Option<Found> {
        let city = match address.to_string().as_str() {
            "81.2.69.142" => "Rime",
            "81.2.69.143" => "Hoar",
            _ => return None,
        };
        let place = Place { country: "Frostland".into(), region: "North".into(), city: city.into() };
        Some(Found { place, position: Some((-1.5, 62.25)) })
    }
}

/// Country and city, position, and how they are known.
type Whereabouts<'a> = (Option<(&'a str, &'a str)>, Option<(f64, f64)>, Option<&'a str>);

fn whereabouts(device: &DeviceDetail) -> Whereabouts<'_> {
    let place = device.line.place.as_ref().map(|place| (place.country.as_str(), place.city.as_str()));
    (place, device.position, device.place_source.as_deref())
}

db_test!(
    async fn a_device_moves_on_the_map_when_it_says_where_it_is(plant: TestPlant) {
        let ctx = plant.ctx();
        product(&ctx).await;
        let given = ImportDevice {
            mac: "T1".into(),
            country: Some("China".into()),
            city: Some("Guangzhou".into()),
            longitude: Some(113.28),
            latitude: Some(23.12),
            ..ImportDevice::default()
        };
        import(&ctx, "truck", vec![given]).await;
        let known = registered(&ctx, "T1").await;
        let home = Some(("China", "Guangzhou"));
        say(&ctx, &known, &json!({"lng": 0, "lat": 0})).await;
        let device = shown(&ctx, &known).await;
        assert_eq!(
            whereabouts(&device),
            (home, Some((113.28, 23.12)), Some("import")),
            "it has not found itself"
        );
        say(&ctx, &known, &json!({"lng": 114.05, "lat": 22.54})).await;
        let device = shown(&ctx, &known).await;
        assert_eq!(whereabouts(&device), (home, Some((114.05, 22.54)), Some("gps")));
        // One of the two is enough when the other is known.
        plant.clock.set(ctx.now() + 1000);
        say(&ctx, &known, &json!({"lat": 22.6})).await;
        assert_eq!(shown(&ctx, &known).await.position, Some((114.05, 22.6)));
        plant.clock.set(ctx.now() + 1000);
        say(&ctx, &known, &json!({"lat": 91})).await;
        let stayed = shown(&ctx, &known).await.position;
        assert_eq!(stayed, Some((114.05, 22.6)), "that is not on this earth");
    }
);

db_test!(
    async fn a_device_that_nobody_placed_is_placed_by_its_address(plant: TestPlant) {
        let ctx = plant.ctx();
        product(&ctx).await;
        let services = Services { atlas: Some(Arc::new(Frostland)), ..plant.services.clone() };
        let known = registered(&ctx, "T1").await;
        for address in ["192.168.0.5", "203.0.113.5", "no address"] {
            connect(&services, &known, address).await;
            assert_eq!(whereabouts(&shown(&ctx, &known).await), (None, None, None), "{address}");
        }
        connect(&services, &known, "81.2.69.142").await;
        let there = Some((-1.5, 62.25));
        let device = shown(&ctx, &known).await;
        assert_eq!(whereabouts(&device), (Some(("Frostland", "Rime")), there, Some("address")));
        // It goes where its address goes, and is not lost where nothing is known.
        connect(&services, &known, "::ffff:81.2.69.143").await;
        connect(&services, &known, "10.0.0.1").await;
        let device = shown(&ctx, &known).await;
        assert_eq!(whereabouts(&device), (Some(("Frostland", "Hoar")), there, Some("address")));
        // One that says itself where it is stays there, and gets the names.
        let other = registered(&ctx, "T2").await;
        say(&ctx, &other, &json!({"lng": 10.5, "lat": 59.9})).await;
        connect(&services, &other, "81.2.69.142").await;
        let device = shown(&ctx, &other).await;
        assert_eq!(whereabouts(&device), (Some(("Frostland", "Rime")), Some((10.5, 59.9)), Some("gps")));
        // What an import says stands.
        let given =
            ImportDevice { mac: "T3".into(), country: Some("China".into()), ..ImportDevice::default() };
        import(&ctx, "truck", vec![given]).await;
        let third = registered(&ctx, "T3").await;
        connect(&services, &third, "81.2.69.142").await;
        let device = shown(&ctx, &third).await;
        assert_eq!(whereabouts(&device), (Some(("China", "")), None, Some("import")));
    }
);
