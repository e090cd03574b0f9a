//! What the calls of this area answer. Names are those of the Enterprise API.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::period::{Cycle, Period};
use super::place::{Detailed, Devices, Heads, PlaceTree, RealtimeCount, Resolution};

/// Where a page is in all that matches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Meta {
    /// How many match.
    pub total: i64,
    /// Records per page.
    pub limit: i64,
    /// Records skipped.
    pub skip: i64,
    /// Address of the page before; null where there is none.
    pub previous: Option<String>,
    /// Address of the next page; null where there is none.
    pub next: Option<String>,
}

/// A page of records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Paged<T> {
    /// Where it is.
    pub meta: Meta,
    /// The records.
    pub objects: Vec<T>,
}

/// Nothing to say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Done {}

/// Groups by gid, each with the groups within; a group without any is written `""` (group.tree).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupTree(pub BTreeMap<String, GroupTree>);

impl GroupTree {
    fn to_wire(&self) -> Value {
        let value = |within: &Self| if within.0.is_empty() { "".into() } else { within.to_wire() };
        Value::Object(self.0.iter().map(|(gid, within)| (gid.clone(), value(within))).collect())
    }
}

impl Serialize for GroupTree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_wire().serialize(serializer)
    }
}

impl JsonSchema for GroupTree {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "GroupTree".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object", "additionalProperties": true})
    }
}

/// The group that was made (group.create).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CreatedGroup {
    /// Its id.
    pub gid: String,
}

/// Devices of a group itself, without its subgroups (group.macs).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupMacs {
    /// MAC addresses, the newest device first.
    pub macs: Vec<String>,
}

/// What became of each of several (group.update, binding.create, binding.delete).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// Done, in the order given.
    pub success: Vec<String>,
    /// Not done, in the order given.
    pub failed: Vec<String>,
}

/// A registered person (`user.search_registered`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RegisteredUser {
    /// Id.
    pub uid: String,
    /// User name.
    pub username: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Birthday.
    pub birthday: Option<String>,
    /// Whether nothing is known of them.
    pub is_anonymous: bool,
    /// Gender.
    pub gender: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Remark.
    pub remark: Option<String>,
    /// When they registered, seconds since 1970.
    pub created_at: i64,
    /// When they were last changed, seconds since 1970.
    pub updated_at: i64,
}

/// A person with devices (`user.search_bound`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoundUser {
    /// Id.
    pub uid: String,
    /// User name.
    pub username: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Birthday.
    pub birthday: Option<String>,
    /// Gender.
    pub gender: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Remark.
    pub remark: Option<String>,
    /// When they registered, seconds since 1970.
    pub created_at: i64,
    /// Whether nothing is known of them.
    pub is_anonymous: bool,
    /// Account of a third party.
    pub auth_src: Option<Value>,
    /// Whether the device that was searched for is theirs; only when the search is for a device id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_owner: Option<bool>,
}

/// Places of devices (`device_report.locations`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Locations {
    /// Group.
    pub gid: Option<String>,
    /// Devices, those without a place included.
    pub total: i64,
    /// By place; a city is a number.
    pub location: PlaceTree<Devices>,
}

/// The fleet at a glance (`device_report.summary`). Windows of days end with today, which they count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Devices on line.
    pub online: i64,
    /// Devices that were ever on line.
    pub total: i64,
    /// Devices that reported.
    pub active: ActiveCounts,
    /// Devices that were on line for the first time.
    pub new: NewCounts,
}

/// Devices that reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActiveCounts {
    /// Yesterday.
    pub yesterday: i64,
    /// Today and the six days before.
    #[serde(rename = "7_day")]
    pub week: i64,
}

/// Devices that were on line for the first time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NewCounts {
    /// Today.
    pub today: i64,
    /// Yesterday.
    pub yesterday: i64,
    /// Today and the six days before.
    #[serde(rename = "7_day")]
    pub week: i64,
    /// Today and the 29 days before.
    #[serde(rename = "30_day")]
    pub month: i64,
}

/// A device on a day (`device_report.activation_detail`, `active_detail`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeviceOnDay {
    /// The day, `yyyy-MM-dd`.
    pub report_date: String,
    /// Product key.
    pub product_key: String,
    /// MAC address.
    pub mac: String,
    /// Serial number; only of devices that have one, such as Bluetooth devices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_sn: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Province.
    pub region: Option<String>,
    /// City.
    pub city: Option<String>,
    /// When the device was made known, `yyyy-MM-dd HH:mm:ss` of the plant's zone.
    pub created_at: String,
}

/// Active devices by days, weeks or months (`device_report.liveness_history`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LivenessHistory {
    /// Group.
    pub gid: Option<String>,
    /// Days, weeks or months.
    pub cycle: Cycle,
    /// First period.
    pub start: String,
    /// Last period.
    pub end: String,
    /// Each period that has begun.
    pub data: Vec<Liveness>,
}

/// Active devices of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Liveness {
    /// The period.
    #[serde(flatten)]
    pub of: PeriodKeys,
    /// Devices that reported on any day of it.
    pub count: i64,
    /// By place.
    pub location: PlaceTree<Heads>,
}

/// A period, as `date` and under the name of its cycle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PeriodKeys {
    /// The period, whatever it is.
    pub date: String,
    /// The week, `yyyy-ww`; only in reports by weeks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<String>,
    /// The month, `yyyy-MM`; only in reports by months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
}

impl From<&Period> for PeriodKeys {
    fn from(period: &Period) -> Self {
        let date = period.name();
        let named = |cycle| (period.cycle == cycle).then(|| date.clone());
        Self { week: named(Cycle::Week), month: named(Cycle::Month), date }
    }
}

/// What devices are like right now (`device_report.realtime`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Realtime {
    /// Group.
    pub gid: Option<String>,
    /// All devices, those without a place included.
    pub count: RealtimeCount,
    /// By place.
    pub location: PlaceTree<RealtimeCount>,
}

/// Devices that ever had a fault (`device_report.fault_devices`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TroubledDevices {
    /// Group.
    pub gid: Option<String>,
    /// Devices. One is resolved when none of its faults is open.
    pub count: Resolution,
    /// By the place where the device is.
    pub location: PlaceTree<Resolution>,
}

/// Occurrences of faults or alarms (`device_report.fault_events`); where devices are asked for too, `count` are devices and
/// `detail` are occurrences (`alert_devices` and `alert_events`, which share a path).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TroubleReport {
    /// Group.
    pub gid: Option<String>,
    /// All together.
    pub count: Resolution,
    /// Occurrences by the name of the datapoint.
    pub detail: BTreeMap<String, Resolution>,
    /// By place: occurrences where they happened, devices where they are.
    pub location: PlaceTree<Detailed>,
}

/// New people by days, weeks or months (`user_report.new`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NewUsers {
    /// Group.
    pub gid: Option<String>,
    /// Days, weeks or months.
    pub cycle: Cycle,
    /// First period.
    pub start: String,
    /// Last period.
    pub end: String,
    /// Each period that has begun.
    pub data: Vec<PeriodCount>,
}

/// So many in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PeriodCount {
    /// The period.
    #[serde(flatten)]
    pub of: PeriodKeys,
    /// How many.
    pub count: i64,
}

/// Active people of each day (`user_report.liveness_total`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActiveUsers {
    /// Each day that has begun.
    pub data: Vec<DateCount>,
}

/// So many on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DateCount {
    /// The day, `yyyy-MM-dd`.
    pub date: String,
    /// How many.
    pub count: i64,
}

/// People who ever used a device (`user_report.total`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserTotal {
    /// Group.
    pub gid: Option<String>,
    /// How many.
    pub total: i64,
}
