//! The forms: a shift, a planned shutdown, a week to copy. They post as they are when there is no scripting.

mod shift;
mod shutdown;
mod week;

use domain::calendar::CalendarNode;
use leptos::form::ActionForm;
use leptos::prelude::*;

use crate::api::calendar::{CopyWeek, DeleteRecord, Draft, Record, SaveShift, SaveShutdown};
use crate::api::{Answer, Result};
use crate::ui::{ErrorView, FormError, Icon, failure, link_with};
use crate::words::{tu, tu_string, words};

/// What the page can do. It outlives what is fetched, so that an answer is not lost.
#[derive(Clone, Copy)]
pub struct Writes {
    shift: ServerAction<SaveShift>,
    shutdown: ServerAction<SaveShutdown>,
    copy: ServerAction<CopyWeek>,
    delete: ServerAction<DeleteRecord>,
}

impl Writes {
    /// Nothing done yet.
    pub fn new() -> Self {
        Self {
            shift: ServerAction::new(),
            shutdown: ServerAction::new(),
            copy: ServerAction::new(),
            delete: ServerAction::new(),
        }
    }

    /// Grows with each thing done: the page shows it even when it does not follow the plant.
    pub fn done(self) -> usize {
        self.shift.version().get()
            + self.shutdown.version().get()
            + self.copy.version().get()
            + self.delete.version().get()
    }
}

/// The form that the URL asks for.
#[component]
pub fn FormPane(
    /// What it starts from; nothing for who may not change anything.
    draft: Resource<Result<Answer<Option<Draft>>>>,
    /// What it can do.
    writes: Writes,
) -> impl IntoView {
    let Writes { shift, shutdown, copy, delete } = writes;
    let form = move |Draft { node, date, record }| match record {
        Record::Shift(record) => view! { <shift::ShiftPane save=shift delete node date record /> }.into_any(),
        Record::Shutdown(record) => {
            view! { <shutdown::ShutdownPane save=shutdown delete node date record /> }.into_any()
        }
        Record::Week => view! { <week::WeekPane copy node date /> }.into_any(),
    };
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                match draft.await.and_then(Answer::read) {
                    Err(error) => view! { <ErrorView error /> }.into_any(),
                    Ok(draft) => draft.map(|draft| view! { <div class="edit-form">{form(draft)}</div> }).into_any(),
                }
            })}
        </Transition>
    }
}

/// What the forms share: which node, where to go.
#[component]
fn Hidden(node: CalendarNode) -> impl IntoView {
    let back = link_with([("edit", None)]);
    view! {
        <input type="hidden" name="ftyModelId" value=node.id.to_string() />
        <input type="hidden" name="ftyModelValue" value=node.level.to_string() />
        <input type="hidden" name="back" value=back />
        <p class="help">{tu!(words(), calendar.for_node)} " " <b>{node.name}</b></p>
    }
}

/// The title of a form for a record that is there, by its name, or for a new one.
fn title(name: Option<&String>, new: &'static str) -> String {
    match name {
        Some(name) => tu_string!(words(), calendar.edit_title, name = name.clone()).to_string(),
        None => new.to_owned(),
    }
}

#[component]
fn Buttons(#[prop(into)] pending: Signal<bool>, submit: &'static str) -> impl IntoView {
    let back = link_with([("edit", None)]);
    view! {
        <div class="acts">
            <button class="btn primary" type="submit" aria-disabled=move || pending.get().then_some("true")>
                {submit}
            </button>
            <a class="btn quiet" href=back>
                {tu!(words(), common.cancel)}
            </a>
        </div>
    }
}

/// Opens before a record is deleted, and says what that means.
#[component]
fn Delete(action: ServerAction<DeleteRecord>, kind: &'static str, id: i64, name: String) -> impl IntoView {
    let error = failure(action);
    let back = link_with([("edit", None)]);
    let title = tu_string!(words(), calendar.delete_title, name).to_string();
    view! {
        <details class="ask" open=move || error.get().is_some()>
            <summary class="btn s">{tu!(words(), calendar.delete)}</summary>
            <div class="note bad">
                <Icon name="i-warn" />
                <div>
                    <b>{title}</b>
                    <p>{tu!(words(), calendar.delete_why)}</p>
                    <ActionForm action=action>
                        <FormError error />
                        <input type="hidden" name="kind" value=kind />
                        <input type="hidden" name="id" value=id.to_string() />
                        <input type="hidden" name="back" value=back />
                        <button class="btn s danger" type="submit">
                            {tu!(words(), calendar.delete)}
                        </button>
                    </ActionForm>
                </div>
            </div>
        </details>
    }
}
