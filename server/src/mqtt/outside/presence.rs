//! Who is on line at a broker outside: what RMQTT and EMQX tell of connections, and what messages say where nothing is
//! told.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::ctx::Services;
use domain::device::session::outside::{Told, add_pulses, arrived, departed, expire, spoke};
use domain::device::session::service::{Known, Login, Pulse, find};
use domain::device::session::{Beats, OfflineReason};
use domain::{Millis, Result};
use serde_json::Value;
use tokio::time::{Instant, interval};

use super::Shared;

/// Where RMQTT and EMQX tell of connections.
pub(super) const FILTERS: [&str; 2] =
    ["$SYS/brokers/+/clients/+/connected", "$SYS/brokers/+/clients/+/disconnected"];
/// How soon a device that speaks is on line.
const TICK: Duration = Duration::from_millis(250);
/// Signs of life are written down at least so often.
const PULSE: Duration = Duration::from_secs(15);
/// The last messages of a device may arrive so long after it is told that it left, in milliseconds.
const LATE: Millis = 5_000;
/// A device that was silent for so long is forgotten, in milliseconds.
const FORGET: Millis = 3_600_000;

/// What a topic tells of.
pub(super) struct Event<'a> {
    pub client_id: &'a str,
    pub connected: bool,
}

/// Reads `$SYS/brokers/{node}/clients/{client id}/connected` and `…/disconnected`.
pub(super) fn event(topic: &str) -> Option<Event<'_>> {
    let rest = topic.strip_prefix("$SYS/brokers/")?;
    let (_, rest) = rest.split_once("/clients/")?;
    let (client_id, what) = rest.rsplit_once('/')?;
    match what {
        "connected" => Some(Event { client_id, connected: true }),
        "disconnected" => Some(Event { client_id, connected: false }),
        _ => None,
    }
}

/// What a connected message says.
pub(super) fn told_of(payload: &[u8], now: Millis) -> Told {
    let json: Value = serde_json::from_slice(payload).unwrap_or_default();
    let at = ["connected_at", "ts"].iter().find_map(|name| moment(&json[*name])).unwrap_or(now);
    let node = json["node"].as_i64().map(|node| node.to_string()).unwrap_or_default();
    let port = json["sockport"].as_i64().map(|port| port.to_string()).unwrap_or_default();
    let address = json["ipaddress"].as_str().filter(|text| !text.is_empty()).map(without_port);
    Told {
        connection: format!("{node}:{port}:{at}"),
        address,
        keep_alive: json["keepalive"].as_i64().unwrap_or_default(),
        at,
    }
}

/// When and why a connection ended. `None` for one that another took the place of: that one is told of by itself.
pub(super) fn ended_by(payload: &[u8], now: Millis) -> Option<(Millis, OfflineReason)> {
    let json: Value = serde_json::from_slice(payload).unwrap_or_default();
    let at = ["disconnected_at", "ts"].iter().find_map(|name| moment(&json[*name])).unwrap_or(now);
    let word = json["reason"].as_str().unwrap_or_default();
    Some((at, reason(word)?))
}

/// Seconds or milliseconds.
fn moment(value: &Value) -> Option<Millis> {
    let number = value.as_i64().filter(|number| *number > 0)?;
    Some(if number > 100_000_000_000 { number } else { number * 1000 })
}

/// `host` of `host:port`.
fn without_port(text: &str) -> String {
    let cut = text.rsplit_once(':').filter(|(host, port)| {
        port.bytes().all(|byte| byte.is_ascii_digit()) && (!host.contains(':') || host.ends_with(']'))
    });
    cut.map_or(text, |(host, _)| host).to_owned()
}

/// What EMQX (`tcp_closed`) and RMQTT (`RemoteClose`) call it; `None` when another connection took its place.
fn reason(word: &str) -> Option<OfflineReason> {
    let bare = word.split(['(', ' ', '{']).next().unwrap_or_default();
    let bare: String =
        bare.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    Some(match bare.as_str() {
        "takenover" | "takeover" | "discarded" | "kicked" => return None,
        "normal" | "disconnect" | "disconnectwithwill" => OfflineReason::MqttDisconnect,
        "keepalivetimeout" => OfflineReason::NoHeartbeat,
        "tcpclosed" | "closed" | "sockclosed" | "remoteclose" | "readwriteerror" | "readwritetimeout" => {
            OfflineReason::TcpClosed
        }
        "sslclosed" | "sslerror" => OfflineReason::SslClosed,
        "byadminkick" | "kickedbyadministrator" => OfflineReason::OfflineReset,
        "frametoolarge" | "frameerror" | "packettoolarge" => OfflineReason::OfflineSendingDataSizeOverflow,
        "handshakerateexceeded" | "receivemaximumexceeded" | "messageratetoohigh" => {
            OfflineReason::OfflineSendingDensityOverflow
        }
        _ => OfflineReason::OfflineException,
    })
}

type Device = (i64, i64);

struct Heard {
    known: Arc<Known>,
    beats: Beats,
    at: Millis,
    /// Something was heard since the last time it was written down.
    news: bool,
    /// A connection is on record, as far as this server knows.
    open: bool,
    /// The broker told that it left.
    left_at: Option<Millis>,
}

/// What this server heard of devices.
pub(super) struct Presence {
    devices: Mutex<HashMap<Device, Heard>>,
    /// The broker tells of connections.
    tells: AtomicBool,
    heartbeat: u16,
}

impl Presence {
    pub fn new(heartbeat: u16) -> Self {
        Self { devices: Mutex::default(), tells: AtomicBool::new(false), heartbeat }
    }

    fn devices(&self) -> MutexGuard<'_, HashMap<Device, Heard>> {
        self.devices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A message of a device arrived.
    pub fn spoke(&self, known: &Arc<Known>, at: Millis) {
        let mut devices = self.devices();
        let device = (known.tenant.id, known.device_id);
        if let Some(heard) = devices.get_mut(&device) {
            heard.beats.beat(at);
            heard.at = at;
            heard.news = true;
            return;
        }
        let (known, beats) = (Arc::clone(known), Beats::since(at));
        devices.insert(device, Heard { known, beats, at, news: true, open: false, left_at: None });
    }

    /// The broker tells something.
    pub async fn told(
        &self,
        services: &Services,
        known: &Arc<Known>,
        event: &Event<'_>,
        payload: &[u8],
    ) -> Result<()> {
        self.tells.store(true, Ordering::Relaxed);
        let now = services.clock.now();
        let device = (known.tenant.id, known.device_id);
        if event.connected {
            arrived(services, known, told_of(payload, now)).await?;
            if let Some(heard) = self.devices().get_mut(&device) {
                (heard.open, heard.left_at) = (true, None);
            }
        } else if let Some((at, reason)) = ended_by(payload, now) {
            self.write(services).await;
            departed(services, known, reason, at).await?;
            if let Some(heard) = self.devices().get_mut(&device) {
                (heard.open, heard.left_at) = (false, Some(at));
            }
        }
        Ok(())
    }

    /// A device may not be on line any more.
    pub async fn ended_here(&self, services: &Services, did: &str, reason: OfflineReason) {
        // It is disabled by now: who it was is known to those who heard it, or to nobody.
        let known =
            self.devices().values().find(|heard| heard.known.did == did).map(|heard| heard.known.clone());
        let known = match known {
            Some(known) => Some(known),
            None => match find(services, did).await {
                Ok(Login::Accepted(known)) => Some(known),
                _ => None,
            },
        };
        let Some(known) = known else { return };
        if let Err(error) = departed(services, &known, reason, services.clock.now()).await {
            tracing::warn!(?error, did, "the end of a connection is not on record");
        }
        self.devices().remove(&(known.tenant.id, known.device_id));
    }

    /// Devices that speak and have no connection on record.
    fn arriving(&self) -> Vec<(Arc<Known>, Millis)> {
        let mut devices = self.devices();
        let mut arriving = Vec::new();
        for heard in devices.values_mut().filter(|heard| heard.news && !heard.open) {
            if heard.left_at.is_some_and(|left| heard.at < left + LATE) {
                heard.news = false;
                continue;
            }
            heard.open = true;
            arriving.push((Arc::clone(&heard.known), heard.at));
        }
        arriving
    }

    async fn open(&self, services: &Services) {
        for (known, at) in self.arriving() {
            if let Err(error) = spoke(services, &known, at, i64::from(self.heartbeat)).await {
                tracing::warn!(?error, did = known.did, "a device could not be put on line; will try again");
                if let Some(heard) = self.devices().get_mut(&(known.tenant.id, known.device_id)) {
                    heard.open = false;
                }
            }
        }
    }

    /// Writes signs of life down.
    async fn write(&self, services: &Services) {
        let now = services.clock.now();
        let mut pulses = Vec::new();
        {
            let mut devices = self.devices();
            devices.retain(|_, heard| heard.news || heard.at + FORGET > now);
            for ((tenant_id, device_id), heard) in
                devices.iter_mut().filter(|(_, heard)| heard.news && heard.open)
            {
                let (tenant_id, device_id) = (*tenant_id, *device_id);
                pulses.push(Pulse { tenant_id, device_id, beats: heard.beats, heard_at: heard.at });
                heard.news = false;
                heard.beats = Beats::since(heard.at);
            }
        }
        pulses.sort_unstable_by_key(|pulse| (pulse.tenant_id, pulse.device_id));
        match add_pulses(services, &pulses).await {
            Ok(missing) => {
                let mut devices = self.devices();
                for device in missing {
                    if let Some(heard) = devices.get_mut(&device) {
                        // Another server put it off line.
                        (heard.open, heard.news) = (false, true);
                    }
                }
            }
            Err(error) => tracing::warn!(?error, "signs of life of devices were not written down"),
        }
    }

    async fn put_off_line(&self, services: &Services) {
        match expire(services).await {
            Ok(ended) => {
                let mut devices = self.devices();
                for device in ended {
                    if let Some(heard) = devices.get_mut(&device) {
                        heard.open = false;
                    }
                }
            }
            Err(error) => tracing::warn!(?error, "silent devices were not put off line; will try again"),
        }
    }
}

/// Keeps what is on record near to what is heard.
pub(super) async fn keep(shared: Arc<Shared>) {
    let Shared { services, presence, .. } = &*shared;
    let patience = Duration::from_millis(1500) * u32::from(presence.heartbeat);
    let pulse = PULSE.min(patience / 4);
    let mut timer = interval(TICK.min(pulse));
    // What waited at the broker while no server was there says who is on line: it comes first.
    let begin = Instant::now() + patience;
    let mut written = Instant::now();
    loop {
        timer.tick().await;
        presence.open(services).await;
        if written.elapsed() < pulse {
            continue;
        }
        written = Instant::now();
        presence.write(services).await;
        // A broker that tells of connections tells of their ends.
        if Instant::now() > begin && !presence.tells.load(Ordering::Relaxed) {
            presence.put_off_line(services).await;
        }
    }
}
