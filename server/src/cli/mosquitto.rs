//! What a mosquitto that serves the devices has to know.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use domain::device::registration::credentials;
use domain::id;
use hmac::{Hmac, Mac};
use sha2::Sha512;

use super::store::{Missing, Options};
use super::{Failure, say};

/// Devices that are read at once.
const PAGE: i64 = 1000;
/// Rounds of the hash: mosquitto's own number. A passcode is hashed for each connection.
const ROUNDS: u32 = 101;

#[derive(Args)]
pub(super) struct Mosquitto {
    /// Folder to write to
    folder: PathBuf,
    /// Name of the servers at mosquitto
    #[arg(long, env = "MILLWRIGHT_MQTT_USER", value_name = "NAME", default_value = "millwright")]
    mqtt_user: String,
    /// Their password [default: a new one, which is printed]
    #[arg(long, env = "MILLWRIGHT_MQTT_PASSWORD", value_name = "PASSWORD", hide_env_values = true)]
    mqtt_password: Option<String>,
}

pub(super) async fn mosquitto(store: &Options, command: Mosquitto) -> Result<(), Failure> {
    let Mosquitto { folder, mqtt_user, mqtt_password } = command;
    if !nameable(&mqtt_user) {
        return Err(Failure::new("--mqtt-user: must be a name without : and line ends"));
    }
    let services = store.open(Missing::Refuse).await?;
    std::fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
    let password = mqtt_password.clone().unwrap_or_else(|| id::secret(24));
    let mut lines = line(&mqtt_user, &password)?;
    let (mut after, mut devices, mut left_out) = (String::new(), 0_usize, 0_usize);
    loop {
        let page = credentials(&services, &after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after.clone_from(last);
        for (did, passcode) in &page {
            if nameable(did) {
                lines.push_str(&line(did, passcode)?);
                devices += 1;
            } else {
                left_out += 1;
            }
        }
    }
    replace(&folder.join("passwords"), &lines)?;
    replace(&folder.join("acl"), &rights(&mqtt_user))?;
    say(&format!("devices: {devices}"))?;
    if left_out > 0 {
        say(&format!("left out, as their did has a colon or a line end: {left_out}"))?;
    }
    if mqtt_password.is_none() {
        say(&format!("mqtt_user: {mqtt_user}\nmqtt_password: {password}"))?;
    }
    services.db.close().await;
    Ok(())
}

/// Whether a name can stand in a password file.
fn nameable(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c == ':' || c.is_control())
}

fn unwritable(file: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot write {}: {error}; choose another folder", file.display()))
}

/// Writes a file that mosquitto never sees half.
fn replace(file: &Path, text: &str) -> Result<(), Failure> {
    let new = file.with_extension("new");
    let write = || {
        let mut out: File =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        std::fs::rename(&new, file)
    };
    write().map_err(|error| unwritable(file, &error))
}

/// What each client may do; `%u` is its name. The server checks the product's key itself.
fn rights(user: &str) -> String {
    let mut text = format!("# Written by millwright mosquitto\nuser {user}\n");
    for topic in [
        "read dev2app/#",
        "read millwright/+/+/up",
        "read $SYS/#",
        "write app2dev/#",
        "write millwright/+/+/down",
    ] {
        let _ = writeln!(text, "topic {topic}");
    }
    text.push('\n');
    let own = [
        "write dev2app/%u",
        "write dev2app/%u/#",
        "write millwright/+/%u/up",
        "write cli2ser_req",
        "read app2dev/%u/#",
        "read millwright/+/%u/down",
        "read ser2cli_res/%u",
        "read ser2cli_noti/+",
    ];
    for topic in own {
        let _ = writeln!(text, "pattern {topic}");
    }
    text
}

/// A line of a password file, as `mosquitto_passwd` writes it: PBKDF2 with HMAC-SHA512.
fn line(name: &str, password: &str) -> Result<String, Failure> {
    let mut salt = id::secret(12).into_bytes();
    salt.truncate(12);
    let hash = stretched(password.as_bytes(), &salt)?;
    Ok(format!("{name}:$7${ROUNDS}${}${}\n", STANDARD.encode(&salt), STANDARD.encode(hash)))
}

/// One block of PBKDF2, which is as long as the hash.
fn stretched(password: &[u8], salt: &[u8]) -> Result<[u8; 64], Failure> {
    let keyed = Hmac::<Sha512>::new_from_slice(password)
        .map_err(|error| Failure::new(format!("a password cannot be hashed: {error}")))?;
    let mut first = keyed.clone();
    first.update(salt);
    first.update(&1_u32.to_be_bytes());
    let mut round: [u8; 64] = first.finalize().into_bytes().into();
    let mut sum = round;
    for _ in 1..ROUNDS {
        let mut next = keyed.clone();
        next.update(&round);
        round = next.finalize().into_bytes().into();
        for (byte, new) in sum.iter_mut().zip(round) {
            *byte ^= new;
        }
    }
    Ok(sum)
}
