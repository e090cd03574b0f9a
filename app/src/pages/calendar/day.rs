//! One day in full: its kind, its minutes, each shift and shutdown with where it comes from.

use domain::Millis;
use domain::calendar::{CalendarNode, DayShift, DayShutdown, DayType};
use leptos::prelude::*;

use super::grid::{minutes, type_words};
use super::wall;
use crate::api::calendar::CalendarView;
use crate::ui::{Icon, Panel, link_with};
use crate::words::{tu, tu_string, words};

/// The day of the URL.
#[component]
pub fn DayPane(
    /// The calendar around it.
    view: CalendarView,
) -> impl IntoView {
    let date = view.date.to_string();
    let at = view.days.days.iter().position(|day| day.date == date)?;
    let (day, midnight) = (view.days.days.get(at)?.clone(), *view.midnights.get(at)?);
    let number = match day.day_type {
        DayType::Workday => "1",
        DayType::RestDay => "2",
        DayType::Undefined => "3",
    };
    let shifts = day.shifts.iter().map(shift).collect_view();
    let shutdowns = day.shutdowns.iter().map(|stop| shutdown(stop, midnight)).collect_view();
    let nothing = (day.shifts.is_empty() && day.shutdowns.is_empty())
        .then(|| view! { <p class="mut mt">{tu!(words(), calendar.nothing)}</p> });
    let writable = view.writable;
    let shown = view.date;
    let edits = writable.then(|| {
        let mut links = Vec::new();
        for shift in day.shifts.iter().filter(|shift| !shift.inherited) {
            links.push((format!("shift-{}", shift.shift_id), shift.name.clone()));
        }
        for shutdown in day.shutdowns.iter().filter(|shutdown| !shutdown.inherited) {
            links.push((format!("shutdown-{}", shutdown.shutdown_id), shutdown.name.clone()));
        }
        let link = |(edit, name): (String, String)| {
            let href = link_with([("edit", Some(edit))]);
            view! {
                <a class="btn s" href=href>
                    <Icon name="i-edit" small=true />
                    {tu_string!(words(), calendar.edit, name).to_string()}
                </a>
            }
        };
        let copy = link_with([("edit", Some("week".to_owned()))]);
        view! {
            <div class="acts">
                {links.into_iter().map(link).collect_view()}
                <a class="btn s" href=copy>
                    <Icon name="i-copy" small=true />
                    {tu!(words(), calendar.copy_week)}
                </a>
            </div>
        }
    });
    Some(view! {
        <Panel title=wall::day(shown)>
            <dl class="dl">
                <dt>{tu!(words(), calendar.day_type)}</dt>
                <dd>
                    <span class="tag">{number}</span>
                    " "
                    {type_words(day.day_type)}
                </dd>
                <dt>{tu!(words(), calendar.planned)}</dt>
                <dd>
                    <b>{minutes(day.planned_minutes)}</b>
                </dd>
                {shifts}
                {shutdowns}
            </dl>
            {nothing}
            {edits}
        </Panel>
    })
}

fn origin(node: &CalendarNode, inherited: bool) -> impl IntoView + use<> {
    if !inherited {
        return view! { <span class="mut">{tu!(words(), calendar.own)}</span> }.into_any();
    }
    let href = link_with([("node", Some(node.id.to_string())), ("edit", None)]);
    let name = node.name.clone();
    view! {
        <span class="mut">
            {tu!(words(), calendar.inherited_from)} " " <a class="fig" href=href>
                {name}
            </a>
        </span>
    }
    .into_any()
}

fn shift(shift: &DayShift) -> impl IntoView + use<> {
    let pauses = shift.breaks.iter().map(|pause| {
        let at = |instant: i64| wall::clock(&shift.begin_time, (instant - shift.begin) / 60_000);
        format!("{}–{}", at(pause.begin), at(pause.end))
    });
    let times = pauses.collect::<Vec<_>>().join(", ");
    let breaks = (!times.is_empty()).then(|| {
        let times = tu_string!(words(), calendar.breaks, times).to_string();
        view! {
            <br />
            <span class="mut">{times}</span>
        }
    });
    view! {
        <dt>{shift.name.clone()}</dt>
        <dd>
            {format!("{}–{}", wall::short(&shift.begin_time), wall::short(&shift.end_time))}
            " "
            {origin(&shift.origin, shift.inherited)}
            {breaks}
        </dd>
    }
}

fn shutdown(shutdown: &DayShutdown, midnight: Millis) -> impl IntoView + use<> {
    let at = |instant: Millis| {
        let minutes = (instant - midnight) / 60_000;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    };
    let times = if shutdown.whole_day {
        tu_string!(words(), calendar.whole_day).to_owned()
    } else {
        let spans = shutdown.during.iter().map(|span| format!("{}–{}", at(span.begin), at(span.end)));
        spans.collect::<Vec<_>>().join(", ")
    };
    view! {
        <dt>{tu!(words(), calendar.shutdown)}</dt>
        <dd>
            <b>{shutdown.name.clone()}</b>
            " "
            {times}
            " "
            {origin(&shutdown.origin, shutdown.inherited)}
        </dd>
    }
}
