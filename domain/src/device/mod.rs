//! Products and devices: what they are, what they sent, what they are told.

#[cfg(feature = "server")]
pub mod atlas;
#[cfg(feature = "server")]
pub mod control;
pub mod datapoint;
pub mod decimal;
pub mod definition;
#[cfg(feature = "server")]
pub mod figures;
pub mod frame;
#[cfg(feature = "server")]
pub mod ingest;
mod layout;
#[cfg(feature = "server")]
pub mod link;
pub mod machine;
pub mod p0;
mod params;
pub mod payload;
pub mod position;
#[cfg(feature = "server")]
pub mod refusal;
#[cfg(feature = "server")]
pub mod registration;
#[cfg(feature = "server")]
pub mod service;
pub mod session;
#[cfg(feature = "server")]
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub mod trouble;
pub mod view;

use crate::time::Millis;

pub use datapoint::{DataType, Datapoint, Kind};
pub use definition::{Definition, Protocol};
pub use params::*;
pub use payload::{Form, Order, Outgoing, Report, read_report};
pub use trouble::{Trouble, TroubleKind};

/// Kind of a device that nothing else was said of.
pub const NORMAL: &str = "normal";
/// How the place of an imported device is known.
pub const FROM_IMPORT: &str = "import";
/// Raw messages are kept this long when nothing else is said, days.
pub const DEFAULT_RETENTION_DAYS: i64 = 30;
/// The longest time for which raw messages are kept, days.
pub const MAX_RETENTION_DAYS: i64 = 3650;

/// A kind of device.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The name it goes by on the wire, unique in the installation.
    pub product_key: String,
    /// How its secret is kept: SHA-256.
    pub secret_hash: String,
    /// JSON: its datapoints, as the Enterprise API answers them.
    pub definition: String,
    /// Whether it is published: logs and history are then closed, unless [`Self::logs_enabled`].
    pub published: bool,
    /// Whether it gives logs and history although it is published.
    pub logs_enabled: bool,
    /// Whether the Enterprise API serves it.
    pub api_enabled: bool,
    /// Raw messages are kept this many days.
    pub retention_days: i64,
    /// JSON: which datapoints are machine state, pieces and scrap.
    pub machine_rule: Option<String>,
    /// JSON: which datapoints say where a device is.
    pub position_rule: Option<String>,
    /// When it was made.
    pub created_at: Millis,
    /// When it was changed last.
    pub modified_at: Millis,
}

/// A device.
#[derive(Clone, Debug, PartialEq)]
pub struct Device {
    /// Its id.
    pub id: i64,
    /// Its product.
    pub product_id: i64,
    /// The name it goes by on the wire, unique in the installation.
    pub did: String,
    /// Its MAC, or whatever it is told from others of its product by.
    pub mac: String,
    /// What it signs in with.
    pub passcode: String,
    /// `normal`, or what it was imported as.
    pub kind: String,
    /// Its serial number.
    pub serial_number: Option<String>,
    /// Whether it was deregistered.
    pub disabled: bool,
    /// When it was registered.
    pub created_at: Millis,
    /// When it was on line first.
    pub activated_at: Option<Millis>,
    /// Whether it is on line.
    pub online: bool,
    /// When something was heard of it last.
    pub online_latest: Option<Millis>,
    /// Where it is.
    pub place_id: Option<i64>,
    /// How the place is known: `import`, `gps`, `address`.
    pub place_source: Option<String>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Its group.
    pub group_id: Option<i64>,
    /// Version of the board of its controller.
    pub mcu_hard_version: Option<String>,
    /// Version of the program of its controller.
    pub mcu_soft_version: Option<String>,
    /// Version of the board of its radio.
    pub wifi_hard_version: Option<String>,
    /// Version of the program of its radio.
    pub wifi_soft_version: Option<String>,
    /// Form of its last report: 0 none yet, 1 binary of fixed length, 2 binary of variable length, 3 JSON.
    pub report_form: i64,
    /// JSON: the last known value of each datapoint.
    pub latest: Option<String>,
    /// When that was said.
    pub latest_at: Option<Millis>,
    /// Faults that are open.
    pub open_faults: i64,
    /// Alarms that are open.
    pub open_alarms: i64,
}
