//! What is chosen: the filter as the address has it, the search field, and a chip for each choice.

use domain::device::view::Facets;
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::params::ParamsMap;

use crate::api::device::DeviceQuery;
use crate::ui::{Icon, link_with, query};
use crate::words::{tu, tu_string, words};

/// The filter of the address.
pub fn query_of_url() -> Memo<DeviceQuery> {
    let (products, group, online) = (query("products"), query("group"), query("online"));
    let (fault, alarm, disabled) = (query("fault"), query("alarm"), query("disabled"));
    let (country, region, city) = (query("country"), query("region"), query("city"));
    let (text, area, sort, page) = (query("text"), query("area"), query("sort"), query("page"));
    Memo::new(move |_| DeviceQuery {
        products: products.get(),
        group: group.get(),
        online: online.get(),
        fault: fault.get(),
        alarm: alarm.get(),
        disabled: disabled.get(),
        country: country.get(),
        region: region.get(),
        city: city.get(),
        text: text.get(),
        area: area.get(),
        sort: sort.get(),
        page: page.get(),
    })
}

/// The parts of a filter by their names in the address.
fn parts(query: &DeviceQuery) -> [(&'static str, &String); 11] {
    [
        ("products", &query.products),
        ("group", &query.group),
        ("online", &query.online),
        ("fault", &query.fault),
        ("alarm", &query.alarm),
        ("disabled", &query.disabled),
        ("country", &query.country),
        ("region", &query.region),
        ("city", &query.city),
        ("text", &query.text),
        ("area", &query.area),
    ]
}

/// Whether anything narrows the list.
pub fn is_filtered(query: &DeviceQuery) -> bool {
    parts(query).into_iter().any(|(_, value)| !value.is_empty())
}

/// The filter and the order as the file's address has them.
pub fn csv_query(query: &DeviceQuery) -> String {
    let mut map = ParamsMap::new();
    for (name, value) in parts(query).into_iter().chain([("sort", &query.sort)]) {
        map.insert(format!("query[{name}]"), value.clone());
    }
    map.to_query_string().trim_start_matches('?').to_owned()
}

/// The ids of a list with commas, one put in or taken out.
pub fn toggled(list: &str, id: i64) -> Option<String> {
    let id = id.to_string();
    let mut ids: Vec<&str> = list.split(',').filter(|part| !part.is_empty()).collect();
    if ids.contains(&id.as_str()) {
        ids.retain(|part| *part != id);
    } else {
        ids.push(&id);
    }
    (!ids.is_empty()).then(|| ids.join(","))
}

/// The search field; it keeps the rest of the filter.
#[component]
pub fn Search(
    /// The filter.
    query: DeviceQuery,
) -> impl IntoView {
    let w = words();
    let rest = parts(&query)
        .into_iter()
        .chain([("sort", &query.sort)])
        .filter(|(name, value)| *name != "text" && !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value.clone() /> })
        .collect_view();
    view! {
        <Form method="GET" action="/devices" attr:class="fbar" attr:role="search">
            {rest}
            <div class="in-w">
                <Icon name="i-search" />
                <input
                    class="in"
                    type="search"
                    name="text"
                    value=query.text.clone()
                    placeholder=tu_string!(w, device.search)
                    aria-label=tu_string!(w, device.search)
                />
            </div>
            <button class="btn" type="submit">
                {tu!(w, device.search_button)}
            </button>
        </Form>
    }
}

/// What is chosen, each choice with a link that takes it back.
pub fn chips(query: &DeviceQuery, facets: &Facets) -> AnyView {
    let w = words();
    let mut chips: Vec<AnyView> = Vec::new();
    let mut chip = |label: String, href: Box<dyn Fn() -> String + Send>| {
        let undo = tu_string!(w, device.unchoose, name = label.clone()).to_string();
        chips.push(
            view! {
                <a class="chip" href=href aria-label=undo>
                    {label}
                    <Icon name="i-x" small=true />
                </a>
            }
            .into_any(),
        );
    };
    for product in &facets.products {
        if query.products.split(',').any(|id| id == product.value.to_string()) {
            let rest = toggled(&query.products, product.value);
            chip(product.name.clone(), Box::new(link_with([("products", rest), ("page", None)])));
        }
    }
    if let Some(group) = facets.group_path.last() {
        chip(group.name.clone(), Box::new(link_with([("group", None), ("page", None)])));
    }
    for (value, name, label) in [
        (query.online == "1", "online", tu_string!(w, device.online)),
        (query.online == "0", "online", tu_string!(w, device.offline)),
        (query.fault == "1", "fault", tu_string!(w, device.fault)),
        (query.alarm == "1", "alarm", tu_string!(w, device.alarm)),
        (query.disabled == "1", "disabled", tu_string!(w, device.disabled)),
    ] {
        if value {
            chip(label.to_owned(), Box::new(link_with([(name, None), ("page", None)])));
        }
    }
    if !query.country.is_empty() {
        let place: Vec<&str> = [&query.country, &query.region, &query.city]
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(String::as_str)
            .collect();
        let none = [("country", None), ("region", None), ("city", None), ("page", None)];
        chip(place.join(" › "), Box::new(link_with(none)));
    }
    if !query.text.is_empty() {
        chip(format!("“{}”", query.text), Box::new(link_with([("text", None), ("page", None)])));
    }
    if !query.area.is_empty() {
        let label = tu_string!(w, device.on_the_map).to_owned();
        chip(label, Box::new(link_with([("area", None), ("page", None)])));
    }
    if chips.is_empty() {
        return ().into_any();
    }
    view! {
        <div class="fbar">
            {chips}
            <a class="btn quiet s" href="/devices">
                {tu!(w, device.clear)}
            </a>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_choice_takes_the_first_back() {
        assert_eq!(toggled("", 4).as_deref(), Some("4"));
        assert_eq!(toggled("4", 7).as_deref(), Some("4,7"));
        assert_eq!(toggled("4,7", 4).as_deref(), Some("7"));
        assert_eq!(toggled("4", 4), None);
    }
}
