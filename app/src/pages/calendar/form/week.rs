//! The form that copies a week.

use domain::calendar::CalendarNode;
use jiff::ToSpan;
use jiff::civil::Date;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::{Buttons, Hidden};
use crate::api::calendar::CopyWeek;
use crate::ui::{Drafted, Field, FormError, Panel, failure};
use crate::words::{tu, tu_string, words};

/// The week of a date, to be copied to the next one or to another.
#[component]
pub fn WeekPane(
    /// Copies it.
    copy: ServerAction<CopyWeek>,
    /// Whose week.
    node: CalendarNode,
    /// A date in it.
    date: Date,
) -> impl IntoView {
    let w = words();
    let error = failure(copy);
    let monday = domain::time::monday(date);
    let number = monday.iso_week_date().week();
    let next = monday.saturating_add(7.days());
    let title = tu_string!(w, calendar.copy_title, number).to_string();
    let from = tu_string!(
        w,
        calendar.copy_from,
        first = monday.to_string(),
        last = next.saturating_sub(1.day()).to_string()
    );
    view! {
        <Panel title note=from.clone()>
            <ActionForm action=copy attr:class="stack2">
                <Drafted path=CopyWeek::PATH>
                    <Hidden node />
                    <input type="hidden" name="fromDate" value=monday.to_string() />
                    <Field
                        name="toDate"
                        kind="date"
                        label=tu_string!(w, calendar.copy_to)
                        value=next.to_string()
                        help=tu_string!(w, calendar.copy_help)
                        required=true
                        error
                    />
                    <p class="help">{tu!(w, calendar.copy_what)}</p>
                    <FormError error fields=&["toDate"] />
                    <Buttons pending=copy.pending() submit=tu_string!(w, calendar.copy) />
                </Drafted>
            </ActionForm>
        </Panel>
    }
}
