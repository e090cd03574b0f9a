//! What is wider than a phone scrolls by itself, also by keyboard.

use leptos::prelude::*;

/// A stretch of the page that scrolls sideways.
#[component]
pub fn Scroll(
    /// What it holds, for those who cannot see it.
    #[prop(into)]
    label: String,
    /// The content, which brings its own least width.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            {children()}
        </div>
    }
}
