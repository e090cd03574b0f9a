//! Filters, sort, range and page live in the URL: links that change a part of it.
//!
//! What stands here is read with `try_`: while a page is left, its links may be asked once more after they are gone.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use leptos_router::params::ParamsMap;

/// The value of a query parameter, empty when it is not given.
pub fn query(name: &'static str) -> Memo<String> {
    let map = use_query_map();
    Memo::new(move |_| map.try_with(|map| map.get(name)).flatten().unwrap_or_default())
}

/// The address of this page with some query parameters changed; `None` takes one out.
///
/// A closure, not a signal: a signal goes with its page, and asking it then would be a panic.
pub fn link_with<const N: usize>(
    changes: [(&'static str, Option<String>); N],
) -> impl Fn() -> String + Clone + Send + Sync + 'static {
    let (map, path) = (use_query_map(), use_location().pathname);
    move || {
        let mut map: ParamsMap = map.try_get().unwrap_or_default();
        // What a form that was sent without scripts left behind.
        for name in ["__path", "__err", "__draft", "results"] {
            map.remove(name);
        }
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
        format!("{}{}", path.try_get().unwrap_or_default(), map.to_query_string())
    }
}
