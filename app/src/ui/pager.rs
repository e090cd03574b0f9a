//! From page to page, as links.

use leptos::prelude::*;

use super::{Icon, link_with};
use crate::words::{tu, tu_string, words};

/// Which rows are shown, and the links to the others (`?page=`).
#[component]
pub fn Pager(
    /// The page shown, from 1.
    page: i64,
    /// Rows on a page.
    size: i64,
    /// Rows in all.
    total: i64,
) -> impl IntoView {
    let from = if total == 0 { 0 } else { (page - 1) * size + 1 };
    let to = (page * size).min(total);
    let step = move |target: i64, label: &'static str, icon: &'static str| {
        if target < 1 || (target - 1) * size >= total {
            return view! {
                <span class="btn s sq" aria-disabled="true">
                    <Icon name=icon small=true />
                </span>
            }
            .into_any();
        }
        let href = link_with([("page", (target > 1).then(|| target.to_string()))]);
        view! {
            <a class="btn s sq" href=href aria-label=label>
                <Icon name=icon small=true />
            </a>
        }
        .into_any()
    };
    view! {
        <nav class="pager">
            <span>{tu!(words(), common.rows, from, to, total)}</span>
            {step(page - 1, tu_string!(words(), common.previous_page), "i-left")}
            {step(page + 1, tu_string!(words(), common.next_page), "i-right")}
        </nav>
    }
}
