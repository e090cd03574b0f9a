//! Faults and alarms, resolved and not.

use domain::fleet::place::Resolution;
use leptos::prelude::*;

use super::super::{percent, share};
use super::places::{Line, download, names};
use crate::api::fleet::reports::{PlaceRow, Trouble, TroubleFigures, TroubleView};
use crate::ui::{EmptyState, Icon, Mark, Panel, grouped};
use crate::words::{tu, tu_string, words};

/// Figures, datapoints and places.
pub fn view(trouble: &TroubleView, product: i64, csv: String, places_csv: String) -> AnyView {
    let w = words();
    if trouble.faults.events.total + trouble.alarms.events.total == 0 {
        return view! {
            <Panel title=tu_string!(w, fleet.trouble)>
                <EmptyState title=tu_string!(w, fleet.no_trouble) why=tu_string!(w, fleet.no_trouble_why) />
            </Panel>
        }
        .into_any();
    }
    view! {
        <div class="kpis four">
            {cards(&trouble.faults, true, format!("/devices?products={product}&fault=1"))}
            {cards(&trouble.alarms, false, format!("/devices?products={product}&alarm=1"))}
        </div>
        <div class="grid g-2">
            {points(trouble, csv)}
            {places(&trouble.places, places_csv)}
        </div>
    }
    .into_any()
}

/// How many are open; what is as it should be is quiet.
fn open(count: i64) -> AnyView {
    let figure = if count > 0 { view! { <b>{grouped(count)}</b> }.into_any() } else { "0".into_any() };
    view! { <td class="num">{figure}</td> }.into_any()
}

fn mark(fault: bool) -> AnyView {
    if fault {
        return view! { <Mark state="fault" /> }.into_any();
    }
    view! {
        <span class="w1">
            <Icon name="i-warn" />
        </span>
    }
    .into_any()
}

fn cards(of: &Trouble, fault: bool, open: String) -> AnyView {
    let w = words();
    let (devices, events) = if fault {
        (tu_string!(w, fleet.fault_devices), tu_string!(w, fleet.fault_events))
    } else {
        (tu_string!(w, fleet.alarm_devices), tu_string!(w, fleet.alarm_events))
    };
    let basis = |count: Resolution| {
        let (total, resolved) = (grouped(count.total), grouped(count.resolved));
        tu_string!(w, fleet.of_which, total, resolved).to_string()
    };
    let devices_open = grouped(of.devices.unresolved);
    view! {
        <div class="kpi">
            <h2>{mark(fault)} {devices}</h2>
            <p class="v">
                <a class="fig" href=open>
                    {devices_open}
                </a>
            </p>
            <p class="d">{basis(of.devices)}</p>
        </div>
        <div class="kpi">
            <h2>{mark(fault)} {events}</h2>
            <p class="v">{grouped(of.events.unresolved)}</p>
            <p class="d">{basis(of.events)}</p>
        </div>
    }
    .into_any()
}

fn points(trouble: &TroubleView, csv: String) -> AnyView {
    let w = words();
    let most = trouble.faults.points.iter().chain(&trouble.alarms.points);
    let most = most.map(|(.., count)| count.total).max().unwrap_or(0);
    let row = |fault: bool, (name, title, count): &(String, String, Resolution)| {
        let kind = if fault { tu_string!(w, device.fault) } else { tu_string!(w, device.alarm) };
        view! {
            <tr>
                <th scope="row">
                    <span class="st">
                        {mark(fault)} <span class="sr">{kind}</span>
                        <span class="two">
                            <span>{title.clone()}</span>
                            <small class="mono">{name.clone()}</small>
                        </span>
                    </span>
                </th>
                <td class="num">{grouped(count.total)}</td>
                <td class="sharec wide-only">{share(count.total, most)}</td>
                {open(count.unresolved)}
                <td class="num wide-only">{grouped(count.resolved)}</td>
                <td class="num">{percent(count.resolved, count.total)}</td>
            </tr>
        }
    };
    let faults = trouble.faults.points.iter().map(|point| row(true, point)).collect_view();
    let alarms = trouble.alarms.points.iter().map(|point| row(false, point)).collect_view();
    view! {
        <Panel title=tu_string!(w, fleet.by_point) note=tu_string!(w, fleet.kept) flush=true>
            <div class="tw">
                <table class="tbl">
                    <caption class="sr">{tu!(w, fleet.by_point)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{tu!(w, device.point)}</th>
                            <th scope="col" class="num">
                                {tu!(w, fleet.occurrences)}
                            </th>
                            <th scope="col" class="wide-only">
                                <span class="sr">{tu!(w, fleet.share)}</span>
                            </th>
                            <th scope="col" class="num">
                                {tu!(w, device.open)}
                            </th>
                            <th scope="col" class="num wide-only">
                                {tu!(w, fleet.resolved)}
                            </th>
                            <th scope="col" class="num">
                                {tu!(w, fleet.resolved_share)}
                            </th>
                        </tr>
                    </thead>
                    <tbody>{faults} {alarms}</tbody>
                </table>
            </div>
            {download(csv)}
        </Panel>
    }
    .into_any()
}

fn places(rows: &[PlaceRow<TroubleFigures>], csv: String) -> AnyView {
    let w = words();
    let row = |row: &PlaceRow<TroubleFigures>| {
        let TroubleFigures { faults, alarms } = row.figures;
        view! {
            <tr>
                {names(&Line::of(row))} <td class="num">{grouped(faults.total)}</td>
                {open(faults.unresolved)}
                <td class="num">{grouped(alarms.total)}</td>
                {open(alarms.unresolved)}
            </tr>
        }
    };
    let lines = rows.iter().map(row).collect_view();
    view! {
        <Panel title=tu_string!(w, fleet.by_place) note=tu_string!(w, fleet.occurrences) flush=true>
            <div class="tw">
                <table class="tbl places">
                    <caption class="sr">{tu!(w, fleet.by_place)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{tu!(w, device.place)}</th>
                            <th scope="col" class="num">
                                {tu!(w, fleet.faults)}
                            </th>
                            <th scope="col" class="num">
                                {tu!(w, device.open)}
                            </th>
                            <th scope="col" class="num">
                                {tu!(w, fleet.alarms)}
                            </th>
                            <th scope="col" class="num">
                                {tu!(w, device.open)}
                            </th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
            {download(csv)}
        </Panel>
    }
    .into_any()
}
