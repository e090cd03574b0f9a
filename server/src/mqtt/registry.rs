//! Which device is connected, and how to reach it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::Millis;
use domain::device::link::{Broker, Order, Sending, Sent};
use domain::device::session::service::{Known, Pulse};
use domain::device::session::{Beats, OfflineReason};
use rmqtt_codec::types::QoS;
use tokio::sync::{mpsc, watch};

use super::rights;

/// Messages that may wait for a device.
const WAITING: usize = 64;
/// Filters that a device may ask for.
const MAX_FILTERS: usize = 32;

/// A message to a device.
pub(super) struct Outgoing {
    pub topic: String,
    pub payload: Vec<u8>,
    pub quality: QoS,
}

/// What is known of a connection.
pub(super) struct Entry {
    pub known: Arc<Known>,
    /// Its number in this process.
    pub number: u64,
    outgoing: mpsc::Sender<Outgoing>,
    end: mpsc::Sender<OfflineReason>,
    over: watch::Receiver<bool>,
    live: Mutex<Live>,
}

struct Live {
    beats: Beats,
    heard_at: Millis,
    news: bool,
    filters: Vec<(String, QoS)>,
}

/// The connection's side of an [`Entry`].
pub(super) struct Held {
    pub entry: Arc<Entry>,
    pub outgoing: mpsc::Receiver<Outgoing>,
    pub end: mpsc::Receiver<OfflineReason>,
    /// Set when everything about the connection is written down.
    pub over: watch::Sender<bool>,
}

impl Entry {
    fn live(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection is on record from then on.
    pub fn began(&self, at: Millis) {
        let mut live = self.live();
        live.beats = Beats::since(at);
        live.heard_at = at;
    }

    /// A sign of life.
    pub fn beat(&self, at: Millis) {
        let mut live = self.live();
        live.beats.beat(at);
        live.heard_at = live.heard_at.max(at);
        live.news = true;
    }

    /// Something else was heard.
    pub fn heard(&self, at: Millis) {
        self.live().heard_at = at;
    }

    /// Its heartbeats.
    pub fn beats(&self) -> Beats {
        self.live().beats
    }

    /// It wants what comes under this filter; the quality it gets it with, `None` for too many filters.
    pub fn subscribe(&self, filter: String, wanted: QoS) -> Option<QoS> {
        let quality = wanted.less_value(QoS::AtLeastOnce);
        let mut live = self.live();
        live.filters.retain(|(known, _)| *known != filter);
        if live.filters.len() >= MAX_FILTERS {
            return None;
        }
        live.filters.push((filter, quality));
        Some(quality)
    }

    /// It no longer wants what comes under this filter.
    pub fn unsubscribe(&self, filter: &str) {
        self.live().filters.retain(|(known, _)| known != filter);
    }

    fn quality(&self, topic: &str) -> Option<QoS> {
        let live = self.live();
        live.filters.iter().filter(|(filter, _)| rights::matches(filter, topic)).map(|(_, q)| *q).max()
    }

    /// Asks the connection to end; what counts is the first reason.
    pub fn end(&self, reason: OfflineReason) {
        let _ = self.end.try_send(reason);
    }

    /// Waits until the connection is over and that is written down.
    pub async fn over(&self) {
        let mut over = self.over.clone();
        // A sender that is gone means the same.
        let _ = over.wait_for(|over| *over).await;
    }
}

/// All connections.
#[derive(Default)]
pub(super) struct Registry {
    devices: Mutex<HashMap<String, Arc<Entry>>>,
    numbers: AtomicU64,
}

impl Registry {
    fn devices(&self) -> MutexGuard<'_, HashMap<String, Arc<Entry>>> {
        self.devices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes room for a new connection of a device, and answers with the one that had its place.
    pub fn enter(&self, known: &Arc<Known>, at: Millis) -> (Held, Option<Arc<Entry>>) {
        let (outgoing, outgoing_queue) = mpsc::channel(WAITING);
        let (end, end_queue) = mpsc::channel(1);
        let (over_sender, over) = watch::channel(false);
        let live = Live { beats: Beats::since(at), heard_at: at, news: false, filters: Vec::new() };
        let entry = Arc::new(Entry {
            known: Arc::clone(known),
            number: self.numbers.fetch_add(1, Ordering::Relaxed) + 1,
            outgoing,
            end,
            over,
            live: Mutex::new(live),
        });
        let before = self.devices().insert(known.did.clone(), Arc::clone(&entry));
        (Held { entry, outgoing: outgoing_queue, end: end_queue, over: over_sender }, before)
    }

    /// Removes a connection, unless another has its place.
    pub fn leave(&self, entry: &Entry) {
        let mut devices = self.devices();
        if devices.get(&entry.known.did).is_some_and(|current| current.number == entry.number) {
            devices.remove(&entry.known.did);
        }
    }

    /// All connections as they are now.
    pub fn all(&self) -> Vec<Arc<Entry>> {
        self.devices().values().cloned().collect()
    }

    fn find(&self, did: &str) -> Option<Arc<Entry>> {
        self.devices().get(did).cloned()
    }

    /// Signs of life since the last time.
    pub fn pulses(&self) -> Vec<Pulse> {
        let mut pulses: Vec<_> = self
            .all()
            .into_iter()
            .filter_map(|entry| {
                let mut live = entry.live();
                std::mem::take(&mut live.news).then(|| Pulse {
                    tenant_id: entry.known.tenant.id,
                    device_id: entry.known.device_id,
                    beats: live.beats,
                    heard_at: live.heard_at,
                })
            })
            .collect();
        pulses.sort_unstable_by_key(|pulse| (pulse.tenant_id, pulse.device_id));
        pulses
    }
}

impl Registry {
    fn hand(&self, order: Order<'_>) -> Sent {
        let Some(entry) = self.find(order.did) else { return Sent::Offline };
        let Some(quality) = entry.quality(order.topic) else { return Sent::Offline };
        let outgoing = Outgoing { topic: order.topic.to_owned(), payload: order.payload.to_vec(), quality };
        match entry.outgoing.try_send(outgoing) {
            Ok(()) => Sent::Handed,
            Err(mpsc::error::TrySendError::Full(_)) => Sent::Busy,
            Err(mpsc::error::TrySendError::Closed(_)) => Sent::Offline,
        }
    }
}

impl Broker for Registry {
    fn send<'a>(&'a self, order: Order<'a>) -> Sending<'a> {
        Box::pin(std::future::ready(self.hand(order)))
    }

    fn end(&self, did: &str, reason: OfflineReason) {
        if let Some(entry) = self.find(did) {
            entry.end(reason);
        }
    }
}
