//! Machine states and overall equipment effectiveness (chapter 5).
//!
//! Reports of states become a partition of time ([`state`]); the calendar says what of a shift is scheduled ([`window`]);
//! the plant's rules say what of that is loading time ([`rules`]); times and pieces are added and divided once
//! ([`figures`]); what is missing from the ideal is sorted by its causes ([`losses`]).

pub mod bins;
pub mod figures;
pub mod losses;
pub mod params;
pub mod rules;
#[cfg(feature = "server")]
pub mod service;
pub mod state;
#[cfg(feature = "server")]
mod store;
pub mod view;
pub mod window;

#[cfg(test)]
mod tests;

pub use figures::{Figures, Production, Ratio, Sums, Why};
pub use params::{DayShift, QueryDayShift, SetEquipmentStatus};
pub use rules::{RuleSet, Targets};
pub use state::{State, Status};
pub use window::{Cutter, Kind, Plan, Stretch, Times};
