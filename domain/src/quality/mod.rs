//! Production reports and quality controls (chapter 11).
//!
//! A production report says how many pieces a step made for a unique code (an order or a batch), of which material, on
//! which production unit and when. A quality control inspects an amount of what was reported for a code and step; its
//! grades say how much of it passed or failed.

mod control;
mod grade;
mod report;
mod rules;

#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
pub(crate) mod store;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::Millis;

pub use control::*;
pub use grade::*;
pub use report::*;
pub use rules::*;

/// Paging of an answered list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// All rows of the list.
    pub total: i64,
    /// This page, from 1.
    pub page_id: i64,
    /// Rows per page.
    pub page_size: i64,
}

/// What a machine made by one production report, with the share of failed pieces that falls on it.
#[derive(Clone, Debug, PartialEq)]
pub struct MachineOutput {
    /// The machine.
    pub equipment_id: i64,
    /// The production report.
    pub report_id: i64,
    /// The step that was worked.
    pub step_id: i64,
    /// Its code, as reported.
    pub step_code: String,
    /// The unique code that was worked on.
    pub unique_code: String,
    /// Begin of the report.
    pub begin: Millis,
    /// End of the report.
    pub end: Millis,
    /// Pieces made, over the whole of the report, also what lies outside the window asked for.
    pub out_put: f64,
    /// Of these, failed by quality grades: this report's share of what failed for its code and step.
    pub failed: f64,
    /// Of these, inspected at all: its share of the amounts of all grades.
    pub verified: f64,
}
