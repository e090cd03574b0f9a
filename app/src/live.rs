//! Live pages: a small "changed" event from the server makes a page refetch what it shows.

use std::collections::HashMap;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// How often a page refetches without having been told: what a lost event would have said is not missed for longer.
const SAFETY_POLL: Duration = Duration::from_mins(1);

/// How often a page follows what changes all the time: nobody reads faster, and the server has better to do.
const CALM: Duration = Duration::from_secs(2);

/// What the application provides: the counters that pages depend on, and whether they follow the plant.
#[derive(Clone, Copy)]
pub struct Live {
    /// Whether figures follow the plant.
    pub on: RwSignal<bool>,
    /// Whether the connection is lost: what is shown stays, and may be old.
    pub lost: RwSignal<bool>,
    topics: RwSignal<HashMap<String, u32>>,
    /// Grows when any topic may have changed unseen.
    all: RwSignal<u32>,
}

impl Live {
    /// Provides the counters. This comes before the router: the data of a lazily loaded page begins to load before
    /// the frame around the page exists, and would depend on nothing.
    pub fn provide() {
        provide_context(Self {
            on: RwSignal::new(true),
            lost: RwSignal::new(false),
            topics: RwSignal::default(),
            all: RwSignal::default(),
        });
    }

    /// In the browser, listens for what changes as long as the document lives.
    pub fn follow() {
        let live = expect_context::<Self>();
        Effect::new(move || {
            live.listen();
            set_interval(move || live.refetch_all(), SAFETY_POLL);
        });
    }

    /// Follows the plant from now on, or keeps what is shown.
    pub fn toggle(self) {
        self.on.update(|on| *on = !*on);
        self.refetch_all();
    }

    fn refetch_all(self) {
        if self.on.get_untracked() {
            self.all.update(|all| *all += 1);
        }
    }

    fn listen(self) {
        let Ok(source) = web_sys::EventSource::new("/ui/events") else { return };
        on(&source, "changed", move |event: web_sys::MessageEvent| {
            if let Some(topic) = event.data().as_string().filter(|_| self.on.get_untracked()) {
                self.topics.update(|topics| *topics.entry(topic).or_default() += 1);
            }
        });
        on(&source, "error", move |_: web_sys::Event| self.lost.set(true));
        on(&source, "open", move |_: web_sys::Event| {
            if self.lost.get_untracked() {
                self.lost.set(false);
                self.refetch_all();
            }
        });
    }
}

fn on<E: wasm_bindgen::convert::FromWasmAbi + 'static>(
    source: &web_sys::EventSource,
    event: &str,
    handle: impl Fn(E) + 'static,
) {
    let handle = Closure::<dyn Fn(E)>::new(handle);
    if source.add_event_listener_with_callback(event, handle.as_ref().unchecked_ref()).is_ok() {
        // It lives as long as the document: signing out loads a new one.
        handle.forget();
    }
}

/// A number that grows each time something of this topic changed (`oee`, `calendar`, `modelling`, `masterData`, `log`):
/// make it part of a resource's source and the resource refetches.
pub fn version(topic: &'static str) -> Signal<u32> {
    let Some(live) = use_context::<Live>() else { return Signal::stored(0) };
    Signal::derive(move || {
        live.all.get() + live.topics.with(|topics| topics.get(topic).copied().unwrap_or_default())
    })
}

/// [`version`] for what changes all the time, such as thousands of reporting devices: it grows every two seconds at most.
pub fn calm_version(topic: &'static str) -> Signal<u32> {
    let version = version(topic);
    let (shown, waiting) = (RwSignal::new(0), StoredValue::new(false));
    Effect::new(move |before: Option<u32>| {
        let now = version.get();
        if before.is_some_and(|before| before != now) && !waiting.get_value() {
            waiting.set_value(true);
            // The page may be gone by then.
            let follow = move || {
                waiting.try_set_value(false);
                if let Some(now) = version.try_get_untracked() {
                    shown.try_set(now);
                }
            };
            set_timeout(follow, CALM);
        }
        now
    });
    shown.into()
}
