//! States of one machine: what was reported, and the partition of time that follows from it.
//!
//! Reports are kept as they came. For the same span the later arrival wins, so the partition is the replay of all reports
//! in the order of their sequence numbers. Spans are half-open: an instant belongs to the state that begins there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Millis;

/// What a machine does or why it stands, numbered as in section 5.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// 1: produces.
    Running,
    /// 2: stands because it was planned.
    PlannedStop,
    /// 3: broken down.
    Fault,
    /// 4: is set up for another product.
    Changeover,
    /// 5: waits for material.
    NoMaterial,
    /// 6: stopped by its protection.
    SafetyStop,
    /// 7: stands for another reason, to be explained.
    Other,
}

impl Status {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 7] = [
        Self::Running,
        Self::PlannedStop,
        Self::Fault,
        Self::Changeover,
        Self::NoMaterial,
        Self::SafetyStop,
        Self::Other,
    ];

    /// The number of section 5.1.
    pub fn number(self) -> i64 {
        match self {
            Self::Running => 1,
            Self::PlannedStop => 2,
            Self::Fault => 3,
            Self::Changeover => 4,
            Self::NoMaterial => 5,
            Self::SafetyStop => 6,
            Self::Other => 7,
        }
    }

    /// The status with this number.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.number() == number)
    }
}

/// A machine was in one status from `begin` to before `end`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    /// First instant, milliseconds UTC.
    pub begin: Millis,
    /// First instant after it, milliseconds UTC.
    pub end: Millis,
    /// What the machine did.
    pub status: Status,
    /// The cause that was given, mostly for a fault.
    pub cause: Option<String>,
    /// Sequence number of the report that says so: greater than those of the reports before it on the same machine.
    pub sequence: i64,
}

impl State {
    fn says_the_same(&self, other: &Self) -> bool {
        self.status == other.status && self.cause == other.cause
    }

    fn part(&self, begin: Millis, end: Millis) -> Option<Self> {
        (begin < end).then(|| Self { begin, end, ..self.clone() })
    }
}

/// The states to put in the place of all those that a report overlaps (in order of time); `None` when it says nothing new.
pub fn overwrite(overlapped: &[State], report: &State) -> Option<Vec<State>> {
    if known(overlapped, report) {
        return None;
    }
    let mut states = Vec::with_capacity(3);
    states.extend(overlapped.first().and_then(|first| first.part(first.begin, report.begin)));
    states.push(report.clone());
    states.extend(overlapped.last().and_then(|last| last.part(report.end, last.end)));
    Some(states)
}

/// Whether the states say of the whole span what the report says of it.
fn known(overlapped: &[State], report: &State) -> bool {
    let mut reached = report.begin;
    for state in overlapped {
        if state.begin > reached || !state.says_the_same(report) {
            return false;
        }
        reached = state.end;
    }
    reached >= report.end
}

/// Enters a report into a partition (in order of time); answers whether it changed anything.
pub fn enter(partition: &mut Vec<State>, report: &State) -> bool {
    let from = partition.partition_point(|state| state.end <= report.begin);
    let to = partition.partition_point(|state| state.begin < report.end).max(from);
    let Some(states) = overwrite(&partition[from..to], report) else { return false };
    partition.splice(from..to, states);
    true
}

/// The partition that follows from all reports, given in the order of their sequence numbers.
pub fn replay<'a>(reports: impl IntoIterator<Item = &'a State>) -> Vec<State> {
    let mut partition = Vec::new();
    for report in reports {
        enter(&mut partition, report);
    }
    partition
}

/// Joins neighbours of one status and cause: a stop reported in two parts is one stop.
pub fn joined(states: &[State]) -> Vec<State> {
    let mut joined: Vec<State> = Vec::with_capacity(states.len());
    for state in states {
        match joined.last_mut() {
            Some(last) if last.end == state.begin && last.says_the_same(state) => last.end = state.end,
            _ => joined.push(state.clone()),
        }
    }
    joined
}
