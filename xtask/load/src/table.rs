//! What is printed.

use std::time::Duration;

/// Whether a target is reached.
fn verdict(reached: bool) -> &'static str {
    if reached { "reached" } else { "MISSED" }
}

fn line(what: &str, bare: &str, ours: &str, ratio: &str, slow: &str, target: &str, reached: bool) -> String {
    let verdict = verdict(reached);
    format!("{what:<38} {bare:>9} {ours:>9} {ratio:>6} {slow:>9}  {target:<26} {verdict}")
}

/// The first line.
pub fn heading() -> String {
    let [what, bare, ours, ratio, slow] = ["", "bare/s", "ours/s", "ratio", "p99"];
    format!("{what:<38} {bare:>9} {ours:>9} {ratio:>6} {slow:>9}  target")
}

/// Two rates side by side. `enough` in a second is enough, whatever the ratio is.
pub fn rates(what: &str, [bare, ours]: [f64; 2], ratio: f64, slow: Duration, enough: Option<f64>) -> String {
    let reached = ratio >= 0.6 || enough.is_some_and(|enough| ours >= enough);
    let target = match enough {
        Some(enough) => format!("ratio 0.60 or {enough:.0}/s"),
        None => "ratio 0.60".to_owned(),
    };
    let (bare, ours) = (format!("{bare:.0}"), format!("{ours:.0}"));
    line(what, &bare, &ours, &format!("{ratio:.2}"), &millis(slow), &target, reached)
}

/// A rate beside another, which must reach so many in a second if that is said.
pub fn beside(
    what: &str,
    [other, ours]: [f64; 2],
    ratio: f64,
    slow: Duration,
    enough: Option<f64>,
) -> String {
    let (other, rate, ratio) = (format!("{other:.0}"), format!("{ours:.0}"), format!("{ratio:.2}"));
    match enough {
        Some(enough) => {
            line(what, &other, &rate, &ratio, &millis(slow), &format!("{enough:.0}/s"), ours >= enough)
        }
        None => format!("{what:<38} {other:>9} {rate:>9} {ratio:>6} {:>9}", millis(slow)),
    }
}

/// A time that must not be longer.
pub fn time(what: &str, took: Duration, limit: Duration) -> String {
    line(what, "", &millis(took), "", "", &format!("at most {}", millis(limit)), took <= limit)
}

/// Memory that must not be more.
pub fn memory(what: &str, bytes: u64, limit: u64) -> String {
    let megabytes = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
    line(what, "", &megabytes(bytes), "", "", &format!("at most {}", megabytes(limit)), bytes <= limit)
}

fn millis(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1000.0;
    if millis < 100.0 { format!("{millis:.2} ms") } else { format!("{millis:.0} ms") }
}

/// The middle one.
pub fn median<T: Copy>(values: &mut [T], compare: impl FnMut(&T, &T) -> std::cmp::Ordering) -> Option<T> {
    values.sort_by(compare);
    values.get(values.len() / 2).copied()
}
