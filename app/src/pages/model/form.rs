//! The forms of the page: a node, new or to be changed and moved; an attribute.

use domain::modelling::{Node, NodeKind};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::attributes::AttributePane;
use super::tree::{Place, kind_words};
use crate::api::modelling::{
    AddAttribute, DeleteNode, LinkNodes, NodeDraft, RemoveAttribute, SaveNode, SetFlag,
};
use crate::api::{Answer, Result};
use crate::ui::{Drafted, ErrorView, Field, FormError, Panel, Select, failure};
use crate::words::{tu, tu_string, words};

const FIELDS: &[&str] = &["code", "name", "desc", "orderIndex", "parentId"];

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

    /// Grows with each thing done: the page shows it even when it does not follow the plant.
    pub fn done(self) -> usize {
        self.save.version().get()
            + self.flag.version().get()
            + self.delete.version().get()
            + self.add_attribute.version().get()
            + self.remove_attribute.version().get()
            + self.link.version().get()
    }
}

/// The form that the URL asks for.
#[component]
pub fn FormPane(
    /// What it starts from.
    draft: Resource<Result<Answer<Option<NodeDraft>>>>,
    /// Where the page is.
    place: Signal<Place>,
    /// What it can do.
    writes: Writes,
) -> impl IntoView {
    let save = writes.save;
    let form = move |draft| {
        let place = place.get_untracked();
        match draft {
            NodeDraft::New(kind, parent) => view! { <NodeFormPane kind parent place save /> }.into_any(),
            NodeDraft::Change(node, parents) => {
                view! { <NodeFormPane kind=node.kind node=Some(node) parents place save /> }.into_any()
            }
            NodeDraft::Attribute(node) => view! { <AttributePane node place writes /> }.into_any(),
        }
    };
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                match draft.await.and_then(Answer::read) {
                    Err(error) => view! { <ErrorView error /> }.into_any(),
                    Ok(draft) => draft.map(|draft| view! { <div class="edit-form">{form(draft)}</div> }).into_any(),
                }
            })}
        </Transition>
    }
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
    /// Where one that is there may be moved to.
    #[prop(optional)]
    parents: Vec<Node>,
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
    let below = parent
        .as_ref()
        .map(|parent| tu_string!(w, model.below, name = parent.name.clone()).to_string())
        .unwrap_or_default();
    let shown = node.as_ref().or(parent.as_ref()).map(|node| node.id);
    let cancel = shown.map_or_else(|| place.page.to_owned(), |id| place.href(id));
    let id = node.as_ref().map(|node| node.id.to_string()).unwrap_or_default();
    let above = parent.map(|parent| parent.id).or_else(|| node.as_ref()?.parent_id);
    let parent_id = above.map(|id| id.to_string()).unwrap_or_default();
    let options: Vec<_> = parents
        .into_iter()
        .map(|node| (node.id.to_string(), format!("{} ({})", node.name, node.code)))
        .collect();
    let parent = move || {
        if options.is_empty() {
            view! { <input type="hidden" name="parentId" value=parent_id /> }.into_any()
        } else {
            let kind = kind.parent().map(kind_words).unwrap_or_default();
            let label = tu_string!(w, model.parent, kind).to_string();
            view! { <Select name="parentId" label options value=parent_id error /> }.into_any()
        }
    };
    let order = node.as_ref().and_then(|node| node.order_index).map(|order| order.to_string());
    let (code, name, desc) =
        node.map(|node| (node.code, node.name, node.description.unwrap_or_default())).unwrap_or_default();
    let ordered = !id.is_empty();
    view! {
        <Panel title note=below>
            <ActionForm action=save attr:class="stack2">
                <Drafted path=SaveNode::PATH>
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="type" value=kind.as_str() />
                <input type="hidden" name="page" value=place.page />
                <div class="params">
                    <Field name="code" label=tu_string!(w, model.code) value=code required=true error />
                    <Field name="name" label=tu_string!(w, model.name) value=name required=true error />
                </div>
                {(kind != NodeKind::Equipment)
                    .then(|| view! { <Field name="desc" label=tu_string!(w, model.description) value=desc error /> })}
                {parent()}
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
                </Drafted>
            </ActionForm>
        </Panel>
    }
}
