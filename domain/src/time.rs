//! Instants, wall times and the clock.
//!
//! An instant is milliseconds since 1970 UTC ([`Millis`]). Wire texts such as `2020-10-01 08:00:00` are wall time of the
//! plant's zone. Durations come from instants, never from wall-clock subtraction.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};

use crate::{Error, Result, text};

/// Milliseconds since 1970-01-01 00:00 UTC.
pub type Millis = i64;

/// Milliseconds of a minute.
pub const MINUTE: Millis = 60_000;

/// Where "now" comes from; a test sets its own.
pub trait Clock: Send + Sync + 'static {
    /// The current instant.
    fn now(&self) -> Millis;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> Millis {
        Timestamp::now().as_millisecond()
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug, Default)]
pub struct ManualClock(std::sync::atomic::AtomicI64);

impl ManualClock {
    /// A clock standing at `now`.
    pub fn at(now: Millis) -> Self {
        Self(now.into())
    }

    /// Moves the clock to `now`.
    pub fn set(&self, now: Millis) {
        self.0.store(now, std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Millis {
        self.0.load(std::sync::atomic::Ordering::SeqCst)
    }
}

/// The time zone of a plant, with the readings and writings of wall time that the contracts use.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone(TimeZone);

impl Zone {
    /// A zone by its IANA name, such as `Asia/Shanghai`.
    pub fn named(name: &str) -> Result<Self> {
        TimeZone::get(name).map(Self).map_err(|_| {
            Error::invalid("timeZone", text!("{name} is no IANA time zone", "{name} 不是 IANA 时区"))
        })
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The instant of a wall time. One that does not exist moves forward by the gap, a doubled one means the first.
    pub fn instant(&self, wall: DateTime) -> Millis {
        self.0.to_ambiguous_zoned(wall).compatible().map_or(0, |zoned| zoned.timestamp().as_millisecond())
    }

    /// The instant at which `date` begins here.
    pub fn start_of(&self, date: Date) -> Millis {
        self.instant(date.to_datetime(Time::midnight()))
    }

    /// The wall time of an instant.
    pub fn wall(&self, at: Millis) -> DateTime {
        Timestamp::from_millisecond(at).map_or(DateTime::ZERO, |t| self.0.to_datetime(t))
    }

    /// The calendar date of an instant.
    pub fn date(&self, at: Millis) -> Date {
        self.wall(at).date()
    }

    /// The instant at which the hour of wall time that holds an instant begins.
    pub fn hour_of(&self, at: Millis) -> Millis {
        let wall = self.wall(at);
        let seconds = i64::from(wall.minute()) * 60 + i64::from(wall.second());
        at - seconds * 1000 - at.rem_euclid(1000)
    }

    /// The dates from `from` to `to` on which the clocks change, in order.
    pub fn clock_changes(&self, from: Date, to: Date) -> impl Iterator<Item = Date> + '_ {
        let start = Timestamp::from_millisecond(self.start_of(from)).unwrap_or(Timestamp::MAX);
        let changes = self.0.following(start);
        changes
            .map(|change| self.0.to_datetime(change.timestamp()).date())
            .take_while(move |date| *date <= to)
    }

    /// `yyyy-MM-dd HH:mm:ss` of an instant.
    pub fn format(&self, at: Millis) -> String {
        self.wall(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// Reads `yyyy-MM-dd HH:mm:ss`, `yyyy-MM-dd HH:mm` or epoch milliseconds; `24:00[:00]` is the next midnight.
    pub fn parse(&self, param: &str, value: &str) -> Result<Millis> {
        let value = value.trim();
        if value.len() > 8 && value.bytes().all(|b| b.is_ascii_digit()) {
            let millis = value.parse().ok().filter(|m| Timestamp::from_millisecond(*m).is_ok());
            return millis.ok_or_else(|| bad_instant(param));
        }
        let (date, time) = value.split_once([' ', 'T']).ok_or_else(|| bad_instant(param))?;
        let date = parse_date(param, date).map_err(|_| bad_instant(param))?;
        let wall = match parse_time(param, time).map_err(|_| bad_instant(param))? {
            WallTime::Of(time) => date.to_datetime(time),
            WallTime::NextMidnight => {
                date.tomorrow().map_err(|_| bad_instant(param))?.to_datetime(Time::midnight())
            }
        };
        Ok(self.instant(wall))
    }
}

fn bad_instant(param: &str) -> Error {
    Error::invalid(
        param,
        text!(
            "must be yyyy-MM-dd HH:mm:ss, yyyy-MM-dd HH:mm or epoch milliseconds",
            "格式应为 yyyy-MM-dd HH:mm:ss、yyyy-MM-dd HH:mm 或毫秒时间戳"
        ),
    )
}

/// A time of day as the contracts write it: `24:00` is allowed and means the midnight that ends the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WallTime {
    /// A time within the day.
    Of(Time),
    /// `24:00[:00]`.
    NextMidnight,
}

/// Reads `HH:mm:ss` or `HH:mm`.
pub fn parse_time(param: &str, value: &str) -> Result<WallTime> {
    let value = value.trim();
    if matches!(value, "24:00" | "24:00:00") {
        return Ok(WallTime::NextMidnight);
    }
    let well_formed = matches!(value.len(), 5 | 8)
        && value.bytes().enumerate().all(|(i, b)| if i % 3 == 2 { b == b':' } else { b.is_ascii_digit() });
    well_formed.then(|| value.parse().ok()).flatten().map(WallTime::Of).ok_or_else(|| {
        Error::invalid(param, text!("must be HH:mm:ss or HH:mm", "格式应为 HH:mm:ss 或 HH:mm"))
    })
}

/// The Monday of the week that holds a date.
pub fn monday(date: Date) -> Date {
    date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days())
}

/// Reads `yyyy-MM-dd`.
pub fn parse_date(param: &str, value: &str) -> Result<Date> {
    let value = value.trim();
    let well_formed = value.len() == 10
        && value
            .bytes()
            .enumerate()
            .all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    well_formed.then(|| value.parse().ok()).flatten().ok_or_else(|| {
        Error::invalid(param, text!("must be a date, yyyy-MM-dd", "应为日期，格式 yyyy-MM-dd"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::named(name).expect("a zone")
    }

    #[test]
    fn wall_texts_round_trip() {
        let shanghai = zone("Asia/Shanghai");
        let at = shanghai.parse("t", "2020-10-01 08:00:00").expect("a time");
        assert_eq!(at, 1_601_510_400_000);
        assert_eq!(shanghai.format(at), "2020-10-01 08:00:00");
        assert_eq!(shanghai.parse("t", "2020-10-01 08:00").expect("a time"), at);
        assert_eq!(shanghai.parse("t", "1601510400000").expect("a time"), at);
        assert_eq!(shanghai.parse("t", "2020-09-30 24:00").expect("a time"), at - 8 * 60 * MINUTE);
    }

    #[test]
    fn bad_texts_name_the_parameter() {
        for bad in
            ["", "2020-13-01 00:00:00", "2020-10-01", "yesterday", "2020-10-01 25:00", "99999999999999999999"]
        {
            let error = zone("Asia/Shanghai").parse("beginDateTime", bad).expect_err(bad);
            assert!(matches!(error, Error::Invalid { ref param, .. } if param == "beginDateTime"), "{bad}");
        }
    }

    #[test]
    fn hours_are_those_of_the_wall() {
        let india = zone("Asia/Kolkata");
        let at = india.parse("t", "2026-06-01 08:45:12").expect("a time") + 345;
        assert_eq!(india.format(india.hour_of(at)), "2026-06-01 08:00:00");
        assert_eq!(india.hour_of(india.hour_of(at)), india.hour_of(at));
        // The hour before the clocks go back and the one after are two.
        let berlin = zone("Europe/Berlin");
        let doubled = berlin.parse("t", "2020-10-25 02:30").expect("a time");
        assert_eq!(berlin.hour_of(doubled + 60 * MINUTE) - berlin.hour_of(doubled), 60 * MINUTE);
    }

    #[test]
    fn a_skipped_wall_time_moves_forward_and_a_doubled_one_is_the_first() {
        let berlin = zone("Europe/Berlin");
        assert_eq!(
            berlin.format(berlin.parse("t", "2020-03-29 02:30").expect("a time")),
            "2020-03-29 03:30:00"
        );
        let doubled = berlin.parse("t", "2020-10-25 02:30").expect("a time");
        assert_eq!(berlin.wall(doubled + 60 * MINUTE), berlin.wall(doubled));
    }
}
