//! Finding a node in a large tree: a form, its answer with the way to each node.

use domain::modelling::FoundNode;
use leptos::prelude::*;
use leptos_router::components::Form;

use super::tree::{Place, icon};
use crate::api::modelling::search_nodes;
use crate::ui::{EmptyState, ErrorView, Icon, link_with, query};
use crate::words::{tu, tu_string, words};

/// The search above the tree; what it finds stands between the two.
#[component]
pub fn Search(
    /// Where the tree stands.
    place: Signal<Place>,
) -> impl IntoView {
    let text = query("find");
    let (page, model) = place.with_untracked(|place| (place.page, place.model));
    let found = Resource::new(
        move || (text.get(), place.get().archived),
        move |(text, archived)| async move {
            if text.is_empty() { Ok(Vec::new()) } else { search_nodes(model, text, archived).await }
        },
    );
    let archived = move || {
        let on = place.get().archived;
        let href = if on { page.to_owned() } else { format!("{page}?archived=1") };
        view! {
            <a class="btn s quiet" href=href>
                {if on {
                    tu_string!(words(), model.archived_hide)
                } else {
                    tu_string!(words(), model.archived_show)
                }}
            </a>
        }
    };
    view! {
        <Form method="GET" action=page attr:class="tree-find" attr:role="search">
            <div class="in-w">
                <Icon name="i-search" />
                <input
                    class="in"
                    type="search"
                    name="find"
                    value=move || text.get()
                    placeholder=tu_string!(words(), model.search)
                    aria-label=tu_string!(words(), model.search)
                />
            </div>
            <button class="btn" type="submit">
                {tu!(words(), model.search_button)}
            </button>
        </Form>
        <div class="row">{archived}</div>
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                match found.await {
                    Err(error) => view! { <ErrorView error /> }.into_any(),
                    Ok(_) if text.get_untracked().is_empty() => ().into_any(),
                    Ok(nodes) if nodes.is_empty() => {
                        view! {
                            <EmptyState
                                title=tu_string!(words(), model.found_none)
                                why=tu_string!(words(), model.found_none_why)
                            />
                        }
                        .into_any()
                    }
                    Ok(nodes) => answer(nodes, place.get_untracked()).into_any(),
                }
            })}
        </Transition>
    }
}

fn answer(nodes: Vec<FoundNode>, place: Place) -> impl IntoView {
    let clear = link_with([("find", None)]);
    let line = |FoundNode { node, path }: FoundNode| {
        let way = path.into_iter().map(|node| node.name).collect::<Vec<_>>().join(" › ");
        view! {
            <li>
                <a href=place.href(node.id)>
                    <Icon name=icon(node.kind) />
                    <span class="two">
                        <span>{node.name} " " <span class="mono mut">{node.code}</span></span>
                        <small class="mut">{way}</small>
                    </span>
                </a>
            </li>
        }
    };
    view! {
        <div class="row found-h">
            <h3 class="h3">{tu!(words(), model.found)}</h3>
            <a class="btn s quiet" href=clear>
                {tu!(words(), model.search_clear)}
            </a>
        </div>
        <ul class="found">{nodes.into_iter().map(line).collect_view()}</ul>
    }
}
