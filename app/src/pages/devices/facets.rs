//! What the filter could be: each choice a link with the devices it would leave.

use domain::device::view::{Facet, Facets, Place};
use leptos::prelude::*;

use super::chosen::toggled;
use super::marks::State;
use crate::api::device::DeviceQuery;
use crate::ui::{Icon, grouped, link_with};
use crate::words::{tu, tu_string, words};

/// Choices of a facet that are shown at once.
const MOST: usize = 10;

/// The panel of facets.
pub fn panel(query: &DeviceQuery, facets: &Facets) -> impl IntoView + use<> {
    let w = words();
    let flag = |name: &'static str, on: bool, value: &str, mark: State, devices: i64| {
        let href = link_with([(name, (!on).then(|| value.to_owned())), ("page", None)]);
        let label = view! { <span class="st">{mark.mark()} {mark.name()}</span> };
        choice(on, href, label.into_any(), devices)
    };
    let disabled = query.disabled == "1";
    let states = view! {
        {flag("online", query.online == "1", "1", State::Online, facets.online)}
        {flag("online", query.online == "0", "0", State::Offline, facets.offline)}
        {flag("fault", query.fault == "1", "1", State::Fault, facets.fault)}
        {flag("alarm", query.alarm == "1", "1", State::Alarm, facets.alarm)}
        {(disabled || facets.disabled > 0)
            .then(|| flag("disabled", disabled, "1", State::Disabled, facets.disabled))}
    };
    let product = |facet: &Facet<i64>| {
        let on = query.products.split(',').any(|id| id == facet.value.to_string());
        let href = link_with([("products", toggled(&query.products, facet.value)), ("page", None)]);
        choice(on, href, text(&facet.name), facet.devices)
    };
    let products = facets.products.iter().map(product).collect();
    view! {
        <input
            class="fold"
            id="show-facets"
            type="checkbox"
            autocomplete="off"
            aria-label=tu_string!(w, device.facets)
        />
        <label class="btn show-facets" for="show-facets">
            <Icon name="i-filter" />
            {tu!(w, device.facets)}
        </label>
        <section class="panel facets" aria-label=tu_string!(w, device.facets)>
            <header>
                <h2>{tu!(w, device.facets)}</h2>
            </header>
            <div class="body">
                {group(tu_string!(w, device.state), states.into_any())}
                {group(tu_string!(w, device.product), folded(products))}
                {groups(query, facets)}
                {places(query, facets)}
            </div>
        </section>
    }
}

fn groups(query: &DeviceQuery, facets: &Facets) -> AnyView {
    if facets.groups.is_empty() && facets.group_path.is_empty() {
        return ().into_any();
    }
    let (last, above) = facets.group_path.split_last().map_or((None, &[][..]), |(last, up)| (Some(last), up));
    let up = above.iter().map(|facet| {
        let href = link_with([("group", Some(facet.value.to_string())), ("page", None)]);
        choice(false, href, text(&facet.name), facet.devices)
    });
    let chosen = last.map(|facet| {
        let above = above.last().map(|facet| facet.value.to_string());
        choice(true, link_with([("group", above), ("page", None)]), text(&facet.name), facet.devices)
    });
    let below = facets.groups.iter().map(|facet| {
        let href = link_with([("group", Some(facet.value.to_string())), ("page", None)]);
        choice(query.group == facet.value.to_string(), href, text(&facet.name), facet.devices)
    });
    let below = folded(below.collect());
    group(
        tu_string!(words(), device.group),
        view! { {up.collect_view()} {chosen} <div class="below">{below}</div> }.into_any(),
    )
}

fn places(query: &DeviceQuery, facets: &Facets) -> AnyView {
    if facets.places.is_empty() && query.country.is_empty() {
        return ().into_any();
    }
    let some = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    // The way back up: each level takes back what is below it.
    let country = some(&query.country).map(|name| {
        let clear = query.region.is_empty();
        let to = if clear { None } else { Some(name.clone()) };
        let href = link_with([("country", to), ("region", None), ("city", None), ("page", None)]);
        plain(clear, href, &name)
    });
    let region = some(&query.region).map(|name| {
        let clear = query.city.is_empty();
        let to = if clear { None } else { Some(name.clone()) };
        plain(clear, link_with([("region", to), ("city", None), ("page", None)]), &name)
    });
    let below = facets.places.iter().map(|facet| {
        let Place { country, region, city } = &facet.value;
        let on = !query.city.is_empty() && query.city == *city;
        let href = link_with([
            ("country", some(country)),
            ("region", some(region)),
            ("city", some(city).filter(|_| !on)),
            ("page", None),
        ]);
        let name = if facet.name.is_empty() {
            tu_string!(words(), device.place_unknown)
        } else {
            facet.name.as_str()
        };
        choice(on, href, text(name), facet.devices)
    });
    let below = folded(below.collect());
    let unknown = (facets.nowhere > 0 && query.country.is_empty()).then(|| {
        view! {
            <span class="check mut">
                <span class="box none"></span>
                <span class="tt">{tu!(words(), device.place_unknown)}</span>
                <span class="n">{grouped(facets.nowhere)}</span>
            </span>
        }
    });
    group(
        tu_string!(words(), device.place),
        view! { {country} {region} <div class="below">{below}</div> {unknown} }.into_any(),
    )
}

fn group(title: &'static str, choices: AnyView) -> AnyView {
    view! {
        <div class="facet" role="group" aria-label=title>
            <span class="label">{title}</span>
            {choices}
        </div>
    }
    .into_any()
}

/// The first choices; the rest behind a line.
fn folded(mut choices: Vec<AnyView>) -> AnyView {
    if choices.len() <= MOST + 2 {
        return choices.into_any();
    }
    let rest = choices.split_off(MOST);
    let count = rest.len();
    view! {
        {choices}
        <details class="more">
            <summary>{tu!(words(), device.more, count)}</summary>
            {rest}
        </details>
    }
    .into_any()
}

fn text(name: &str) -> AnyView {
    view! { <span class="tt" title=name.to_owned()>{name.to_owned()}</span> }.into_any()
}

fn choice(
    on: bool,
    href: impl Fn() -> String + Send + Sync + 'static,
    label: AnyView,
    devices: i64,
) -> AnyView {
    view! {
        <a class="check" href=href aria-current=on.then_some("true")>
            {tick(on)}
            {label}
            <span class="n">{grouped(devices)}</span>
        </a>
    }
    .into_any()
}

/// A choice above the ones that are counted.
fn plain(on: bool, href: impl Fn() -> String + Send + Sync + 'static, name: &str) -> AnyView {
    view! {
        <a class="check" href=href aria-current=on.then_some("true")>
            {tick(on)}
            {text(name)}
        </a>
    }
    .into_any()
}

fn tick(on: bool) -> AnyView {
    view! { <span class=if on { "box on" } else { "box" }>{on.then(|| view! { <Icon name="i-ok" /> })}</span> }.into_any()
}
