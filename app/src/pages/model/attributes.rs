//! The attributes of a node.

use domain::modelling::{AttributeInfo, Node, NodeKind};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::form::Writes;
use super::tree::Place;
use crate::api::modelling::AddAttribute;
use crate::ui::{Drafted, Field, FormError, Icon, Panel, failure, link_with};
use crate::words::{tu, tu_string, words};

/// The attributes.
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
                            <th scope="col">
                                <span class="sr">{tu!(w, model.actions)}</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    let add = link_with([("edit", Some("attribute".to_owned())), ("find", None)]);
    let tools = ViewFn::from(move || {
        writable.then(|| {
            view! {
                <a class="btn s" href=add.clone()>
                    <Icon name="i-plus" small=true />
                    {tu!(words(), model.attribute_new)}
                </a>
            }
        })
    });
    view! {
        <Panel title=tu_string!(w, model.attributes) tools flush=true>
            {list} <FormError error=removal />
        </Panel>
    }
}

/// The form for one more attribute.
#[component]
pub fn AttributePane(
    /// The node.
    node: Node,
    /// Where the page is.
    place: Place,
    /// What it can do.
    writes: Writes,
) -> impl IntoView {
    let w = words();
    let error = failure(writes.add_attribute);
    let pending = writes.add_attribute.pending();
    let cancel = place.href(node.id);
    // The one that OEE asks for.
    let known = (node.kind == NodeKind::Step).then(
        || view! { <p class="help">{tu!(w, model.attribute_cycle)} " " <code>"idealCycleTime"</code></p> },
    );
    view! {
        <Panel title=tu_string!(w, model.attribute_new) note=node.name>
            <ActionForm action=writes.add_attribute attr:class="stack2">
                <Drafted path=AddAttribute::PATH>
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
                    {known}
                    <FormError error fields=&["name", "enName", "value"] />
                    <div class="acts">
                        <button
                            class="btn primary"
                            type="submit"
                            aria-disabled=move || pending.get().then_some("true")
                        >
                            {tu!(w, model.attribute_add)}
                        </button>
                        <a class="btn quiet" href=cancel>
                            {tu!(w, common.cancel)}
                        </a>
                    </div>
                </Drafted>
            </ActionForm>
        </Panel>
    }
}
