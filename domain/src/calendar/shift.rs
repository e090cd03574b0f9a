//! What a shift is, when it happens, and which ones may stand together.

use jiff::ToSpan;
use jiff::civil::{Date, Time, date};

use super::{BreakParam, ShiftFields};
use crate::time::{WallTime, Zone, parse_date, parse_time};
use crate::{Error, Interval, IntervalSet, Result, text};

const DAY: i32 = 86_400;
/// Clock changes looked at when two shifts without an end are compared: fifty years of summer time.
const CHANGES: usize = 100;

/// A shift of a node: wall times that hold on every date it is effective on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Its id.
    pub id: i64,
    /// The factory-model node it belongs to.
    pub node_id: i64,
    /// That node's level, 1 to 5.
    pub node_level: i64,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Wall time at which it begins.
    pub begin: Time,
    /// Wall time at which it ends; at or before `begin` it is on the next day.
    pub end: Time,
    /// First production date it is effective on; none: since ever.
    pub first_date: Option<Date>,
    /// Last production date it is effective on; none: until further notice.
    pub last_date: Option<Date>,
    /// The pauses inside it, in their order of time.
    pub breaks: Vec<Break>,
}

/// A pause inside a shift: time in which nothing is planned to be produced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// Its id.
    pub id: i64,
    /// 1 meeting, 2 rest, 3 meal.
    pub kind: i64,
    /// Wall time at which it begins; before the shift's begin it is on the next day.
    pub begin: Time,
    /// Wall time at which it ends.
    pub end: Time,
}

impl Shift {
    /// Whether it happens on this production date.
    pub fn is_effective_on(&self, date: Date) -> bool {
        self.first_date.is_none_or(|first| first <= date) && self.last_date.is_none_or(|last| date <= last)
    }

    /// When it happens on this production date, whether effective then or not. Empty when the clock jumps over it.
    pub fn span_on(&self, zone: &Zone, date: Date) -> Interval {
        span(zone, date, self.begin, self.end)
    }

    /// When its pauses are on this production date.
    pub fn breaks_on(&self, zone: &Zone, date: Date) -> IntervalSet {
        let pauses = self.breaks.iter().map(|pause| {
            let date = if pause.begin < self.begin { next(date) } else { date };
            span(zone, date, pause.begin, pause.end)
        });
        pauses.collect::<IntervalSet>().clip(self.span_on(zone, date))
    }

    /// A date on which both are effective and have an instant in common, counting what a night shift takes of the next
    /// date. Judged on instants: a shift that ends where the clock jumps may reach into the next one on that day alone.
    pub fn overlaps(&self, other: &Self, zone: &Zone) -> Option<Date> {
        let latest = |dates: [Option<Date>; 2]| dates.into_iter().flatten().max();
        let last = [self.last_date, other.last_date].into_iter().flatten().min().map_or(Date::MAX, next);
        let first = latest([self.first_date, other.first_date]).map_or_else(
            || date(1970, 1, 1).min(last.saturating_sub(8.days())),
            |first| first.saturating_sub(1.day()),
        );
        // Ordinary days repeat, so a week of them says it all; days around a clock change are looked at one by one.
        let week = std::iter::once((first, 8));
        let changes =
            zone.clock_changes(first, last).take(CHANGES).map(|day| (day.saturating_sub(2.days()), 4));
        week.chain(changes)
            .flat_map(|(from, days)| from.series(1.day()).take(days + 1))
            .filter(|day| *day <= last && self.is_effective_on(*day))
            .find(|&day| {
                let mine = self.span_on(zone, day);
                [day.saturating_sub(1.day()), day, next(day)]
                    .into_iter()
                    .any(|date| other.is_effective_on(date) && other.span_on(zone, date).overlaps(mine))
            })
    }

    /// Reads and checks the fields of a new or changed shift (sections 1.2 and 1.3).
    pub fn check(id: i64, fields: ShiftFields) -> Result<Self> {
        let name = check_name(&fields.name)?;
        let begin = begin_time("beginTime", &fields.begin_time)?;
        let end = end_time("endTime", &fields.end_time)?;
        let first_date = optional_date("beginEffectiveDate", fields.begin_effective_date.as_deref())?;
        let last_date = optional_date("endEffectiveDate", fields.end_effective_date.as_deref())?;
        if let (Some(first), Some(last)) = (first_date, last_date)
            && last < first
        {
            return Err(Error::invalid(
                "endEffectiveDate",
                text!("must not be before beginEffectiveDate {first}", "不能早于 beginEffectiveDate {first}"),
            ));
        }
        let breaks = check_breaks(begin, end, &fields.breaks)?;
        Ok(Self {
            id,
            node_id: fields.fty_model_id,
            node_level: fields.fty_model_value,
            name,
            description: fields.description,
            begin,
            end,
            first_date,
            last_date,
            breaks,
        })
    }

    /// Refuses this shift when it shares an instant with another one of the same node.
    pub fn check_overlaps<'a>(&self, others: impl IntoIterator<Item = &'a Self>, zone: &Zone) -> Result<()> {
        for other in others.into_iter().filter(|other| other.id != self.id) {
            if let Some(date) = self.overlaps(other, zone) {
                let Self { name, begin, end, .. } = other;
                return Err(Error::invalid(
                    "beginTime",
                    text!(
                        "overlaps the shift {name} ({begin} to {end}) of the same node on {date}; shifts of a node must not share time",
                        "与同一节点的班次“{name}”({begin} 至 {end})在 {date} 重叠，同一节点的班次不能重叠"
                    ),
                ));
            }
        }
        Ok(())
    }
}

/// `begin` on `date` to the next `end`, as instants.
pub(super) fn span(zone: &Zone, date: Date, begin: Time, end: Time) -> Interval {
    let last = if end <= begin { next(date) } else { date };
    Interval::new(zone.instant(date.to_datetime(begin)), zone.instant(last.to_datetime(end)))
}

pub(super) fn next(date: Date) -> Date {
    date.saturating_add(1.day())
}

/// Checks a name: something must be there, and it must fit a screen.
pub(super) fn check_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 255 {
        return Err(Error::invalid(
            "name",
            text!("must have 1 to 255 characters", "长度应为 1 至 255 个字符"),
        ));
    }
    Ok(name.to_owned())
}

/// Reads the time at which something begins; the midnight that ends the day begins nothing on that day.
pub(super) fn begin_time(param: &str, value: &str) -> Result<Time> {
    match parse_time(param, value)? {
        WallTime::Of(time) => Ok(time),
        WallTime::NextMidnight => Err(Error::invalid(
            param,
            text!("must be before 24:00; midnight is 00:00", "应早于 24:00，零点请写 00:00"),
        )),
    }
}

/// Reads the time at which something ends; `24:00` is the next day's `00:00`.
pub(super) fn end_time(param: &str, value: &str) -> Result<Time> {
    Ok(match parse_time(param, value)? {
        WallTime::Of(time) => time,
        WallTime::NextMidnight => Time::midnight(),
    })
}

fn optional_date(param: &str, value: Option<&str>) -> Result<Option<Date>> {
    value.map(|value| parse_date(param, value)).transpose()
}

fn check_breaks(begin: Time, end: Time, params: &[BreakParam]) -> Result<Vec<Break>> {
    let length = seconds_between(begin, end);
    let mut breaks = Vec::with_capacity(params.len());
    for (index, pause) in params.iter().enumerate() {
        let param = |field: &str| format!("nonProdTimeMgtDTOList[{index}].{field}");
        if !(1..=3).contains(&pause.kind) {
            return Err(Error::invalid(
                param("type"),
                text!("must be 1 (meeting), 2 (rest) or 3 (meal)", "应为 1(会议)、2(休息)或 3(用餐)"),
            ));
        }
        // A pause may begin at 24:00: inside a night shift that is the next day's 00:00.
        let from = end_time(&param("beginTime"), &pause.begin_time)?;
        let to = end_time(&param("endTime"), &pause.end_time)?;
        if from == to {
            return Err(Error::invalid(
                param("endTime"),
                text!("must be after beginTime", "应晚于 beginTime"),
            ));
        }
        let offset = seconds_between_or_none(begin, from);
        if offset >= length {
            return Err(outside(&param("beginTime"), begin, end));
        }
        let until = offset + seconds_between(from, to);
        if until > length {
            return Err(outside(&param("endTime"), begin, end));
        }
        breaks.push((offset, until, index, Break { id: 0, kind: pause.kind, begin: from, end: to }));
    }
    breaks.sort_by_key(|(offset, ..)| *offset);
    for pair in breaks.windows(2) {
        let [(_, until, first, _), (offset, _, second, _)] = pair else { continue };
        if offset < until {
            let other = first.min(second);
            let at = first.max(second);
            return Err(Error::invalid(
                format!("nonProdTimeMgtDTOList[{at}].beginTime"),
                text!("overlaps nonProdTimeMgtDTOList[{other}]", "与 nonProdTimeMgtDTOList[{other}] 重叠"),
            ));
        }
    }
    Ok(breaks.into_iter().map(|(.., pause)| pause).collect())
}

fn outside(param: &str, begin: Time, end: Time) -> Error {
    Error::invalid(
        param,
        text!("must be inside the shift, {begin} to {end}", "应在班次时间 {begin} 至 {end} 之内"),
    )
}

/// Seconds of wall time from `begin` to the next `end`: a whole day when they are equal.
fn seconds_between(begin: Time, end: Time) -> i32 {
    match seconds_between_or_none(begin, end) {
        0 => DAY,
        seconds => seconds,
    }
}

fn seconds_between_or_none(begin: Time, end: Time) -> i32 {
    (second_of_day(end) - second_of_day(begin)).rem_euclid(DAY)
}

fn second_of_day(time: Time) -> i32 {
    i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60 + i32::from(time.second())
}
