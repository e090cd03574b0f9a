//! Coming on line and going off line.

use std::time::{Duration, Instant};

use super::client::Device;
use super::plant::{PASSCODE, on_both, soon};
use crate::process::run;

on_both! {
    fn a_second_connection_takes_the_place_of_the_first(plant) {
        let did = plant.register("m1");
        let mut first = Device::connect(&plant.mqtt(), &did, PASSCODE, 60);
        let second = Device::connect(&plant.mqtt(), &did, PASSCODE, 60);
        assert!(first.packet().is_none(), "the first is over");
        assert!(plant.online(&did));
        assert_eq!(plant.reasons(&did), ["online", "offline_force", "online"]);
        drop(second);
        soon("off line", || !plant.online(&did));
        assert_eq!(plant.reasons(&did)[3], "tcp_closed");
        // Many at once: whoever is last stays, and every beginning has its end.
        let crowd: Vec<_> = (0..8)
            .map(|_| {
                let (mqtt, did) = (plant.mqtt(), did.clone());
                std::thread::spawn(move || Device::knock(&mqtt, &did, &did, PASSCODE, 60))
            })
            .collect();
        let crowd: Vec<_> = crowd.into_iter().map(|one| one.join().expect("no panic")).collect();
        assert!(plant.online(&did));
        drop(crowd);
        soon("off line", || !plant.online(&did));
        let log = plant.log(&did);
        let alternating = log.iter().enumerate().all(|(index, (online, _))| *online == (index % 2 == 0));
        assert!(alternating && log.len() == 4 + 16, "{log:?}");
    }

    fn a_silent_device_is_off_line_after_one_and_a_half_times_its_promise(plant) {
        let did = plant.register("m1");
        let mut device = Device::connect(&plant.mqtt(), &did, PASSCODE, 1);
        for _ in 0..3 {
            std::thread::sleep(Duration::from_millis(700));
            device.ping();
        }
        let since = Instant::now();
        assert!(device.packet().is_none());
        let silent = since.elapsed();
        assert!(silent > Duration::from_millis(1400) && silent < Duration::from_millis(2500), "{silent:?}");
        soon("off line", || !plant.online(&did));
        let (_, end) = plant.log(&did).remove(1);
        assert_eq!(end["reason"], "no_heartbeat");
        assert_eq!(end["heartbeat"]["count"], 3);
        assert_eq!(end["heartbeat"]["avg"], 1);
        assert!(matches!(end["heartbeat"]["last"].as_i64(), Some(1 | 2)), "{end}");
        assert!(matches!(end["duration"].as_i64(), Some(3..=5)), "{end}");
    }

    fn a_second_server_on_the_database_serves_no_devices(plant) {
        let store = plant.store();
        let output = run(&["serve", "--listen", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0", store[0], store[1]]);
        assert_eq!(output.status.code(), Some(1));
        let reason = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(reason.contains("--mqtt-listen none"), "{reason}");
    }
}
