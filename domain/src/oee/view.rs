//! What the pages of OEE show. Every figure stands beside the sums it was divided from.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::figures::{Figures, Sums};
use super::losses::{Fall, Loss, Reliability, SixBigLosses};
use super::rules::{RuleSet, Targets};
use super::window::{Kind, Stretch};
use crate::{Interval, Millis};

/// Which production days and shifts a page shows, as in its address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Range {
    /// First production day; the current one when not given.
    pub from: Option<Date>,
    /// Last production day, included; the first one when not given.
    pub to: Option<Date>,
    /// Only shifts of this name.
    pub shift: Option<String>,
    /// Only the shift that runs at this wall time of the plant; counts when no day is given. Outside all shifts the whole
    /// production day is shown.
    pub at: Option<DateTime>,
}

/// The range that is shown, all of it settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// First production day.
    pub from: Date,
    /// Last production day, included.
    pub to: Date,
    /// Only shifts of this name.
    pub shift: Option<String>,
    /// From the begin of the first shift to the end of the last one; empty when there is no shift.
    pub span: Interval,
    /// When the figures were computed.
    pub now: Millis,
    /// IANA name of the plant's zone.
    pub zone: String,
}

/// A factory, line or machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Id of the node, of a machine also of its master record.
    pub id: i64,
    /// Code of the node, of a machine its asset number.
    pub code: String,
    /// Name.
    pub name: String,
}

/// Seconds a piece takes at best, and where that is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cycle {
    /// Seconds per piece.
    pub seconds: f64,
    /// What it is an attribute of.
    pub source: CycleSource,
    /// Code of the step, machining center or machine.
    pub code: String,
}

/// What an ideal cycle is an attribute of, the first of these that has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CycleSource {
    /// The process step that was reported.
    Step,
    /// The machining center of the machine.
    MachiningCenter,
    /// The machine's master record.
    Equipment,
}

/// Sums with their ratios and what was to be reached.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// What was added.
    pub sums: Sums,
    /// The ratios, divided once.
    pub figures: Figures,
    /// What was to be reached.
    pub targets: Targets,
    /// OEE minus its target; below zero when the target is missed.
    pub gap: Option<f64>,
    /// Faults and other stops without a cause.
    pub unexplained: i64,
}

impl Summary {
    /// Divides and compares.
    pub fn new(sums: Sums, targets: Targets, unexplained: i64) -> Self {
        let figures = sums.figures();
        let gap = figures.oee.value.map(|oee| oee - targets.oee);
        Self { sums, figures, targets, gap, unexplained }
    }
}

/// Whether someone still has to say why: a fault or other stop without a cause, where it is counted.
pub fn is_unexplained(stretch: &Stretch) -> bool {
    stretch.first && stretch.cause.is_none() && matches!(stretch.kind, Kind::Fault | Kind::Other)
}

/// A shift of the range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Column {
    /// Its production day.
    pub date: Date,
    /// Its name.
    pub shift: String,
    /// When it is, milliseconds UTC.
    pub span: Interval,
    /// Whether it is running now.
    pub running: bool,
}

/// One shift of a line or machine.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// Its ratios.
    pub figures: Figures,
    /// Loading time, milliseconds.
    pub loading: Millis,
    /// Loading time without data, milliseconds.
    pub no_data: Millis,
}

/// A line or machine across the shifts of the range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Which.
    pub place: Place,
    /// One for each column; none where it has no such shift.
    pub cells: Vec<Option<Cell>>,
    /// The range as a whole.
    pub total: Summary,
    /// OEE of the cells in order of time, without those that have none.
    pub trend: Vec<f64>,
    /// The machines of a line, worst first.
    pub machines: Vec<Self>,
}

/// Lines × shifts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OeeOverview {
    /// What is shown.
    pub shown: Shown,
    /// The shifts, in order of time.
    pub columns: Vec<Column>,
    /// The lines, worst first: by points below their own target.
    pub lines: Vec<Row>,
    /// All machines together.
    pub plant: Row,
    /// The rule sets of the factories shown.
    pub rules: Vec<RuleSet>,
}

/// What a machine does now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Current {
    /// What.
    pub kind: Kind,
    /// Since when, milliseconds UTC.
    pub since: Millis,
    /// The cause that was reported.
    pub cause: Option<String>,
}

/// A machine on the line's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Lane {
    /// Which.
    pub place: Place,
    /// Its timeline over the shifts of the range.
    pub stretches: Vec<Stretch>,
    /// Its figures.
    pub total: Summary,
    /// What it does now, while a shift of the range runs.
    pub current: Option<Current>,
}

/// Pieces up to an instant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CurvePoint {
    /// Milliseconds UTC.
    pub at: Millis,
    /// Good pieces that the target asks for until then; none without an ideal cycle.
    pub target: Option<f64>,
    /// Good pieces made until then; none for what is still to come.
    pub actual: Option<f64>,
}

/// A line and its machines on one axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineView {
    /// Which.
    pub line: Place,
    /// What is shown; its span is the axis of all timelines.
    pub shown: Shown,
    /// The shifts, in order of time.
    pub shifts: Vec<Column>,
    /// All machines together, by summed times.
    pub total: Summary,
    /// The machine that limits the line: the one with the longest ideal cycle, of equal ones the less available. Its OEE is
    /// the line's second number.
    pub bottleneck: Option<i64>,
    /// The machines.
    pub machines: Vec<Lane>,
    /// Good pieces of the bottleneck against its target.
    pub curve: Vec<CurvePoint>,
    /// Pieces reported on the line or its machining centers instead of a machine: in no OEE.
    pub not_on_a_machine: f64,
}

/// A stretch with the report behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// When and what.
    pub stretch: Stretch,
    /// Who reported it.
    pub reported_by: Option<String>,
    /// When it was reported, milliseconds UTC.
    pub reported_at: Option<Millis>,
}

/// Pieces of a short time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bin {
    /// When, milliseconds UTC.
    pub span: Interval,
    /// Pieces made.
    pub total: f64,
    /// Pieces that did not pass.
    pub failed: f64,
}

/// An hour of a shift, counted from its begin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hour {
    /// When; the last one of a shift may be shorter.
    pub span: Interval,
    /// Good pieces.
    pub good: f64,
    /// Pieces that its loading time allows at the ideal cycle.
    pub ideal: Option<f64>,
    /// The same at the target OEE.
    pub target: Option<f64>,
}

/// Pieces of one step and cycle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// The step that was reported.
    pub step_code: String,
    /// Its ideal cycle, if one is known.
    pub cycle: Option<Cycle>,
    /// Pieces.
    pub total: f64,
    /// Pieces that did not pass.
    pub failed: f64,
}

/// What a figure is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Basis {
    /// The range itself.
    This,
    /// The same shifts of the production day before.
    DayBefore,
    /// The same shifts a week before.
    WeekBefore,
    /// The same shifts on the best production day of the [`COMPARED_DAYS`] before.
    Best,
}

/// How many production days back the best one is looked for.
pub const COMPARED_DAYS: i64 = 28;

/// One line of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// With what.
    pub basis: Basis,
    /// Its production day.
    pub date: Date,
    /// Its ratios.
    pub figures: Figures,
}

/// Everything about one machine in a range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MachineView {
    /// Which.
    pub machine: Place,
    /// Where it stands: factory, workshop, line, machining center.
    pub path: Vec<Place>,
    /// What is shown; its span is the axis of the timeline.
    pub shown: Shown,
    /// The shifts, in order of time.
    pub shifts: Vec<Column>,
    /// What it does now, while a shift of the range runs.
    pub current: Option<Current>,
    /// The timeline.
    pub entries: Vec<Entry>,
    /// Pieces, by five minutes; over more than a day by the hour.
    pub bins: Vec<Bin>,
    /// Hours of the shifts, up to now.
    pub hours: Vec<Hour>,
    /// Sums, ratios, targets.
    pub total: Summary,
    /// From calendar time to good time: with the counts in `total` and `products` also the arithmetic.
    pub falls: Vec<Fall>,
    /// The pieces behind performance and quality.
    pub products: Vec<Product>,
    /// Losses by minutes; [`super::losses::pareto`] sorts them differently.
    pub losses: Vec<Loss>,
    /// The six big losses.
    pub six: SixBigLosses,
    /// MTBF and MTTR.
    pub reliability: Reliability,
    /// The same shifts on other days.
    pub comparison: Vec<Comparison>,
    /// The plant's rules.
    pub rules: RuleSet,
    /// Ideal cycle of pieces whose step has none of its own.
    pub cycle: Option<Cycle>,
}
