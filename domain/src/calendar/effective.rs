//! The calendar in force at a node: what it has of its own, and what it inherits.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shift::next;
use super::shutdown::day;
use super::{CalendarNode, Shift, Shutdown};
use crate::time::{MINUTE, Millis, Zone};
use crate::{Interval, IntervalSet};

/// A shift as it happens on one production date at one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftOccurrence {
    /// The shift record.
    pub shift_id: i64,
    /// Its name.
    pub name: String,
    /// The date on which it begins and to which all of it counts.
    pub production_date: Date,
    /// First instant.
    pub begin: Millis,
    /// First instant after it.
    pub end: Millis,
    /// Its pauses.
    pub breaks: IntervalSet,
    /// Planned shutdowns inside it, of the node and all its ancestors.
    pub shutdowns: IntervalSet,
    /// The node whose shift this is.
    pub origin: CalendarNode,
}

impl ShiftOccurrence {
    /// All of it.
    pub fn span(&self) -> Interval {
        Interval::new(self.begin, self.end)
    }

    /// The time in which production is planned: all of it but pauses and planned shutdowns.
    pub fn loading(&self) -> IntervalSet {
        IntervalSet::from(self.span()).subtract(&self.breaks).subtract(&self.shutdowns)
    }
}

/// What kind of day a production date is (section 1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum DayType {
    /// 1: at least a minute of a shift is left beside the planned shutdowns.
    Workday,
    /// 2: there are shifts, but all shut down; or a planned shutdown covers the day.
    RestDay,
    /// 3: nothing is defined.
    Undefined,
}

impl DayType {
    /// Its number on the wire.
    pub fn number(self) -> i64 {
        match self {
            Self::Workday => 1,
            Self::RestDay => 2,
            Self::Undefined => 3,
        }
    }
}

/// All records that make up the calendar of one node.
#[derive(Clone, Debug)]
pub struct NodeCalendar {
    /// The node, then its parent, and so on up to the factory.
    chain: Vec<CalendarNode>,
    shifts: Vec<Arc<Shift>>,
    shutdowns: Vec<Arc<Shutdown>>,
}

impl NodeCalendar {
    /// The calendar of the first node of `chain`, which goes on with its ancestors from the nearest up. Records of other
    /// nodes are left out.
    pub fn new(chain: Vec<CalendarNode>, shifts: &[Arc<Shift>], shutdowns: &[Arc<Shutdown>]) -> Self {
        let in_chain = |node_id| chain.iter().any(|node: &CalendarNode| node.id == node_id);
        let shifts = shifts.iter().filter(|shift| in_chain(shift.node_id)).cloned().collect();
        let shutdowns = shutdowns.iter().filter(|shutdown| in_chain(shutdown.node_id)).cloned().collect();
        Self { chain, shifts, shutdowns }
    }

    /// The node, then its ancestors.
    pub fn chain(&self) -> &[CalendarNode] {
        &self.chain
    }

    /// The node itself, if it exists.
    pub fn node(&self) -> Option<&CalendarNode> {
        self.chain.first()
    }

    /// The shifts of a production date and the node they come from: the node's own when it has any effective ones, else
    /// the nearest ancestor's.
    pub fn shifts_on(&self, date: Date) -> Vec<(&CalendarNode, &Shift)> {
        let of_node = |node: &'_ CalendarNode| {
            let id = node.id;
            self.shifts.iter().filter(move |shift| shift.node_id == id && shift.is_effective_on(date))
        };
        let origin = self.chain.iter().find(|node| of_node(node).next().is_some());
        origin.map_or_else(Vec::new, |node| of_node(node).map(|shift| (node, &**shift)).collect())
    }

    /// All its planned shutdowns inside a window as one set of instants.
    pub fn shutdowns_during(&self, zone: &Zone, window: Interval) -> IntervalSet {
        self.shutdowns.iter().flat_map(|shutdown| shutdown.during(zone, window)).collect()
    }

    /// The planned shutdowns in force inside a window, with their origin and when that is.
    pub fn shutdowns_in_force(
        &self,
        zone: &Zone,
        window: Interval,
    ) -> Vec<(&CalendarNode, &Shutdown, IntervalSet)> {
        let origin = |id| self.chain.iter().find(|node| node.id == id);
        self.shutdowns
            .iter()
            .filter_map(|shutdown| {
                let when = shutdown.during(zone, window);
                let node = origin(shutdown.node_id).filter(|_| !when.is_empty())?;
                Some((node, &**shutdown, when))
            })
            .collect()
    }

    /// The planned shutdowns in force on a calendar day.
    pub fn shutdowns_on(&self, zone: &Zone, date: Date) -> Vec<(&CalendarNode, &Shutdown, IntervalSet)> {
        self.shutdowns_in_force(zone, day(zone, date))
    }

    /// What happens on the production dates from `from` to `to`, both included, in order of time.
    pub fn occurrences(&self, zone: &Zone, from: Date, to: Date) -> Vec<ShiftOccurrence> {
        // A shift lasts a day at most, so the last one ends before the second midnight after `to`.
        let window = Interval::new(zone.start_of(from), zone.start_of(next(next(to))));
        let shutdowns = self.shutdowns_during(zone, window);
        let mut occurrences: Vec<_> = from
            .series(1.day())
            .take_while(|date| *date <= to)
            .flat_map(|date| self.shifts_on(date).into_iter().map(move |(node, shift)| (date, node, shift)))
            .filter_map(|(date, node, shift)| {
                let span = shift.span_on(zone, date);
                (!span.is_empty()).then(|| ShiftOccurrence {
                    shift_id: shift.id,
                    name: shift.name.clone(),
                    production_date: date,
                    begin: span.begin,
                    end: span.end,
                    breaks: shift.breaks_on(zone, date),
                    shutdowns: shutdowns.clip(span),
                    origin: node.clone(),
                })
            })
            .collect();
        occurrences
            .sort_by_key(|occurrence| (occurrence.production_date, occurrence.begin, occurrence.shift_id));
        occurrences
    }

    /// Whether a planned shutdown is on at this instant (section 1.11).
    pub fn is_shut_down(&self, zone: &Zone, at: Millis) -> bool {
        self.shutdowns.iter().any(|shutdown| shutdown.contains(zone, at))
    }

    /// The shift in force at this instant, unless a planned shutdown is on (section 1.10). Where an inherited night shift
    /// reaches into the first own shift, the one that began last.
    pub fn shift_at(&self, zone: &Zone, at: Millis) -> Option<&Shift> {
        if self.is_shut_down(zone, at) {
            return None;
        }
        let today = zone.date(at);
        [today, today.saturating_sub(1.day())].into_iter().find_map(|date| {
            let mut shifts = self.shifts_on(date).into_iter();
            shifts.find(|(_, shift)| shift.span_on(zone, date).contains(at)).map(|(_, shift)| shift)
        })
    }

    /// What kind of day this production date is. `occurrences` are those of that date.
    pub fn day_type_of(&self, zone: &Zone, date: Date, occurrences: &[ShiftOccurrence]) -> DayType {
        let left: Millis = occurrences
            .iter()
            .map(|occurrence| IntervalSet::from(occurrence.span()).subtract(&occurrence.shutdowns).total())
            .sum();
        let day = day(zone, date);
        if left >= MINUTE {
            DayType::Workday
        } else if !occurrences.is_empty() || self.shutdowns_during(zone, day).total() == day.duration() {
            DayType::RestDay
        } else {
            DayType::Undefined
        }
    }

    /// The kinds of the days from `from` to `to`, both included.
    pub fn day_types(&self, zone: &Zone, from: Date, to: Date) -> Vec<(Date, DayType)> {
        let occurrences = self.occurrences(zone, from, to);
        let mut rest = &occurrences[..];
        from.series(1.day())
            .take_while(|date| *date <= to)
            .map(|date| {
                let count = rest.partition_point(|occurrence| occurrence.production_date <= date);
                let (of_date, later) = rest.split_at(count);
                rest = later;
                (date, self.day_type_of(zone, date, of_date))
            })
            .collect()
    }
}
