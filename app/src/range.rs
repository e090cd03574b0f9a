//! The time range of a page, as its URL holds it.
//!
//! `?range=` is `shift`, `day`, `week` or `month` (the current one), one of these at a wall time (`day@2025-06-11`,
//! `shift@2025-06-11T06:00`), or a span of production days (`2025-06-10..2025-06-12`, both included). A production day
//! runs from its first shift to the end of its last one, and a shift belongs to the day on which it begins. Wall times
//! are of the plant's zone, so nothing here needs to know it: the server turns the answer into instants.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// A unit that ranges are stepped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// One shift.
    Shift,
    /// One production day.
    Day,
    /// One ISO week, Monday to Sunday.
    Week,
    /// One calendar month.
    Month,
}

impl Unit {
    /// All of them, as the picker lists them.
    pub const ALL: [Self; 4] = [Self::Shift, Self::Day, Self::Week, Self::Month];

    /// Its name in the URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shift => "shift",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The first and the last day of the unit that contains a day.
    fn around(self, day: Date) -> (Date, Date) {
        match self {
            Self::Shift | Self::Day => (day, day),
            Self::Week => {
                let monday = domain::time::monday(day);
                (monday, plus_days(monday, 6))
            }
            Self::Month => (day.first_of_month(), day.last_of_month()),
        }
    }
}

/// A range as asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Range {
    /// The unit that contains a wall time, or the current one.
    Of(Unit, Option<DateTime>),
    /// From a production day to another, both included.
    Span(Date, Date),
}

impl Default for Range {
    fn default() -> Self {
        Self::Of(Unit::Day, None)
    }
}

/// A shift with its wall times, as the picker shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// The production day it belongs to.
    pub date: Date,
    /// Its name.
    pub name: String,
    /// When it begins.
    pub begin: DateTime,
    /// When it ends.
    pub end: DateTime,
}

impl Shift {
    fn contains(&self, at: DateTime) -> bool {
        self.begin <= at && at < self.end
    }
}

impl Range {
    /// Reads the URL's text; what cannot be read is the current day.
    pub fn parse(text: &str) -> Self {
        if let Some((from, to)) = text.split_once("..") {
            return match (wall(from), wall(to)) {
                (Some(from), Some(to)) if from.date() <= to.date() => Self::Span(from.date(), to.date()),
                _ => Self::default(),
            };
        }
        let (unit, at) = text.split_once('@').map_or((text, None), |(unit, at)| (unit, Some(at)));
        let unit = Unit::ALL.into_iter().find(|u| u.as_str() == unit);
        unit.map_or_else(Self::default, |unit| Self::Of(unit, at.and_then(wall)))
    }

    /// The first and the last production day it covers when it is `now`.
    pub fn dates(self, now: DateTime, shifts: &[Shift]) -> (Date, Date) {
        match self {
            Self::Span(from, to) => (from, to),
            Self::Of(Unit::Shift, at) => {
                let at = at.unwrap_or(now);
                let day = day_of(at, shifts);
                (day, day)
            }
            // Before the first shift of a day the production day is still the one before.
            Self::Of(Unit::Day, None) => Unit::Day.around(day_of(now, shifts)),
            // Weeks and months are those of the date, with or without shifts: what shows the range and what counts in it
            // must not part in the night before a Monday.
            Self::Of(unit, at) => unit.around(at.unwrap_or(now).date()),
        }
    }

    /// The wall times it covers when it is `now`, with these shifts to choose from.
    pub fn bounds(self, now: DateTime, shifts: &[Shift]) -> (DateTime, DateTime) {
        if let Self::Of(Unit::Shift, at) = self
            && let Some(shift) = shifts.iter().find(|shift| shift.contains(at.unwrap_or(now)))
        {
            return (shift.begin, shift.end);
        }
        let (first, last) = self.dates(now, shifts);
        let of = |day: Date| shifts.iter().filter(move |shift| shift.date == day);
        let begin = of(first).map(|shift| shift.begin).min().unwrap_or_else(|| midnight(first));
        let end = of(last).map(|shift| shift.end).max().unwrap_or_else(|| midnight(plus_days(last, 1)));
        (begin, end)
    }

    /// The range one step back (`by` -1) or on (1).
    #[must_use]
    pub fn step(self, by: i64, now: DateTime, shifts: &[Shift]) -> Self {
        let (first, last) = self.dates(now, shifts);
        match self {
            Self::Span(..) => {
                let days = i64::from((last - first).get_days() + 1) * by;
                Self::Span(plus_days(first, days), plus_days(last, days))
            }
            Self::Of(Unit::Shift, _) => {
                // The next shift begins where this one ends or after it, the one before ends where this one begins or
                // earlier.
                let (begin, end) = self.bounds(now, shifts);
                let to = if by < 0 {
                    shifts.iter().filter(|shift| shift.end <= begin).max_by_key(|shift| shift.begin)
                } else {
                    shifts.iter().filter(|shift| shift.begin >= end).min_by_key(|shift| shift.begin)
                };
                let at = to.map_or_else(|| midnight(plus_days(first, by)), |shift| shift.begin);
                Self::Of(Unit::Shift, Some(at))
            }
            Self::Of(unit, _) => {
                let day = if by < 0 { plus_days(first, -1) } else { plus_days(last, 1) };
                Self::Of(unit, Some(midnight(unit.around(day).0)))
            }
        }
    }

    /// The unit it is stepped by; a span has none.
    pub fn unit(self) -> Option<Unit> {
        match self {
            Self::Of(unit, _) => Some(unit),
            Self::Span(..) => None,
        }
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Of(unit, None) => f.write_str(unit.as_str()),
            Self::Of(Unit::Shift, Some(at)) => write!(f, "shift@{}", crate::clock::to_minute(*at)),
            Self::Of(unit, Some(at)) => write!(f, "{}@{}", unit.as_str(), at.date()),
            Self::Span(from, to) => write!(f, "{from}..{to}"),
        }
    }
}

/// The production day at a wall time: that of the running shift, else the date.
fn day_of(at: DateTime, shifts: &[Shift]) -> Date {
    shifts.iter().find(|shift| shift.contains(at)).map_or(at.date(), |shift| shift.date)
}

fn wall(text: &str) -> Option<DateTime> {
    text.parse().ok().or_else(|| text.parse::<Date>().ok().map(midnight))
}

fn midnight(date: Date) -> DateTime {
    date.at(0, 0, 0, 0)
}

fn plus_days(date: Date, days: i64) -> Date {
    date.saturating_add(days.days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn at(text: &str) -> DateTime {
        text.parse().expect("a wall time")
    }

    fn bounds(text: &str, now: &str, shifts: &[Shift]) -> String {
        let (begin, end) = Range::parse(text).bounds(at(now), shifts);
        format!("{} {}", begin.strftime("%m-%d %H:%M"), end.strftime("%m-%d %H:%M"))
    }

    /// Early 06–14, late 14–22, night 22–06, from 1 to 30 June.
    fn shifts() -> Vec<Shift> {
        let day = |day: i8| {
            [("Early", 6), ("Late", 14), ("Night", 22)].map(|(name, hour)| {
                let begin = date(2025, 6, day).at(hour, 0, 0, 0);
                Shift { date: begin.date(), name: name.into(), begin, end: begin.saturating_add(8.hours()) }
            })
        };
        (1..=30).flat_map(day).collect()
    }

    #[test]
    fn without_shifts_days_run_from_midnight() {
        let now = "2025-06-12T14:52";
        assert_eq!(bounds("day", now, &[]), "06-12 00:00 06-13 00:00");
        assert_eq!(bounds("week", now, &[]), "06-09 00:00 06-16 00:00");
        assert_eq!(bounds("month@2025-02-03", now, &[]), "02-01 00:00 03-01 00:00");
        assert_eq!(bounds("shift", now, &[]), "06-12 00:00 06-13 00:00");
        assert_eq!(bounds("nonsense", now, &[]), bounds("day", now, &[]));
    }

    #[test]
    fn a_production_day_runs_from_its_first_shift_to_the_end_of_its_last() {
        let (now, shifts) = ("2025-06-12T14:52", shifts());
        assert_eq!(bounds("day", now, &shifts), "06-12 06:00 06-13 06:00");
        assert_eq!(bounds("week", now, &shifts), "06-09 06:00 06-16 06:00");
        assert_eq!(bounds("shift", now, &shifts), "06-12 14:00 06-12 22:00");
        assert_eq!(bounds("2025-06-10..2025-06-11", now, &shifts), "06-10 06:00 06-12 06:00");
    }

    #[test]
    fn the_night_belongs_to_the_day_on_which_it_began() {
        let (now, shifts) = ("2025-06-12T02:00", shifts());
        assert_eq!(bounds("day", now, &shifts), "06-11 06:00 06-12 06:00");
        assert_eq!(bounds("shift", now, &shifts), "06-11 22:00 06-12 06:00");
        assert_eq!(bounds("day@2025-06-12", now, &shifts), "06-12 06:00 06-13 06:00");
        let monday = at("2025-06-16T02:00");
        let week = Range::parse("week");
        assert_eq!(week.dates(monday, &shifts), week.dates(monday, &[]));
    }

    #[test]
    fn stepping_there_and_back_is_where_it_was() {
        let (now, shifts) = (at("2025-06-12T14:52"), shifts());
        for text in ["day@2025-03-01", "week@2025-06-09", "month@2025-03-01", "2025-06-10..2025-06-12"] {
            let there = Range::parse(text).step(-1, now, &shifts);
            assert_eq!(there.step(1, now, &shifts).to_string(), text);
        }
        let before = Range::parse("shift").step(-1, now, &shifts);
        assert_eq!(before.to_string(), "shift@2025-06-12T06:00");
        assert_eq!(before.step(-1, now, &shifts).to_string(), "shift@2025-06-11T22:00");
        assert_eq!(Range::parse("day").step(1, now, &shifts).to_string(), "day@2025-06-13");
    }

    #[test]
    fn a_span_must_run_forward() {
        assert_eq!(Range::parse("2025-06-12..2025-06-10"), Range::default());
        assert_eq!(Range::parse("2025-06-12..2025-06-12").to_string(), "2025-06-12..2025-06-12");
    }
}
