//! The way from a service to the devices that are connected to this process.
//!
//! The broker that holds the connections registers itself here; services do not know it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::session::OfflineReason;

/// What became of a message to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The device's connection has it.
    Handed,
    /// The device is not connected, or has not asked for messages under that topic.
    Offline,
    /// The device does not take its messages as fast as they come.
    Busy,
}

/// Whatever holds the connections of devices.
pub trait Broker: Send + Sync {
    /// Hands a message to a connected device.
    fn send(&self, did: &str, topic: &str, payload: Vec<u8>) -> Sent;
    /// Ends the connection of a device, if it has one.
    fn end(&self, did: &str, reason: OfflineReason);
}

/// The way to the devices; one for each process. Cheap to clone.
#[derive(Clone, Default)]
pub struct Links(Arc<Inner>);

#[derive(Default)]
struct Inner {
    broker: RwLock<Option<Arc<dyn Broker>>>,
    definitions: AtomicU64,
}

impl Links {
    /// From now on this broker holds the connections; `None` when it has ended.
    pub fn set_broker(&self, broker: Option<Arc<dyn Broker>>) {
        *self.0.broker.write().unwrap_or_else(PoisonError::into_inner) = broker;
    }

    fn broker(&self) -> Option<Arc<dyn Broker>> {
        self.0.broker.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Hands a message to a connected device.
    pub fn send(&self, did: &str, topic: &str, payload: Vec<u8>) -> Sent {
        self.broker().map_or(Sent::Offline, |broker| broker.send(did, topic, payload))
    }

    /// Ends the connection of a device, after the commit that took its right to it: the broker asks the store when the
    /// device comes back.
    pub fn end(&self, did: &str, reason: OfflineReason) {
        if let Some(broker) = self.broker() {
            broker.end(did, reason);
        }
    }

    /// Says that a product's definition changed, after the commit: what is remembered of products is read again. Other
    /// processes find out by themselves within seconds.
    pub fn products_changed(&self) {
        self.0.definitions.fetch_add(1, Ordering::Release);
    }

    /// Grows with every change of a product in this process.
    pub(crate) fn products_version(&self) -> u64 {
        self.0.definitions.load(Ordering::Acquire)
    }
}
