//! Days, weeks and months of reports: read, counted, written. Weeks are those of ISO 8601, from Monday to Sunday; the first
//! of a year is the one with its first Thursday, so that `2026-53` ends in 2027.

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::parse_date;
use crate::{Code, Error, Result, text};

/// What a report makes one entry of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Cycle {
    /// A day, `yyyy-MM-dd`. Meant when a report is asked for without a cycle.
    #[default]
    Date,
    /// A week, `yyyy-ww`.
    Week,
    /// A month, `yyyy-MM`.
    Month,
}

impl Cycle {
    /// All of them, the shortest first.
    pub const ALL: [Self; 3] = [Self::Date, Self::Week, Self::Month];

    /// Its name on the wire, which is also the key of a period in an entry.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The cycle of this name, days when there is none.
    pub fn named(name: Option<&str>) -> Result<Self> {
        let Some(name) = name.filter(|name| !name.is_empty()) else { return Ok(Self::default()) };
        Self::ALL.into_iter().find(|cycle| cycle.as_str() == name).ok_or_else(|| {
            Error::invalid("cycle", text!("must be date, week or month", "应为 date、week 或 month"))
        })
    }

    /// How many periods one report covers at most: 30 days, 53 weeks, 12 months.
    pub fn longest(self) -> usize {
        match self {
            Self::Date => 30,
            Self::Week => 53,
            Self::Month => 12,
        }
    }

    /// The period that a date is in. None at the ends of the calendar.
    pub fn of(self, date: Date) -> Option<Period> {
        let (first, last) = match self {
            Self::Date => (date, date),
            Self::Week => {
                let first =
                    date.checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days()).ok()?;
                (first, first.checked_add(6.days()).ok()?)
            }
            Self::Month => (date.first_of_month(), date.last_of_month()),
        };
        Some(Period { cycle: self, first, last })
    }

    /// Reads a period: `2016-08-01`, `2016-51` or `2016-12`, whichever this cycle takes.
    pub fn parse(self, param: &str, value: &str) -> Result<Period> {
        let date = match self {
            Self::Date => {
                return parse_date(param, value).and_then(|d| self.of(d).ok_or_else(|| bad(self, param)));
            }
            Self::Week => monday(value.trim()),
            Self::Month => first_of_month(value.trim()),
        };
        date.and_then(|date| self.of(date)).ok_or_else(|| bad(self, param))
    }
}

fn bad(cycle: Cycle, param: &str) -> Error {
    let reason = match cycle {
        Cycle::Date => text!("must be a date, yyyy-MM-dd", "应为日期，格式 yyyy-MM-dd"),
        Cycle::Week => text!("must be a week of a year, yyyy-ww", "应为年和周，格式 yyyy-ww"),
        Cycle::Month => text!("must be a month, yyyy-MM", "应为月份，格式 yyyy-MM"),
    };
    Error::invalid(param, reason)
}

fn year_and_number(value: &str) -> Option<(i16, i8)> {
    let (year, number) = value.split_once('-')?;
    let number = number.strip_prefix(['W', 'w']).unwrap_or(number);
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    (year.len() == 4 && digits(year, 4) && digits(number, 2)).then_some(())?;
    Some((year.parse().ok()?, number.parse().ok()?))
}

fn monday(value: &str) -> Option<Date> {
    let (year, week) = year_and_number(value)?;
    ISOWeekDate::new(year, week, Weekday::Monday).ok().map(ISOWeekDate::date)
}

fn first_of_month(value: &str) -> Option<Date> {
    let (year, month) = year_and_number(value)?;
    Date::new(year, month, 1).ok()
}

/// A day, a week or a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// What it is.
    pub cycle: Cycle,
    /// Its first day.
    pub first: Date,
    /// Its last day, which it includes.
    pub last: Date,
}

impl Period {
    /// As it is written on the wire.
    pub fn name(&self) -> String {
        match self.cycle {
            Cycle::Date => self.first.to_string(),
            Cycle::Week => {
                let week = self.first.iso_week_date();
                format!("{:04}-{:02}", week.year(), week.week())
            }
            Cycle::Month => month_of(self.first),
        }
    }

    /// The one after it. None at the end of the calendar.
    pub fn next(&self) -> Option<Self> {
        self.last.tomorrow().ok().and_then(|date| self.cycle.of(date))
    }
}

/// `yyyy-MM` of a date.
pub fn month_of(date: Date) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}

/// The periods that a report from `start` to `end` has entries of, in order; `today` is the plant's.
///
/// Both ends count. A report that begins after today has not been generated; of one that ends later, the periods that have
/// not begun are left out.
pub fn periods(cycle: Cycle, start: &str, end: &str, today: Date) -> Result<Vec<Period>> {
    periods_within(cycle, (start, end), today, cycle.longest())
}

/// [`periods`] with another limit.
pub fn periods_within(
    cycle: Cycle,
    (start, end): (&str, &str),
    today: Date,
    longest: usize,
) -> Result<Vec<Period>> {
    let first = cycle.parse("start", start)?;
    let last = cycle.parse("end", end)?;
    check_order("end", first.first, last.first)?;
    let all = |last: Date| {
        std::iter::successors(Some(first), Period::next).take_while(move |period| period.first <= last)
    };
    if all(last.first).nth(longest).is_some() {
        return Err(Error::invalid(
            "end",
            match cycle {
                Cycle::Date => text!("must be within {longest} days", "跨度不能超过 {longest} 天"),
                Cycle::Week => text!("must be within {longest} weeks", "跨度不能超过 {longest} 周"),
                Cycle::Month => text!("must be within {longest} months", "跨度不能超过 {longest} 个月"),
            },
        ));
    }
    check_begun(first.first, today)?;
    Ok(all(last.first.min(today)).collect())
}

/// The dates a detailed report covers: the last 30 when nothing is given, else 30 up to `end` or from `start` to today.
pub fn dates(
    names: (&str, &str),
    start: Option<&str>,
    end: Option<&str>,
    today: Date,
) -> Result<(Date, Date)> {
    let last = end.map(|end| parse_date(names.1, end)).transpose()?;
    let first = match start {
        Some(start) => parse_date(names.0, start)?,
        None => days_before(last.unwrap_or(today).min(today), 29),
    };
    let last = last.unwrap_or_else(|| today.max(first));
    check_order(names.1, first, last)?;
    if days_before(last, MAX_DAYS - 1) > first {
        return Err(Error::invalid(
            names.1,
            text!("must be within {MAX_DAYS} days", "跨度不能超过 {MAX_DAYS} 天"),
        ));
    }
    check_begun(first, today)?;
    Ok((first, last.min(today)))
}

/// How many days a report covers at most where the contract does not say.
pub const MAX_DAYS: i64 = 366;

/// The date so many days earlier.
pub fn days_before(date: Date, days: i64) -> Date {
    date.saturating_sub(days.days())
}

fn check_order(param: &str, first: Date, last: Date) -> Result<()> {
    if last < first {
        return Err(Error::invalid(param, text!("must not be before the start", "不能早于开始")));
    }
    Ok(())
}

fn check_begun(first: Date, today: Date) -> Result<()> {
    if first > today {
        return Err(Error::Coded(
            Code::ReportNotGenerated,
            text!(
                "today is {today}: there is no report of later days",
                "今天是 {today}，之后的日期还没有报表"
            ),
        ));
    }
    Ok(())
}
