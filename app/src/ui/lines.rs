//! A field for many lines.

use leptos::prelude::*;

use super::Icon;
use super::form::{drafted, refusal};
use crate::api::Error;

/// A field for many lines, with its label, help and refusal.
#[component]
pub fn Lines(
    /// Name of the parameter it fills.
    name: &'static str,
    /// Its label.
    #[prop(into)]
    label: String,
    /// What belongs in it.
    #[prop(into)]
    help: String,
    /// Lines that it shows.
    #[prop(default = "8")]
    rows: &'static str,
    /// The failure of the last attempt: shown here when it is about this field.
    #[prop(optional, into)]
    error: Signal<Option<Error>>,
) -> impl IntoView {
    let refused = refusal(error, name);
    let (id, note_id) = (format!("f-{name}"), format!("f-{name}-help"));
    let described = note_id.clone();
    let note = move || match refused.get() {
        Some(reason) => view! {
            <p class="err" id=note_id.clone() role="alert">
                <Icon name="i-warn" small=true />
                <span>{reason}</span>
            </p>
        }
        .into_any(),
        None => view! {
            <p class="help" id=note_id.clone()>
                {help.clone()}
            </p>
        }
        .into_any(),
    };
    view! {
        <div class="field" class:bad=move || refused.get().is_some()>
            <label for=id.clone()>{label}</label>
            <textarea class="in area mono" id=id name=name rows=rows required spellcheck="false" aria-describedby=described>
                {drafted(name, String::new())}
            </textarea>
            {note}
        </div>
    }
}
