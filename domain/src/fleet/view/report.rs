//! Figures of a fleet.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::fleet::place::Tally;

/// A product to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductName {
    /// Its id here.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its key.
    pub product_key: String,
}

/// A figure, and what it was in the window before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// In this window.
    pub now: i64,
    /// In the one as long before it.
    pub before: i64,
}

/// A fleet at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// Devices in use, right now.
    pub now: PlaceFigures,
    /// Devices that were ever on line.
    pub activated: i64,
    /// Devices that reported yesterday, beside the day before.
    pub active_yesterday: Change,
    /// Devices that reported in the last 7 days.
    pub active_week: Change,
    /// Devices that were on line for the first time in the last 7 days.
    pub new_week: Change,
    /// Devices that were on line for the first time in the last 30 days.
    pub new_month: Change,
}

/// Devices in use and what they are like right now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceFigures {
    /// Devices.
    pub devices: i64,
    /// Those on line.
    pub online: i64,
    /// Those with an open fault.
    pub faulty: i64,
    /// Those with an open alarm.
    pub alert: i64,
}

impl Tally for PlaceFigures {
    fn add(&mut self, other: &Self) {
        self.devices += other.devices;
        self.online += other.online;
        self.faulty += other.faulty;
        self.alert += other.alert;
    }

    fn area(&self) -> Map<String, Value> {
        Map::from_iter([("count".to_owned(), json!(self))])
    }
}
