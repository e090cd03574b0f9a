//! Debian's mosquitto as the broker that the devices connect to.

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::client::{Device, PUBACK, publish};
use super::plant::{KEY, PASSCODE, Plant, on_both, soon};
use crate::process::Server;

/// A broker with a password file. Dropping it kills it.
pub struct Mosquitto {
    folder: tempfile::TempDir,
    child: Option<Child>,
    pub port: u16,
}

impl Mosquitto {
    /// Knows the server and these devices.
    pub fn start(dids: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let passwords = folder.path().join("passwords");
        std::fs::File::create(&passwords).expect("a file");
        for (name, password) in
            dids.iter().map(|did| (*did, PASSCODE)).chain([("millwright", "of-the-server")])
        {
            let made =
                Command::new("mosquitto_passwd").arg("-b").arg(&passwords).args([name, password]).status();
            assert!(made.expect("mosquitto of Debian is installed").success());
        }
        let mut broker = Self { folder, child: None, port };
        broker.configure("passwords", "acl");
        std::fs::write(broker.folder.path().join("acl"), ACL).expect("a file");
        broker.run();
        broker
    }

    fn configure(&self, passwords: &str, acl: &str) {
        let folder = self.folder.path().display();
        let user = Command::new("id").arg("-un").output().expect("a user").stdout;
        let user = String::from_utf8(user).expect("text");
        let text = format!(
            "listener {} 127.0.0.1\nuser {user}\nallow_anonymous false\npassword_file {folder}/{passwords}\nacl_file \
             {folder}/{acl}\nuse_username_as_clientid true\npersistence true\npersistence_location {folder}/\n\
             max_queued_messages 0\nautosave_interval 1\nautosave_on_changes true\n",
            self.port
        );
        std::fs::write(self.folder.path().join("mosquitto.conf"), text).expect("a file");
    }

    /// Several servers have one name and different client ids.
    fn keep_client_ids(&self) {
        let file = self.folder.path().join("mosquitto.conf");
        let text = std::fs::read_to_string(&file).expect("text");
        std::fs::write(file, text.replace("use_username_as_clientid true\n", "")).expect("a file");
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts it; it must not run.
    pub fn run(&mut self) {
        let file = self.folder.path().join("mosquitto.conf");
        let child = Command::new("/usr/sbin/mosquitto").arg("-c").arg(file).stderr(Stdio::null()).spawn();
        self.child = Some(child.expect("mosquitto of Debian is installed"));
        let since = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(since.elapsed() < Duration::from_secs(10), "mosquitto does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it in good order.
    pub fn stop(&mut self) {
        let mut child = self.child.take().expect("it runs");
        let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        assert!(told.expect("kill runs").success());
        child.wait().expect("it ends");
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Options of a server that uses it.
    pub fn options(&self, more: &[&str]) -> Vec<String> {
        let url = format!("mqtt://millwright:of-the-server@127.0.0.1:{}", self.port);
        ["--mqtt-url", &url].iter().chain(more).map(ToString::to_string).collect()
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// As `millwright mosquitto` writes it.
const ACL: &str = "\
user millwright
topic read dev2app/#
topic read millwright/+/+/up
topic read $SYS/#
topic write app2dev/#
topic write millwright/+/+/down
pattern write dev2app/%u
pattern write dev2app/%u/#
pattern write millwright/+/%u/up
pattern write cli2ser_req
pattern read app2dev/%u/#
pattern read millwright/+/%u/down
pattern read ser2cli_res/%u
pattern read ser2cli_noti/+
";

/// The server starts again with this broker.
fn restart(plant: &Plant, broker: &Mosquitto, more: &[&str]) {
    let options = broker.options(more);
    let options: Vec<_> = options.iter().map(String::as_str).collect();
    plant.start_with(&options);
}

/// Registered devices and a broker that knows them, with the server connected to it.
fn connected(plant: &Plant, devices: usize, more: &[&str]) -> (Vec<String>, Mosquitto) {
    let dids: Vec<_> = (0..devices).map(|number| plant.register(&format!("m{number}"))).collect();
    let broker = Mosquitto::start(&dids.iter().map(String::as_str).collect::<Vec<_>>());
    plant.take_server().stop();
    restart(plant, &broker, more);
    // The first message that arrives tells that the server has subscribed.
    let first = plant.register("m0");
    soon("subscribed", || {
        say(&broker, &first, r#"{"ts": 1700000000, "attrs": {}}"#);
        std::thread::sleep(Duration::from_millis(100));
        !plant.messages(&first).is_empty()
    });
    (dids, broker)
}

fn client(broker: &Mosquitto, program: &str, did: &str) -> Command {
    let mut command = Command::new(program);
    command.args([
        "-h",
        "127.0.0.1",
        "-p",
        &broker.port.to_string(),
        "-i",
        did,
        "-u",
        did,
        "-P",
        PASSCODE,
        "-q",
        "1",
    ]);
    command
}

fn say(broker: &Mosquitto, did: &str, message: &str) {
    let topic = format!("millwright/{KEY}/{did}/up");
    let output = client(broker, "mosquitto_pub", did).args(["-t", &topic, "-m", message]).output();
    let output = output.expect("mosquitto-clients of Debian is installed");
    assert!(output.status.success(), "{output:?}");
}

/// Numbers of the messages that are stored, each as often as it is.
fn numbers(plant: &Plant, did: &str) -> Vec<u64> {
    let read = |payload: String| {
        let bytes = domain::device::datapoint::from_hex(&payload).expect("bytes");
        let message: Value = serde_json::from_slice(&bytes).expect("JSON");
        message["n"].as_u64()
    };
    let mut numbers: Vec<_> =
        plant.messages(did).into_iter().filter_map(|(payload, _, _)| read(payload)).collect();
    numbers.sort_unstable();
    numbers
}

/// A stream of numbered messages, as fast as the broker acknowledges them, until `stop` or the end of the connection;
/// which of them it acknowledged.
fn stream(address: &str, did: &str, first: u64, until: Instant) -> (Vec<u64>, u64) {
    let topic = format!("millwright/{KEY}/{did}/up");
    let mut device = Device::connect(address, did, PASSCODE, 60);
    let (mut accepted, mut number) = (Vec::new(), first);
    while Instant::now() < until {
        let packet = u16::try_from(number % 60_000 + 1).expect("small");
        let payload = format!(r#"{{"attrs": {{"set_temp": 20}}, "n": {number}}}"#);
        device.send(&publish(&topic, payload.as_bytes(), packet, false));
        match device.packet() {
            Some((PUBACK, _)) => accepted.push(number),
            Some(_) => {}
            None => return (accepted, number + 1),
        }
        number += 1;
        std::thread::sleep(Duration::from_micros(500));
    }
    (accepted, number)
}

fn told_once(plant: &Plant, did: &str, accepted: &[u64]) {
    soon("all of it stored", || {
        let kept: HashSet<_> = numbers(plant, did).into_iter().collect();
        accepted.iter().all(|number| kept.contains(number))
    });
    std::thread::sleep(Duration::from_millis(300));
    let copies = plant.copies(did);
    let twice: Vec<_> = copies.windows(2).filter(|pair| pair[0].0 == pair[1].0).collect();
    assert!(twice.is_empty(), "stored more than once: {twice:?}");
}

on_both! {
    fn devices_report_and_are_told_through_mosquitto(plant) {
        let (dids, broker) = connected(&plant, 2, &[]);
        let did = &dids[1];
        let (status, place) = plant.form("GET", &format!("/dev/devices/{did}"), &[]);
        assert_eq!((status, place), (200, format!("host=127.0.0.1&port={}", broker.port)));
        say(&broker, did, r#"{"attrs": {"set_temp": 21}}"#);
        soon("stored", || plant.messages(did).len() == 1);
        let (token, call) = plant.enterprise();
        let path = format!("/v1/products/{KEY}/devices/{did}/data");
        let history = call("GET", &path, &token, None);
        assert_eq!(history.1["objects"][0]["attrs"]["set_temp"], 21, "{history:?}");

        let path = format!("/v1/products/{KEY}/devices/{did}/control");
        let order = serde_json::json!({"attrs": {"switch": 1}});
        let refused = call("POST", &path, &token, Some(&order));
        assert_eq!(refused.1["error_code"], 5305, "nobody listens: {refused:?}");
        let mut listener = client(&broker, "mosquitto_sub", did)
            .args(["-t", &format!("millwright/{KEY}/{did}/down"), "-v"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut heard = BufReader::new(listener.stdout.take().expect("piped"));
        soon("told", || call("POST", &path, &token, Some(&order)).0 == 200);
        let mut line = String::new();
        heard.read_line(&mut line).expect("a line");
        assert_eq!(line.trim(), format!(r#"millwright/{KEY}/{did}/down {{"attrs":{{"switch":1}}}}"#));
        listener.kill().expect("it is killed");
        listener.wait().expect("it ends");
    }

    fn a_device_is_on_line_while_its_messages_come(plant) {
        let (dids, broker) = connected(&plant, 2, &["--mqtt-heartbeat", "2"]);
        let did = &dids[1];
        say(&broker, did, "{}");
        soon("on line", || plant.online(did));
        let since = Instant::now();
        for _ in 0..4 {
            std::thread::sleep(Duration::from_secs(1));
            say(&broker, did, "{}");
            assert!(plant.online(did));
        }
        soon("off line", || !plant.online(did));
        assert!(since.elapsed() > Duration::from_secs(6), "{:?}", since.elapsed());
        assert_eq!(plant.reasons(did), ["online", "no_heartbeat"]);
        assert_eq!(plant.log(did)[1].1["heartbeat"]["count"], 4);
        say(&broker, did, "{}");
        soon("on line", || plant.online(did));
        // Another server goes on where this one ended: the device stays on line, with one record.
        plant.take_server().kill();
        restart(&plant, &broker, &["--mqtt-heartbeat", "2"]);
        say(&broker, did, "{}");
        std::thread::sleep(Duration::from_millis(800));
        assert!(plant.online(did));
        assert_eq!(plant.reasons(did), ["online", "no_heartbeat", "online"]);
    }

    fn a_device_that_may_not_speak_is_refused_though_the_broker_lets_it(plant) {
        let (dids, broker) = connected(&plant, 2, &[]);
        let did = &dids[1];
        let (status, _) = plant.form("DELETE", "/dev/devices", &[("did", did), ("passcode", PASSCODE)]);
        assert_eq!(status, 200);
        say(&broker, did, "{}");
        soon("counted", || plant.refusals(did, "disabled") == 1);
        assert!(plant.messages(did).is_empty());
        assert!(!plant.online(did));
    }

    fn what_mosquitto_accepted_is_stored_once_when_the_server_is_killed(plant) {
        let (dids, broker) = connected(&plant, 2, &[]);
        let (did, address) = (dids[1].clone(), broker.address());
        let sender = std::thread::spawn({
            let did = did.clone();
            move || stream(&address, &did, 1, Instant::now() + Duration::from_secs(4))
        });
        for round in 0..3_u64 {
            std::thread::sleep(Duration::from_millis(700 + 90 * round));
            plant.take_server().kill();
            std::thread::sleep(Duration::from_millis(150));
            restart(&plant, &broker, &[]);
        }
        let (accepted, _) = sender.join().expect("no panic");
        assert!(accepted.len() > 300, "{}", accepted.len());
        told_once(&plant, &did, &accepted);
    }

    fn what_mosquitto_accepted_is_stored_once_when_it_is_restarted(plant) {
        // mosquitto 2.0.11 forgets shared subscriptions when it is restarted.
        let (dids, mut broker) = connected(&plant, 2, &["--mqtt-shared", "false"]);
        let did = &dids[1];
        let (mut accepted, mut next) = (Vec::new(), 1);
        for _ in 0..2 {
            let sender = std::thread::spawn({
                let (did, address) = (did.clone(), broker.address());
                move || stream(&address, &did, next, Instant::now() + Duration::from_secs(20))
            });
            std::thread::sleep(Duration::from_millis(900));
            broker.stop();
            let (some, end) = sender.join().expect("no panic");
            assert!(some.len() > 50, "{}", some.len());
            accepted.extend(some);
            next = end;
            std::thread::sleep(Duration::from_millis(300));
            broker.run();
        }
        told_once(&plant, did, &accepted);
        say(&broker, did, r#"{"n": 999999}"#);
        soon("the server is back", || numbers(&plant, did).contains(&999_999));
    }

    fn mosquitto_takes_the_files_that_millwright_writes(plant) {
        let did = plant.register("m1");
        let other = plant.register("m2");
        let mut broker = Mosquitto::start(&[]);
        broker.stop();
        let folder = broker.folder().join("made");
        let store = plant.store();
        let made = crate::process::run(&[
            "mosquitto", folder.to_str().expect("Unicode"), store[0], store[1], "--mqtt-password", "of-the-server",
        ]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        broker.configure("made/passwords", "made/acl");
        broker.run();
        plant.take_server().stop();
        restart(&plant, &broker, &[]);
        say(&broker, &did, "{}");
        soon("stored", || {
            say(&broker, &did, "{}");
            !plant.messages(&did).is_empty()
        });
        let output = client(&broker, "mosquitto_pub", &did)
            .args(["-P", "wrong", "-t", "x", "-m", "x"])
            .output()
            .expect("it runs");
        assert!(!output.status.success());
        let topic = format!("millwright/{KEY}/{other}/up");
        let foreign = client(&broker, "mosquitto_pub", &did).args(["-V", "5", "-t", &topic, "-m", "x"]).output();
        let said = String::from_utf8_lossy(&foreign.expect("it runs").stderr).into_owned();
        assert!(said.contains("Not authorized"), "{said}");
        assert!(plant.messages(&other).is_empty());
        let again = crate::process::run(&["mosquitto", folder.to_str().expect("Unicode"), store[0], store[1]]);
        assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    }
}

#[test]
fn two_servers_share_what_devices_send() {
    let plant = Plant::new(domain::db::Kind::Postgres);
    let (dids, mut broker) = connected(&plant, 4, &[]);
    broker.stop();
    broker.keep_client_ids();
    broker.run();
    let options = broker.options(&[]);
    let options: Vec<_> = options.iter().map(String::as_str).collect();
    let second = Server::start_with(plant.store(), &options);
    std::thread::sleep(Duration::from_secs(2));
    let senders: Vec<_> = dids[1..]
        .iter()
        .map(|did| {
            let (did, address) = (did.clone(), broker.address());
            std::thread::spawn(move || stream(&address, &did, 1, Instant::now() + Duration::from_secs(2)))
        })
        .collect();
    for (sender, did) in senders.into_iter().zip(&dids[1..]) {
        let (accepted, _) = sender.join().expect("no panic");
        assert!(accepted.len() > 50);
        told_once(&plant, did, &accepted);
        assert!(plant.online(did));
        assert_eq!(plant.reasons(did), ["online"], "noted by one of them");
    }
    second.stop();
}

#[test]
fn a_server_listens_here_or_there() {
    let output =
        crate::process::run(&["serve", "--mqtt-listen", "127.0.0.1:0", "--mqtt-url", "mqtt://127.0.0.1:1"]);
    assert_eq!(output.status.code(), Some(1));
    let reason = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(reason.contains("--mqtt-listen and --mqtt-url"), "{reason}");
}
