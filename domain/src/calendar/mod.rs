//! Shifts, planned shutdowns and the calendar that follows from them (chapter 1).
//!
//! A record hangs on a node of the factory model. A node's calendar of a production date is made of its own shifts that
//! are effective on that date, else of those of the nearest ancestor that has any; of its own planned shutdowns and
//! those of all its ancestors. Everything is computed on instants: a night shift that loses an hour to summer time is an
//! hour shorter, and what touches does not overlap.

mod effective;
mod params;
mod replies;
mod shift;
mod shutdown;
mod view;

#[cfg(feature = "server")]
pub mod lookup;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
mod store;

#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod tests;

pub use effective::{DayType, NodeCalendar, ShiftOccurrence};
pub use params::*;
pub use replies::*;
pub use shift::{Break, Shift};
pub use shutdown::{Shutdown, ShutdownRule};
pub use view::{CalendarDay, DayShift, DayShutdown, MonthView};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::modelling::Node;

impl From<&Node> for CalendarNode {
    fn from(node: &Node) -> Self {
        Self { id: node.id, level: node.level(), name: node.name.clone() }
    }
}

/// Most days between the first and the last date of a query (section 1.4).
pub const MAX_DAYS: i32 = 50;
/// Largest page of the calendar's lists (sections 1.5 and 1.9).
pub const MAX_PAGE: i64 = 200;

/// A node of the factory model as the calendar shows it: where a shift or a shutdown comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CalendarNode {
    /// Its id.
    pub id: i64,
    /// 1 factory, 2 workshop, 3 production line, 4 machining center, 5 equipment.
    pub level: i64,
    /// Its name.
    pub name: String,
}
