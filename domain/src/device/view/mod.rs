//! What the pages of devices show: read from what the other services of the area write, in as few statements as there
//! are parts on the page.

#[cfg_attr(not(feature = "server"), expect(dead_code, reason = "what counts and gathers runs on the server"))]
mod facets;
#[cfg_attr(not(feature = "server"), expect(dead_code, reason = "what counts and gathers runs on the server"))]
mod health;
#[cfg_attr(not(feature = "server"), expect(dead_code, reason = "what counts and gathers runs on the server"))]
mod history;
#[cfg_attr(not(feature = "server"), expect(dead_code, reason = "what counts and gathers runs on the server"))]
mod map;
mod point;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
mod store;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use crate::device::Kind;
pub use crate::device::position::PositionRule;
pub use facets::{Facet, Facets, Stock};
pub use health::{HOURS, Health};
pub use history::{History, HistoryPoint, HistorySource, MAX_POINTS};
pub use map::{Area, Cluster, DeviceMap};
pub use point::{Point, PointType, first_drawn};

use crate::Text;
use crate::device::machine::MachineRule;
use crate::time::Millis;

/// Which devices to show: those that match everything given. Disabled ones only where they are asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceFilter {
    /// Of any of these products; of all, when empty.
    pub products: Vec<i64>,
    /// In this group or one below it.
    pub group: Option<i64>,
    /// On line, or off line.
    pub online: Option<bool>,
    /// With an open fault; with `alarm` too, either.
    pub fault: bool,
    /// With an open alarm.
    pub alarm: bool,
    /// The disabled ones instead of those in use.
    pub disabled: bool,
    /// In this country.
    pub country: Option<String>,
    /// In this region of it.
    pub region: Option<String>,
    /// In this city of that.
    pub city: Option<String>,
    /// Text in device id, MAC or serial number.
    pub text: Option<String>,
    /// Known to be in this area.
    pub area: Option<Area>,
}

/// What a list of devices is ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// When it was registered.
    #[default]
    Created,
    /// When it was last heard of.
    Seen,
    /// Its MAC.
    Mac,
    /// Open faults, then open alarms.
    Trouble,
}

/// A page of the list of devices.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListDevices {
    /// Which devices.
    pub filter: DeviceFilter,
    /// Their order.
    pub order: Order,
    /// Whether it begins with the least instead of the greatest.
    pub ascending: bool,
    /// Page, from 1.
    pub page: Option<i64>,
    /// Devices on a page.
    pub size: Option<i64>,
}

/// A place as far as it is known; `""` where it is not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Country.
    pub country: String,
    /// Region of it.
    pub region: String,
    /// City of that.
    pub city: String,
}

impl Place {
    /// The closest name there is.
    pub fn name(&self) -> &str {
        [&self.city, &self.region, &self.country]
            .into_iter()
            .find(|name| !name.is_empty())
            .map_or("", String::as_str)
    }
}

/// A device in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceLine {
    /// Its id here.
    pub id: i64,
    /// Its id on the wire.
    pub did: String,
    /// Its MAC.
    pub mac: String,
    /// Serial number.
    pub serial_number: Option<String>,
    /// Name of its product.
    pub product: String,
    /// Where it is.
    pub place: Option<Place>,
    /// Degrees east and north, where they are known.
    pub position: Option<(f64, f64)>,
    /// Whether it is on line.
    pub online: bool,
    /// Whether it was disabled.
    pub disabled: bool,
    /// When it was last heard of on line.
    pub seen_at: Option<Millis>,
    /// When it was registered.
    pub created_at: Millis,
    /// Open faults.
    pub faults: i64,
    /// Open alarms.
    pub alarms: i64,
    /// Name of the fault, else the alarm, that has been open for longest.
    pub trouble: Option<String>,
    /// The last hours, the oldest first.
    pub health: Vec<Health>,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceList {
    /// The devices of the page.
    pub devices: Vec<DeviceLine>,
    /// How many there are on all pages.
    pub total: i64,
    /// All devices that are in use, whatever the filter.
    pub stock: Stock,
    /// What the filter could be, with how many each choice would leave.
    pub facets: Facets,
    /// When this was read.
    pub now: Millis,
}

/// A fault or an alarm that is open or was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceEvent {
    /// Whether it is a fault; else an alarm.
    pub fault: bool,
    /// Its datapoint.
    pub name: String,
    /// What the product calls it.
    pub title: String,
    /// When it began.
    pub opened_at: Millis,
    /// When it ended.
    pub resolved_at: Option<Millis>,
}

/// A machine that a device speaks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoundEquipment {
    /// Its id, also of its page.
    pub id: i64,
    /// Asset number.
    pub asset_num: String,
    /// Name.
    pub name: Option<String>,
}

/// A person who uses a device, or did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoundUser {
    /// Id on the wire.
    pub uid: String,
    /// Name, else user name.
    pub name: Option<String>,
    /// The application it is used by.
    pub app: String,
    /// Whether the device is theirs.
    pub owner: bool,
    /// Since when.
    pub bound_at: Millis,
    /// Until when.
    pub unbound_at: Option<Millis>,
}

/// A device in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceDetail {
    /// As in the list.
    pub line: DeviceLine,
    /// Id of its product.
    pub product_id: i64,
    /// Key of its product.
    pub product_key: String,
    /// What it was imported as.
    pub kind: String,
    /// First time on line.
    pub activated_at: Option<Millis>,
    /// How its place is known: `import`, `gps`, `address`.
    pub place_source: Option<String>,
    /// Longitude and latitude, degrees.
    pub position: Option<(f64, f64)>,
    /// The groups it is in, from the top down: id and name.
    pub groups: Vec<(i64, String)>,
    /// Versions of MCU hardware, MCU software, radio hardware and radio software, where told.
    pub versions: [Option<String>; 4],
    /// Since when the open connection is, and the address it came from.
    pub connection: Option<(Millis, Option<String>)>,
    /// The datapoints of its product.
    pub points: Vec<Point>,
    /// The last known value of each datapoint.
    pub latest: Map<String, Value>,
    /// When the last of them was said.
    pub latest_at: Option<Millis>,
    /// Faults and alarms: the open ones, then those resolved last.
    pub events: Vec<DeviceEvent>,
    /// The machines it speaks for.
    pub equipment: Vec<BoundEquipment>,
    /// Who uses it, and did.
    pub users: Vec<BoundUser>,
    /// When this was read.
    pub now: Millis,
}

/// Where the next page of a log begins: time, and what tells entries of one instant apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// Time of the last entry shown.
    pub at: Millis,
    /// The entry's own time and number, or its id and 0.
    pub entry: (i64, i64),
}

/// Entries of a device's log, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogPage<T> {
    /// The entries.
    pub entries: Vec<T>,
    /// Where older ones begin, if there are any.
    pub older: Option<Before>,
}

/// A device went on line, or off it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OnlineEntry {
    /// When.
    pub at: Millis,
    /// Whether it went on line.
    pub online: bool,
    /// Seconds between the beats that it promised.
    pub keep_alive: Option<i64>,
    /// Seconds that it was on line.
    pub duration: Option<i64>,
    /// The documented reason for going off line.
    pub reason: Option<String>,
    /// Beats while it was on line.
    pub beats: Option<i64>,
    /// Seconds between them: shortest, mean, longest.
    pub distance: Option<(f64, f64, f64)>,
}

/// A message from a device, or to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageEntry {
    /// When it arrived here, or left.
    pub at: Millis,
    /// When it happened, as the device says.
    pub ts: Millis,
    /// Whether it came from the device.
    pub up: bool,
    /// The bytes, hexadecimal.
    pub payload: String,
    /// What kind of message it is, where its bytes say so.
    pub what: Option<Text>,
    /// Its serial number, where it has one.
    pub serial: Option<u32>,
    /// Its datapoints; those it asks for are null.
    pub attrs: Map<String, Value>,
    /// Bytes in it that no datapoint describes, hexadecimal.
    pub data: Option<String>,
    /// What was not as it should be.
    pub trouble: Option<String>,
}

/// A product in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductLine {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its key.
    pub product_key: String,
    /// Whether it is published.
    pub published: bool,
    /// Whether the Enterprise API serves it.
    pub api_enabled: bool,
    /// Days that raw messages are kept.
    pub retention_days: i64,
    /// When it was made.
    pub created_at: Millis,
    /// Datapoints it defines.
    pub points: usize,
    /// Its devices in use.
    pub stock: Stock,
}

/// A product in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductDetail {
    /// As in the list.
    pub line: ProductLine,
    /// Its datapoints.
    pub points: Vec<Point>,
    /// Whether it still gives logs and history once published.
    pub logs_enabled: bool,
    /// What messages of its devices mean for a machine, where they mean something.
    pub machine: Option<MachineRule>,
    /// `standard` or `var_len`.
    pub protocol: String,
    /// The definition, JSON.
    pub definition: String,
    /// The datapoints that say where a device is.
    pub position: Option<PositionRule>,
}
