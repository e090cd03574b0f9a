//! The way from a service to the devices.
//!
//! Whatever holds the connections of this process registers itself here; services do not know it. A process that holds
//! none leaves its messages to the one that does (`control::outbox`).

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::session::OfflineReason;

/// What became of a message to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The device's connection has it, or the broker that holds the connection.
    Handed,
    /// The device is not connected, or has not asked for messages under that topic.
    Offline,
    /// The device does not take its messages as fast as they come, or the broker does not answer.
    Busy,
}

/// A message to a device.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The device.
    pub did: &'a str,
    /// Where it listens.
    pub topic: &'a str,
    /// What it is told.
    pub payload: &'a [u8],
    /// Whether it is on line according to the store.
    pub online: bool,
}

/// A message on its way.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Sent> + Send + 'a>>;

/// Whatever holds the connections of devices.
pub trait Broker: Send + Sync {
    /// Hands a message to a connected device.
    fn send<'a>(&'a self, order: Order<'a>) -> Sending<'a>;
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

    /// What holds the connections of this process; `None` when it holds none.
    pub fn broker(&self) -> Option<Arc<dyn Broker>> {
        self.0.broker.read().unwrap_or_else(PoisonError::into_inner).clone()
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
