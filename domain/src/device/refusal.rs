//! What was refused at the door: connections, topics and messages, counted by day.
//!
//! Counted in memory and written down every second, so that whoever hammers at the door does not keep the store busy.

mod store;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use crate::Result;
use crate::ctx::Services;

/// Why something was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Unknown device or wrong passcode.
    Credentials,
    /// The device was disabled.
    Disabled,
    /// A topic that is not the device's.
    Topic,
    /// A message above the largest size.
    Size,
    /// Bytes that are not MQTT, or not where they were.
    Protocol,
}

impl Refusal {
    /// Its stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Disabled => "disabled",
            Self::Topic => "topic",
            Self::Size => "size",
            Self::Protocol => "protocol",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    tenant_id: i64,
    did: String,
    day: String,
    refusal: Refusal,
}

/// The counter. Cheap to clone.
#[derive(Clone, Default)]
pub struct Refusals(Arc<Mutex<HashMap<Key, i64>>>);

impl Refusals {
    /// Counts one. `device` is the tenant and the name of a known device.
    pub fn count(&self, services: &Services, device: Option<(i64, &str)>, refusal: Refusal) {
        let (tenant_id, did) = device.unwrap_or_default();
        let day = Timestamp::from_millisecond(services.clock.now()).unwrap_or_default();
        let day = day.strftime("%Y-%m-%d").to_string();
        let key = Key { tenant_id, did: did.to_owned(), day, refusal };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
    }

    /// Writes down what was counted since the last time.
    pub async fn write(&self, services: &Services) -> Result<()> {
        let counted = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if counted.is_empty() {
            return Ok(());
        }
        let written = store::add(services, &counted).await;
        if written.is_err() {
            let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, count) in counted {
                *waiting.entry(key).or_default() += count;
            }
        }
        written
    }
}
