//! Links between the two models: a line and its routes, a machining center and its operations.

use domain::modelling::{Model, Node};
use leptos::form::ActionForm;
use leptos::prelude::*;

use super::actions::wire;
use super::form::Writes;
use super::tree::{Place, icon};
use crate::ui::{FormError, Icon, Panel, Select, failure};
use crate::words::{tu, tu_string, words};

/// The links of a node.
#[component]
pub fn Links(
    /// The node.
    node: Node,
    /// What it is linked to.
    dependences: Vec<Node>,
    /// What it may be linked to.
    linkable: Vec<Node>,
    /// Where the page is.
    place: Place,
    /// What it can do.
    writes: Writes,
    /// Whether the person may change them.
    writable: bool,
) -> impl IntoView {
    let w = words();
    let (model, id) = (wire(place), node.id);
    let error = failure(writes.link);
    let other_page = match place.model {
        Model::Factory => "/process",
        Model::Process => "/model",
    };
    let line = move |other: Node| {
        let label = tu_string!(w, model.link_remove, name = other.name.clone()).to_string();
        let remove = writable.then(|| {
            view! {
                <ActionForm action=writes.link>
                    <input type="hidden" name="model" value=model />
                    <input type="hidden" name="id" value=id.to_string() />
                    <input type="hidden" name="other" value=other.id.to_string() />
                    <input type="hidden" name="remove" value="true" />
                    <input type="hidden" name="page" value=place.page />
                    <button class="btn s sq quiet" type="submit" aria-label=label>
                        <Icon name="i-x" small=true />
                    </button>
                </ActionForm>
            }
        });
        view! {
            <li class="link-line">
                <a class="st" href=format!("{other_page}?node={}", other.id)>
                    <Icon name=icon(other.kind) />
                    {other.name}
                    " "
                    <code class="mut">{other.code}</code>
                </a>
                {remove}
            </li>
        }
    };
    let list = if dependences.is_empty() {
        view! { <p class="mut">{tu!(w, model.links_none)}</p> }.into_any()
    } else {
        view! { <ul>{dependences.into_iter().map(line).collect_view()}</ul> }.into_any()
    };
    let options: Vec<_> = linkable
        .into_iter()
        .map(|node| (node.id.to_string(), format!("{} ({})", node.name, node.code)))
        .collect();
    let add = (writable && !options.is_empty()).then(|| {
        view! {
            <ActionForm action=writes.link attr:class="link-add">
                <input type="hidden" name="model" value=model />
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="remove" value="false" />
                <input type="hidden" name="page" value=place.page />
                <Select name="other" label=tu_string!(w, model.link_other) options />
                <button class="btn" type="submit">
                    {tu!(w, model.link_add)}
                </button>
            </ActionForm>
        }
    });
    view! { <Panel title=tu_string!(w, model.links)>{list} <FormError error /> {add}</Panel> }
}
