//! Devices: messages in a second, memory of connections, history and reports. SQLite, the embedded broker, one machine.

mod broker;
#[path = "../../../../server/src/simulate/client.rs"]
mod client;
mod fleet;
mod plant;
mod rows;
mod stream;

use std::path::Path;
use std::time::Duration;

use crate::process::{Place, Server};
use crate::{Extent, Result, say, table};
use client::{Client, Heard, Hello, Lost};
use stream::Stream;

/// Messages in a second that are enough.
const ENOUGH: f64 = 5_000.0;
/// Devices that send as fast as they can.
const SENDERS: usize = 50;
/// Memory that so many connections may take.
const MOST_MEMORY: u64 = 150_000_000;
/// Memory is looked at after the connections were quiet for so long.
const QUIET: Duration = Duration::from_secs(5);

impl From<Lost> for crate::Failure {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::Refused(reason) => format!("a device is refused: {reason}").into(),
            Lost::Broken(reason) => format!("a connection broke: {reason}").into(),
        }
    }
}

/// Measures, and answers the lines of the table.
pub async fn all(binary: &Path, extent: Extent) -> Result<Vec<String>> {
    let folder = tempfile::tempdir_in(binary.parent().ok_or("the binary lies in no folder")?)?;
    let mut lines = vec![table::heading()];
    lines.extend(messages(binary, folder.path(), extent).await?);
    lines.push(memory(binary, folder.path(), extent).await?);
    lines.extend(fleet::all(binary, &folder.path().join("fleet"), extent).await?);
    Ok(lines)
}

/// Messages acknowledged after their commit, beside mosquitto relaying the same stream, and beside the bare rows.
async fn messages(binary: &Path, folder: &Path, extent: Extent) -> Result<Vec<String>> {
    let ours = folder.join("messages");
    let plant = plant::build(&ours, SENDERS).await?;
    plant.ctx.services.db.close().await;
    let bare = folder.join("rows");
    std::fs::create_dir_all(&bare)?;
    std::fs::copy(crate::plant::file(&ours), crate::plant::file(&bare))?;
    let mut rows = rows::Rows::open(&crate::plant::file(&bare)).await?;
    let mosquitto = broker::Mosquitto::start(folder).await?;
    let server = Server::start_for_devices(binary, &Place::Folder(ours)).await?;
    let address = server.mqtt.as_deref().ok_or("the server serves no devices")?;

    let relayed = Stream { address: &mosquitto.address, devices: &plant.devices };
    let stored = Stream { address, devices: &plant.devices };
    let (mut bare_rates, mut relay_rates, mut our_rates) = (Vec::new(), Vec::new(), Vec::new());
    let (mut to_relay, mut to_bare, mut slow) = (Vec::new(), Vec::new(), Vec::new());
    // Once before it counts.
    for number in 0..=extent.runs {
        let bare = rows.run(extent.length, &plant.rows()).await?;
        let relay = relayed.run(extent.length, true).await?;
        let ours = stored.run(extent.length, false).await?;
        if number == 0 {
            continue;
        }
        say(&format!(
            "run {number}: bare rows {bare:.0}/s, mosquitto relays {:.0}/s, ours {:.0}/s",
            relay.rate, ours.rate
        ));
        to_relay.push(ours.rate / relay.rate);
        to_bare.push(ours.rate / bare);
        bare_rates.push(bare);
        relay_rates.push(relay.rate);
        our_rates.push(ours.rate);
        slow.push(ours.slow);
    }
    if let Some(bytes) = server.memory() {
        say(&format!("memory after that: {:.1} MB", bytes as f64 / 1e6));
    }
    server.stop().await?;
    mosquitto.stop().await?;
    let middle = |rates: &mut Vec<f64>| table::median(rates, f64::total_cmp).unwrap_or_default();
    let slow = table::median(&mut slow, Ord::cmp).unwrap_or_default();
    let ours = middle(&mut our_rates);
    Ok(vec![
        table::beside(
            "messages, beside mosquitto relaying",
            [middle(&mut relay_rates), ours],
            middle(&mut to_relay),
            slow,
            Some(ENOUGH),
        ),
        table::beside(
            "messages, beside bare rows",
            [middle(&mut bare_rates), ours],
            middle(&mut to_bare),
            slow,
            None,
        ),
    ])
}

/// Memory of the server while many devices are connected, each of which has reported once.
async fn memory(binary: &Path, folder: &Path, extent: Extent) -> Result<String> {
    say(&format!("{} connections …", extent.connections));
    let place = folder.join("connections");
    let plant = plant::build(&place, extent.connections).await?;
    plant.ctx.services.db.close().await;
    let server = Server::start_for_devices(binary, &Place::Folder(place)).await?;
    let address = server.mqtt.as_deref().ok_or("the server serves no devices")?;
    let mut connected = Vec::with_capacity(plant.devices.len());
    for device in &plant.devices {
        let hello = Hello { level: 3, name: &device.did, passcode: plant::PASSCODE, keep_alive: 600 };
        let mut client = Client::connect(address, &hello).await?;
        let filters = [format!("app2dev/{}/#", device.did)];
        client.subscribe(std::num::NonZeroU16::MIN, &filters);
        client.publish(&device.topic, &device.message(1), std::num::NonZeroU16::MIN, false);
        client.ping();
        client.send().await?;
        connected.push(client);
    }
    for client in &mut connected {
        // A subscription, a message and a sign of life.
        for _ in 0..3 {
            if let Heard::Message(..) = client.hear().await? {
                return Err("a device was told something".into());
            }
        }
    }
    tokio::time::sleep(QUIET).await;
    let memory = server.memory();
    for client in connected {
        client.goodbye().await?;
    }
    server.stop().await?;
    let what = format!("memory at {} connections", extent.connections);
    Ok(match memory {
        Some(bytes) => table::memory(&what, bytes, MOST_MEMORY),
        None => format!("{what}: this system does not tell"),
    })
}
