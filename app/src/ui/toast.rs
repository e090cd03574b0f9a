//! Done, and what to do about it: bottom left, six seconds, at most three. Errors never go here.

use std::time::Duration;

use leptos::prelude::*;

use super::Icon;
use crate::words::{tu_string, words};

/// Where pages put their toasts; the shell provides it.
#[derive(Clone, Copy, Default)]
pub struct Toasts(RwSignal<Vec<(u32, String)>>, StoredValue<u32>);

impl Toasts {
    /// Says that something was done.
    pub fn done(self, sentence: impl Into<String>) {
        self.1.update_value(|id| *id += 1);
        let id = self.1.get_value();
        self.0.update(|toasts| {
            toasts.push((id, sentence.into()));
            let extra = toasts.len().saturating_sub(3);
            toasts.drain(..extra);
        });
        set_timeout(move || self.close(id), Duration::from_secs(6));
    }

    fn close(self, id: u32) {
        self.0.update(|toasts| toasts.retain(|(other, _)| *other != id));
    }
}

/// Where the toasts appear.
#[component]
pub fn ToastRack() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.0.get() key=|(id, _)| *id let((id, sentence))>
                <div class="toast">
                    <Icon name="i-ok" />
                    <div>{sentence}</div>
                    <button
                        class="btn s sq quiet"
                        type="button"
                        aria-label=tu_string!(words(), common.close)
                        on:click=move |_| toasts.close(id)
                    >
                        <Icon name="i-x" small=true />
                    </button>
                </div>
            </For>
        </div>
    }
}
