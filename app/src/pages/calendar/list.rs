//! The node's own records, whatever days they cover.

use domain::calendar::{PlannedShutdownRow, ShiftRow};
use jiff::civil::Weekday;
use leptos::prelude::*;

use super::wall;
use crate::api::calendar::CalendarView;
use crate::ui::{Column, DataTable, EmptyState, Panel, link_with};
use crate::words::{tu_string, words};

struct Row {
    edit: String,
    name: String,
    kind: &'static str,
    times: String,
    valid: String,
    description: String,
}

/// The table.
#[component]
pub fn Records(
    /// The calendar.
    view: CalendarView,
) -> impl IntoView {
    let w = words();
    let rows: Vec<Row> =
        view.shifts.iter().map(of_shift).chain(view.shutdowns.iter().map(of_shutdown)).collect();
    if rows.is_empty() {
        return view! {
            <Panel>
                <EmptyState
                    title=tu_string!(w, calendar.list_empty)
                    why=tu_string!(w, calendar.list_empty_why)
                />
            </Panel>
        }
        .into_any();
    }
    let writable = view.writable;
    let columns = vec![
        Column::new("name", tu_string!(w, calendar.column_name), move |row: &Row| {
            if !writable {
                return view! { {row.name.clone()} }.into_any();
            }
            let href = link_with([("edit", Some(row.edit.clone()))]);
            let name = row.name.clone();
            view! {
                <a class="fig" href=href>
                    {name}
                </a>
            }
            .into_any()
        }),
        Column::new("kind", tu_string!(w, calendar.column_kind), |row: &Row| row.kind),
        Column::new("time", tu_string!(w, calendar.column_time), |row: &Row| row.times.clone()),
        Column::new("valid", tu_string!(w, calendar.column_valid), |row: &Row| row.valid.clone()).wide_only(),
        Column::new("description", tu_string!(w, calendar.column_description), |row: &Row| {
            row.description.clone()
        })
        .wide_only(),
    ];
    view! {
        <Panel title=tu_string!(w, calendar.list_title) flush=true>
            <DataTable columns rows caption=tu_string!(w, calendar.list_title) />
        </Panel>
    }
    .into_any()
}

fn of_shift(shift: &ShiftRow) -> Row {
    let valid = match (&shift.begin_effective_date, &shift.end_effective_date) {
        (None, None) => tu_string!(words(), calendar.always).to_owned(),
        (first, last) => {
            format!("{} – {}", first.as_deref().unwrap_or("…"), last.as_deref().unwrap_or("…"))
        }
    };
    Row {
        edit: format!("shift-{}", shift.id),
        name: shift.name.clone(),
        kind: tu_string!(words(), calendar.kind_shift),
        times: format!("{}–{}", wall::short(&shift.begin_time), wall::short(&shift.end_time)),
        valid,
        description: shift.description.clone().unwrap_or_default(),
    }
}

fn of_shutdown(shutdown: &PlannedShutdownRow) -> Row {
    let weekly = shutdown.kind == 2;
    Row {
        edit: format!("shutdown-{}", shutdown.id),
        name: shutdown.name.clone(),
        kind: tu_string!(words(), calendar.shutdown),
        times: shutdown_times(shutdown),
        valid: if weekly {
            tu_string!(words(), calendar.weekly).to_owned()
        } else {
            tu_string!(words(), calendar.fixed).to_owned()
        },
        description: shutdown.description.clone().unwrap_or_default(),
    }
}

/// When a planned shutdown is in force.
fn shutdown_times(shutdown: &PlannedShutdownRow) -> String {
    let text = |text: &Option<String>| wall::short(text.as_deref().unwrap_or_default());
    if shutdown.kind == 2 {
        let day = shutdown.day_of_week.and_then(|day| i8::try_from(day).ok());
        let day = day.and_then(|day| Weekday::from_monday_one_offset(day).ok()).map_or("", wall::weekday);
        return format!("{day} {}–{}", text(&shutdown.begin_time), text(&shutdown.end_time));
    }
    let minute =
        |text: &Option<String>| text.as_deref().and_then(|t| t.get(..16)).unwrap_or_default().to_owned();
    format!("{} – {}", minute(&shutdown.begin_datetime), minute(&shutdown.end_datetime))
}
