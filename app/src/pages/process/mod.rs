//! Process routes.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::ui::{EmptyState, PageHeader, Panel};
use crate::words::{tu_string, words};

/// Process routes.
pub struct ProcessPage;

#[lazy_route]
impl LazyRoute for ProcessPage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! {
            <PageHeader title=tu_string!(words(), process.title) />
            <Panel>
                <EmptyState title=tu_string!(words(), process.empty) why=tu_string!(words(), process.empty_why) />
            </Panel>
        }
        .into_any()
    }
}
