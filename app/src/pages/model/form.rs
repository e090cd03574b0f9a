//! The form that creates or changes a node.

use domain::modelling::{Node, NodeKind};
use leptos::form::ActionForm;
use leptos::prelude::*;

use super::tree::{Place, kind_words};
use crate::api::Error;
use crate::api::modelling::{AddAttribute, DeleteNode, LinkNodes, RemoveAttribute, SaveNode, SetFlag};
use crate::ui::{Field, FormError, Panel};
use crate::words::{tu, tu_string, words};

const FIELDS: &[&str] = &["code", "name", "desc", "orderIndex"];

/// What the page can do. It outlives what is fetched, so that an answer is not lost.
#[derive(Clone, Copy)]
pub struct Writes {
    /// Creating and changing a node.
    pub save: ServerAction<SaveNode>,
    /// Publishing and archiving.
    pub flag: ServerAction<SetFlag>,
    /// Deleting.
    pub delete: ServerAction<DeleteNode>,
    /// Adding an attribute.
    pub add_attribute: ServerAction<AddAttribute>,
    /// Removing one.
    pub remove_attribute: ServerAction<RemoveAttribute>,
    /// Linking and unlinking.
    pub link: ServerAction<LinkNodes>,
}

impl Writes {
    /// Nothing done yet.
    pub fn new() -> Self {
        Self {
            save: ServerAction::new(),
            flag: ServerAction::new(),
            delete: ServerAction::new(),
            add_attribute: ServerAction::new(),
            remove_attribute: ServerAction::new(),
            link: ServerAction::new(),
        }
    }
}

/// Why the last attempt failed.
pub fn failure<S>(action: ServerAction<S>) -> Signal<Option<Error>>
where
    S: leptos::server_fn::ServerFn<Output = (), Error = Error> + Clone + Send + Sync + 'static,
{
    Signal::derive(move || action.value().with(|answer| answer.as_ref()?.as_ref().err().cloned()))
}

/// The form: for a new node of a kind, or for one that is there.
#[component]
pub fn NodeFormPane(
    /// What it is or will be.
    kind: NodeKind,
    /// The node to change.
    #[prop(optional_no_strip)]
    node: Option<Node>,
    /// The parent of a new one.
    #[prop(optional_no_strip)]
    parent: Option<Node>,
    /// Where the page is.
    place: Place,
    /// Saves it.
    save: ServerAction<SaveNode>,
) -> impl IntoView {
    let w = words();
    let error = failure(save);
    let title = match &node {
        Some(node) => tu_string!(w, model.edit_title, name = node.name.clone()).to_string(),
        None => tu_string!(w, model.new, kind = kind_words(kind)).to_string(),
    };
    let note = parent
        .as_ref()
        .map(|parent| tu_string!(w, model.below, name = parent.name.clone()).to_string())
        .unwrap_or_default();
    let shown = node.as_ref().or(parent.as_ref()).map(|node| node.id);
    let cancel = shown.map_or_else(|| place.page.to_owned(), |id| place.href(id));
    let id = node.as_ref().map(|node| node.id.to_string()).unwrap_or_default();
    let parent_id = parent.map(|parent| parent.id.to_string()).unwrap_or_default();
    let order = node.as_ref().and_then(|node| node.order_index).map(|order| order.to_string());
    let (code, name, desc) =
        node.map(|node| (node.code, node.name, node.description.unwrap_or_default())).unwrap_or_default();
    let ordered = !id.is_empty();
    view! {
        <Panel title note>
            <ActionForm action=save attr:class="stack2">
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="type" value=kind.as_str() />
                <input type="hidden" name="parentId" value=parent_id />
                <input type="hidden" name="page" value=place.page />
                <div class="params">
                    <Field name="code" label=tu_string!(w, model.code) value=code required=true error />
                    <Field name="name" label=tu_string!(w, model.name) value=name required=true error />
                </div>
                {(kind != NodeKind::Equipment)
                    .then(|| view! { <Field name="desc" label=tu_string!(w, model.description) value=desc error /> })}
                {ordered
                    .then(|| {
                        view! {
                            <Field
                                name="orderIndex"
                                kind="number"
                                label=tu_string!(w, model.order)
                                help=tu_string!(w, model.order_help)
                                value=order.unwrap_or_default()
                                error
                            />
                        }
                    })}
                <FormError error fields=FIELDS />
                <div class="acts">
                    <button
                        class="btn primary"
                        type="submit"
                        aria-disabled=move || save.pending().get().then_some("true")
                    >
                        {tu!(w, common.save)}
                    </button>
                    <a class="btn quiet" href=cancel>
                        {tu!(w, common.cancel)}
                    </a>
                </div>
            </ActionForm>
        </Panel>
    }
}
