//! Faults and alarms: the open ones, and those that ended last.

use domain::device::view::DeviceEvent;
use leptos::prelude::*;

use super::super::marks::{State, duration};
use crate::api::device::DevicePage;
use crate::ui::{Column, DataTable, Panel};
use crate::words::{tu, tu_string, words};

struct Row {
    event: DeviceEvent,
    opened: String,
    resolved: Option<String>,
    lasted: i64,
}

/// The panel.
pub fn panel(page: &DevicePage) -> AnyView {
    let w = words();
    let now = page.device.now;
    if page.device.events.is_empty() {
        return view! {
            <Panel title=tu_string!(w, device.events)>
                <p class="mut">{tu!(w, device.events_none)}</p>
            </Panel>
        }
        .into_any();
    }
    let open = page.device.events.iter().filter(|event| event.resolved_at.is_none()).count();
    let rows = page.device.events.iter().zip(&page.events).map(|(event, (opened, resolved))| Row {
        lasted: (event.resolved_at.unwrap_or(now) - event.opened_at).max(0) / 1000,
        event: event.clone(),
        opened: opened.clone(),
        resolved: resolved.clone(),
    });
    let rows: Vec<Row> = rows.collect();
    let columns = vec![
        Column::new("name", tu_string!(w, device.event), |row: &Row| {
            let state = if row.event.fault { State::Fault } else { State::Alarm };
            let mark = row.event.resolved_at.is_none().then(|| state.mark());
            view! {
                <span class="st" title=row.event.name.clone()>
                    {mark}
                    <span class="two">
                        <span>{row.event.title.clone()}</span>
                        <small>{state.name()}</small>
                    </span>
                </span>
            }
        }),
        Column::new("opened", tu_string!(w, device.opened), |row: &Row| row.opened.clone()),
        Column::new("resolved", tu_string!(w, device.resolved), |row: &Row| match &row.resolved {
            Some(at) => at.clone().into_any(),
            None => view! { <span class="tag bad">{tu!(words(), device.open)}</span> }.into_any(),
        })
        .wide_only(),
        Column::new("lasted", tu_string!(w, device.lasted), |row: &Row| duration(row.lasted)).numeric(),
    ];
    let note = tu_string!(w, device.events_open, open).to_string();
    view! {
        <Panel title=tu_string!(w, device.events) note flush=true>
            <DataTable columns rows caption=tu_string!(w, device.events) />
        </Panel>
    }
    .into_any()
}
