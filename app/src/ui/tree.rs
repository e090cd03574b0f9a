//! A tree of links: every node is an address, so it works without scripting; the twisty opens a branch in place.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::Icon;
use crate::api::Result;
use crate::words::{tu_string, words};

/// A node of a [`Tree`].
#[derive(Clone, Debug, PartialEq)]
pub struct TreeNode {
    /// Its id, for loading its children.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its icon in the sprite.
    pub icon: &'static str,
    /// Its page.
    pub href: String,
    /// A figure at the end of the line.
    pub count: Option<i64>,
    /// Whether there is anything below it.
    pub branch: bool,
    /// What is below it, if that is loaded: the branch is then open.
    pub children: Option<Vec<TreeNode>>,
}

/// Loads what is below a node.
pub type Load = Arc<dyn Fn(i64) -> Pin<Box<dyn Future<Output = Result<Vec<TreeNode>>>>> + Send + Sync>;

/// The tree. Arrow up and down walk the lines, home and end go to the first and last one; right opens a branch or goes
/// into it, left closes it or goes to what it is part of.
#[component]
pub fn Tree(
    /// The nodes at the top.
    nodes: Vec<TreeNode>,
    /// The node whose page this is.
    #[prop(optional_no_strip)]
    current: Option<i64>,
    /// Loads what is below a node, when its branch is first opened.
    load: Load,
    /// What the tree shows.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <nav class="tree" aria-label=label on:keydown=walk>
            <ul>{nodes.into_iter().map(|node| branch(node, current, &load)).collect_view()}</ul>
        </nav>
    }
}

fn branch(node: TreeNode, current: Option<i64>, load: &Load) -> AnyView {
    let TreeNode { id, name, icon, href, count, branch: has_children, children } = node;
    let open = RwSignal::new(children.is_some());
    let below = RwSignal::new(children);
    let toggle = {
        let load = Arc::clone(load);
        move |_| {
            open.update(|open| *open = !*open);
            if below.with_untracked(Option::is_none) {
                let children = load(id);
                spawn_local(async move {
                    match children.await {
                        Ok(children) => below.set(Some(children)),
                        // The link to the node's own page tells what is wrong.
                        Err(_) => open.set(false),
                    }
                });
            }
        }
    };
    let label = {
        let name = name.clone();
        move || {
            let name = name.clone();
            if open.get() {
                tu_string!(words(), common.collapse, name).to_string()
            } else {
                tu_string!(words(), common.expand, name).to_string()
            }
        }
    };
    let twisty = if has_children {
        view! {
            <button
                class="twist-b"
                type="button"
                tabindex="-1"
                aria-label=label
                aria-expanded=move || open.get().to_string()
                on:click=toggle
            >
                <svg class="twist" viewBox="0 0 12 12" aria-hidden="true">
                    <path d=move || if open.get() { "M3 4.5 6 7.5 9 4.5" } else { "M4.5 3 7.5 6 4.5 9" } />
                </svg>
            </button>
        }
        .into_any()
    } else {
        view! { <span class="twist"></span> }.into_any()
    };
    let load = Arc::clone(load);
    let title = name.clone();
    view! {
        <li>
            <div class="tn" aria-current=(current == Some(id)).then_some("page")>
                {twisty}
                <a href=href title=title>
                    <Icon name=icon />
                    <span class="tt">{name}</span>
                </a>
                {count.map(|count| view! { <span class="n">{count}</span> })}
            </div>
            {move || {
                let below = below.get().filter(|_| open.get())?;
                Some(view! { <ul>{below.into_iter().map(|node| branch(node, current, &load)).collect_view()}</ul> })
            }}
        </li>
    }
    .into_any()
}

fn walk(event: KeyboardEvent) {
    let Some(here) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
    let Ok(Some(line)) = here.closest(".tn") else { return };
    let go = |to: Option<web_sys::Element>| {
        if let Some(link) = to.and_then(|to| to.dyn_into::<web_sys::HtmlElement>().ok()) {
            event.prevent_default();
            // Focus is refused only by what cannot be focused; links can.
            let _ = link.focus();
        }
    };
    let find = |up: i64| {
        let links = here.closest(".tree").ok().flatten()?.query_selector_all(".tn > a").ok()?;
        let nth = |at: u32| links.item(at).and_then(|link| link.dyn_into::<web_sys::Element>().ok());
        let own = line.query_selector("a").ok().flatten();
        let at = (0..links.length()).find(|at| nth(*at) == own)?;
        let last = i64::from(links.length()) - 1;
        nth(u32::try_from((i64::from(at) + up).clamp(0, last)).ok()?)
    };
    match event.key().as_str() {
        "ArrowDown" => go(find(1)),
        "ArrowUp" => go(find(-1)),
        "Home" => go(find(i64::from(i32::MIN))),
        "End" => go(find(i64::from(i32::MAX))),
        key @ ("ArrowRight" | "ArrowLeft") => {
            let opening = key == "ArrowRight";
            let twisty = line.query_selector("button[aria-expanded]").ok().flatten();
            let open = twisty.as_ref().and_then(|twisty| twisty.get_attribute("aria-expanded"));
            match (open.as_deref(), opening) {
                (Some("false"), true) | (Some("true"), false) => {
                    event.prevent_default();
                    if let Some(button) = twisty.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
                        button.click();
                    }
                }
                (Some("true"), true) => go(find(1)),
                (_, false) => {
                    let above = line.closest("ul").ok().flatten().and_then(|list| list.parent_element());
                    let branch = above.filter(|above| above.tag_name() == "LI");
                    go(branch.and_then(|branch| branch.query_selector(".tn > a").ok().flatten()));
                }
                _ => {}
            }
        }
        _ => {}
    }
}
