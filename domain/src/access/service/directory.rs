//! What was looked up of tenants and applications a moment ago, so that a flood of signed calls does not repeat it.
//!
//! Only hits are kept, and none longer than [`LIFETIME`]: a rotated or revoked key is out of every process within two
//! seconds, without the processes having to talk to each other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::Application;
use crate::access::Tenant;

/// How long a hit is believed, counted from before it was looked up.
const LIFETIME: Duration = Duration::from_millis(1500);
/// Entries of one kind; more are forgotten, not refused.
const CAPACITY: usize = 10_000;

/// The short memory of one process, and its one place at the password hashing.
pub struct Directory {
    pub(super) by_key: Recent<String, Application>,
    pub(super) by_code: Recent<String, Application>,
    pub(super) tenants: Recent<i64, Tenant>,
    pub(super) hashing: Arc<Semaphore>,
}

impl Default for Directory {
    fn default() -> Self {
        Self {
            by_key: Recent::default(),
            by_code: Recent::default(),
            tenants: Recent::default(),
            hashing: Arc::new(Semaphore::new(1)),
        }
    }
}

impl Directory {
    /// Forgets all applications, at once: this process has just changed one.
    pub(super) fn forget_applications(&self) {
        self.by_key.clear();
        self.by_code.clear();
    }

    /// Forgets a tenant and all applications: this process has just removed it.
    pub(super) fn forget_tenants(&self) {
        self.tenants.clear();
        self.forget_applications();
    }
}

pub(super) struct Recent<K, V>(Mutex<HashMap<K, (Instant, Arc<V>)>>);

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: std::hash::Hash + Eq, V> Recent<K, V> {
    pub(super) fn get<Q>(&self, key: &Q) -> Option<Arc<V>>
    where
        K: std::borrow::Borrow<Q>,
        Q: std::hash::Hash + Eq + ?Sized,
    {
        let entries = self.0.lock().expect("no code panics while it holds this lock");
        let (since, value) = entries.get(key)?;
        (since.elapsed() < LIFETIME).then(|| Arc::clone(value))
    }

    /// Keeps a hit; `asked` is the instant before the store was asked.
    pub(super) fn put(&self, key: K, asked: Instant, value: Arc<V>) {
        let mut entries = self.0.lock().expect("no code panics while it holds this lock");
        if entries.len() >= CAPACITY {
            entries.retain(|_, (since, _)| since.elapsed() < LIFETIME);
        }
        if entries.len() < CAPACITY {
            entries.insert(key, (asked, value));
        }
    }

    fn clear(&self) {
        self.0.lock().expect("no code panics while it holds this lock").clear();
    }
}
