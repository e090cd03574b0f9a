//! Publishing, archiving and deleting a node, each with what it means before it is done.

use domain::modelling::{Flag, Node, Referrer};
use leptos::form::ActionForm;
use leptos::prelude::*;

use super::detail::referred;
use super::form::Writes;
use super::tree::Place;
use crate::ui::{FormError, Icon, failure};
use crate::words::{tu, tu_string, words};

/// The actions at the foot of the pane.
#[component]
pub fn Actions(
    /// The node.
    node: Node,
    /// What keeps it from being deleted.
    referrers: Vec<Referrer>,
    /// Where the page is.
    place: Place,
    /// What it can do.
    writes: Writes,
) -> impl IntoView {
    let w = words();
    let model = wire(place);
    let id = node.id;
    let flag_error = failure(writes.flag);
    let delete_error = failure(writes.delete);
    let flag = move |flag: &'static str, name: &'static str, class: &'static str| {
        view! {
            <ActionForm action=writes.flag>
                <input type="hidden" name="model" value=model />
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="flag" value=flag />
                <input type="hidden" name="page" value=place.page />
                <button class=class type="submit">
                    {name}
                </button>
            </ActionForm>
        }
    };
    let publish =
        (node.flag == Flag::Unpublish).then(|| flag("publish", tu_string!(w, model.publish), "btn s"));
    let publish_all =
        node.kind.child().map(|_| flag("publishSubNode", tu_string!(w, model.publish_all), "btn s"));
    let archive_title = tu_string!(w, model.archive_title, name = node.name.clone()).to_string();
    let delete_title = tu_string!(w, model.delete_title, name = node.name.clone()).to_string();
    let delete = if referrers.is_empty() {
        view! {
            <b>{delete_title}</b>
            <p>{tu!(w, model.delete_why)}</p>
            <ActionForm action=writes.delete>
                <FormError error=delete_error />
                <input type="hidden" name="model" value=model />
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="page" value=place.page />
                <button class="btn s danger" type="submit">
                    {tu!(w, model.delete)}
                </button>
            </ActionForm>
        }
        .into_any()
    } else {
        view! {
            <b>{tu!(w, model.delete_refused)}</b>
            {referred(referrers)}
        }
        .into_any()
    };
    view! {
        <FormError error=flag_error />
        <div class="acts">
            {publish} {publish_all} <details class="ask">
                <summary class="btn s">{tu!(w, model.archive)}</summary>
                <div class="note warn">
                    <Icon name="i-warn" />
                    <div>
                        <b>{archive_title}</b>
                        <p>{tu!(w, model.archive_why)}</p>
                        {flag("archive", tu_string!(w, model.archive), "btn s danger")}
                    </div>
                </div>
            </details>
            <details class="ask" open=move || delete_error.get().is_some()>
                <summary class="btn s">{tu!(w, model.delete)}</summary>
                <div class="note bad">
                    <Icon name="i-warn" />
                    <div>{delete}</div>
                </div>
            </details>
        </div>
    }
}

/// A model as the server functions read it.
pub fn wire(place: Place) -> &'static str {
    match place.model {
        domain::modelling::Model::Factory => "factory",
        domain::modelling::Model::Process => "process",
    }
}
