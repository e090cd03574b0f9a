//! What is left when the server ends in the middle of it.

use std::collections::HashSet;
use std::time::Duration;

use super::client::{Device, PUBACK, publish};
use super::plant::{KEY, PASSCODE, on_both};

on_both! {
    fn a_stop_and_a_kill_end_every_connection_once(plant) {
        let dids: Vec<_> = (0..3).map(|number| plant.register(&format!("m{number}"))).collect();
        let devices: Vec<_> =
            dids.iter().map(|did| Device::connect(&plant.mqtt(), did, PASSCODE, 60)).collect();
        let (time, _) = plant.take_server().stop();
        assert!(time < Duration::from_secs(5), "{time:?}");
        for did in &dids {
            assert!(!plant.online(did));
            assert_eq!(plant.reasons(did), ["online", "offline_exception"]);
        }
        drop(devices);
        plant.start();
        let mut devices: Vec<_> =
            dids.iter().map(|did| Device::connect(&plant.mqtt(), did, PASSCODE, 60)).collect();
        devices[0].ping();
        plant.take_server().kill();
        assert!(plant.online(&dids[0]), "nobody could say otherwise");
        plant.start();
        for did in &dids {
            assert!(!plant.online(did));
            let expected = ["online", "offline_exception", "online", "offline_exception"];
            assert_eq!(plant.reasons(did), expected);
        }
        plant.take_server().kill();
        plant.start();
        assert_eq!(plant.log(&dids[0]).len(), 4, "nothing new");
    }

    fn no_acknowledged_message_is_lost_by_kill_9(plant) {
        let did = plant.register("m1");
        let up = format!("millwright/{KEY}/{did}/up");
        let mut acknowledged = HashSet::new();
        let mut sent = 0_u32;
        for round in 0..3_u64 {
            let device = Device::connect(&plant.mqtt(), &did, PASSCODE, 60);
            let (mut writer, mut reader) = (device.twin(), device);
            let first = sent;
            let topic = up.clone();
            let stream = std::thread::spawn(move || {
                let mut number = first;
                for _ in 0..200_000 {
                    let payload = format!(r#"{{"attrs": {{"set_temp": 20}}, "n": {number}}}"#);
                    let packet = u16::try_from(number % 60_000 + 1).expect("small");
                    writer.send(&publish(&topic, payload.as_bytes(), packet, false));
                    number += 1;
                    // A device has only so many messages under way.
                    if number.is_multiple_of(50) {
                        std::thread::sleep(Duration::from_millis(5));
                    }
                    if number - first > 50_000 {
                        break;
                    }
                }
                number
            });
            let killer = plant.take_server();
            let kill = std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(600 + 70 * round));
                killer.kill();
            });
            let before = acknowledged.len();
            while let Some((kind, body)) = reader.packet() {
                assert_eq!(kind, PUBACK);
                // Numbers come back in order: what is acknowledged is the next message with that number.
                let packet = u32::from(u16::from_be_bytes([body[0], body[1]]));
                let number = (first..=first + 60_000).find(|n| n % 60_000 + 1 == packet).expect("it was sent");
                acknowledged.insert(number);
            }
            kill.join().expect("no panic");
            sent = stream.join().expect("no panic");
            assert!(acknowledged.len() > before, "nothing was acknowledged in round {round}");
            plant.start();
            sent = sent.div_ceil(60_000) * 60_000;
        }
        let kept: HashSet<u32> = plant
            .messages(&did)
            .into_iter()
            .map(|(payload, _, _)| {
                let bytes = domain::device::datapoint::from_hex(&payload).expect("bytes");
                let message: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
                u32::try_from(message["n"].as_u64().expect("a number")).expect("small")
            })
            .collect();
        let lost: Vec<_> = acknowledged.difference(&kept).take(5).collect();
        assert!(lost.is_empty(), "lost of {}: {lost:?}", acknowledged.len());
    }
}
