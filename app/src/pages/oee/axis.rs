//! The steel rule of time, and the states of a machine on it.

use domain::oee::{Kind, Stretch};
use domain::time::MINUTE;
use domain::{Interval, Millis};
use leptos::prelude::*;

use super::kinds;
use crate::api::oee::Clock;
use crate::chart::timeline::{Bar, Shape, State};
use crate::ui::day_name;

const DAY: i64 = 1440;

/// Where instants fall on a drawing.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// The time that is shown.
    pub span: Interval,
    /// Left edge of the time.
    pub left: f64,
    /// Right edge of the time.
    pub right: f64,
}

impl Scale {
    /// Where an instant falls; what is outside falls on the edge.
    pub fn x(&self, at: Millis) -> f64 {
        let at = at.clamp(self.span.begin, self.span.end.max(self.span.begin));
        let share = (at - self.span.begin) as f64 / self.span.duration().max(1) as f64;
        self.left + share * (self.right - self.left)
    }

    /// Minutes between words, middle ticks and small ticks.
    fn steps(&self) -> (i64, i64, i64) {
        match self.span.duration() / MINUTE {
            ..=720 => (60, 30, 10),
            721..=1560 => (120, 60, 30),
            1561..=4320 => (720, 360, 60),
            4321..=11520 => (DAY, 720, 360),
            minutes => ((minutes / DAY / 8 + 1) * DAY, DAY, DAY),
        }
    }
}

/// The rule above a timeline, its edge at `y`, with hairlines down to `bottom`.
pub fn rule(scale: Scale, clock: &Clock, y: f64, bottom: f64) -> AnyView {
    let (long, middle, small) = scale.steps();
    let base = small.min(30) * MINUTE;
    let first = (scale.span.begin + base - 1).div_euclid(base) * base;
    let mut ticks = Vec::new();
    let mut at = first;
    while at <= scale.span.end {
        let wall = clock.wall(at);
        let of_day = i64::from(wall.hour()) * 60 + i64::from(wall.minute());
        let days = i64::from((wall.date() - jiff::civil::date(2000, 1, 1)).get_days());
        let minutes = days * DAY + of_day;
        if minutes % small == 0 {
            let x = scale.x(at);
            let length = match minutes {
                m if m % long == 0 => 10,
                m if m % middle == 0 => 6,
                _ => 3,
            };
            ticks.push((
                x,
                length,
                (length == 10).then(|| if long >= DAY { day_name(wall.date()) } else { clock.time(at) }),
            ));
        }
        at += base;
    }
    let tick = |(x, length, words): (f64, i32, Option<String>)| {
        let anchor = match x {
            x if x < scale.left + 16.0 => "start",
            x if x > scale.right - 16.0 => "end",
            _ => "middle",
        };
        let words = words.map(|words| {
            let line = (x > scale.left + 1.0 && x < scale.right - 1.0)
                .then(|| view! { <path class="gr" d=format!("M{x:.1} {}V{bottom}", y + 2.0) /> });
            view! {
                <text x=format!("{x:.1}") y=y - 13.0 class="t-12 t-1" text-anchor=anchor>
                    {words}
                </text>
                {line}
            }
        });
        view! {
            <path class="tk" d=format!("M{x:.1} {y}v-{length}") />
            {words}
        }
    };
    view! {
        <path class="tk" d=format!("M{} {y}H{}", scale.left, scale.right) />
        {ticks.into_iter().map(tick).collect_view()}
    }
    .into_any()
}

/// The states of a machine: running and planned stops low, other stops tall, breaks as a dotted line.
pub fn lane(stretches: &[Stretch], scale: Scale, clock: &Clock, bar: Bar) -> AnyView {
    let middle = bar.top + bar.height * 0.75;
    let draw = |stretch: &Stretch| {
        let (x0, x1) = (scale.x(stretch.begin), scale.x(stretch.end));
        let title = title(stretch, clock);
        match kinds::state(stretch.kind) {
            None => view! {
                <g>
                    <title>{title}</title>
                    <path class="tk" stroke-dasharray="1.500 3" d=format!("M{x0:.1} {middle}H{x1:.1}") />
                </g>
            }
            .into_any(),
            Some(state) => {
                let shape = Shape { state, x: x0, width: (x1 - x0 - 1.0).max(1.0) };
                view! {
                    <g>
                        <title>{title}</title>
                        {shape.draw(bar)}
                    </g>
                }
                .into_any()
            }
        }
    };
    view! {
        {stretches.iter().map(draw).collect_view()}
        <path class="ax" d=format!("M{} {:.1}H{}", scale.left, bar.top + bar.height, scale.right) />
    }
    .into_any()
}

/// A stretch in words: `Fault · Chip jam, 13:12–13:22, 10 min`.
pub fn title(stretch: &Stretch, clock: &Clock) -> String {
    let cause = stretch.cause.as_ref().map(|cause| format!(" · {cause}")).unwrap_or_default();
    let (begin, end) = (clock.time(stretch.begin), clock.time(stretch.end));
    format!("{}{cause}, {begin}–{end}, {}", kinds::name(stretch.kind), kinds::span(stretch.duration()))
}

/// About how wide a text of the axis size is.
pub fn width(text: &str) -> f64 {
    text.chars().map(|letter| if letter.is_ascii() { 6.2 } else { 11.5 }).sum()
}

/// Words on the longest stops, as many as find room.
pub fn labels(stretches: &[Stretch], scale: Scale, y: f64) -> AnyView {
    let mut stops: Vec<&Stretch> = stretches
        .iter()
        .filter(|stretch| kinds::state(stretch.kind).is_some() && !matches!(stretch.kind, Kind::Running))
        .filter(|stretch| scale.x(stretch.end) - scale.x(stretch.begin) >= 5.0)
        .collect();
    stops.sort_by_key(|stretch| std::cmp::Reverse(stretch.duration()));
    let mut taken: Vec<(f64, f64)> = Vec::new();
    let mut placed = Vec::new();
    for stop in stops {
        let name = stop.cause.clone().unwrap_or_else(|| kinds::name(stop.kind).to_owned());
        let words = format!("{name} {}", (stop.duration() + MINUTE / 2) / MINUTE);
        let half = width(&words) / 2.0;
        let centre = f64::midpoint(scale.x(stop.begin), scale.x(stop.end));
        let centre = centre.clamp(scale.left + half, (scale.right - half).max(scale.left + half));
        let room = (centre - half - 4.0, centre + half + 4.0);
        if taken.iter().all(|other| room.1 < other.0 || room.0 > other.1) {
            taken.push(room);
            placed.push((
                centre,
                words,
                matches!(kinds::state(stop.kind), Some(State::Fault | State::Changeover)),
            ));
        }
    }
    let text = |(x, words, strong): (f64, String, bool)| {
        view! {
            <text x=format!("{x:.1}") y=y class=strong.then_some("t-1") text-anchor="middle">
                {words}
            </text>
        }
    };
    placed.into_iter().map(text).collect_view().into_any()
}
