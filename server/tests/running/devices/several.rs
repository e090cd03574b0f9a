//! Several servers on one database, and a database that comes and goes.

use std::net::TcpStream;
use std::time::Duration;

use domain::db::Kind;
use serde_json::json;

use super::client::Device;
use super::plant::{KEY, PASSCODE, Plant, on_both, soon};
use crate::process::{Server, run};

#[test]
fn a_server_without_the_connections_tells_devices_through_the_one_with_them() {
    let plant = Plant::new(Kind::Postgres);
    let did = plant.register("m1");
    let other = Server::start_with(plant.store(), &["--mqtt-listen", "none"]);
    let (token, _) = plant.enterprise();
    let path = format!("/v1/products/{KEY}/devices/{did}/control");
    let order = json!({"attrs": {"switch": 1}});
    let tell = || Plant::call(&other.url, "POST", &path, &token, Some(&order));
    let (status, refused) = tell();
    assert_eq!(refused["error_code"], 5305, "{status} {refused}");
    let mut device = Device::connect(&plant.mqtt(), &did, PASSCODE, 60);
    assert_eq!(tell().1["error_code"], 5305, "it does not listen");
    assert_eq!(device.subscribe(&[&format!("app2dev/{did}/#")]), [0]);
    assert_eq!(tell(), (200, json!({})));
    let (kind, body) = device.packet().expect("a message");
    assert_eq!(kind, 0x30);
    assert!(
        body.ends_with(&[0, 0, 0x90, 1, 1, 1]) || body.windows(8).any(|bytes| bytes == b"app2dev/"),
        "{body:?}"
    );
    // The process with the connections has gone: nobody takes the order, and nobody gets it later.
    plant.take_server().kill();
    assert_eq!(tell().1["error_code"], 5305);
    plant.start();
    let mut device = Device::connect(&plant.mqtt(), &did, PASSCODE, 60);
    assert_eq!(device.subscribe(&[&format!("app2dev/{did}/#")]), [0]);
    std::thread::sleep(Duration::from_millis(600));
    device.ping();
    other.stop();
}

#[test]
fn the_right_to_serve_devices_is_taken_again_after_the_database_ended_its_session() {
    let plant = Plant::new(Kind::Postgres);
    let did = plant.register("m1");
    let mut device = Device::connect(&plant.mqtt(), &did, PASSCODE, 60);
    assert!(plant.end_holding_session());
    soon("taken again", || plant.is_held());
    device.ping();
    let store = plant.store();
    let output =
        run(&["serve", "--listen", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0", store[0], store[1]]);
    assert_eq!(output.status.code(), Some(1), "a second server still may not");
}

#[test]
fn a_server_whose_right_another_took_serves_no_devices() {
    let plant = Plant::new(Kind::Postgres);
    let did = plant.register("m1");
    let mut device = Device::connect(&plant.mqtt(), &did, PASSCODE, 120);
    let hold = plant.take_right();
    // Longer than a session that the database has not missed yet is waited for.
    let over = std::thread::spawn(move || device.packet());
    assert!(over.join().expect("no panic").is_none() || TcpStream::connect(plant.mqtt()).is_err());
    let mqtt = plant.mqtt();
    let mut tries = 0;
    while TcpStream::connect(&mqtt).is_ok() && tries < 300 {
        tries += 1;
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(TcpStream::connect(&mqtt).is_err(), "it still listens");
    assert!(!plant.online(&did));
    drop(hold);
    assert_eq!(plant.form("GET", &format!("/dev/devices/{did}"), &[]).0, 200, "the rest of it goes on");
}

on_both! {
    fn a_device_that_promised_nothing_is_told_when_it_is_to_be_heard(plant) {
        let did = plant.register("m1");
        // MQTT 5, keep-alive 0; the answer names the seconds as property 0x13.
        let answer = Device::answer_to_5(&plant.mqtt(), &did, PASSCODE, 0);
        let seconds = answer.windows(3).find(|bytes| bytes[0] == 0x13).map(|bytes| u16::from_be_bytes([bytes[1], bytes[2]]));
        assert_eq!(seconds, Some(2400), "{answer:?}");
        let answer = Device::answer_to_5(&plant.mqtt(), &did, PASSCODE, 60);
        assert!(!answer.contains(&0x13), "{answer:?}");
    }
}
