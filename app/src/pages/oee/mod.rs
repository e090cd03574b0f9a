//! OEE from the plant down to one machine.

mod axis;
pub mod kinds;
mod line;
mod machine;
mod overview;
mod ratio;

use leptos::prelude::*;

use crate::ui::{EmptyState, Panel};
use crate::words::{tu, tu_string, words};

pub use line::LinePage;
pub use machine::MachinePage;
pub use overview::OverviewPage;

/// Instead of figures where nothing is modelled that could have any.
fn no_machines() -> AnyView {
    view! {
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

/// Instead of figures in a range without shifts.
fn no_shifts() -> AnyView {
    view! {
        <Panel>
            <EmptyState title=tu_string!(words(), oee.no_shifts) why=tu_string!(words(), oee.no_shifts_why)>
                <a class="btn s" href="/calendar">
                    {tu!(words(), oee.no_shifts_do)}
                </a>
            </EmptyState>
        </Panel>
    }
    .into_any()
}

/// A name cut to what fits in so many units of a drawing, at its 12-pixel type.
fn cut(name: &str, width: f64) -> String {
    let mut taken = 0.0;
    let mut out = String::new();
    for letter in name.chars() {
        taken += if letter.is_ascii() { 7.0 } else { 12.5 };
        if taken > width {
            out.push('…');
            break;
        }
        out.push(letter);
    }
    out
}
