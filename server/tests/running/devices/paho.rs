//! Python's `paho-mqtt` as a device.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::plant::{KEY, PASSCODE, on_both, soon};
use super::simulated::{post, token};

/// The Python that has the package: `cargo xtask test` installs it and says where.
fn python() -> PathBuf {
    let prepared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/paho/bin/python");
    let python = std::env::var_os("MILLWRIGHT_TEST_PAHO").map_or(prepared, PathBuf::from);
    assert!(
        python.exists(),
        "no Python with paho-mqtt: `cargo xtask test` makes one, or name it by MILLWRIGHT_TEST_PAHO"
    );
    python
}

on_both! {
    fn paho_is_a_device_in_every_version_of_the_protocol(plant) {
        let token = token(&plant);
        let (did, other) = (plant.register("m1"), plant.register("m2"));
        let mqtt = plant.mqtt();
        let (host, port) = mqtt.rsplit_once(':').expect("a port");
        for (number, version) in (1..).zip(["3.1", "3.1.1", "5"]) {
            let mut script = Command::new(python())
                .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/running/devices/paho_device.py"))
                .args([host, port, version, KEY, &did, &other, PASSCODE])
                .stdout(Stdio::piped())
                .spawn()
                .expect("Python runs");
            let mut lines = BufReader::new(script.stdout.take().expect("piped")).lines().map_while(Result::ok);
            let refused = lines.next().unwrap_or_default();
            assert!(refused.starts_with("refused: "), "{version}: {refused}");
            assert_eq!(lines.next().as_deref(), Some("ready"), "{version}");
            let order = json!({"attrs": {"set_temp": 22 + number}});
            let path = format!("/v1/products/{KEY}/devices/{did}/control");
            assert_eq!(post(&plant, &path, Some(&token), &order), json!({}), "{version}");
            let told = lines.next().unwrap_or_default();
            let told: Value = serde_json::from_str(told.strip_prefix("told: ").unwrap_or("null")).expect("JSON");
            assert_eq!(told, order, "{version}");
            assert_eq!(lines.next().as_deref(), Some("done"), "{version}");
            assert!(script.wait().expect("it ends").success(), "{version}");
            soon("off line", || !plant.online(&did));
            assert_eq!(plant.state(&did).2["set_temp"], 22 + number);
            // Three reports, an order, and what it was answered.
            assert_eq!(plant.messages(&did).len(), 5 * number);
        }
        soon("counted", || plant.refusals(&did, "credentials") == 3 && plant.refusals(&did, "topic") == 6);
        assert!(plant.messages(&other).is_empty());
    }
}
