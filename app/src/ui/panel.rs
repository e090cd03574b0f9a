//! A sheet: hairline, no shadow.

use leptos::prelude::*;

/// A sheet with an optional title.
#[component]
pub fn Panel(
    /// Its title.
    #[prop(optional, into)]
    title: String,
    /// What it shows and in which unit, beside the title.
    #[prop(optional, into)]
    note: String,
    /// Actions at the end of the title line.
    #[prop(optional, into)]
    tools: Option<ViewFn>,
    /// The foot line.
    #[prop(optional, into)]
    foot: Option<ViewFn>,
    /// Whether the content brings its own padding, as a table does.
    #[prop(optional)]
    flush: bool,
    /// The content.
    children: Children,
) -> impl IntoView {
    let head = (!title.is_empty()).then(|| {
        view! {
            <header>
                <h2>{title}</h2>
                {(!note.is_empty()).then(|| view! { <p>{note}</p> })}
                {tools.map(|tools| view! { <div class="tools">{tools.run()}</div> })}
            </header>
        }
    });
    view! {
        <section class="panel">
            {head} <div class=if flush { "tw" } else { "body" }>{children()}</div>
            {foot.map(|foot| view! { <div class="foot">{foot.run()}</div> })}
        </section>
    }
}
