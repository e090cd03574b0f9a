//! What pages show of this area.

mod member;
mod report;

use serde::{Deserialize, Serialize};

pub use member::{AssignedLine, Fate, Member};
pub use report::{Change, Overview, PlaceFigures, ProductName};

use crate::Text;
use crate::time::Millis;

/// A group as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupInfo {
    /// Its id here.
    pub id: i64,
    /// Its id on the wire.
    pub gid: String,
    /// The group it is part of.
    pub parent_gid: Option<String>,
    /// Its name for people; empty when it was made by the API.
    pub name: String,
    /// Devices of its own.
    pub devices: i64,
    /// Devices with those of its subgroups.
    pub all_devices: i64,
    /// When it was made.
    pub created_at: Millis,
}

/// An application as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// Its id on the wire.
    pub appid: String,
    /// Its name.
    pub name: String,
    /// People who registered with it.
    pub users: i64,
    /// When it was made.
    pub created_at: Millis,
}

/// A person as a page shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserInfo {
    /// Id.
    pub uid: String,
    /// Application.
    pub appid: String,
    /// User name.
    pub username: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Whether nothing is known of them.
    pub is_anonymous: bool,
    /// Devices bound right now.
    pub devices: i64,
    /// When they registered.
    pub created_at: Millis,
}

/// A person in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDetail {
    /// As in the list.
    pub info: UserInfo,
    /// Name of the application.
    pub app: String,
    /// Birthday, `yyyy-MM-dd`.
    pub birthday: Option<String>,
    /// Gender.
    pub gender: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Remark.
    pub remark: Option<String>,
    /// Country, region and city, as far as they are known.
    pub place: Vec<String>,
}

/// Who uses which device, as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BindingInfo {
    /// The person's id.
    pub uid: String,
    /// Application.
    pub appid: String,
    /// What to call the person: user name, name, phone number or e-mail address, whichever is known.
    pub who: Option<String>,
    /// The device.
    pub did: String,
    /// Its MAC address.
    pub mac: String,
    /// The product's key.
    pub product_key: String,
    /// Whether the device is theirs.
    pub owner: bool,
    /// Since when.
    pub bound_at: Millis,
    /// Until when; none while it lasts.
    pub unbound_at: Option<Millis>,
}

/// What became of an import of people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// How many were registered.
    pub created: i64,
    /// How many lines were not taken.
    pub failed: i64,
    /// Each line with something in it, in order.
    pub lines: Vec<ImportedLine>,
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedLine {
    /// Its number in the text, from 1.
    pub line: i64,
    /// Who was registered, by their uid.
    pub uid: Option<String>,
    /// Why nobody was.
    pub problem: Option<Text>,
}
