//! Who is not let in, and what is not taken.

use std::io::Write;
use std::net::TcpStream;

use super::client::{Device, PUBACK, packet, publish};
use super::plant::{KEY, PASSCODE, on_both, soon};

on_both! {
    fn strangers_are_refused_and_counted(plant) {
        let did = plant.register("m1");
        let other = plant.register("m2");
        let mqtt = plant.mqtt();
        assert_eq!(Device::knock(&mqtt, &did, &did, "wrong", 60).1, 4);
        assert_eq!(Device::knock(&mqtt, &did, &did, "", 60).1, 4);
        assert_eq!(Device::knock(&mqtt, "nobody", "nobody", PASSCODE, 60).1, 4);
        assert_eq!(Device::knock(&mqtt, "another-name", &did, PASSCODE, 60).1, 4);
        assert_eq!(Device::knock(&mqtt, &did, &other, PASSCODE, 60).1, 4);
        soon("counted", || plant.refusals(&did, "credentials") == 2 && plant.refusals("", "credentials") == 3);
        assert!(!plant.online(&did));
        assert!(plant.log(&did).is_empty());

        // Not MQTT, no packet at all, and a first packet that is none.
        for bytes in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0x10, 0xff, 0xff, 0xff, 0xff, 0xff], &[0x30, 2, 0, 0]] {
            TcpStream::connect(&mqtt).expect("a connection").write_all(bytes).expect("sent");
        }
        soon("counted", || plant.refusals("", "protocol") >= 2);
        Device::connect(&mqtt, &did, PASSCODE, 60).goodbye();
    }

    fn foreign_topics_are_refused_and_counted(plant) {
        let did = plant.register("m1");
        let other = plant.register("m2");
        let mut device = Device::connect(&plant.mqtt(), &did, PASSCODE, 60);
        let foreign = [
            format!("app2dev/{other}/#"),
            format!("millwright/{KEY}/{other}/down"),
            format!("millwright/{KEY}/+/down"),
            "#".into(),
            "ser2cli_noti/another".into(),
            format!("dev2app/{other}"),
        ];
        let filters: Vec<_> = foreign.iter().map(String::as_str).collect();
        assert_eq!(device.subscribe(&filters), [0x80; 6]);
        let own = format!("app2dev/{did}/#");
        assert_eq!(device.subscribe(&[&own, "#"]), [0, 0x80]);
        // A message to another's topic is not acknowledged: the connection ends.
        device.send(&publish(&format!("dev2app/{other}"), b"x", 1, false));
        assert!(device.packet().is_none());
        soon("counted", || plant.refusals(&did, "topic") == 8);
        soon("off line", || !plant.online(&did));
        assert_eq!(plant.reasons(&did), ["online", "offline_exception"]);
        assert!(plant.messages(&other).is_empty() && plant.messages(&did).is_empty());
    }

    fn oversized_messages_end_the_connection(plant) {
        let did = plant.register("m1");
        let mut device = Device::connect(&plant.mqtt(), &did, PASSCODE, 60);
        let up = format!("millwright/{KEY}/{did}/up");
        device.report(&up, &vec![b' '; 60_000], 1, false);
        device.send(&publish(&up, &vec![b' '; 70_000], 2, false));
        assert!(device.packet().is_none());
        soon("counted", || plant.refusals(&did, "size") == 1);
        soon("off line", || !plant.online(&did));
        assert_eq!(plant.reasons(&did), ["online", "offline_sending_data_size_overflow"]);
        assert_eq!(plant.messages(&did).len(), 1);
    }

    fn broken_packets_end_only_their_connection(plant) {
        let did = plant.register("m1");
        let broken: [&[u8]; 7] = [
            &[0x10, 0],
            &packet(0x32, &[0, 200, 1]),
            &packet(0x36, &[0, 1, b'x', 0, 1]),
            &packet(0x82, &[0, 1]),
            &packet(0x32, &[0, 2, 0xff, 0xfe, 0, 1]),
            &packet(0x40, &[0]),
            &[0xff; 64],
        ];
        for bytes in broken {
            let mut device = Device::connect(&plant.mqtt(), &did, PASSCODE, 60);
            device.send(bytes);
            assert!(device.packet().is_none(), "{bytes:?}");
        }
        soon("counted", || plant.refusals(&did, "protocol") == 7);
        Device::connect(&plant.mqtt(), &did, PASSCODE, 60).goodbye();
    }

    fn a_message_that_is_sent_again_is_stored_once(plant) {
        let did = plant.register("m1");
        let up = format!("millwright/{KEY}/{did}/up");
        let mut device = Device::connect(&plant.mqtt(), &did, PASSCODE, 60);
        device.report(&up, br#"{"attrs": {"set_temp": 20}}"#, 5, false);
        let mut device = Device::connect(&plant.mqtt(), &did, PASSCODE, 60);
        device.report(&up, br#"{"attrs": {"set_temp": 20}}"#, 5, true);
        assert_eq!(plant.messages(&did).len(), 1, "said to be a repeat, same number, same content");
        device.report(&up, br#"{"attrs": {"set_temp": 21}}"#, 5, true);
        device.report(&up, br#"{"attrs": {"set_temp": 21}}"#, 6, true);
        device.report(&up, br#"{"attrs": {"set_temp": 21}}"#, 6, false);
        assert_eq!(plant.messages(&did).len(), 4, "other content, another number, and no repeat");
        for again in [false, true, false] {
            device.report(&up, br#"{"ts": 1760000000, "attrs": {"set_temp": 22}}"#, 7, again);
        }
        assert_eq!(plant.messages(&did).len(), 5, "the same device and time");
        // Both in one batch.
        let message = publish(&up, br#"{"attrs": {"set_temp": 23}}"#, 8, false);
        let again = publish(&up, br#"{"attrs": {"set_temp": 23}}"#, 8, true);
        device.send(&[message, again].concat());
        for _ in 0..2 {
            assert_eq!(device.packet().expect("an answer").0, PUBACK);
        }
        assert_eq!(plant.messages(&did).len(), 6);
    }
}
