//! The head of a page.

use leptos::prelude::*;
use leptos_meta::Title;

use super::Icon;

/// Crumbs, title with one line of facts, actions at the end: one brass button at most.
#[component]
pub fn PageHeader(
    /// The title, also that of the browser tab.
    #[prop(into)]
    title: String,
    /// One line of facts beside the title.
    #[prop(optional, into)]
    facts: String,
    /// Links to what this page is part of: address and name.
    #[prop(optional)]
    crumbs: Vec<(String, String)>,
    /// The actions.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let crumb = |(href, name): (String, String)| {
        view! {
            <a href=href>{name}</a>
            <Icon name="i-right" small=true />
        }
    };
    let trail = (!crumbs.is_empty()).then(|| {
        view! {
            <div class="crumbs">
                {crumbs.into_iter().map(crumb).collect_view()} <span>{title.clone()}</span>
            </div>
        }
    });
    view! {
        <Title text=title.clone() />
        <div class="phead">
            <div>
                {trail}
                <h1>{title} {(!facts.is_empty()).then(|| view! { <small>{facts}</small> })}</h1>
            </div>
            {children.map(|children| view! { <div class="tools">{children()}</div> })}
        </div>
    }
}
