//! Encrypted connections, with a certificate that OpenSSL made.

use std::path::Path;
use std::process::{Command, Stdio};

use super::plant::{KEY, PASSCODE, on_both, soon};
use crate::process::run;

/// Makes a certificate for 127.0.0.1 and its key; their files.
fn certificate(folder: &Path) -> [String; 2] {
    let files = ["cert.pem", "key.pem"].map(|name| folder.join(name).display().to_string());
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-out", &files[0], "-keyout", &files[1]])
        .stderr(Stdio::null())
        .status();
    assert!(made.expect("openssl of Debian is installed").success());
    files
}

on_both! {
    fn devices_connect_encrypted(plant) {
        let folder = tempfile::tempdir().expect("a folder");
        let [cert, key] = certificate(folder.path());
        plant.take_server().stop();
        plant.start_with(&["--mqtt-tls-cert", &cert, "--mqtt-tls-key", &key]);
        let did = plant.register("m1");
        let mqtt = plant.mqtt();
        let port = mqtt.rsplit_once(':').expect("a port").1;
        let client = |program: &str, topic: &str, more: &[&str]| {
            let mut command = Command::new(program);
            command
                .args(["-h", "127.0.0.1", "-p", port, "--cafile", &cert, "-i", &did, "-u", &did, "-P", PASSCODE])
                .args(["-q", "1", "-t", topic])
                .args(more);
            command
        };
        let up = format!("millwright/{KEY}/{did}/up");
        let message = ["-m", r#"{"attrs": {"set_temp": 20}}"#];
        let output = client("mosquitto_pub", &up, &message).output().expect("it runs");
        assert!(output.status.success(), "{output:?}");
        assert_eq!(plant.messages(&did).len(), 1);
        soon("off line", || !plant.online(&did));
        let mut listener = client("mosquitto_sub", &format!("app2dev/{did}/#"), &[]).spawn().expect("it runs");
        soon("on line", || plant.online(&did));
        listener.kill().expect("it is killed");
        listener.wait().expect("it ends");
        soon("off line", || !plant.online(&did));
        assert_eq!(plant.reasons(&did), ["online", "mqtt_disconnect", "online", "ssl_closed"]);
    }

    fn a_certificate_that_cannot_be_used_is_named(plant) {
        let folder = tempfile::tempdir().expect("a folder");
        let [cert, key] = certificate(folder.path());
        let store = plant.store();
        let other = folder.path().join("other");
        std::fs::create_dir(&other).expect("a folder");
        let [_, foreign] = certificate(&other);
        for (cert, key) in [(&cert, &cert), (&key, &key), (&"none.pem".into(), &key), (&cert, &foreign)] {
            let output = run(&[
                "serve", "--listen", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0", store[0], store[1],
                "--mqtt-tls-cert", cert, "--mqtt-tls-key", key,
            ]);
            let reason = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{reason}");
            assert!(reason.contains("--mqtt-tls-"), "{reason}");
        }
    }
}
