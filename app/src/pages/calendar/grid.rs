//! The weeks of a month, or one of them: a cell a day.

use domain::calendar::{CalendarDay, DayShift, DayShutdown, DayType};
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use leptos::prelude::*;

use super::wall;
use crate::api::calendar::CalendarView;
use crate::ui::{Icon, Panel, grouped, link_with};
use crate::words::{tu, tu_string, words};

/// What the hatching means.
#[component]
pub fn Legend() -> impl IntoView {
    let w = words();
    let line = |class: &'static str, sample: &'static str, meaning: &'static str| {
        view! {
            <li>
                <div class=class>{sample}</div>
                <span>{meaning}</span>
            </li>
        }
    };
    view! {
        <ul class="key">
            {line("sh own", tu_string!(w, calendar.sample_own), tu_string!(w, calendar.legend_own))}
            {line("sh inh", tu_string!(w, calendar.sample_inherited), tu_string!(w, calendar.legend_inherited))}
            {line("sh down", tu_string!(w, calendar.sample_shutdown), tu_string!(w, calendar.legend_shutdown))}
        </ul>
    }
}

/// To the month, or the week, before and after, and to today.
#[component]
pub fn Steps(
    /// The date shown.
    date: Date,
    /// Whether a week is shown.
    week: bool,
) -> impl IntoView {
    let step: Span = if week { 1.week() } else { 1.month() };
    let to = |to: Date| link_with([("date", Some(to.to_string())), ("edit", None)]);
    let (back, forward) = (to(date.saturating_sub(step)), to(date.saturating_add(step)));
    let now = link_with([("date", None), ("edit", None)]);
    view! {
        <a class="btn s sq" href=back aria-label=tu_string!(words(), calendar.previous)>
            <Icon name="i-left" small=true />
        </a>
        <a class="btn s" href=now>
            {tu!(words(), calendar.today)}
        </a>
        <a class="btn s sq" href=forward aria-label=tu_string!(words(), calendar.next)>
            <Icon name="i-right" small=true />
        </a>
    }
}

/// The weeks of a month.
#[component]
pub fn Grid(
    /// The days.
    view: CalendarView,
) -> impl IntoView {
    let (date, today) = (view.date, view.today);
    let heads =
        wall::weekdays().map(|day| view! { <th scope="col">{wall::weekday(day)}</th> }).collect_view();
    let week = |days: &[CalendarDay]| {
        let number = days.first().and_then(wall::date).map(|date| date.iso_week_date().week());
        let cells = days.iter().filter_map(|day| {
            let at = wall::date(day)?;
            let mut class = String::new();
            if at.first_of_month() != date.first_of_month() {
                class.push_str("out ");
            }
            if at == date {
                class.push_str("day-on ");
            }
            if at == today {
                class.push_str("today");
            }
            Some(view! {
                <td class=class aria-current=(at == date).then_some("date")>
                    {cell(day, at)}
                </td>
            })
        });
        view! {
            <tr>
                <td>{number}</td>
                {cells.collect_view()}
            </tr>
        }
    };
    let weeks = view.days.days.chunks(7).map(week).collect_view();
    view! {
        <Panel
            title=wall::month(date)
            note=format!("{} · {}", tu_string!(words(), calendar.hint), view.days.time_zone)
            tools=ViewFn::from(move || view! { <Steps date week=false /> })
            flush=true
        >
            <table class="month">
                <thead>
                    <tr>
                        <th scope="col">{tu!(words(), calendar.week_number)}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{weeks}</tbody>
            </table>
        </Panel>
    }
}

fn cell(day: &CalendarDay, date: Date) -> impl IntoView + use<> {
    let href = link_with([("date", Some(date.to_string())), ("edit", None)]);
    let planned =
        (day.day_type == DayType::Workday).then(|| view! { <small>{minutes(day.planned_minutes)}</small> });
    let shutdowns = day.shutdowns.iter().map(shutdown).collect_view();
    let shifts = day.shifts.iter().map(shift).collect_view();
    view! {
        <a class="cell" href=href aria-label=wall::day(date)>
            <span class="dn">
                <b>{wall::day_number(date)}</b>
                {planned}
                {badge(day)}
            </span>
            {shutdowns}
            {shifts}
        </a>
    }
}

/// Says that a day is no workday, and why.
pub fn badge(day: &CalendarDay) -> impl IntoView + use<> {
    let word = match day.day_type {
        DayType::Workday => return None,
        DayType::RestDay => tu_string!(words(), calendar.shut),
        DayType::Undefined => tu_string!(words(), calendar.rest),
    };
    let meaning = type_words(day.day_type);
    Some(view! { <span class="tag" title=meaning>{word}</span> })
}

fn shift(shift: &DayShift) -> impl IntoView + use<> {
    let class = if shift.inherited { "sh inh" } else { "sh own" };
    let times = format!("{}–{}", wall::tight(&shift.begin_time), wall::tight(&shift.end_time));
    view! {
        <span class=class title=shift.name.clone()>
            <i>{shift.name.clone()}</i>
            <span>{times}</span>
        </span>
    }
}

fn shutdown(shutdown: &DayShutdown) -> impl IntoView + use<> {
    view! {
        <span class="sh down" title=shutdown.name.clone()>
            <Icon name="i-lock" />
            <i>{shutdown.name.clone()}</i>
        </span>
    }
}

/// Minutes with their unit.
pub fn minutes(minutes: f64) -> String {
    tu_string!(words(), calendar.minutes, minutes = whole(minutes)).to_string()
}

/// Minutes as a figure.
pub fn whole(minutes: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "minutes of some weeks")]
    let minutes = minutes.round() as i64;
    grouped(minutes)
}

/// What a kind of day means.
pub fn type_words(kind: DayType) -> &'static str {
    match kind {
        DayType::Workday => tu_string!(words(), calendar.type_1),
        DayType::RestDay => tu_string!(words(), calendar.type_2),
        DayType::Undefined => tu_string!(words(), calendar.type_3),
    }
}
