//! Devices of a group.

use serde::{Deserialize, Serialize};

/// A device of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its id here.
    pub id: i64,
    /// Its id on the wire.
    pub did: String,
    /// Its MAC.
    pub mac: String,
    /// Serial number.
    pub serial_number: Option<String>,
    /// Whether it is on line.
    pub online: bool,
    /// Whether it was disabled.
    pub disabled: bool,
    /// Open faults.
    pub faults: i64,
    /// Open alarms.
    pub alarms: i64,
}

/// What became of a device of a pasted list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// It was in no group and is in this one now.
    Added,
    /// It was in another group and is in this one now.
    Moved,
    /// It was in this group before.
    Already,
    /// It stays in another group.
    Elsewhere,
    /// It was in this group and is in none now.
    Removed,
    /// It was to be taken out, but is not in this group.
    Absent,
    /// It stands in the list before.
    Repeated,
    /// The product has no such device.
    Unknown,
}

/// A device of a pasted list, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignedLine {
    /// Its line, from 1.
    pub line: i64,
    /// As it was given.
    pub name: String,
    /// What became of it.
    pub fate: Fate,
    /// The other group that it was or is in.
    pub group: Option<String>,
}
