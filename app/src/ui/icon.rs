//! Icons and state marks, drawn once in the document's sprite.

use leptos::prelude::*;

/// An icon beside a word; `name` is that of the sprite (`i-search`).
#[component]
pub fn Icon(
    /// Its name in the sprite.
    name: &'static str,
    /// Whether it is the small one, 12 px.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    view! {
        <svg class=if small { "i i-s" } else { "i" } aria-hidden="true">
            <use_ href=format!("#{name}") />
        </svg>
    }
}

/// The mark of a machine state, beside the state in words: `run`, `planned`, `fault`, `change`, `nomat`, `safety`,
/// `other`, `nodata`, `brk`.
#[component]
pub fn Mark(
    /// The state's short name.
    state: &'static str,
) -> impl IntoView {
    view! {
        <svg class=format!("st-i k-{state}") aria-hidden="true">
            <use_ href=format!("#m-{state}") />
        </svg>
    }
}
