//! A question that must be answered first.

use leptos::html;
use leptos::prelude::*;

use super::Icon;

/// A dialog: the question as title, the effect in numbers inside, the buttons as `footer` of the children's form.
/// A stray click outside changes nothing; Escape closes it.
#[component]
pub fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: String,
    /// Whether it asks about something that cannot be undone.
    #[prop(optional)]
    danger: bool,
    /// Body and footer.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            // Fails only when it is not in the document any more: nothing to show then.
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog class="dialog" node_ref=node on:close=move |_| open.set(false)>
            <header>{danger.then(|| view! { <Icon name="i-warn" /> })} {title}</header>
            {children()}
        </dialog>
    }
}
