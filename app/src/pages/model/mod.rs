//! The factory model: a tree, and a node in full.

mod actions;
mod attributes;
mod detail;
mod form;
mod links;
mod search;
pub mod tree;

use domain::modelling::Model;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::api::Result;
use crate::api::modelling::{Branch, NodePage, get_node, get_tree};
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
    tree: Resource<Result<Vec<Branch>>>,
    node: Resource<Result<NodePage>>,
}

impl Browser {
    /// The page at this path, for this model.
    pub fn new(page: &'static str, model: Model) -> Self {
        let (node, archived, changed) = (query("node"), query("archived"), version("modelling"));
        let source = move || (node.get(), !archived.get().is_empty(), changed.get());
        let tree = Resource::new(source, move |(node, archived, _)| get_tree(model, node, archived));
        let node = Resource::new(source, move |(node, archived, _)| get_node(model, node, archived));
        Self { page, model, tree, node }
    }

    /// The page.
    pub fn view(self) -> AnyView {
        let Self { page, model, tree, node } = self;
        let archived = query("archived");
        let current = query("node");
        let writes = form::Writes::new();
        let place = move || Place { page, model, archived: !archived.get().is_empty() };
        view! {
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    match node.await {
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
                            let branches = tree.await;
                            let current = current.get_untracked().parse().ok();
                            view! { <ModelTree place=place() branches current /> }
                        })}
                    </Transition>
                </Panel>
                <div class="stack">
                    <Transition fallback=Skeleton>
                        {move || Suspend::new(async move {
                            node.await.ok().map(|node| view! { <detail::NodePane node place=place() writes /> })
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
