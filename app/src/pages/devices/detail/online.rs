//! When the device was on line, and why it went off.

use domain::device::view::OnlineEntry;
use leptos::prelude::*;

use super::super::marks::{State, duration};
use super::value::figure;
use super::{file, turning};
use crate::api::device::Log;
use crate::api::{Answer, Result};
use crate::ui::{Column, DataTable, EmptyState, ErrorView, Panel, Skeleton};
use crate::words::{tu, tu_string, words};

type Row = (String, OnlineEntry);

/// The tab.
pub fn tab(log: Resource<Option<Result<Answer<Log<OnlineEntry>>>>>) -> AnyView {
    view! {
        <Transition fallback=Skeleton>
            {move || Suspend::new(async move {
                Some(match log.await?.and_then(Answer::read) {
                    Ok(log) => table(log),
                    Err(error) => view! { <ErrorView error /> }.into_any(),
                })
            })}
        </Transition>
    }
    .into_any()
}

fn table(log: Log<OnlineEntry>) -> AnyView {
    let w = words();
    let title = tu_string!(w, device.tab_online);
    if log.entries.is_empty() {
        return view! {
            <Panel title=title>
                <EmptyState title=tu_string!(w, device.online_none) why=tu_string!(w, device.range_why) />
                <div class="foot">{turning(log.older)}</div>
            </Panel>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("time", tu_string!(w, device.time), |(time, _): &Row| when(time)),
        Column::new("state", tu_string!(w, device.state), |(_, entry): &Row| {
            let (state, words) = if entry.online {
                (State::Online, tu_string!(words(), device.went_online))
            } else {
                (State::Offline, tu_string!(words(), device.went_offline))
            };
            view! { <span class="st">{state.mark()} {words}</span> }
        }),
        Column::new("reason", tu_string!(w, device.reason), |(_, entry): &Row| {
            if entry.online {
                return entry.keep_alive.map(|count| tu!(words(), device.keep_alive, count)).into_any();
            }
            let code = entry.reason.clone().unwrap_or_default();
            view! { <span title=code.clone()>{reason(&code)}</span> }.into_any()
        }),
        Column::new("lasted", tu_string!(w, device.was_online), |(_, entry): &Row| {
            entry.duration.map(duration)
        })
        .numeric(),
        Column::new("beats", tu_string!(w, device.beats), |(_, entry): &Row| {
            let distance = entry.distance.map(|(min, avg, max)| {
                let text = format!("{} / {} / {}", figure(min), figure(avg), figure(max));
                view! { <small title=tu_string!(words(), device.beats_why)>{text}</small> }
            });
            view! { <span class="two">{entry.beats} {distance}</span> }
        })
        .numeric()
        .wide_only(),
    ];
    view! {
        <Panel title=title flush=true>
            <DataTable columns rows=log.entries caption=title />
            <div class="foot">{file("/ui/device/online.csv")} {turning(log.older)}</div>
        </Panel>
    }
    .into_any()
}

/// Date and time of day, in one line where there is room.
pub fn when(time: &str) -> AnyView {
    let (date, clock) = time.split_once(' ').unwrap_or((time, ""));
    view! {
        <span class="when">
            <span>{date.to_owned()}</span>
            " "
            <span>{clock.to_owned()}</span>
        </span>
    }
    .into_any()
}

/// A documented reason in words; one that is not documented as it stands.
fn reason(code: &str) -> String {
    let w = words();
    match code {
        "mqtt_disconnect" => tu_string!(w, device.reason_mqtt_disconnect),
        "no_heartbeat" => tu_string!(w, device.reason_no_heartbeat),
        "tcp_closed" => tu_string!(w, device.reason_tcp_closed),
        "ssl_closed" => tu_string!(w, device.reason_ssl_closed),
        "offline_force" => tu_string!(w, device.reason_force),
        "offline_reset" => tu_string!(w, device.reason_reset),
        "offline_exception" => tu_string!(w, device.reason_exception),
        "offline_sending_density_overflow" => tu_string!(w, device.reason_density),
        "offline_sending_data_size_overflow" => tu_string!(w, device.reason_size),
        "" => "—",
        other => other,
    }
    .to_owned()
}
