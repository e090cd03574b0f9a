//! The states a page can be in besides showing its data.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{Icon, PageHeader, Panel};
use crate::api::{Error, Kind};
use crate::words::{chinese, tu, tu_string, words};

/// Nothing here: says why, and what to do next (the children).
#[component]
pub fn EmptyState(
    /// What is missing.
    #[prop(into)]
    title: String,
    /// Why, or what would fill it.
    #[prop(into)]
    why: String,
    /// What to do next.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="blank">
            <svg class="art" viewBox="0 0 120 48" aria-hidden="true">
                <path class="ax" d="M0 39.5H120" />
                <path
                    class="tk"
                    d="M.5 39.5v6M12.5 39.5v3M24.5 39.5v3M36.5 39.5v3M48.5 39.5v3M60.5 39.5v6M72.5 39.5v3M84.5 39.5v3M96.5 39.5v3M108.5 39.5v3M119.5 39.5v6"
                />
                <path class="f-brass" d="M52 8h6v31l-4-6V14h-2zM70 8h-6v31l4-6V14h2z" />
            </svg>
            <b>{title}</b>
            <p>{why}</p>
            {children.map(|children| children())}
        </div>
    }
}

/// A failure, in words, with what to tell the administrator. A lost session offers to sign in and never shows an empty
/// list.
#[component]
pub fn ErrorView(
    /// What failed.
    error: Error,
) -> impl IntoView {
    let here = use_location();
    let back = move || format!("{}{}", here.pathname.get(), here.search.with(|s| question(s)));
    let (title, why) = match error.kind {
        Kind::Unauthenticated => (
            tu_string!(words(), common.session_ended),
            tu_string!(words(), common.session_ended_why).to_owned(),
        ),
        Kind::Forbidden => {
            (tu_string!(words(), common.forbidden), tu_string!(words(), common.forbidden_why).to_owned())
        }
        Kind::Network => {
            (tu_string!(words(), common.error_title), tu_string!(words(), common.error_network).to_owned())
        }
        Kind::Invalid | Kind::Coded(_) | Kind::Deadline | Kind::Internal => {
            (tu_string!(words(), common.error_title), error.text.in_language(chinese()).to_owned())
        }
    };
    let request = error.request.map(|id| {
        view! {
            <br />
            <span class="mut">{tu!(words(), common.error_request, id)}</span>
        }
    });
    let action = if error.kind == Kind::Unauthenticated {
        let href = move || format!("/sign-in?next={}", percent(&back()));
        view! {
            <a class="btn s end" href=href rel="external">
                {tu!(words(), common.sign_in_again)}
            </a>
        }
        .into_any()
    } else {
        view! {
            <a class="btn s end" href=back rel="external">
                {tu!(words(), common.try_again)}
            </a>
        }
        .into_any()
    };
    view! {
        <div class="note bad" role="alert">
            <Icon name="i-warn" />
            <div>
                <b>{title}</b>
                <br />
                {why}
                {request}
            </div>
            {action}
        </div>
    }
}

fn question(search: &str) -> String {
    if search.is_empty() { String::new() } else { format!("?{}", search.trim_start_matches('?')) }
}

fn percent(text: &str) -> String {
    text.replace('%', "%25").replace('&', "%26").replace('?', "%3F").replace('#', "%23").replace('+', "%2B")
}

/// The shape of what is coming, shown after 300 ms.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div class="bones" aria-busy="true" role="status" aria-label=tu_string!(words(), common.loading)>
            <div class="bone w2"></div>
            <div class="bone w3"></div>
            <div class="bone w4"></div>
            <div class="bone w3"></div>
            <div class="bone w1"></div>
        </div>
    }
}

/// No such page.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <main class="main" id="main">
            <PageHeader title=tu_string!(words(), common.not_found) />
            <Panel>
                <EmptyState title=tu_string!(words(), common.not_found) why=tu_string!(words(), common.not_found_why)>
                    <a class="btn" href="/">
                        {tu!(words(), common.to_start)}
                    </a>
                </EmptyState>
            </Panel>
        </main>
    }
}
