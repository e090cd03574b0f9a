//! OEE of one line and its machines.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::ui::{EmptyState, PageHeader, Panel};
use crate::words::{tu, tu_string, words};

/// OEE of one line and its machines.
pub struct LinePage;

#[lazy_route]
impl LazyRoute for LinePage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! {
            <PageHeader title=tu_string!(words(), oee.line_title) crumbs=vec![("/oee".into(), tu_string!(words(), shell.oee).into())] />
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
