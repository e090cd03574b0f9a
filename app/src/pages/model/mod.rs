//! The factory model: a tree, and a node in full.

mod actions;
mod attributes;
mod detail;
mod form;
mod links;
mod operations;
mod search;
pub mod tree;

use domain::modelling::Model;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::api::modelling::{Branch, NodeDraft, NodePage, get_node, get_node_draft, get_tree};
use crate::api::{Answer, Result};
use crate::live::version;
use crate::ui::{ErrorView, PageHeader, Panel, Skeleton, query};
use crate::words::{tu_string, words};
use tree::{ModelTree, Place};

/// The factory model.
pub struct ModelPage(Browser);

#[lazy_route]
impl LazyRoute for ModelPage {
    fn data() -> Self {
        Self(Browser::new("/model", Model::Factory))
    }

    fn view(this: Self) -> AnyView {
        this.0.view()
    }
}

/// What both models' pages are.
pub struct Browser {
    page: &'static str,
    model: Model,
    tree: Resource<Result<Answer<Vec<Branch>>>>,
    node: Resource<Result<Answer<NodePage>>>,
    draft: Resource<Result<Answer<Option<NodeDraft>>>>,
    writes: form::Writes,
}

impl Browser {
    /// The page at this path, for this model.
    pub fn new(page: &'static str, model: Model) -> Self {
        let (node, archived, edit) = (query("node"), query("archived"), query("edit"));
        let (changed, writes) = (version("modelling"), form::Writes::new());
        let source = move || (node.get(), !archived.get().is_empty(), (changed.get(), writes.done()));
        let tree = Resource::new(source, move |(node, archived, _)| get_tree(model, node, archived));
        let shown = Resource::new(source, move |(node, archived, _)| get_node(model, node, archived));
        // Not live: nobody's typing is taken away by another person's change.
        let draft = Resource::new(
            move || (node.get(), edit.get()),
            move |(node, edit)| async move {
                if edit.is_empty() { Ok(Answer::none()) } else { get_node_draft(model, node, edit).await }
            },
        );
        Self { page, model, tree, node: shown, draft, writes }
    }

    /// The page.
    pub fn view(self) -> AnyView {
        let Self { page, model, tree, node, draft, writes } = self;
        let archived = query("archived");
        let current = query("node");
        let place = move || Place { page, model, archived: !archived.get().is_empty() };
        view! {
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    match node.await.and_then(Answer::read) {
                        Err(error) => {
                            view! {
                                <PageHeader title=title(model) />
                                <ErrorView error />
                            }
                            .into_any()
                        }
                        Ok(node) => detail::head(&node, place()).into_any(),
                    }
                })}
            </Transition>
            <div class="grid g-model">
                <Panel title=tu_string!(words(), model.tree)>
                    <search::Search place=Signal::derive(place) />
                    <Transition fallback=Skeleton>
                        {move || Suspend::new(async move {
                            let branches = tree.await.and_then(Answer::read);
                            let current = current.get_untracked().parse().ok();
                            view! { <ModelTree place=place() branches current /> }
                        })}
                    </Transition>
                </Panel>
                <div class="stack">
                    <form::FormPane draft place=Signal::derive(place) writes />
                    <Transition fallback=Skeleton>
                        {move || Suspend::new(async move {
                            node.await.and_then(Answer::read).ok().map(|node| view! { <detail::NodePane node place=place() writes /> })
                        })}
                    </Transition>
                </div>
            </div>
        }
        .into_any()
    }
}

/// The name of a model's page.
fn title(model: Model) -> &'static str {
    match model {
        Model::Factory => tu_string!(words(), model.title),
        Model::Process => tu_string!(words(), process.title),
    }
}
