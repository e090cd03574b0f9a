//! What firmware does all its life.

use serde_json::{Value, json};

use super::client::Device;
use super::plant::{KEY, PASSCODE, on_both, soon};

/// The documented report: switched on, cooling, 16 degrees wanted, -10 degrees in the room.
pub const REPORT: [u8; 15] = [0, 0, 0, 3, 0x0b, 0, 0, 0x91, 4, 1, 0, 0, 0x10, 0, 0];

/// The same with its last byte, the faults.
fn report(alarm: u8, fault: u8) -> Vec<u8> {
    let mut bytes = REPORT[..14].to_vec();
    bytes.extend([alarm, fault]);
    bytes
}

fn json_of(text: Option<&str>) -> Value {
    text.map_or(Value::Null, |text| serde_json::from_str(text).expect("JSON"))
}

on_both! {
    fn firmware_registers_connects_and_reports(plant) {
        let did = plant.register("aabbccddeeff");
        assert_eq!(did.len(), 22);
        assert_eq!(plant.register("aabbccddeeff"), did, "the same mac keeps its name");
        let (status, place) = plant.form("GET", &format!("/dev/devices/{did}"), &[]);
        let port = plant.mqtt().rsplit_once(':').expect("a port").1.to_owned();
        assert_eq!((status, place), (200, format!("host=127.0.0.1&port={port}")));

        let mut device = Device::connect(&plant.mqtt(), &did, PASSCODE, 120);
        assert!(plant.online(&did));
        let (noti, res) = (format!("ser2cli_noti/{KEY}"), format!("ser2cli_res/{did}"));
        let all = format!("app2dev/{did}/#");
        assert_eq!(device.subscribe(&[&noti, &res, &all]), [0, 0, 0]);
        device.report(&format!("dev2app/{did}"), &report(0, 0), 7, false);
        let messages = plant.messages(&did);
        assert_eq!(messages.len(), 1);
        assert_eq!(messages[0].0, "000000030b0000910401000010000000");
        assert_eq!(messages[0].2, None);
        let expected = json!({
            "switch": 1, "mode": "制冷", "fan_speed": "低风", "fan_swing": 0, "on_timing": 0, "off_timing": 0,
            "set_temp": 16, "room_temp": -10, "alarm": 0, "fault": 0,
        });
        assert_eq!(json_of(messages[0].1.as_deref()), expected);
        assert_eq!(plant.state(&did), (0, 0, expected));
        device.ping();
        device.goodbye();
        soon("off line", || !plant.online(&did));
        let log = plant.log(&did);
        assert_eq!(log[0], (true, json!({"keep_alive": 120})));
        assert_eq!(log[1].1["reason"], "mqtt_disconnect");
        assert_eq!(log[1].1["heartbeat"]["count"], 1);

        let fields = [("did", did.as_str()), ("passcode", "wrong-one")];
        assert_eq!(plant.form("DELETE", "/dev/devices", &fields).0, 404);
        let device = Device::connect(&plant.mqtt(), &did, PASSCODE, 120);
        let fields = [("did", did.as_str()), ("passcode", PASSCODE)];
        assert_eq!(plant.form("DELETE", "/dev/devices", &fields).0, 200);
        soon("off line", || !plant.online(&did));
        assert_eq!(plant.reasons(&did).last().expect("a record"), "offline_reset");
        drop(device);
        assert_eq!(Device::knock(&plant.mqtt(), &did, &did, PASSCODE, 120).1, 5, "not before it registers again");
        assert_eq!(plant.register("aabbccddeeff"), did);
        Device::connect(&plant.mqtt(), &did, PASSCODE, 120).goodbye();
    }

    fn bad_registrations_are_refused_with_a_sentence(plant) {
        plant.register("m1");
        let cases = [
            (vec![("passcode", PASSCODE), ("mac", "m2"), ("product_key", "none")], 404, "product_key"),
            (vec![("passcode", PASSCODE), ("mac", "m2")], 400, "product_key"),
            (vec![("passcode", PASSCODE), ("mac", "m/2"), ("product_key", KEY)], 400, "mac"),
            (vec![("passcode", PASSCODE), ("mac", ""), ("product_key", KEY)], 400, "mac"),
            (vec![("passcode", "short"), ("mac", "m2"), ("product_key", KEY)], 400, "passcode"),
            (vec![("passcode", "another-one"), ("mac", "m1"), ("product_key", KEY)], 400, "passcode"),
            (vec![], 400, "product_key"),
        ];
        for (fields, status, about) in cases {
            let (found, body) = plant.form("POST", "/dev/devices", &fields);
            assert_eq!(found, status, "{fields:?}: {body}");
            let body: Value = serde_json::from_str(&body).expect("JSON");
            let sentence = body["detail_message"].as_str().expect("a sentence");
            assert!(sentence.contains(about), "{sentence}");
            assert!(body["error_code"].is_i64() && body["error_message"].is_string());
        }
        assert_eq!(plant.form("GET", "/dev/devices/nobody", &[]).0, 404);
    }

    fn faults_and_alarms_open_at_1_and_resolve_at_0(plant) {
        let did = plant.register("m1");
        let topic = format!("dev2app/{did}");
        let mut device = Device::connect(&plant.mqtt(), &did, PASSCODE, 0);
        for (number, (alarm, fault)) in (1..).zip([(0, 0), (0, 1), (1, 1), (1, 1), (1, 0)]) {
            device.report(&topic, &report(alarm, fault), number, false);
        }
        let (faults, alarms, _) = plant.state(&did);
        assert_eq!((faults, alarms), (0, 1));
        assert_eq!(plant.events(&did), [("fault".into(), true), ("alarm".into(), false)]);
        // A later server knows what is open.
        plant.take_server().kill();
        plant.start();
        let mut device = Device::connect(&plant.mqtt(), &did, PASSCODE, 0);
        device.report(&topic, &report(0, 0), 1, false);
        assert_eq!(plant.state(&did).1, 0);
        assert_eq!(plant.events(&did), [("fault".into(), true), ("alarm".into(), true)]);
    }

    fn what_cannot_be_read_is_kept_with_what_is_wrong(plant) {
        let did = plant.register("m1");
        let mut device = Device::connect(&plant.mqtt(), &did, PASSCODE, 0);
        let up = format!("millwright/{KEY}/{did}/up");
        let future = r#"{"ts": 99999999999999, "attrs": {"set_temp": 20}}"#;
        let messages: [(&str, &[u8], bool); 7] = [
            (&up, b"no JSON", false),
            (&up, b"", false),
            (&up, br#"{"attrs": {"nothing\u0000": 1, "set_temp": 99}}"#, true),
            (&up, future.as_bytes(), true),
            (&format!("dev2app/{did}"), b"\x00\x00\x00\x03\xff\xff\xff\xff\xff", false),
            (&format!("dev2app/{did}/app"), &[0, 0, 0, 3, 9, 0, 0, 0x90, 1, 1, 1, 0, 0, 0x10], false),
            (&format!("dev2app/{did}"), &REPORT[..10], true),
        ];
        for (number, (topic, payload, _)) in (1..).zip(&messages) {
            device.report(topic, payload, number, false);
        }
        let kept = plant.messages(&did);
        assert_eq!(kept.len(), messages.len());
        for ((_, attrs, trouble), (_, payload, with_attrs)) in kept.iter().zip(&messages) {
            let payload = String::from_utf8_lossy(payload);
            assert!(trouble.as_ref().is_some_and(|words| !words.is_empty()), "{payload}");
            assert_eq!(attrs.is_some(), *with_attrs, "{payload}: {attrs:?}");
        }
    }

    fn json_reports_are_history_in_their_own_time(plant) {
        let did = plant.register("m1");
        let mut device = Device::connect(&plant.mqtt(), &did, PASSCODE, 0);
        let up = format!("millwright/{KEY}/{did}/up");
        let said = [
            r#"{"ts": 1760000100, "attrs": {"set_temp": 21, "switch": true}}"#,
            r#"{"ts": 1760000000, "attrs": {"set_temp": 20}}"#,
            r#"{"ts": 1760000200000, "attrs": {"mode": 1}}"#,
        ];
        for (number, text) in (1..).zip(said) {
            device.report(&up, text.as_bytes(), number, false);
        }
        assert_eq!(plant.messages(&did).len(), 3);
        let (_, _, latest) = plant.state(&did);
        assert_eq!(latest, json!({"set_temp": 21, "switch": 1, "mode": "制热"}), "the older one is history");
    }
}
