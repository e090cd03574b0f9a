//! The calendar as a month view shows it.

use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shutdown::day;
use super::{CalendarNode, DayType, NodeCalendar, ShiftOccurrence};
use crate::Interval;
use crate::time::{MINUTE, Millis, Zone};

/// A node and the days of its calendar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MonthView {
    /// The node, then its ancestors up to the factory.
    pub chain: Vec<CalendarNode>,
    /// Its plant's time zone.
    pub time_zone: String,
    /// Each day, in order.
    pub days: Vec<CalendarDay>,
}

/// One production date of a node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CalendarDay {
    /// The date, `yyyy-MM-dd`.
    pub date: String,
    /// What kind of day it is.
    pub day_type: DayType,
    /// Minutes in which production is planned: its shifts without their pauses and without planned shutdowns.
    pub planned_minutes: f64,
    /// Its shifts, in order of time.
    pub shifts: Vec<DayShift>,
    /// Planned shutdowns in force on the calendar day.
    pub shutdowns: Vec<DayShutdown>,
}

/// A shift on one date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DayShift {
    /// The shift record.
    pub shift_id: i64,
    /// Its name.
    pub name: String,
    /// First instant, milliseconds UTC.
    pub begin: Millis,
    /// First instant after it.
    pub end: Millis,
    /// Wall time of the begin, `HH:mm:ss`.
    pub begin_time: String,
    /// Wall time of the end, `HH:mm:ss`.
    pub end_time: String,
    /// Its pauses.
    pub breaks: Vec<Interval>,
    /// Minutes in which production is planned.
    pub planned_minutes: f64,
    /// The node whose shift it is.
    pub origin: CalendarNode,
    /// Whether it comes from an ancestor.
    pub inherited: bool,
}

/// A planned shutdown on one calendar day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DayShutdown {
    /// The record.
    pub shutdown_id: i64,
    /// Its name.
    pub name: String,
    /// When it is in force on that day.
    pub during: Vec<Interval>,
    /// Whether it covers the whole day.
    pub whole_day: bool,
    /// The node whose shutdown it is.
    pub origin: CalendarNode,
    /// Whether it comes from an ancestor.
    pub inherited: bool,
}

fn minutes(duration: Millis) -> f64 {
    duration as f64 / MINUTE as f64
}

impl NodeCalendar {
    /// The days from `from` to `to`, both included.
    pub fn days(&self, zone: &Zone, from: Date, to: Date) -> Vec<CalendarDay> {
        let occurrences = self.occurrences(zone, from, to);
        let mut rest = &occurrences[..];
        from.series(1.day())
            .take_while(|date| *date <= to)
            .map(|date| {
                let count = rest.partition_point(|occurrence| occurrence.production_date <= date);
                let (of_date, later) = rest.split_at(count);
                rest = later;
                self.day(zone, date, of_date)
            })
            .collect()
    }

    fn day(&self, zone: &Zone, date: Date, occurrences: &[ShiftOccurrence]) -> CalendarDay {
        let whole = day(zone, date).duration();
        let loading: Millis = occurrences.iter().map(|occurrence| occurrence.loading().total()).sum();
        let shifts = occurrences.iter().map(|occurrence| DayShift {
            shift_id: occurrence.shift_id,
            name: occurrence.name.clone(),
            begin: occurrence.begin,
            end: occurrence.end,
            begin_time: zone.wall(occurrence.begin).time().to_string(),
            end_time: zone.wall(occurrence.end).time().to_string(),
            breaks: occurrence.breaks.as_slice().to_vec(),
            planned_minutes: minutes(occurrence.loading().total()),
            origin: occurrence.origin.clone(),
            inherited: Some(&occurrence.origin) != self.node(),
        });
        let shutdowns =
            self.shutdowns_on(zone, date).into_iter().map(|(origin, shutdown, during)| DayShutdown {
                shutdown_id: shutdown.id,
                name: shutdown.name.clone(),
                whole_day: during.total() == whole,
                during: during.into_iter().collect(),
                origin: origin.clone(),
                inherited: Some(origin) != self.node(),
            });
        CalendarDay {
            date: date.to_string(),
            day_type: self.day_type_of(zone, date, occurrences),
            planned_minutes: minutes(loading),
            shifts: shifts.collect(),
            shutdowns: shutdowns.collect(),
        }
    }
}
