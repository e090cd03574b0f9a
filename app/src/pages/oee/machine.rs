//! One machine: its states, its pieces, the arithmetic of its OEE.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::ui::{EmptyState, PageHeader, Panel};
use crate::words::{tu, tu_string, words};

/// One machine: its states, its pieces, the arithmetic of its OEE.
pub struct MachinePage;

#[lazy_route]
impl LazyRoute for MachinePage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! {
            <PageHeader title=tu_string!(words(), oee.machine_title) crumbs=vec![("/oee".into(), tu_string!(words(), shell.oee).into())] />
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
