//! Wall times as the shell writes them.
//!
//! Written out: the general formatter for all patterns is more than everything else that the range picker needs, and the
//! range picker is loaded before the first page.

use jiff::civil::{Date, DateTime};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Down to the minute, as addresses and fields take it: `2025-06-12T14:05`.
pub fn to_minute(at: DateTime) -> String {
    format!("{}T{}", at.date(), time(at))
}

/// The time of day: `14:05`.
pub fn time(at: DateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// `June 2025`.
pub fn month(date: Date) -> String {
    format!("{} {}", month_name(date), date.year())
}

/// `Thu 12 Jun`.
pub fn day(date: Date) -> String {
    let weekday = DAYS[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())];
    format!("{weekday} {} {}", date.day(), month_name(date).get(..3).unwrap_or_default())
}

fn month_name(date: Date) -> &'static str {
    MONTHS[usize::from(date.month().unsigned_abs()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_are_written_as_the_general_formatter_does() {
        let begin = jiff::civil::date(2024, 1, 1).at(5, 7, 0, 0);
        for days in 0..731 {
            let at = begin.saturating_add(jiff::Span::new().days(days).hours(days % 24));
            let formatted = |pattern| at.strftime(pattern).to_string();
            assert_eq!(to_minute(at), formatted("%Y-%m-%dT%H:%M"));
            assert_eq!(time(at), formatted("%H:%M"));
            assert_eq!(month(at.date()), formatted("%B %Y"));
            assert_eq!(day(at.date()), formatted("%a %-d %b"));
        }
    }
}
