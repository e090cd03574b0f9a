//! Logs sent by applications.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::ui::{EmptyState, PageHeader, Panel};
use crate::words::{tu_string, words};

/// Logs sent by applications.
pub struct LogsPage;

#[lazy_route]
impl LazyRoute for LogsPage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! {
            <PageHeader title=tu_string!(words(), logs.title) />
            <Panel>
                <EmptyState title=tu_string!(words(), logs.empty) why=tu_string!(words(), logs.empty_why) />
            </Panel>
        }
        .into_any()
    }
}
