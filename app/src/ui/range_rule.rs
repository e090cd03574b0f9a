//! The rule in the range picker: ticks, shifts, the chosen range in brass, now as a pointer.

use std::fmt::Write;

use jiff::civil::DateTime;
use leptos::prelude::*;

use super::range_bar::day_name;
use crate::api::window::Window;

const WIDTH: f64 = 352.0;

/// Where wall times fall on the rule.
struct Scale {
    from: DateTime,
    minutes: f64,
}

impl Scale {
    fn x(&self, at: DateTime) -> f64 {
        let minutes = self.from.duration_until(at).as_secs_f64() / 60.0;
        (1.0 + minutes / self.minutes * (WIDTH - 2.0)).clamp(1.0, WIDTH - 1.0)
    }
}

/// The rule of a resolved range.
#[component]
pub fn RangeRule(
    /// The range.
    window: Window,
) -> impl IntoView {
    let Window { begin_wall: from, end_wall: to, now_wall: now, .. } = window;
    let shifts: Vec<_> = window.shifts.into_iter().filter(|s| s.begin < to && s.end > from).collect();
    // A single shift is shown within its day.
    let (low, high) = match shifts.as_slice() {
        [shift] if shift.begin == from => {
            (day_start(from), day_start(from).saturating_add(jiff::Span::new().days(1)))
        }
        _ => (from, to),
    };
    let (low, high) = (low.min(from), high.max(to));
    let minutes = low.duration_until(high).as_secs_f64() / 60.0;
    let scale = Scale { from: low, minutes };
    let end = if from <= now && now < to { now } else { to };
    let (x0, x1) = (scale.x(from), scale.x(end));
    let labels: Vec<(f64, String)> = if shifts.len() > 1 && minutes <= 1440.0 {
        shifts.iter().map(|shift| (scale.x(shift.begin) + 6.0, shift.name.clone())).collect()
    } else {
        day_labels(low, high, &scale)
    };
    let labels = labels
        .into_iter()
        .map(|(x, words)| {
            view! {
                <text x=format!("{x:.1}") y="20" class="t-br">
                    {words}
                </text>
            }
        })
        .collect_view();
    let pointer = (from <= now && now < to).then(|| {
        let x = scale.x(now);
        view! {
            <path class="l-ink" stroke-width="1.5" d=format!("M{x:.1} 4v5M{x:.1} 25V38") />
            <path class="f-ink" d=format!("M{:.1} 2h7l-3.5 4.5z", x - 3.5) />
        }
    });
    view! {
        <svg class="rule" viewBox="0 0 352 40" aria-hidden="true">
            <rect x=".5" y="6.5" width="351" height="28" rx="1.5" class="f-surface l-edge" />
            <rect x=format!("{x0:.1}") y="7" width=format!("{:.1}", x1 - x0) height="27" class="f-wash" />
            <path class="tk" d=ticks(low, minutes) />
            {labels}
            <path class="f-none l-brass" stroke-width="2" d=format!("M{x0:.1} 11V5.5H{x1:.1}V11") />
            {pointer}
        </svg>
    }
}

fn day_start(at: DateTime) -> DateTime {
    at.date().at(0, 0, 0, 0)
}

/// Ticks at equal steps of the wall clock: hours within a day, then 2 and 6 hours, then days.
fn ticks(low: DateTime, minutes: f64) -> String {
    let step =
        [60.0, 120.0, 360.0, 1440.0].into_iter().find(|step| minutes / step <= 40.0).unwrap_or(10_080.0);
    let offset = f64::from(i32::from(low.hour()) * 60 + i32::from(low.minute()));
    let mut path = String::new();
    let mut at = step - offset % step;
    while at < minutes {
        let x = 1.0 + at / minutes * (WIDTH - 2.0);
        let clock = offset + at;
        let height = if clock % 1440.0 == 0.0 && step < 1440.0 {
            27.5
        } else if clock % (step * 4.0) == 0.0 {
            7.0
        } else {
            3.0
        };
        // Writing to a String cannot fail.
        let _ = write!(path, "M{x:.1} 34.5v-{height}");
        at += step;
    }
    path
}

/// Names of days where there is room for them.
fn day_labels(low: DateTime, high: DateTime, scale: &Scale) -> Vec<(f64, String)> {
    let days = scale.minutes / 1440.0;
    if days > 8.0 {
        return vec![(7.0, day_name(low.date()))];
    }
    let mut labels = Vec::new();
    let mut day = low;
    while day < high {
        let words = if days > 4.0 { day.day().to_string() } else { day_name(day.date()) };
        // The morning on which the last night ends has no room for its name.
        if scale.x(day) < WIDTH - 24.0 {
            labels.push((scale.x(day) + 6.0, words));
        }
        day = day_start(day).saturating_add(jiff::Span::new().days(1));
    }
    labels
}
