//! What the calls of this area take. Names are those of the Enterprise API.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::dids::Dids;

/// A product and nothing else.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OfProduct {
    /// Product key.
    pub product_key: String,
}

/// A product's devices, or those of a group.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OfGroup {
    /// Product key.
    pub product_key: String,
    /// Group; its subgroups are part of it.
    pub gid: Option<String>,
}

/// A group of a product.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OneGroup {
    /// Product key.
    pub product_key: String,
    /// Group.
    pub gid: String,
}

/// Parameters of making a group (group.create).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CreateGroup {
    /// Product key.
    pub product_key: String,
    /// The group it becomes a part of; without, it is the root group of the product.
    pub parent_gid: Option<String>,
}

/// Parameters of putting devices into a group or taking them out (group.update).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UpdateGroup {
    /// Product key.
    pub product_key: String,
    /// Group.
    pub gid: String,
    /// `assign` or `unassign`.
    pub action: String,
    /// Whether `assign` moves devices out of other groups.
    pub reassign: bool,
    /// MAC addresses, at most 1000.
    pub macs: Vec<String>,
}

/// Which devices of a group itself to list for its page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListMembers {
    /// Product key.
    pub product_key: String,
    /// Group.
    pub gid: String,
    /// Records per page, 20 when not given.
    pub limit: Option<i64>,
    /// Records to skip.
    pub skip: Option<i64>,
}

/// Parameters of putting the devices of a pasted list into a group or taking them out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AssignDevices {
    /// Product key.
    pub product_key: String,
    /// Group.
    pub gid: String,
    /// `assign` or `unassign`.
    pub action: String,
    /// Whether `assign` moves devices out of other groups.
    pub reassign: bool,
    /// Device ids or MAC addresses, apart by lines, commas or blanks; at most 1000.
    pub names: String,
}

/// Parameters of searching registered people (`user.search_registered`). Those match who match everything given, exactly.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct SearchRegisteredUsers {
    /// Product key. It does not narrow: people register with applications, not with products.
    pub product_key: String,
    /// Application.
    pub appid: Option<String>,
    /// User name.
    pub username: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Records per page, 20 when not given.
    pub limit: Option<i64>,
    /// Records to skip.
    pub skip: Option<i64>,
}

/// Parameters of searching people with devices (`user.search_bound`).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct SearchBoundUsers {
    /// Product key.
    pub product_key: String,
    /// Only those with a device of this group or of its subgroups.
    pub gid: Option<String>,
    /// What `val` is: `did`, `mac`, `uid`, `username`, `phone` or `email`.
    pub r#type: Option<String>,
    /// The value, exactly.
    pub val: Option<String>,
    /// Records per page, 20 when not given.
    pub limit: Option<i64>,
    /// Records to skip.
    pub skip: Option<i64>,
}

/// Parameters of binding devices to a person and of ending that (binding.create, binding.delete).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct BindDevices {
    /// Product key.
    pub product_key: String,
    /// The person.
    pub uid: String,
    /// The application they use.
    pub appid: String,
    /// Device ids: a list, a text with a JSON list, or ids with commas between them; at most 1000.
    pub dids: Dids,
}

/// Parameters of the places of devices (`device_report.locations`).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct QueryLocations {
    /// Product key.
    pub product_key: String,
    /// Group; its subgroups are part of it.
    pub gid: Option<String>,
    /// 1 devices on line, 0 those off line.
    pub is_online: Option<i64>,
    /// 1 devices with an open fault, 0 those without.
    pub is_faulty: Option<i64>,
    /// 1 devices with an open alarm, 0 those without.
    pub is_alert: Option<i64>,
}

/// Parameters of the details of activations and of activity (`device_report.activation_detail`, `active_detail`).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct QueryDetails {
    /// Product key.
    pub product_key: String,
    /// First day, `yyyy-MM-dd`.
    pub start: Option<String>,
    /// Last day, `yyyy-MM-dd`.
    pub end: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Province.
    pub region: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Records per page, 20 when not given.
    pub limit: Option<i64>,
    /// Records to skip.
    pub skip: Option<i64>,
}

/// Parameters of a history by days, weeks or months (`device_report.liveness_history`, `user_report.new`).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct QueryHistory {
    /// Product key.
    pub product_key: String,
    /// Group; its subgroups are part of it.
    pub gid: Option<String>,
    /// `date`, `week` or `month`; days when not given.
    pub cycle: Option<String>,
    /// First period: `yyyy-MM-dd`, `yyyy-ww` or `yyyy-MM`.
    pub start: String,
    /// Last period, which counts.
    pub end: String,
}

/// Parameters of the active people of each day (`user_report.liveness_total`).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct QueryActiveUsers {
    /// The product: its key or its secret.
    pub product_secret: String,
    /// Application.
    pub appid: Option<String>,
    /// First day, `yyyy-MM-dd`.
    pub start_date: String,
    /// Last day, `yyyy-MM-dd`.
    pub end_date: String,
}

/// Parameters of where people are (`user_report.location`).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct QueryUserLocations {
    /// The product: its key or its secret.
    pub product_secret: String,
}

/// Parameters of making an application.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CreateApp {
    /// Its name.
    pub name: String,
    /// Its appid; a new one when not given.
    pub appid: Option<String>,
}

/// Parameters of registering a person who uses devices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreateUser {
    /// The application they use.
    pub appid: String,
    /// Their id; a new one when not given.
    pub uid: Option<String>,
    /// User name, once in an application.
    pub username: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Phone number, once in an application.
    pub phone: Option<String>,
    /// E-mail address, once in an application.
    pub email: Option<String>,
    /// Birthday, `yyyy-MM-dd`.
    pub birthday: Option<String>,
    /// Gender.
    pub gender: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Remark.
    pub remark: Option<String>,
    /// Whether nothing is known of them; so it is when neither user name nor phone nor e-mail address is given.
    pub is_anonymous: Option<bool>,
    /// Country.
    pub country: Option<String>,
    /// Province.
    pub region: Option<String>,
    /// City.
    pub city: Option<String>,
}

/// Parameters of registering people from a table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportUsers {
    /// The application they use.
    pub appid: String,
    /// Comma-separated values, the first line with the names of the columns as in [`CreateUser`].
    pub csv: String,
}

/// Which people to list for a page: those who match everything given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListUsers {
    /// Application.
    pub appid: Option<String>,
    /// Text in user name, name, phone number, e-mail address or uid.
    pub text: Option<String>,
    /// Records per page, 20 when not given.
    pub limit: Option<i64>,
    /// Records to skip.
    pub skip: Option<i64>,
}
