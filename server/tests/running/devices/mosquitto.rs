//! Debian's `mosquitto_pub` and `mosquitto_sub` as devices.

use std::process::{Command, Output};

use super::plant::{KEY, PASSCODE, Plant, on_both, soon};

fn mosquitto(plant: &Plant, program: &str, did: &str, version: &str, more: &[&str]) -> Output {
    let mqtt = plant.mqtt();
    let (host, port) = mqtt.rsplit_once(':').expect("a port");
    Command::new(program)
        .args(["-h", host, "-p", port, "-V", version, "-i", did, "-u", did, "-P", PASSCODE, "-q", "1"])
        .args(more)
        .output()
        .expect("mosquitto-clients of Debian is installed")
}

on_both! {
    fn mosquitto_reports_in_every_version_of_the_protocol(plant) {
        let did = plant.register("m1");
        let up = format!("millwright/{KEY}/{did}/up");
        for (number, version) in (1_usize..).zip(["mqttv31", "mqttv311", "mqttv5"]) {
            for quality in ["0", "1", "2"] {
                let message = format!(r#"{{"attrs": {{"set_temp": {}}}}}"#, 20 + number);
                let more = ["-q", quality, "-t", &up, "-m", &message];
                let output = mosquitto(&plant, "mosquitto_pub", &did, version, &more);
                assert!(output.status.success(), "{version} {quality}: {output:?}");
            }
            soon("stored", || plant.messages(&did).len() == 3 * number);
        }
        soon("off line", || !plant.online(&did));
        assert_eq!(plant.reasons(&did).iter().filter(|word| *word == "mqtt_disconnect").count(), 9);
    }

    fn mosquitto_is_told_that_a_topic_is_not_its_own(plant) {
        let did = plant.register("m1");
        let other = plant.register("m2");
        let topic = format!("millwright/{KEY}/{other}/up");
        let output = mosquitto(&plant, "mosquitto_pub", &did, "mqttv5", &["-t", &topic, "-m", "x"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("Not authorized"), "{said}");
        for version in ["mqttv311", "mqttv5"] {
            let more = ["-W", "3", "-t", &format!("app2dev/{other}/#")];
            let output = mosquitto(&plant, "mosquitto_sub", &did, version, &more);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(said.contains("denied") || said.contains("rejected"), "{version}: {said}");
        }
        let output = mosquitto(&plant, "mosquitto_pub", &did, "mqttv311", &["-P", "wrong", "-t", "x", "-m", "x"]);
        assert!(!output.status.success());
        soon("counted", || plant.refusals(&did, "topic") >= 3 && plant.refusals(&did, "credentials") >= 1);
        assert!(plant.messages(&other).is_empty());
    }
}
