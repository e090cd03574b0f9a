//! The list.

use domain::device::view::{Area, DeviceLine, DeviceList};
use leptos::prelude::*;

use super::chosen::{csv_query, is_filtered};
use super::marks::{age, state, strip};
use crate::api::device::{DeviceQuery, PAGE, area_text};
use crate::ui::{Column, DataTable, EmptyState, Panel, grouped, link_with};
use crate::words::{tu, tu_string, words};

/// Nothing is registered.
pub fn none_yet(products: bool) -> impl IntoView {
    let w = words();
    let (title, why) = if products {
        (tu_string!(w, device.empty), tu_string!(w, device.empty_why))
    } else {
        (tu_string!(w, device.no_products), tu_string!(w, device.no_products_why))
    };
    view! {
        <Panel>
            <EmptyState title why>
                <a class="btn s" href="/products">
                    {tu!(w, device.products)}
                </a>
            </EmptyState>
        </Panel>
    }
}

/// Where a device is; leads to it on the map, where its position is known.
fn place(device: &DeviceLine) -> AnyView {
    let w = words();
    let name = device.place.as_ref().map(|place| place.name().to_owned());
    let Some((longitude, latitude)) = device.position else { return name.into_any() };
    let around = area_text(Area::around(longitude, latitude));
    let href = link_with([("area", Some(around)), ("page", None)]);
    let name = name.unwrap_or_else(|| tu_string!(w, device.position).to_owned());
    view! {
        <a href=href title=tu_string!(w, device.show_on_map)>
            {name}
        </a>
    }
    .into_any()
}

/// The panel of the list.
pub fn panel(list: DeviceList, query: &DeviceQuery) -> impl IntoView + use<> {
    let w = words();
    let count = grouped(list.total);
    let title = tu_string!(w, device.count, count).to_string();
    if list.devices.is_empty() {
        let why =
            if is_filtered(query) { tu_string!(w, device.none_why) } else { tu_string!(w, device.empty_why) };
        return view! {
            <div class="dev-list">
                <Panel title>
                    <EmptyState title=tu_string!(w, device.none) why>
                        <a class="btn s" href="/devices">
                            {tu!(w, device.clear)}
                        </a>
                    </EmptyState>
                </Panel>
            </div>
        }
        .into_any();
    }
    let now = list.now;
    let columns = vec![
        Column::new("mac", tu_string!(w, device.device), |device: &DeviceLine| {
            let href = format!("/device/{}", device.id);
            let serial = device.serial_number.clone().filter(|serial| !serial.is_empty());
            view! {
                <a class="two" href=href>
                    <span>{serial.unwrap_or_else(|| device.mac.clone())}</span>
                    <small class="mono">{device.did.clone()}</small>
                </a>
            }
        })
        .sortable(),
        Column::new("trouble", tu_string!(w, device.state), |device: &DeviceLine| {
            view! {
                <span class="two">
                    {state(device)}
                    <small>{device.product.clone()}</small>
                </span>
            }
        })
        .sortable(),
        Column::new("health", tu_string!(w, device.health), |device: &DeviceLine| strip(&device.health))
            .wide_only(),
        Column::new("seen", tu_string!(w, device.seen), move |device: &DeviceLine| {
            view! {
                <span class="two">
                    <span>{age(now, device.seen_at)}</span>
                    <small>{place(device)}</small>
                </span>
            }
        })
        .numeric()
        .sortable(),
    ];
    let page = query.page.parse().unwrap_or(1).max(1);
    let csv = format!("/ui/devices.csv?{}", csv_query(query));
    let selected = if query.area.is_empty() { "" } else { tu_string!(w, device.on_the_map) };
    view! {
        <div class="dev-list">
            <Panel title note=selected flush=true>
                <DataTable
                    columns
                    rows=list.devices
                    caption=tu_string!(w, device.title)
                    paging=(list.total, PAGE, page)
                    csv
                />
            </Panel>
        </div>
    }
    .into_any()
}
