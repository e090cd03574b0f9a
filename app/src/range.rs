//! The time range of a page, as its URL holds it.
//!
//! `?range=` is `shift`, `day`, `week` or `month` (the current one), one of these at a wall time (`day@2025-06-11`,
//! `shift@2025-06-11T06:00`), or a span of wall times (`2025-06-10T06:00..2025-06-12T14:00`). Wall times are of the
//! plant's zone, so nothing here needs to know it: the server turns the answer into instants.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday};
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
}

/// A range as asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Range {
    /// The unit that contains a wall time, or the current one.
    Of(Unit, Option<DateTime>),
    /// From a wall time to another, the end exclusive.
    Span(DateTime, DateTime),
}

impl Default for Range {
    fn default() -> Self {
        Self::Of(Unit::Day, None)
    }
}

/// A shift with its wall times, as the picker shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Its name.
    pub name: String,
    /// When it begins.
    pub begin: DateTime,
    /// When it ends.
    pub end: DateTime,
}

impl Range {
    /// Reads the URL's text; what cannot be read is the current day.
    pub fn parse(text: &str) -> Self {
        if let Some((from, to)) = text.split_once("..") {
            return match (wall(from), wall(to)) {
                (Some(from), Some(to)) if from < to => Self::Span(from, to),
                _ => Self::default(),
            };
        }
        let (unit, at) = text.split_once('@').map_or((text, None), |(unit, at)| (unit, Some(at)));
        let unit = Unit::ALL.into_iter().find(|u| u.as_str() == unit);
        unit.map_or_else(Self::default, |unit| Self::Of(unit, at.and_then(wall)))
    }

    /// The wall times it covers when it is `now`, with these shifts to choose from.
    pub fn bounds(self, now: DateTime, shifts: &[Shift]) -> (DateTime, DateTime) {
        match self {
            Self::Span(from, to) => (from, to),
            Self::Of(unit, at) => {
                let at = at.unwrap_or(now);
                let day = at.date();
                let dates = match unit {
                    Unit::Shift => {
                        let shift = shifts.iter().find(|s| s.begin <= at && at < s.end);
                        if let Some(shift) = shift {
                            return (shift.begin, shift.end);
                        }
                        (day, plus_days(day, 1))
                    }
                    Unit::Day => (day, plus_days(day, 1)),
                    Unit::Week => {
                        let monday = plus_days(day, -i64::from(day.weekday().since(Weekday::Monday)));
                        (monday, plus_days(monday, 7))
                    }
                    Unit::Month => (day.first_of_month(), plus_days(day.last_of_month(), 1)),
                };
                (midnight(dates.0), midnight(dates.1))
            }
        }
    }

    /// The range one step back (`by` -1) or on (1).
    pub fn step(self, by: i64, now: DateTime, shifts: &[Shift]) -> Self {
        let (begin, end) = self.bounds(now, shifts);
        match self {
            Self::Span(..) => {
                let length = begin.until(end).unwrap_or_default().checked_mul(by).unwrap_or_default();
                Self::Span(begin.checked_add(length).unwrap_or(begin), end.checked_add(length).unwrap_or(end))
            }
            Self::Of(unit, _) => {
                // The next unit begins where this one ends, and the one before ends just before this one begins.
                let at = if by < 0 { begin.checked_sub(1.minute()).unwrap_or(begin) } else { end };
                let shift = shifts.iter().find(|s| unit == Unit::Shift && s.begin <= at && at < s.end);
                let at = shift.map_or_else(|| Self::Of(unit, Some(at)).bounds(now, shifts).0, |s| s.begin);
                Self::Of(unit, Some(at))
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
            Self::Of(Unit::Shift, Some(at)) => write!(f, "shift@{}", minutes(*at)),
            Self::Of(unit, Some(at)) => write!(f, "{}@{}", unit.as_str(), at.date()),
            Self::Span(from, to) => write!(f, "{}..{}", minutes(*from), minutes(*to)),
        }
    }
}

fn minutes(at: DateTime) -> impl std::fmt::Display {
    at.strftime("%Y-%m-%dT%H:%M")
}

fn wall(text: &str) -> Option<DateTime> {
    text.parse().ok().or_else(|| text.parse::<Date>().ok().map(midnight))
}

fn midnight(date: Date) -> DateTime {
    date.at(0, 0, 0, 0)
}

fn plus_days(date: Date, days: i64) -> Date {
    date.checked_add(days.days()).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime {
        text.parse().expect("a wall time")
    }

    fn bounds(text: &str, shifts: &[Shift]) -> (String, String) {
        let (begin, end) = Range::parse(text).bounds(at("2025-06-12T14:52"), shifts);
        (minutes(begin).to_string(), minutes(end).to_string())
    }

    fn shifts() -> Vec<Shift> {
        [("Early", 6, 14), ("Late", 14, 22)]
            .map(|(name, begin, end)| Shift {
                name: name.into(),
                begin: jiff::civil::date(2025, 6, 12).at(begin, 0, 0, 0),
                end: jiff::civil::date(2025, 6, 12).at(end, 0, 0, 0),
            })
            .into()
    }

    #[test]
    fn units_cover_what_their_name_says() {
        assert_eq!(bounds("day", &[]), ("2025-06-12T00:00".into(), "2025-06-13T00:00".into()));
        assert_eq!(bounds("week", &[]), ("2025-06-09T00:00".into(), "2025-06-16T00:00".into()));
        assert_eq!(bounds("month@2025-02-03", &[]), ("2025-02-01T00:00".into(), "2025-03-01T00:00".into()));
        assert_eq!(bounds("shift", &shifts()), ("2025-06-12T14:00".into(), "2025-06-12T22:00".into()));
        assert_eq!(bounds("nonsense", &[]), bounds("day", &[]));
    }

    #[test]
    fn stepping_there_and_back_is_where_it_was() {
        let now = at("2025-06-12T14:52");
        for text in
            ["day@2025-03-01", "week@2025-06-09", "month@2025-03-01", "2025-06-10T06:00..2025-06-12T14:00"]
        {
            let there = Range::parse(text).step(-1, now, &[]);
            assert_eq!(there.step(1, now, &[]).to_string(), text);
        }
        assert_eq!(Range::parse("shift").step(-1, now, &shifts()).to_string(), "shift@2025-06-12T06:00");
    }

    #[test]
    fn a_span_must_run_forward() {
        assert_eq!(Range::parse("2025-06-12T06:00..2025-06-10T06:00"), Range::default());
    }
}
