//! One window of one machine: what every instant of it was.
//!
//! A window is a shift, up to now while it runs. Breaks and planned shutdowns come first (a fault during one is no loss),
//! then the machine's states; what nothing is known of is *no data*: never idle, never running.

use std::ops::{Add, AddAssign, Index, IndexMut};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rules::RuleSet;
use super::state::{State, Status};
use crate::Millis;
use crate::interval::{Interval, IntervalSet};

/// What an instant of a window counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Status 1.
    Running,
    /// Status 2.
    PlannedStop,
    /// Status 3.
    Fault,
    /// Status 4.
    Changeover,
    /// Status 5.
    NoMaterial,
    /// Status 6.
    SafetyStop,
    /// Status 7.
    Other,
    /// Nothing was reported.
    NoData,
    /// A break of the shift.
    Break,
    /// A planned shutdown of the calendar.
    Shutdown,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Running,
        Self::PlannedStop,
        Self::Fault,
        Self::Changeover,
        Self::NoMaterial,
        Self::SafetyStop,
        Self::Other,
        Self::NoData,
        Self::Break,
        Self::Shutdown,
    ];

    fn index(self) -> usize {
        Self::ALL.iter().position(|kind| *kind == self).expect("ALL lists every kind")
    }
}

impl From<Status> for Kind {
    fn from(status: Status) -> Self {
        match status {
            Status::Running => Self::Running,
            Status::PlannedStop => Self::PlannedStop,
            Status::Fault => Self::Fault,
            Status::Changeover => Self::Changeover,
            Status::NoMaterial => Self::NoMaterial,
            Status::SafetyStop => Self::SafetyStop,
            Status::Other => Self::Other,
        }
    }
}

/// One number for each kind of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ByKind([i64; 10]);

impl ByKind {
    /// Sum over all kinds.
    pub fn total(&self) -> i64 {
        self.0.iter().sum()
    }

    /// Sum over the kinds that `of` picks.
    pub fn sum(&self, of: impl Fn(Kind) -> bool) -> i64 {
        Kind::ALL.into_iter().filter(|kind| of(*kind)).map(|kind| self[kind]).sum()
    }
}

impl Index<Kind> for ByKind {
    type Output = i64;
    fn index(&self, kind: Kind) -> &i64 {
        &self.0[kind.index()]
    }
}

impl IndexMut<Kind> for ByKind {
    fn index_mut(&mut self, kind: Kind) -> &mut i64 {
        &mut self.0[kind.index()]
    }
}

impl AddAssign for ByKind {
    fn add_assign(&mut self, other: Self) {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own += other;
        }
    }
}

impl Add for ByKind {
    type Output = Self;
    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

/// The plan of a window: a shift occurrence, already cut off at now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Begin of the window.
    pub begin: Millis,
    /// End of the window, exclusive.
    pub end: Millis,
    /// Non-production times of the shift.
    pub breaks: IntervalSet,
    /// Planned shutdowns of the machine's node and its ancestors.
    pub shutdowns: IntervalSet,
}

impl Plan {
    /// The part of a shift that has passed: `[begin, min(end, now))`.
    pub fn until(shift: Interval, now: Millis, breaks: IntervalSet, shutdowns: IntervalSet) -> Self {
        let span = Interval::new(shift.begin, shift.end.min(now).max(shift.begin));
        Self {
            begin: span.begin,
            end: span.end,
            breaks: breaks.clip(span),
            shutdowns: shutdowns.clip(span).subtract(&breaks),
        }
    }

    /// The window as an interval.
    pub fn span(&self) -> Interval {
        Interval::new(self.begin, self.end)
    }

    /// Scheduled time: the window without breaks and planned shutdowns.
    pub fn scheduled(&self) -> IntervalSet {
        IntervalSet::from(self.span()).subtract(&self.breaks).subtract(&self.shutdowns)
    }
}

/// A stretch of a window that is one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stretch {
    /// First instant, milliseconds UTC.
    pub begin: Millis,
    /// First instant after it, milliseconds UTC.
    pub end: Millis,
    /// What it is.
    pub kind: Kind,
    /// The cause that was reported.
    pub cause: Option<String>,
    /// Sequence number of the report that says so; none where nothing was reported.
    pub sequence: Option<i64>,
    /// Whether this is where the stop is counted: its first scheduled stretch. A stop that a break interrupts counts once.
    pub first: bool,
}

impl Stretch {
    /// Milliseconds.
    pub fn duration(&self) -> Millis {
        self.end - self.begin
    }
}

/// Takes windows of one machine one after the other and counts each state once, in the first window it is seen in.
#[derive(Debug, Default)]
pub struct Cutter {
    counted_until: Option<Millis>,
}

impl Cutter {
    /// Cuts a window into stretches that cover it without gap or overlap, in order of time. `states` are the machine's
    /// states that overlap it, joined and in order of time.
    pub fn cut(&mut self, plan: &Plan, states: &[State]) -> Vec<Stretch> {
        let mut stretches = Vec::with_capacity(states.len() + 8);
        let unscheduled = |intervals: &IntervalSet, kind| {
            intervals
                .iter()
                .map(|i| Stretch {
                    begin: i.begin,
                    end: i.end,
                    kind,
                    cause: None,
                    sequence: None,
                    first: true,
                })
                .collect::<Vec<_>>()
        };
        stretches.extend(unscheduled(&plan.breaks, Kind::Break));
        stretches.extend(unscheduled(&plan.shutdowns, Kind::Shutdown));
        let mut next = 0;
        for gap in plan.scheduled().iter() {
            while states.get(next).is_some_and(|state| state.end <= gap.begin) {
                next += 1;
            }
            self.fill(gap, &states[next..], &mut stretches);
        }
        stretches.sort_unstable_by_key(|stretch| stretch.begin);
        stretches
    }

    fn fill(&mut self, gap: Interval, states: &[State], into: &mut Vec<Stretch>) {
        let nothing =
            |begin, end| Stretch { begin, end, kind: Kind::NoData, cause: None, sequence: None, first: true };
        let mut reached = gap.begin;
        for state in states.iter().take_while(|state| state.begin < gap.end) {
            let begin = state.begin.max(reached);
            if begin > reached {
                into.push(nothing(reached, begin));
            }
            reached = state.end.min(gap.end);
            let first = self.counted_until.is_none_or(|counted| state.begin >= counted);
            if first {
                self.counted_until = Some(state.end);
            }
            let kind = state.status.into();
            let (cause, sequence) = (state.cause.clone(), Some(state.sequence));
            into.push(Stretch { begin, end: reached, kind, cause, sequence, first });
        }
        if reached < gap.end {
            into.push(nothing(reached, gap.end));
        }
    }
}

/// The times of a window, summed from its stretches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Times {
    /// Milliseconds of each kind; together the whole window.
    pub spent: ByKind,
    /// How often each kind occurred, a stop over several windows once.
    pub counts: ByKind,
    /// Loading time by the plant's rules, milliseconds.
    pub loading: Millis,
    /// Stops inside loading time, without the stretches that nothing is known of.
    pub stops: i64,
}

impl Times {
    /// Sums stretches.
    pub fn of(stretches: &[Stretch], rules: RuleSet) -> Self {
        let mut times = Self::default();
        for stretch in stretches {
            times.spent[stretch.kind] += stretch.duration();
            times.counts[stretch.kind] += i64::from(stretch.first);
        }
        times.loading = times.spent.sum(|kind| rules.loads(kind));
        times.stops =
            times.counts.sum(|kind| rules.loads(kind) && !matches!(kind, Kind::Running | Kind::NoData));
        times
    }
}

impl AddAssign for Times {
    fn add_assign(&mut self, other: Self) {
        self.spent += other.spent;
        self.counts += other.counts;
        self.loading += other.loading;
        self.stops += other.stops;
    }
}
