//! `millwright simulate`: many devices for a while, and what the store has of it afterwards.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Child;

use domain::db::sql;
use serde_json::{Value, json};

use super::plant::{KEY, PASSCODE, Plant, on_both, soon};
use crate::process::{begin, run, terminate, values};

/// A simulation under way, or over.
pub struct Simulation {
    child: Child,
    journal: PathBuf,
}

impl Simulation {
    /// Begins to simulate devices of the plant's product.
    pub fn begin(plant: &Plant, folder: &Path, more: &[&str]) -> Self {
        let journal = folder.join("journal");
        let (url, store) = (plant.url(""), plant.store());
        let fixed =
            ["simulate", "--server", &url, "--product-key", KEY, "--passcode", PASSCODE, store[0], store[1]];
        let journal_options = ["--journal", journal.to_str().expect("a Unicode path")];
        let child = begin(&[&fixed[..], &journal_options, more].concat());
        Self { child, journal }
    }

    /// Tells it to stop.
    pub fn stop(&self) {
        terminate(&self.child);
    }

    /// Waits until it has ended well; what it counted.
    pub fn end(&mut self) -> HashMap<String, u64> {
        let (mut said, mut reason) = (String::new(), String::new());
        self.child.stdout.take().expect("piped").read_to_string(&mut said).expect("text");
        self.child.stderr.take().expect("piped").read_to_string(&mut reason).expect("text");
        assert!(self.child.wait().expect("it ends").success(), "{reason}{said}");
        let count = |line: &str| {
            let (name, count) = line.split_once(": ")?;
            Some((name.to_owned(), count.parse().ok()?))
        };
        said.lines().filter_map(count).collect()
    }

    /// How often the devices were told that a message is stored: by device and content.
    fn acknowledged(&self) -> HashMap<(String, String), i64> {
        let mut all = HashMap::new();
        for line in std::fs::read_to_string(&self.journal).expect("a journal").lines() {
            let (did, payload) = line.split_once(' ').expect("two words");
            *all.entry((did.to_owned(), payload.to_owned())).or_default() += 1;
        }
        all
    }

    /// Compares what the devices know to be stored with what is stored.
    pub fn compare(&self, plant: &Plant, counts: &HashMap<String, u64>) {
        let stored: Vec<(String, String, i64)> = plant.all(
            sql("SELECT d.did, m.payload, CAST(COUNT(*) AS BIGINT) FROM device_message AS m
                 JOIN device AS d ON d.tenant_id = m.tenant_id AND d.id = m.device_id
                 WHERE m.tenant_id = $1 AND m.direction = 1 GROUP BY d.did, m.payload")
            .bind(plant.tenant_id),
        );
        let stored: HashMap<_, _> =
            stored.into_iter().map(|(did, payload, count)| ((did, payload), count)).collect();
        let acknowledged = self.acknowledged();
        let total: i64 = acknowledged.values().sum();
        assert_eq!(total.unsigned_abs(), counts["acknowledged"]);
        assert_eq!(counts["acknowledged"], counts["sent"], "everything was acknowledged in the end");
        let lost: Vec<_> = acknowledged
            .iter()
            .filter(|(key, count)| stored.get(*key).unwrap_or(&0) < count)
            .take(3)
            .collect();
        assert!(lost.is_empty(), "acknowledged and not stored: {lost:?}");
        let twice: Vec<_> = stored
            .iter()
            .filter(|(key, count)| acknowledged.get(*key).unwrap_or(&0) < count)
            .take(3)
            .collect();
        assert!(twice.is_empty(), "stored more than once: {twice:?} of {counts:?}");
    }
}

impl Drop for Simulation {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Nobody is on line, and the record has a beginning and an end for each connection, in turn.
fn sessions_are_right(plant: &Plant, devices: usize, connections: u64) {
    let online = || -> Vec<(i64,)> {
        plant.all(
            sql("SELECT CAST(COUNT(*) AS BIGINT) FROM device WHERE tenant_id = $1 AND online")
                .bind(plant.tenant_id),
        )
    };
    soon("all off line", || online()[0].0 == 0);
    let log: Vec<(i64, bool, String)> = plant.all(
        sql("SELECT device_id, online, payload FROM device_online_log WHERE tenant_id = $1
             ORDER BY device_id, at, id")
        .bind(plant.tenant_id),
    );
    assert_eq!(log.iter().filter(|(_, online, _)| *online).count() as u64, connections);
    let mut by_device: HashMap<i64, Vec<(bool, Value)>> = HashMap::new();
    for (device, online, payload) in log {
        by_device.entry(device).or_default().push((online, serde_json::from_str(&payload).expect("JSON")));
    }
    assert_eq!(by_device.len(), devices);
    for records in by_device.values() {
        for (number, (online, payload)) in records.iter().enumerate() {
            assert_eq!(*online, number % 2 == 0, "{records:?}");
            let reason = payload["reason"].as_str();
            let last = number + 1 == records.len();
            let right = if *online {
                !last && reason.is_none()
            } else if last {
                reason == Some("mqtt_disconnect")
            } else {
                matches!(reason, Some("tcp_closed" | "offline_force"))
            };
            assert!(right, "{records:?}");
        }
    }
    let open: Vec<(i64,)> = plant.all(
        sql("SELECT CAST(COUNT(*) AS BIGINT) FROM device_session WHERE tenant_id = $1").bind(plant.tenant_id),
    );
    assert_eq!(open[0].0, 0);
}

fn fleet(plant: &Plant, devices: usize, rate: &str, duration: &str, form: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    plant.take_server().stop();
    plant.start_logging(&log);
    let number = devices.to_string();
    let options = ["--devices", &number, "--rate", rate, "--duration", duration, "--form", form];
    let mut simulation = Simulation::begin(
        plant,
        folder.path(),
        &[&options[..], &["--drops", "20", "--faults", "60"]].concat(),
    );
    let counts = simulation.end();
    assert!(
        counts["redelivered"] > 0 && counts["connections lost"] > 0,
        "nothing was put to the test: {counts:?}"
    );
    assert_eq!(counts["connections"], devices as u64 + counts["connections lost"]);
    assert_eq!((counts["refused"], counts["orders not understood"]), (0, 0));
    simulation.compare(plant, &counts);
    sessions_are_right(plant, devices, counts["connections"]);
    let wrong: Vec<(i64, i64)> = plant.all(
        sql("SELECT CAST(COUNT(trouble) AS BIGINT), CAST(COUNT(*) AS BIGINT) FROM device_message
             WHERE tenant_id = $1")
        .bind(plant.tenant_id),
    );
    assert_eq!(wrong[0], (0, i64::try_from(counts["sent"]).expect("small")));
    let peak = plant.peak();
    assert!(peak < 400, "{peak} MB");
    plant.take_server().stop();
    assert_eq!(std::fs::read_to_string(&log).expect("a log"), "", "warnings or errors");
}

#[test]
fn sqlite_five_hundred_devices_for_a_minute() {
    fleet(&Plant::new(domain::db::Kind::Sqlite), 500, "250", "60s", "binary");
}

#[test]
fn postgres_five_hundred_devices_for_a_quarter_of_a_minute() {
    fleet(&Plant::new(domain::db::Kind::Postgres), 500, "250", "15s", "json");
}

/// Calls the Enterprise API with a JSON body.
pub fn post(plant: &Plant, path: &str, token: Option<&str>, body: &Value) -> Value {
    let agent = ureq::Agent::from(ureq::Agent::config_builder().http_status_as_error(false).build());
    let mut post = agent.post(plant.url(path)).header("content-type", "application/json");
    if let Some(token) = token {
        post = post.header("authorization", format!("token {token}"));
    }
    let text = post.send(body.to_string()).expect("an answer").body_mut().read_to_string().expect("text");
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{path}: {text}"))
}

/// A token of the Enterprise API for the plant's product.
pub fn token(plant: &Plant) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("definition.json");
    let definition: Vec<(String,)> = plant.all(
        sql("SELECT definition FROM product WHERE tenant_id = $1 AND product_key = $2")
            .bind(plant.tenant_id)
            .bind(KEY),
    );
    std::fs::write(&file, &definition[0].0).expect("a file");
    let store = plant.store();
    let file = file.to_str().expect("a Unicode path");
    let secret = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    values(&[
        "product",
        "import",
        file,
        "--product-key",
        KEY,
        "--product-secret",
        secret,
        store[0],
        store[1],
    ]);
    let caller = values(&["enterprise", "create", store[0], store[1]]);
    let asked = json!({"enterprise_id": caller[0], "enterprise_secret": caller[1], "product_secret": secret});
    let answer = post(plant, &format!("/v1/products/{KEY}/access_token"), None, &asked);
    answer["token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

on_both! {
    fn simulated_devices_do_as_they_are_told(plant) {
        let folder = tempfile::tempdir().expect("a folder");
        let token = token(&plant);
        for (form, temperature) in [("binary", 25), ("json", 26)] {
            let options = ["--devices", "3", "--rate", "3", "--form", form, "--drops", "0"];
            let mut simulation = Simulation::begin(&plant, folder.path(), &options);
            // The same devices in each run.
            soon("registered", || plant.all::<(i64,)>(sql("SELECT id FROM device WHERE tenant_id = $1").bind(plant.tenant_id)).len() == 3);
            let did = plant.register("sim-000002");
            soon("on line, and reports", || plant.online(&did) && plant.state(&did).2["set_temp"].is_number());
            let path = format!("/v1/products/{KEY}/devices/{did}/control");
            let order = json!({"attrs": {"set_temp": temperature, "mode": "制热"}});
            // A device whose subscription is under way counts as off line.
            soon("told", || post(&plant, &path, Some(&token), &order) == json!({}));
            soon("done", || {
                let (_, _, latest) = plant.state(&did);
                latest["set_temp"] == temperature && latest["mode"] == "制热"
            });
            simulation.stop();
            let counts = simulation.end();
            assert_eq!(counts["orders followed"], 1);
            assert_eq!(counts["acknowledged"], counts["sent"]);
        }
        let ids: Vec<(i64,)> = plant.all(sql("SELECT id FROM device WHERE tenant_id = $1").bind(plant.tenant_id));
        assert_eq!(ids.len(), 3);
    }

    fn a_simulation_that_cannot_be_says_why(plant) {
        let (url, store) = (plant.url(""), plant.store());
        let simulate = |more: &[&str]| {
            let output = run(&[&["simulate", "--devices", "2", "--rate", "2", "--duration", "1s"], &store[..], more].concat());
            assert_eq!(output.status.code(), Some(1));
            String::from_utf8_lossy(&output.stderr).into_owned()
        };
        let with_key = |more: &[&str]| simulate(&[&["--server", &url, "--product-key", KEY], more].concat());
        plant.register("sim-000001");
        let cases = [
            (simulate(&["--server", &url, "--product-key", "none"]), "product"),
            (simulate(&["--server", "http://127.0.0.1:9", "--product-key", KEY]), "--server"),
            (with_key(&["--passcode", "another-one"]), "passcode"),
            (with_key(&["--passcode", "short"]), "passcode"),
            (with_key(&["--definition", "/none.json"]), "--definition"),
            (with_key(&["--drops", "1e9"]), "--drops"),
        ];
        for (reason, about) in cases {
            assert!(reason.contains(about) && reason.lines().count() == 1, "{about}: {reason}");
        }
    }
}
