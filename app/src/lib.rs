//! The pages: rendered on the server, hydrated in the browser.
//!
//! `pages/` holds one file a page, `api/` the server functions behind them (two lines each over the services of
//! `domain`), `ui/` the shared parts, `chart/` the drawing. Only [`ssr`] may know the server.

#![expect(unused_qualifications, reason = "the view and server macros write out full paths")]

pub mod api;
pub mod chart;
pub mod clock;
pub mod live;
mod pages;
pub mod range;
pub mod shell;
#[cfg(feature = "ssr")]
pub mod ssr;
pub mod ui;
pub mod words;

/// Brings the page the server sent to life.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    // A panic says what happened, in the console; browser tests fail on it.
    std::panic::set_hook(Box::new(|panic| leptos::logging::error!("{panic}")));
    leptos::mount::hydrate_lazy(shell::App);
}
