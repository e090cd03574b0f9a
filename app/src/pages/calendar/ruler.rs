//! A week on a rule of hours: a line a day, with shifts, pauses and shutdowns where they are in time.

use std::fmt::Write;

use domain::Millis;
use domain::calendar::{CalendarDay, DayShift, DayShutdown};
use leptos::prelude::*;

use super::grid::{Steps, badge, minutes};
use super::wall;
use crate::api::calendar::CalendarView;
use crate::ui::{Panel, link_with};
use crate::words::{tu, tu_string, words};

/// Width of the rule in the drawing, and height of a line.
const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 40.0;
const HOUR: f64 = 60.0 * 60_000.0;

/// Where times are on the rule: from midnight on, a whole number of hours.
#[derive(Clone, Copy)]
struct Axis {
    hours: i32,
}

impl Axis {
    /// Long enough for the night shifts of these days, and not longer than two of them.
    fn of(days: &[CalendarDay], midnights: &[Millis]) -> Self {
        let ends = days.iter().zip(midnights).flat_map(|(day, midnight)| {
            day.shifts.iter().map(move |shift| hours(*midnight, shift.end).ceil())
        });
        #[expect(clippy::cast_possible_truncation, reason = "between 24 and 48")]
        let hours = ends.fold(24.0, f64::max).min(48.0) as i32;
        Self { hours }
    }

    fn x(self, hours: f64) -> f64 {
        hours / f64::from(self.hours) * WIDTH
    }

    /// Begin and width of a span on the line of the day that begins at `midnight`, one pixel left free at its end.
    fn bar(self, midnight: Millis, (begin, end): (Millis, Millis)) -> (f64, f64) {
        let (from, to) = (self.x(hours(midnight, begin)).max(0.0), self.x(hours(midnight, end)).min(WIDTH));
        (from + 0.5, (to - from - 1.0).max(1.0))
    }
}

fn hours(midnight: Millis, at: Millis) -> f64 {
    (at - midnight) as f64 / HOUR
}

/// The week.
#[component]
pub fn Ruler(
    /// The days.
    view: CalendarView,
) -> impl IntoView {
    let axis = Axis::of(&view.days.days, &view.midnights);
    let (date, today) = (view.date, view.today);
    let number = view.days.days.first().and_then(wall::date).map(|date| date.iso_week_date().week());
    let title = tu_string!(words(), calendar.week_title, number = number.unwrap_or_default()).to_string();
    let days = view.days.days.iter().zip(&view.midnights).enumerate();
    let lines = days.filter_map(|(index, (day, midnight))| {
        let at = wall::date(day)?;
        // A night shift reaches into the next day, and so may what stops it.
        let next = view.days.days.get(index + 1);
        let href = link_with([("date", Some(day.date.clone())), ("edit", None)]);
        Some(view! {
            <tr class=if at == date { "day-on" } else { "" } aria-current=(at == date).then_some("date")>
                <th scope="row">
                    <a class="fig" href=href>
                        {if at == today {
                            view! { <b class="is-today">{wall::day(at)}</b> }.into_any()
                        } else {
                            wall::day(at).into_any()
                        }}
                    </a>
                    <br />
                    <small>
                        {badge(day)}
                        {(day.planned_minutes > 0.0).then(|| minutes(day.planned_minutes))}
                    </small>
                </th>
                <td>{line((day, next), *midnight, axis)}</td>
            </tr>
        })
    });
    let lines = lines.collect_view();
    let note = format!("{} · {}", wall::month(date), view.days.time_zone);
    view! {
        <Panel title note tools=ViewFn::from(move || view! { <Steps date week=true /> }) flush=true>
            <table class="tbl week">
                <caption class="sr">{tu!(words(), calendar.week_caption)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{tu!(words(), calendar.column_day)}</th>
                        <th scope="col">
                            <span class="sr">{tu!(words(), calendar.column_time)}</span>
                            {scale(axis)}
                        </th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </Panel>
    }
}

/// The hours above the lines; those of the next day begin again at 00.
fn scale(axis: Axis) -> impl IntoView {
    let mut ticks = String::new();
    for hour in 0..=axis.hours {
        let (x, height) = (axis.x(f64::from(hour)), if hour % 6 == 0 { 8 } else { 4 });
        // Writing to a String cannot fail.
        let _ = write!(ticks, "M{x:.1} 24v-{height}");
    }
    let labels = (0..=axis.hours).step_by(if axis.hours > 30 { 6 } else { 3 }).map(|hour| {
        let anchor = match hour {
            0 => "start",
            hour if hour == axis.hours => "end",
            _ => "middle",
        };
        view! {
            <text class="t-3" x=axis.x(f64::from(hour)) y="11" text-anchor=anchor>
                {format!("{:02}", hour % 24)}
            </text>
        }
    });
    view! {
        <svg class="ch" viewBox="0 0 480 24" aria-hidden="true">
            <path class="tk" d=ticks />
            {labels.collect_view()}
        </svg>
    }
}

fn line(
    (day, next): (&CalendarDay, Option<&CalendarDay>),
    midnight: Millis,
    axis: Axis,
) -> impl IntoView + use<> {
    let later = next.into_iter().flat_map(|next| &next.shutdowns);
    let closed =
        day.shutdowns.iter().chain(later).map(|shutdown| closed(shutdown, midnight, axis)).collect_view();
    let hours = (0..=axis.hours).step_by(6).map(|hour| {
        let x = axis.x(f64::from(hour));
        format!("M{x:.1} 0v{HEIGHT}")
    });
    let hours: String = hours.collect();
    let title = day
        .shifts
        .iter()
        .map(|shift| {
            format!("{} {}–{}", shift.name, wall::short(&shift.begin_time), wall::short(&shift.end_time))
        })
        .chain(day.shutdowns.iter().map(|shutdown| shutdown.name.clone()))
        .collect::<Vec<_>>();
    let title =
        if title.is_empty() { tu_string!(words(), calendar.nothing).to_owned() } else { title.join(", ") };
    view! {
        <svg class="ch" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=title>
            <path class="gr" d=hours />
            {day.shifts.iter().map(|shift| bar(shift, midnight, axis)).collect_view()}
            {closed}
        </svg>
    }
}

/// A shift: solid when it is the node's own, hatched when it is inherited; its pauses are gaps with a dotted line.
fn bar(shift: &DayShift, midnight: Millis, axis: Axis) -> impl IntoView + use<> {
    let (x, width) = axis.bar(midnight, (shift.begin, shift.end));
    let own = (!shift.inherited).then_some("f-s2");
    let hatched = shift.inherited.then_some("url(#p-inherit)");
    let edge = if shift.inherited { "l-edge" } else { "" };
    let pauses = shift.breaks.iter().map(|pause| {
        let (x, width) = axis.bar(midnight, (pause.begin, pause.end));
        view! {
            <rect class="f-surface" x=x y="6" width=width height="28" />
            <path class="tk" stroke-dasharray="1.5 3" d=format!("M{x:.1} 20h{width:.1}") />
        }
    });
    // A name that would not fit is in the line's description.
    let room = width > shift.name.chars().count() as f64 * 12.0;
    view! {
        <rect class=own.unwrap_or(edge) fill=hatched x=x y="6.5" width=width height="27" rx="2" />
        {pauses.collect_view()}
        {room.then(|| view! { <text class="t-1 t-12 halo" x={x + 6.0} y="17">{shift.name.clone()}</text> })}
    }
}

/// A planned shutdown lies over the shifts it stops.
fn closed(shutdown: &DayShutdown, midnight: Millis, axis: Axis) -> impl IntoView + use<> {
    let end = midnight + Millis::from(axis.hours) * 3_600_000;
    let spans = shutdown.during.iter().filter(|span| span.begin < end).map(|span| {
        let (x, width) = axis.bar(midnight, (span.begin, span.end));
        view! {
            <rect class="l-planned" fill="url(#p-planned)" x=x y="22.5" width=width height="15" rx="2" />
            {(width > 60.0)
                .then(|| view! { <text class="t-b t-12 halo" x={x + 6.0} y="34">{shutdown.name.clone()}</text> })}
        }
    });
    spans.collect_view()
}
