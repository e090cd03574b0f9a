//! The drawing on the sign-in page: a caliper closed around one stop of a shift, drawn from the stop it measures.

use std::fmt::Write;

use leptos::prelude::*;

use crate::chart::timeline::{Bar, Shape, State};
use crate::words::{tu, words};

/// Minutes of the drawn shift, from 06:00, and 1.25 px each.
const BEGIN: f64 = 20.0;
const MINUTE: f64 = 1.25;

/// State and length in minutes, in order; `None` is a break.
const SHIFT: [(Option<State>, f64); 23] = [
    (Some(State::PlannedStop), 15.0),
    (Some(State::Running), 47.0),
    (Some(State::NoMaterial), 5.0),
    (Some(State::Running), 51.0),
    (Some(State::Fault), 22.0),
    (Some(State::Running), 40.0),
    (None, 15.0),
    (Some(State::Running), 37.0),
    (Some(State::Changeover), 28.0),
    (Some(State::Other), 4.0),
    (Some(State::Running), 36.0),
    (Some(State::NoMaterial), 4.0),
    (Some(State::Running), 26.0),
    (None, 30.0),
    (Some(State::NoData), 6.0),
    (Some(State::Running), 30.0),
    (Some(State::SafetyStop), 4.0),
    (Some(State::Running), 30.0),
    (Some(State::Fault), 10.0),
    (Some(State::Running), 19.0),
    (Some(State::NoMaterial), 3.0),
    (Some(State::Other), 4.0),
    (Some(State::Running), 14.0),
];

/// The drawing.
#[component]
pub fn Caliper() -> impl IntoView {
    let mut at = BEGIN;
    let bars = SHIFT
        .map(|(state, minutes)| {
            let (x, width) = (at + 0.5, minutes * MINUTE - 1.0);
            at += minutes * MINUTE;
            match state {
                Some(state) => Shape { state, x, width }.draw(Bar { top: 128.0, height: 72.0 }).into_any(),
                None => view! {
                    <path class="tk" stroke-dasharray="1.5 3" d=format!("M{x:.1} 182h{width:.1}") />
                }
                .into_any(),
            }
        })
        .collect_view();
    let hours = (0..=8)
        .map(|hour| {
            view! {
                <text x={BEGIN + f64::from(hour) * 60.0 * MINUTE} y="96" class="t-3" text-anchor="middle">
                    {format!("{:02}", hour + 6)}
                </text>
            }
        })
        .collect_view();
    view! {
        <svg class="ch" viewBox="0 0 640 280" aria-hidden="true">
            <path class="tk" d=rule() />
            {hours}
            {bars}
            <path class="tk" d="M20 120.5H620" />
            <path class="ax" d="M20 200.5H620" />
            <path class="f-brass" d="M141.5 104H167.5V222l-5 -8V122H141.5z" />
            <path class="f-brass" d="M255 104H195V222l5 -8V122H255z" />
            <path class="l-brass" stroke-width="1.5" d="M167.5 232H195M167.5 227v10M195 227v10" />
            <text x="181.2" y="254" class="t-br t-14" text-anchor="middle">
                {tu!(words(), sign_in.sample_minutes)}
            </text>
            <text x="181.2" y="272" class="t-3 t-12" text-anchor="middle">
                {tu!(words(), sign_in.sample_stop)}
            </text>
        </svg>
    }
}

/// Ticks at 5, 10, 30 and 60 minutes.
fn rule() -> String {
    let mut path = String::new();
    for five in 0..=96_u32 {
        let height = match five {
            five if five % 12 == 0 => 16,
            five if five % 6 == 0 => 10,
            five if five % 2 == 0 => 7,
            _ => 4,
        };
        // Writing to a String cannot fail.
        let _ = write!(path, "M{:.2} 120v-{height}", BEGIN + f64::from(five) * 5.0 * MINUTE);
    }
    path
}
