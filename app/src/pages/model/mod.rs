//! The factory model.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::ui::{EmptyState, PageHeader, Panel};
use crate::words::{tu_string, words};

/// The factory model.
pub struct ModelPage;

#[lazy_route]
impl LazyRoute for ModelPage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! {
            <PageHeader title=tu_string!(words(), model.title) />
            <Panel>
                <EmptyState title=tu_string!(words(), model.empty) why=tu_string!(words(), model.empty_why) />
            </Panel>
        }
        .into_any()
    }
}
