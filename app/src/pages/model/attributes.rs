//! The attributes of a node.

use domain::modelling::{AttributeInfo, Node};
use leptos::form::ActionForm;
use leptos::prelude::*;

use super::form::{Writes, failure};
use super::tree::Place;
use crate::ui::{Field, FormError, Icon, Panel};
use crate::words::{tu, tu_string, words};

/// The attributes, with a form for one more.
#[component]
pub fn Attributes(
    /// The node.
    node: Node,
    /// Its attributes.
    attributes: Vec<AttributeInfo>,
    /// Where the page is.
    place: Place,
    /// What it can do.
    writes: Writes,
    /// Whether the person may change them.
    writable: bool,
) -> impl IntoView {
    let w = words();
    let removal = failure(writes.remove_attribute);
    let (id, kind) = (node.id, node.kind.as_str());
    let line = move |attribute: AttributeInfo| {
        let label = tu_string!(w, model.attribute_remove, name = attribute.name.clone()).to_string();
        let en_name = attribute.en_name.clone();
        let remove = writable.then(|| {
            view! {
                <ActionForm action=writes.remove_attribute>
                    <input type="hidden" name="parentId" value=id.to_string() />
                    <input type="hidden" name="parentType" value=kind />
                    <input type="hidden" name="enName" value=en_name />
                    <input type="hidden" name="page" value=place.page />
                    <button class="btn s sq quiet" type="submit" aria-label=label>
                        <Icon name="i-x" small=true />
                    </button>
                </ActionForm>
            }
        });
        view! {
            <tr>
                <th scope="row">{attribute.name}</th>
                <td>
                    <code>{attribute.en_name}</code>
                </td>
                <td>{attribute.value}</td>
                <td class="num">{remove}</td>
            </tr>
        }
    };
    let list = if attributes.is_empty() {
        view! { <p class="mut pad">{tu!(w, model.attributes_none)}</p> }.into_any()
    } else {
        let lines = attributes.into_iter().map(line).collect_view();
        view! {
            <div class="tw">
                <table class="tbl">
                    <thead>
                        <tr>
                            <th scope="col">{tu!(w, model.attribute_name)}</th>
                            <th scope="col">{tu!(w, model.attribute_id)}</th>
                            <th scope="col">{tu!(w, model.attribute_value)}</th>
                            <td></td>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <Panel title=tu_string!(w, model.attributes) flush=true>
            {list} <FormError error=removal />
            {writable.then(|| view! { <AddForm node place writes /> })}
        </Panel>
    }
}

#[component]
fn AddForm(node: Node, place: Place, writes: Writes) -> impl IntoView {
    let w = words();
    let error = failure(writes.add_attribute);
    // Where there are no scripts the form's own fields keep apart from the node's by their identifiers.
    view! {
        <details class="ask pad">
            <summary class="btn s">
                <Icon name="i-plus" small=true />
                {tu!(w, model.attribute_add)}
            </summary>
            <ActionForm action=writes.add_attribute attr:class="stack2">
                <input type="hidden" name="parentId" value=node.id.to_string() />
                <input type="hidden" name="parentType" value=node.kind.as_str() />
                <input type="hidden" name="page" value=place.page />
                <div class="params three">
                    <Field name="name" label=tu_string!(w, model.attribute_name) required=true error />
                    <Field
                        name="enName"
                        label=tu_string!(w, model.attribute_id)
                        help=tu_string!(w, model.attribute_id_help)
                        required=true
                        error
                    />
                    <Field name="value" label=tu_string!(w, model.attribute_value) required=true error />
                </div>
                <FormError error fields=&["name", "enName", "value"] />
                <div class="row">
                    <button class="btn" type="submit">
                        {tu!(w, model.attribute_add)}
                    </button>
                </div>
            </ActionForm>
        </details>
    }
}
