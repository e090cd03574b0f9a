//! What a planned shutdown is and when it happens.

use jiff::ToSpan;
use jiff::civil::{Date, Time};

use super::ShutdownFields;
use super::shift::{begin_time, check_name, end_time, next, span};
use crate::time::Zone;
use crate::{Error, Interval, IntervalSet, Result, text};

/// Time in which a node and everything below it is planned to stand still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shutdown {
    /// Its id.
    pub id: i64,
    /// The factory-model node it belongs to.
    pub node_id: i64,
    /// That node's level, 1 to 5.
    pub node_level: i64,
    /// Its name.
    pub name: String,
    /// Why.
    pub description: Option<String>,
    /// When.
    pub rule: ShutdownRule,
}

/// When a planned shutdown happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShutdownRule {
    /// Once (type 1).
    Period(Interval),
    /// Every week (type 2).
    Weekly {
        /// 1 Monday to 7 Sunday: the day on which it begins.
        day_of_week: i8,
        /// Wall time at which it begins.
        begin: Time,
        /// Wall time at which it ends; at or before `begin` it is on the next day.
        end: Time,
    },
}

impl Shutdown {
    /// When it happens inside a window.
    pub fn during(&self, zone: &Zone, window: Interval) -> IntervalSet {
        match &self.rule {
            ShutdownRule::Period(period) => period.intersect(window).into_iter().collect(),
            &ShutdownRule::Weekly { .. } if window.is_empty() => IntervalSet::empty(),
            &ShutdownRule::Weekly { day_of_week, begin, end } => {
                // One that began the day before may reach into the window.
                let first = zone.date(window.begin).saturating_sub(1.day());
                let last = zone.date(window.end);
                first
                    .series(1.day())
                    .take_while(|date| *date <= last)
                    .filter(|date| date.weekday().to_monday_one_offset() == day_of_week)
                    .filter_map(|date| span(zone, date, begin, end).intersect(window))
                    .collect()
            }
        }
    }

    /// Whether it is on at this instant.
    pub fn contains(&self, zone: &Zone, at: i64) -> bool {
        !self.during(zone, Interval::new(at, at + 1)).is_empty()
    }

    /// Reads and checks the fields of a new or changed planned shutdown (sections 1.7 and 1.14). Only the fields of its
    /// type are read: a request may carry those of the other type as well.
    pub fn check(id: i64, fields: ShutdownFields, zone: &Zone) -> Result<Self> {
        let name = check_name(&fields.name)?;
        let rule = match fields.kind {
            1 => period(&fields, zone)?,
            2 => weekly(&fields)?,
            _ => {
                return Err(Error::invalid(
                    "type",
                    text!("must be 1 (fixed period) or 2 (weekly)", "应为 1(固定时间段)或 2(每周)"),
                ));
            }
        };
        Ok(Self {
            id,
            node_id: fields.fty_model_id,
            node_level: fields.fty_model_value,
            name,
            description: fields.description,
            rule,
        })
    }
}

/// The calendar day of a date, midnight to midnight.
pub(super) fn day(zone: &Zone, date: Date) -> Interval {
    Interval::new(zone.start_of(date), zone.start_of(next(date)))
}

fn given<'a>(param: &str, value: Option<&'a String>, kind: i64) -> Result<&'a str> {
    value.map(String::as_str).ok_or_else(|| {
        Error::invalid(param, text!("is required when type is {kind}", "type 为 {kind} 时必填"))
    })
}

fn period(fields: &ShutdownFields, zone: &Zone) -> Result<ShutdownRule> {
    let begin = zone.parse("beginDatetime", given("beginDatetime", fields.begin_datetime.as_ref(), 1)?)?;
    let end = zone.parse("endDatetime", given("endDatetime", fields.end_datetime.as_ref(), 1)?)?;
    if end <= begin {
        return Err(Error::invalid(
            "endDatetime",
            text!("must be after beginDatetime", "应晚于 beginDatetime"),
        ));
    }
    Ok(ShutdownRule::Period(Interval::new(begin, end)))
}

fn weekly(fields: &ShutdownFields) -> Result<ShutdownRule> {
    let day_of_week = fields.day_of_week.ok_or_else(|| {
        Error::invalid("dayOfWeek", text!("is required when type is 2", "type 为 2 时必填"))
    })?;
    let day_of_week =
        i8::try_from(day_of_week).ok().filter(|day| (1..=7).contains(day)).ok_or_else(|| {
            Error::invalid("dayOfWeek", text!("must be 1 (Monday) to 7 (Sunday)", "应为 1(周一)至 7(周日)"))
        })?;
    Ok(ShutdownRule::Weekly {
        day_of_week,
        begin: begin_time("beginTime", given("beginTime", fields.begin_time.as_ref(), 2)?)?,
        end: end_time("endTime", given("endTime", fields.end_time.as_ref(), 2)?)?,
    })
}
