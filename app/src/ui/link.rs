//! Filters, sort, range and page live in the URL: links that change a part of it.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use leptos_router::params::ParamsMap;

/// The value of a query parameter, empty when it is not given.
pub fn query(name: &'static str) -> Memo<String> {
    let map = use_query_map();
    Memo::new(move |_| map.with(|map| map.get(name).unwrap_or_default()))
}

/// The address of this page with some query parameters changed; `None` takes one out.
pub fn link_with<const N: usize>(changes: [(&'static str, Option<String>); N]) -> Signal<String> {
    let (map, path) = (use_query_map(), use_location().pathname);
    Signal::derive(move || {
        let mut map: ParamsMap = map.get();
        for (name, value) in &changes {
            match value {
                Some(value) => map.replace(*name, value.clone()),
                None => drop(map.remove(name)),
            }
            // What the range picker's form sends counts only until another range is chosen.
            if *name == "range" {
                map.remove("from");
                map.remove("to");
            }
        }
        format!("{}{}", path.get(), map.to_query_string())
    })
}
