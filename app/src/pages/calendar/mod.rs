//! Shifts and planned shutdowns.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::ui::{EmptyState, PageHeader, Panel};
use crate::words::{tu_string, words};

/// Shifts and planned shutdowns.
pub struct CalendarPage;

#[lazy_route]
impl LazyRoute for CalendarPage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! {
            <PageHeader title=tu_string!(words(), calendar.title) />
            <Panel>
                <EmptyState title=tu_string!(words(), calendar.empty) why=tu_string!(words(), calendar.empty_why) />
            </Panel>
        }
        .into_any()
    }
}
