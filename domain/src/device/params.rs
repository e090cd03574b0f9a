//! What the calls about products and devices take and answer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Patch;
use crate::time::Millis;

/// A product by its key.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct OfProduct {
    /// The product.
    pub product_key: String,
}

/// A device of a product, by its MAC.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct OfMac {
    /// The product.
    pub product_key: String,
    /// MAC of the device.
    pub mac: String,
}

/// A product to create.
#[derive(Clone, Debug, Default)]
pub struct CreateProduct {
    /// Its name; the definition's when none is given.
    pub name: Option<String>,
    /// Its datapoints, as the Enterprise API answers them; none yet when absent.
    pub definition: Option<Value>,
    /// Its key; a new one when none is given.
    pub product_key: Option<String>,
    /// Its secret; a new one when none is given.
    pub product_secret: Option<String>,
}

/// A product just created. The secret is shown this once.
#[derive(Clone, Debug)]
pub struct NewProduct {
    /// Its id.
    pub id: i64,
    /// Its key.
    pub product_key: String,
    /// Its secret; `None` where the product was there and its secret stays.
    pub product_secret: Option<String>,
}

/// What changes of a product: absent is unchanged.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateProduct {
    /// The product.
    pub product_key: String,
    /// Its name.
    pub name: Option<String>,
    /// Its datapoints.
    pub definition: Option<Value>,
    /// Whether it is published.
    pub published: Option<bool>,
    /// Whether it gives logs and history although it is published.
    pub logs_enabled: Option<bool>,
    /// Whether the Enterprise API serves it.
    pub api_enabled: Option<bool>,
    /// Days that raw messages are kept.
    pub retention_days: Option<i64>,
    /// Which datapoints are machine state, pieces and scrap.
    pub machine_rule: Patch<Value>,
    /// Which datapoints say where a device is.
    pub position_rule: Patch<Value>,
}

/// A datapoint to add to a product, or to change.
#[derive(Clone, Debug)]
pub struct PutDatapoint {
    /// The product.
    pub product_key: String,
    /// Name of the one to change; a new one is added when `None`.
    pub was: Option<String>,
    /// What it is, in the form it has among the `attrs` of a definition. Its id and position follow by themselves; a
    /// binary says its length in `position.len`.
    pub attr: Map<String, Value>,
}

/// Devices to make known, or to say more of.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ImportDevices {
    /// Their product.
    pub product_key: String,
    /// The devices.
    pub devices: Vec<ImportDevice>,
}

/// A device to make known. What is absent stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportDevice {
    /// Its MAC.
    pub mac: String,
    /// Its id; a new one when none is given. One that it has stays.
    pub did: Option<String>,
    /// What it signs in with; when none is given, what it first registers with.
    pub passcode: Option<String>,
    /// Its kind: `normal` when none is given.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Its serial number.
    pub serial_number: Option<String>,
    /// Country it is in.
    pub country: Option<String>,
    /// Region of it.
    pub region: Option<String>,
    /// City of that.
    pub city: Option<String>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Degrees north.
    pub latitude: Option<f64>,
}

/// What became of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedDevices {
    /// Devices that are new.
    pub created: usize,
    /// Devices that were known.
    pub updated: usize,
}

/// Id and passcode of a device.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DeviceIdentity {
    /// Its id.
    pub did: String,
    /// What it signs in with.
    pub passcode: String,
}

/// What a device is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DeviceDetail {
    /// Its product.
    pub product_key: String,
    /// Its MAC.
    pub mac: String,
    /// Its id.
    pub did: String,
    /// Whether it is on line.
    pub is_online: bool,
    /// Whether it was deregistered.
    pub is_disabled: bool,
    /// Its kind.
    pub r#type: String,
}

/// Which devices to list.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct SearchDevices {
    /// The product.
    pub product_key: String,
    /// In this group, or one below it.
    pub gid: Option<String>,
    /// In this country.
    pub country: Option<String>,
    /// In this region.
    pub region: Option<String>,
    /// In this city.
    pub city: Option<String>,
    /// 1 on line, 0 off line.
    pub is_online: Option<i64>,
    /// 1 with a fault, 0 without.
    pub is_faulty: Option<i64>,
    /// 1 with an alarm, 0 without.
    pub is_alert: Option<i64>,
    /// 1 with the deregistered ones, 0 without them, as is usual.
    pub show_disabled: Option<i64>,
    /// Heard of since: seconds since 1970.
    pub liveness_start: Option<String>,
    /// What `val` is: did, mac or uid.
    pub r#type: Option<String>,
    /// The value searched for.
    pub val: Option<String>,
    /// Records of a page.
    pub limit: Option<i64>,
    /// Records before it.
    pub skip: Option<i64>,
}

/// A device in a list.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DeviceRecord {
    /// Its id.
    pub did: String,
    /// Its MAC.
    pub mac: String,
    /// Whether it is on line.
    pub is_online: bool,
    /// Country it is in.
    pub country: Option<String>,
    /// Region of it.
    pub region: Option<String>,
    /// City of that.
    pub city: Option<String>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Whether a fault is open.
    pub is_faulty: bool,
    /// Whether an alarm is open.
    pub is_alert: bool,
    /// When it was heard of last, seconds since 1970.
    pub online_latest: Option<i64>,
    /// When it was registered, seconds since 1970.
    pub created_at: i64,
    /// Version of the board of its controller.
    pub mcu_hard_version: Option<String>,
    /// Version of the program of its controller.
    pub mcu_soft_version: Option<String>,
    /// Version of the board of its radio.
    pub wifi_hard_version: Option<String>,
    /// Version of the program of its radio.
    pub wifi_soft_version: Option<String>,
}

/// A window of what a device did.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ReadLog {
    /// The product.
    pub product_key: String,
    /// The device.
    pub did: String,
    /// First second, since 1970; two days before the last one when absent.
    pub start_ts: Option<i64>,
    /// Last second, since 1970; now when absent.
    pub end_ts: Option<i64>,
    /// `desc`, as is usual, or `asc`.
    pub sort: Option<String>,
    /// Records of a call: 20 when absent, at most 100.
    pub limit: Option<i64>,
    /// Cursor that the call before answered.
    pub context: Option<String>,
}

/// A device went on line or off line.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OnlineRecord {
    /// When, in seconds since 1970 with a fraction.
    pub timestamp: f64,
    /// `dev_online` or `dev_offline`.
    pub r#type: &'static str,
    /// Keep-alive of the connection, or what is known of its end.
    pub payload: Map<String, Value>,
}

/// A message from or to a device.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MessageRecord {
    /// When, in seconds since 1970 with a fraction.
    pub timestamp: f64,
    /// `dev2app` or `app2dev`.
    pub r#type: &'static str,
    /// Its bytes, hexadecimal.
    pub payload: String,
}

/// What a device reported.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct HistoryRecord {
    /// When, in seconds since 1970.
    pub ts: i64,
    /// The datapoints of this report by name.
    pub attrs: Map<String, Value>,
}

/// A country, a region of it, a city of that; empty where it is not known that closely.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Country.
    pub country: String,
    /// Region.
    pub region: String,
    /// City.
    pub city: String,
}

impl Place {
    /// The place of these names; `None` where not even the country is known.
    pub fn of(country: Option<&str>, region: Option<&str>, city: Option<&str>) -> Option<Self> {
        let name = |name: Option<&str>| name.map(str::trim).unwrap_or_default().to_owned();
        let place = Self { country: name(country), region: name(region), city: name(city) };
        (!place.country.is_empty()).then_some(place)
    }
}

/// Whole seconds since 1970.
pub fn seconds(at: Millis) -> i64 {
    at.div_euclid(1000)
}
