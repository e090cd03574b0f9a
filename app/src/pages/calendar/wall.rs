//! Dates and times in the reader's language.

use domain::calendar::CalendarDay;
use jiff::civil::{Date, Weekday};

use crate::words::{chinese, tu_string, words};

/// `06:00` of `06:00:00`; seconds only when there are any.
pub fn short(time: &str) -> String {
    time.strip_suffix(":00").filter(|rest| rest.len() == 5).unwrap_or(time).to_owned()
}

/// `06` of `06:00:00`, `06:30` of `06:30:00`: for a cell of the month.
pub fn tight(time: &str) -> String {
    let short = short(time);
    short.strip_suffix(":00").map(str::to_owned).unwrap_or(short)
}

/// The month of a date.
pub fn month(date: Date) -> String {
    if chinese() {
        format!("{} 年 {} 月", date.year(), date.month())
    } else {
        date.strftime("%B %Y").to_string()
    }
}

/// A day with its weekday.
pub fn day(date: Date) -> String {
    let weekday = weekday(date.weekday());
    if chinese() {
        format!("{} 月 {} 日 {weekday}", date.month(), date.day())
    } else {
        format!("{weekday} {}", date.strftime("%-d %B"))
    }
}

/// Number of a day in the grid; the first of a month with its month.
pub fn day_number(date: Date) -> String {
    if date.day() != 1 {
        return date.day().to_string();
    }
    if chinese() {
        format!("{} 月 {}", date.month(), date.day())
    } else {
        date.strftime("%-d %b").to_string()
    }
}

/// A weekday, short.
pub fn weekday(weekday: Weekday) -> &'static str {
    let w = words();
    match weekday {
        Weekday::Monday => tu_string!(w, calendar.monday),
        Weekday::Tuesday => tu_string!(w, calendar.tuesday),
        Weekday::Wednesday => tu_string!(w, calendar.wednesday),
        Weekday::Thursday => tu_string!(w, calendar.thursday),
        Weekday::Friday => tu_string!(w, calendar.friday),
        Weekday::Saturday => tu_string!(w, calendar.saturday),
        Weekday::Sunday => tu_string!(w, calendar.sunday),
    }
}

/// The weekdays from Monday on.
pub fn weekdays() -> impl Iterator<Item = Weekday> {
    Weekday::Monday.cycle_forward().take(7)
}

/// The date of a day of the calendar; the server wrote it.
pub fn date(day: &CalendarDay) -> Option<Date> {
    day.date.parse().ok()
}

/// Clock times of an interval inside a shift, from how far it is after the shift's begin on the wall clock.
pub fn clock(begin: &str, minutes_later: i64) -> String {
    let mut parts = begin.split(':').map(|part| part.parse::<i64>().unwrap_or(0));
    let start = parts.next().unwrap_or(0) * 60 + parts.next().unwrap_or(0);
    let at = (start + minutes_later).rem_euclid(24 * 60);
    format!("{:02}:{:02}", at / 60, at % 60)
}
