//! OEE by line and shift.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::ui::{EmptyState, PageHeader, Panel};
use crate::words::{tu, tu_string, words};

/// OEE by line and shift.
pub struct OverviewPage;

#[lazy_route]
impl LazyRoute for OverviewPage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! {
            <PageHeader title=tu_string!(words(), oee.title) />
            <Panel>
                <EmptyState title=tu_string!(words(), oee.empty) why=tu_string!(words(), oee.empty_why)>
                    <a class="btn s" href="/model">
                        {tu!(words(), oee.empty_do)}
                    </a>
                </EmptyState>
            </Panel>
        }
        .into_any()
    }
}
