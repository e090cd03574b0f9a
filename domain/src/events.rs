//! What changed, told to those who watch: small nudges, never data. A watcher refetches what it shows.

use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

/// What kind of thing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Topic {
    /// Machine states, production reports or quality controls: the figures of OEE.
    Oee,
    /// Shifts or planned shutdowns.
    Calendar,
    /// Factory model or process routes.
    Modelling,
    /// Metadata or master-data records.
    MasterData,
    /// Logs sent by applications.
    Log,
    /// Products, devices, their connections, reports and faults.
    Device,
    /// Groups, users and bindings of devices.
    Fleet,
}

/// Something of a tenant changed.
#[derive(Clone, Copy, Debug)]
pub struct Changed {
    /// Whose data.
    pub tenant_id: i64,
    /// Which part.
    pub topic: Topic,
}

/// The in-process bus. Other processes on the same database are covered by the pages' slow poll.
#[derive(Clone)]
pub struct Events(broadcast::Sender<Changed>);

impl Default for Events {
    fn default() -> Self {
        Self(broadcast::channel(1024).0)
    }
}

impl Events {
    /// Tells all watchers; call it after the commit, never before.
    pub fn publish(&self, changed: Changed) {
        // No watcher is no error.
        let _ = self.0.send(changed);
    }

    /// Watches from now on. A watcher that lags is told so and should refetch.
    pub fn subscribe(&self) -> broadcast::Receiver<Changed> {
        self.0.subscribe()
    }
}
