//! Live pages: a small "changed" event from the server makes a page refetch what it shows.

use std::collections::HashMap;

use leptos::prelude::*;

/// What can change.
const TOPICS: [&str; 5] = ["oee", "calendar", "modelling", "masterData", "log"];

/// What the application provides: the counters that pages depend on, and whether they follow the plant.
#[derive(Clone, Copy)]
pub struct Live {
    /// Whether figures follow the plant.
    pub on: RwSignal<bool>,
    versions: RwSignal<HashMap<String, u32>>,
}

impl Live {
    /// Provides the counters. This comes before the router: the data of a lazily loaded page begins to load before
    /// the frame around the page exists, and would depend on nothing.
    pub fn provide() {
        provide_context(Self { on: RwSignal::new(true), versions: RwSignal::default() });
    }

    /// In the browser, listens for what changes as long as the document lives.
    pub fn follow() {
        let live = expect_context::<Self>();
        Effect::new(move || live.listen());
    }

    fn listen(self) {
        use wasm_bindgen::{JsCast, closure::Closure};
        let Ok(source) = web_sys::EventSource::new("/ui/events") else { return };
        let changed = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
            if let Some(topic) = event.data().as_string().filter(|_| self.on.get_untracked()) {
                self.versions.update(|versions| *versions.entry(topic).or_default() += 1);
            }
        });
        // What changed while the connection was lost is not told again: after a new one everything is looked at.
        let mut again = false;
        let opened = Closure::<dyn FnMut()>::new(move || {
            if again && self.on.get_untracked() {
                self.versions.update(|versions| {
                    for topic in TOPICS {
                        *versions.entry(topic.to_owned()).or_default() += 1;
                    }
                });
            }
            again = true;
        });
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        opened.forget();
        let listening = source.add_event_listener_with_callback("changed", changed.as_ref().unchecked_ref());
        if listening.is_ok() {
            // It lives as long as the document: signing out loads a new one.
            changed.forget();
        }
    }
}

/// A number that grows each time something of this topic changed (`oee`, `calendar`, `modelling`, `masterData`, `log`):
/// make it part of a resource's source and the resource refetches.
pub fn version(topic: &'static str) -> Signal<u32> {
    let Some(live) = use_context::<Live>() else { return Signal::stored(0) };
    Signal::derive(move || live.versions.with(|versions| versions.get(topic).copied().unwrap_or_default()))
}
