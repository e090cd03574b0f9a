//! What the device is.

use leptos::prelude::*;

use super::super::marks::{age, strip};
use crate::api::device::DevicePage;
use crate::ui::Panel;
use crate::words::{tu, tu_string, words};

fn fact(name: &'static str, value: AnyView) -> AnyView {
    view! {
        <dt>{name}</dt>
        <dd>{value}</dd>
    }
    .into_any()
}

fn code(text: String) -> AnyView {
    view! { <code class="wrap">{text}</code> }.into_any()
}

/// Identity, place, versions and connection.
pub fn panel(page: &DevicePage) -> AnyView {
    let w = words();
    let device = &page.device;
    let line = &device.line;
    let mut facts = vec![
        fact(tu_string!(w, device.did), code(line.did.clone())),
        fact(tu_string!(w, device.mac), code(line.mac.clone())),
    ];
    if let Some(serial) = line.serial_number.clone().filter(|serial| !serial.is_empty()) {
        facts.push(fact(tu_string!(w, device.serial), code(serial)));
    }
    let product = view! {
        <a class="fig" href=format!("/products/{}", device.product_id)>
            {line.product.clone()}
        </a>
    };
    facts.push(fact(tu_string!(w, device.product), product.into_any()));
    if let Some((group, _)) = device.groups.last() {
        let way = device.groups.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(" › ");
        let href = format!("/devices?group={group}");
        let link = view! {
            <a class="fig" href=href>
                {way}
            </a>
        };
        facts.push(fact(tu_string!(w, device.group), link.into_any()));
    }
    facts.push(fact(tu_string!(w, device.health), strip(&line.health)));
    let connection = match &device.connection {
        Some((since, address)) => {
            let since = age(device.now, Some(*since));
            let address = address.as_ref().map(|address| format!(" · {address}"));
            view! { {tu!(w, device.connected, since)} {address} }.into_any()
        }
        None if line.online => tu_string!(w, device.online).into_any(),
        None if line.seen_at.is_none() => tu_string!(w, device.never_seen).into_any(),
        None => {
            let seen = age(device.now, line.seen_at);
            tu!(w, device.last_seen, seen).into_any()
        }
    };
    facts.push(fact(tu_string!(w, device.connection), connection));
    if let Some(place) = &line.place {
        let names = [&place.country, &place.region, &place.city];
        let mut names: Vec<&str> =
            names.into_iter().filter(|name| !name.is_empty()).map(String::as_str).collect();
        names.dedup();
        let source = match device.place_source.as_deref() {
            Some("gps") => tu_string!(w, device.place_gps),
            Some("address") => tu_string!(w, device.place_address),
            Some(_) => tu_string!(w, device.place_import),
            None => "",
        };
        let source = (!source.is_empty()).then(|| view! { " " <span class="mut">{source}</span> });
        facts.push(fact(tu_string!(w, device.place), view! { {names.join(" › ")} {source} }.into_any()));
    }
    if let Some((longitude, latitude)) = device.position {
        facts.push(fact(tu_string!(w, device.position), format!("{latitude:.5}, {longitude:.5}").into_any()));
    }
    facts.push(fact(tu_string!(w, device.registered), page.created.clone().into_any()));
    if let Some(activated) = page.activated.clone() {
        facts.push(fact(tu_string!(w, device.activated), activated.into_any()));
    }
    let names = [
        tu_string!(w, device.mcu_hard),
        tu_string!(w, device.mcu_soft),
        tu_string!(w, device.wifi_hard),
        tu_string!(w, device.wifi_soft),
    ];
    for (name, version) in names.into_iter().zip(device.versions.clone()) {
        if let Some(version) = version.filter(|version| !version.is_empty()) {
            facts.push(fact(name, code(version)));
        }
    }
    if device.kind != "normal" {
        facts.push(fact(tu_string!(w, device.kind), device.kind.clone().into_any()));
    }
    view! {
        <Panel title=tu_string!(w, device.identity)>
            <dl class="dl">{facts}</dl>
        </Panel>
    }
    .into_any()
}
