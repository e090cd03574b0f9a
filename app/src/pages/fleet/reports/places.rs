//! Where devices are: countries, their regions, the cities of those.

use domain::fleet::view::PlaceFigures;
use leptos::prelude::*;

use super::super::{percent, share};
use crate::api::fleet::reports::PlaceRow;
use crate::ui::{EmptyState, Icon, Panel, grouped, link_with};
use crate::words::{tu, tu_string, words};

/// What a line of places has beside its figures.
pub struct Line<'a> {
    /// Country, region and city.
    pub path: &'a [String],
    /// Whether what is within stands below.
    pub open: bool,
    /// Whether there is anything within.
    pub branch: bool,
}

impl<'a> Line<'a> {
    /// Of a row.
    pub fn of<T>(row: &'a PlaceRow<T>) -> Self {
        Self { path: &row.path, open: row.open, branch: row.branch }
    }
}

/// The head of a line: the place, indented; one with something within opens and closes by a link.
pub fn names(line: &Line<'_>) -> AnyView {
    let Some(name) = line.path.last().cloned() else {
        return view! {
            <th scope="row" class="mut">
                {tu!(words(), device.place_unknown)}
            </th>
        }
        .into_any();
    };
    let class = match line.path.len() {
        1 => "at-1",
        2 => "at-2",
        _ => "at-3",
    };
    if !line.branch {
        return view! {
            <th scope="row" class=class>
                <span class="twist"></span>
                {name}
            </th>
        }
        .into_any();
    }
    let (own, above) = (line.path.len(), line.path.first().cloned());
    let (country, region) = match (own, line.open) {
        (1, true) => (None, None),
        (1, false) | (_, true) => (above, None),
        (_, false) => (above, line.path.get(1).cloned()),
    };
    let href = link_with([("country", country), ("region", region)]);
    let label = if line.open {
        tu_string!(words(), common.collapse, name = name.clone()).to_string()
    } else {
        tu_string!(words(), common.expand, name = name.clone()).to_string()
    };
    let twist = if line.open { "M3 4.5 6 7.5 9 4.5" } else { "M4.5 3 7.5 6 4.5 9" };
    view! {
        <th scope="row" class=class>
            <a href=href aria-expanded=line.open.to_string() title=label>
                <svg class="twist" viewBox="0 0 12 12" aria-hidden="true">
                    <path d=twist />
                </svg>
                {name}
            </a>
        </th>
    }
    .into_any()
}

/// The list of devices at a place.
fn devices(product: i64, path: &[String], extra: &str) -> String {
    let mut map = leptos_router::params::ParamsMap::new();
    map.insert("products", product.to_string());
    for (name, value) in ["country", "region", "city"].into_iter().zip(path) {
        map.insert(name, value.clone());
    }
    format!("/devices{}{extra}", map.to_query_string())
}

/// The table.
pub fn view(all: PlaceFigures, rows: Vec<PlaceRow<PlaceFigures>>, product: i64, csv: String) -> AnyView {
    let w = words();
    if rows.is_empty() {
        return view! {
            <Panel title=tu_string!(w, fleet.places)>
                <EmptyState title=tu_string!(w, device.empty) why=tu_string!(w, device.empty_why) />
            </Panel>
        }
        .into_any();
    }
    let figure = |row: &PlaceRow<PlaceFigures>, count: i64, extra: &str| {
        if row.path.is_empty() || count == 0 {
            return view! { <td class="num">{grouped(count)}</td> }.into_any();
        }
        view! {
            <td class="num">
                <a class="fig" href=devices(product, &row.path, extra)>
                    {grouped(count)}
                </a>
            </td>
        }
        .into_any()
    };
    let row = |row: PlaceRow<PlaceFigures>| {
        let PlaceFigures { devices, online, faulty, alert } = row.figures;
        view! {
            <tr>
                {names(&Line::of(&row))} {figure(&row, devices, "")}
                <td class="sharec">{share(devices, all.devices)}</td>
                <td class="num wide-only">{percent(devices, all.devices)}</td> {figure(&row, online, "&online=1")}
                {figure(&row, faulty, "&fault=1")} {figure(&row, alert, "&alarm=1")}
            </tr>
        }
    };
    let note = grouped(all.devices);
    let lines = rows.into_iter().map(row).collect_view();
    view! {
        <Panel title=tu_string!(w, fleet.places) note=tu_string!(w, device.count, count = note).to_string() flush=true>
            <div class="tw">
                <table class="tbl places">
                    <caption class="sr">{tu!(w, fleet.places)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{tu!(w, device.place)}</th>
                            <th scope="col" class="num">
                                {tu!(w, device.title)}
                            </th>
                            <td class="sharec"></td>
                            <th scope="col" class="num wide-only">
                                {tu!(w, fleet.share)}
                            </th>
                            <th scope="col" class="num">
                                {tu!(w, device.online)}
                            </th>
                            <th scope="col" class="num">
                                {tu!(w, device.fault)}
                            </th>
                            <th scope="col" class="num">
                                {tu!(w, device.alarm)}
                            </th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                    <tfoot>
                        <tr>
                            <th scope="row">{tu!(w, fleet.all)}</th>
                            <td class="num">{grouped(all.devices)}</td>
                            <td class="sharec"></td>
                            <td class="num wide-only"></td>
                            <td class="num">{grouped(all.online)}</td>
                            <td class="num">{grouped(all.faulty)}</td>
                            <td class="num">{grouped(all.alert)}</td>
                        </tr>
                    </tfoot>
                </table>
            </div>
            {download(csv)}
        </Panel>
    }
    .into_any()
}

/// The foot of a table with its file.
pub fn download(csv: String) -> AnyView {
    view! {
        <div class="foot-l">
            <a class="btn s" href=csv download="" rel="external">
                <Icon name="i-dl" small=true />
                {tu!(words(), common.csv)}
            </a>
        </div>
    }
    .into_any()
}
