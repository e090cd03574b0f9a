//! The forms: a shift, a planned shutdown. They post as they are when there is no scripting.

use domain::calendar::{BreakRecord, CalendarNode, PlannedShutdownRecord, ShiftRecord};
use jiff::civil::Date;
use leptos::form::ActionForm;
use leptos::prelude::*;

use super::wall;
use crate::api::calendar::{DeleteShift, DeleteShutdown, Draft, Record, SaveShift, SaveShutdown};
use crate::api::{Error, Result};
use crate::ui::{ErrorView, Field, FormError, Icon, Panel, Select, link_with};
use crate::words::{tu, tu_string, words};

const SHIFT_FIELDS: &[&str] =
    &["name", "beginTime", "endTime", "beginEffectiveDate", "endEffectiveDate", "description"];
const SHUTDOWN_FIELDS: &[&str] =
    &["name", "type", "beginDatetime", "endDatetime", "beginTime", "endTime", "dayOfWeek", "description"];
/// Pauses that a form offers.
const PAUSES: usize = 4;

/// The form that the URL asks for.
#[component]
pub fn FormPane(
    /// What it starts from.
    draft: Resource<Result<Option<Draft>>>,
    /// Whether the person may change anything.
    writable: bool,
) -> impl IntoView {
    // Kept outside of what is fetched, so that an answer is not lost.
    let save_shift = ServerAction::<SaveShift>::new();
    let save_shutdown = ServerAction::<SaveShutdown>::new();
    let delete_shift = ServerAction::<DeleteShift>::new();
    let delete_shutdown = ServerAction::<DeleteShutdown>::new();
    writable.then(|| {
        view! {
            <Transition fallback=|| ()>
                {move || Suspend::new(async move {
                    match draft.await {
                        Err(error) => view! { <ErrorView error /> }.into_any(),
                        Ok(None) => ().into_any(),
                        Ok(Some(Draft { node, date, record: Record::Shift(record) })) => {
                            view! { <ShiftPane save=save_shift delete=delete_shift node date record /> }.into_any()
                        }
                        Ok(Some(Draft { node, date, record: Record::Shutdown(record) })) => {
                            view! { <ShutdownPane save=save_shutdown delete=delete_shutdown node date record /> }
                                .into_any()
                        }
                    }
                })}
            </Transition>
        }
    })
}

fn failure<S>(action: ServerAction<S>) -> Signal<Option<Error>>
where
    S: leptos::server_fn::ServerFn<Output = (), Error = Error> + Clone + Send + Sync + 'static,
{
    Signal::derive(move || action.value().with(|answer| answer.as_ref()?.as_ref().err().cloned()))
}

/// What the forms share: which record, which node, where to go.
#[component]
fn Hidden(id: Option<i64>, node: CalendarNode) -> impl IntoView {
    let back = link_with([("edit", None)]);
    view! {
        <input type="hidden" name="id" value=id.map(|id| id.to_string()).unwrap_or_default() />
        <input type="hidden" name="ftyModelId" value=node.id.to_string() />
        <input type="hidden" name="ftyModelValue" value=node.level.to_string() />
        <input type="hidden" name="back" value=back />
        <p class="help">{tu!(words(), calendar.for_node)} " " <b>{node.name}</b></p>
    }
}

#[component]
fn Buttons(#[prop(into)] pending: Signal<bool>) -> impl IntoView {
    let back = link_with([("edit", None)]);
    view! {
        <div class="acts">
            <button class="btn primary" type="submit" aria-disabled=move || pending.get().then_some("true")>
                {tu!(words(), common.save)}
            </button>
            <a class="btn quiet" href=back>
                {tu!(words(), common.cancel)}
            </a>
        </div>
    }
}

#[component]
fn ShiftPane(
    save: ServerAction<SaveShift>,
    delete: ServerAction<DeleteShift>,
    node: CalendarNode,
    date: Date,
    record: Option<ShiftRecord>,
) -> impl IntoView {
    let w = words();
    let error = failure(save);
    let id = record.as_ref().map(|record| record.id);
    let title = match &record {
        Some(record) => tu_string!(w, calendar.edit_title, name = record.name.clone()).to_string(),
        None => tu_string!(w, calendar.new_shift).to_owned(),
    };
    // A new shift is in force from the day it was begun on.
    let first = record.as_ref().map_or(Some(date.to_string()), |record| record.begin_effective_date.clone());
    let doomed = record.clone().map(|record| (record.id, record.name));
    let record = record.unwrap_or_else(|| ShiftRecord {
        id: 0,
        fty_model_id: node.id,
        fty_model_value: node.level,
        name: String::new(),
        begin_effective_date: first.clone(),
        end_effective_date: None,
        begin_time: String::new(),
        end_time: String::new(),
        description: None,
        breaks: Vec::new(),
    });
    let slots = PAUSES.max(record.breaks.len() + 1);
    let pauses = (0..slots).map(|slot| pause(slot, record.breaks.get(slot))).collect_view();
    view! {
        <Panel title=title>
            <ActionForm action=save attr:class="stack2">
                <Hidden id node />
                <Field name="name" label=tu_string!(w, calendar.name) value=record.name required=true error />
                <div class="params">
                    <Field name="beginTime" kind="time" label=tu_string!(w, calendar.begin)
                        value=wall::short(&record.begin_time) required=true error />
                    <Field name="endTime" kind="time" label=tu_string!(w, calendar.end)
                        value=wall::short(&record.end_time) required=true error />
                </div>
                <p class="help">{tu!(w, calendar.next_day)}</p>
                <div class="params">
                    <Field name="beginEffectiveDate" kind="date" label=tu_string!(w, calendar.first_date)
                        value=first.unwrap_or_default() help=tu_string!(w, calendar.first_help) error />
                    <Field name="endEffectiveDate" kind="date" label=tu_string!(w, calendar.last_date)
                        value=record.end_effective_date.unwrap_or_default()
                        help=tu_string!(w, calendar.last_help) error />
                </div>
                <fieldset class="pauses">
                    <legend class="label">{tu!(w, calendar.pauses)}</legend>
                    {pauses}
                    <p class="help">{tu!(w, calendar.pauses_help)}</p>
                </fieldset>
                <Field name="description" label=tu_string!(w, calendar.description)
                    value=record.description.unwrap_or_default() error />
                <FormError error fields=SHIFT_FIELDS />
                <Buttons pending=save.pending() />
            </ActionForm>
            {doomed.map(|(id, name)| view! { <DeleteShiftForm action=delete id name /> })}
        </Panel>
    }
}

fn pause(slot: usize, stored: Option<&BreakRecord>) -> impl IntoView + use<> {
    let w = words();
    let number = slot + 1;
    let kind = stored.map_or(2, |stored| stored.kind);
    let (begin, end) = stored.map_or_else(Default::default, |stored| {
        (wall::short(&stored.begin_time), wall::short(&stored.end_time))
    });
    let option = |value: i64, name: &'static str| {
        view! {
            <option value=value.to_string() selected=value == kind>
                {name}
            </option>
        }
    };
    view! {
        <div class="pause">
            <select class="in" name=format!("pauses[{slot}][kind]")
                aria-label=tu_string!(w, calendar.pause_kind, number).to_string()>
                {option(1, tu_string!(w, calendar.pause_1))}
                {option(2, tu_string!(w, calendar.pause_2))}
                {option(3, tu_string!(w, calendar.pause_3))}
            </select>
            <input class="in" type="time" name=format!("pauses[{slot}][begin]") value=begin
                aria-label=tu_string!(w, calendar.pause_begin, number).to_string() />
            <input class="in" type="time" name=format!("pauses[{slot}][end]") value=end
                aria-label=tu_string!(w, calendar.pause_end, number).to_string() />
        </div>
    }
}

#[component]
fn ShutdownPane(
    save: ServerAction<SaveShutdown>,
    delete: ServerAction<DeleteShutdown>,
    node: CalendarNode,
    date: Date,
    record: Option<PlannedShutdownRecord>,
) -> impl IntoView {
    let w = words();
    let error = failure(save);
    let id = record.as_ref().map(|record| record.id);
    let title = match &record {
        Some(record) => tu_string!(w, calendar.edit_title, name = record.name.clone()).to_string(),
        None => tu_string!(w, calendar.new_shutdown).to_owned(),
    };
    let doomed = record.clone().map(|record| (record.id, record.name));
    let at = move |text: Option<String>, hour: &str| match text {
        // What a browser's field for date and time takes.
        Some(text) => text.replacen(' ', "T", 1).get(..16).map(str::to_owned).unwrap_or_default(),
        None => format!("{date}T{hour}"),
    };
    let record = record.unwrap_or_else(|| PlannedShutdownRecord {
        id: 0,
        fty_model_id: node.id,
        fty_model_value: node.level,
        name: String::new(),
        kind: 1,
        day_of_week: None,
        begin_datetime: None,
        end_datetime: None,
        begin_time: None,
        end_time: None,
        description: None,
    });
    let kinds = vec![
        ("1".to_owned(), tu_string!(w, calendar.type_fixed).to_owned()),
        ("2".to_owned(), tu_string!(w, calendar.type_weekly).to_owned()),
    ];
    let weekday = record.day_of_week.unwrap_or_else(|| i64::from(date.weekday().to_monday_one_offset()));
    let days = wall::weekdays()
        .map(|day| (day.to_monday_one_offset().to_string(), wall::weekday(day).to_owned()))
        .collect();
    let time = |text: Option<String>| text.map(|text| wall::short(&text)).unwrap_or_default();
    view! {
        <Panel title=title>
            <ActionForm action=save attr:class="stack2 shutdown-form">
                <Hidden id node />
                <Field name="name" label=tu_string!(w, calendar.name) value=record.name required=true error />
                <Select name="type" label=tu_string!(w, calendar.repeats) options=kinds
                    value=record.kind.to_string() error />
                <div class="stack2 of-fixed">
                    <Field name="beginDatetime" kind="datetime-local" label=tu_string!(w, calendar.begin)
                        value=at(record.begin_datetime, "08:00") error />
                    <Field name="endDatetime" kind="datetime-local" label=tu_string!(w, calendar.end)
                        value=at(record.end_datetime, "16:00") error />
                </div>
                <div class="stack2 of-weekly">
                    <Select name="dayOfWeek" label=tu_string!(w, calendar.weekday) options=days
                        value=weekday.to_string() error />
                    <div class="params">
                        <Field name="beginTime" kind="time" label=tu_string!(w, calendar.begin)
                            value=time(record.begin_time) error />
                        <Field name="endTime" kind="time" label=tu_string!(w, calendar.end)
                            value=time(record.end_time) error />
                    </div>
                    <p class="help">{tu!(w, calendar.next_day)}</p>
                </div>
                <Field name="description" label=tu_string!(w, calendar.description)
                    value=record.description.unwrap_or_default() error />
                <FormError error fields=SHUTDOWN_FIELDS />
                <Buttons pending=save.pending() />
            </ActionForm>
            {doomed.map(|(id, name)| view! { <DeleteShutdownForm action=delete id name /> })}
        </Panel>
    }
}

#[component]
fn DeleteShiftForm(action: ServerAction<DeleteShift>, id: i64, name: String) -> impl IntoView {
    let error = failure(action);
    view! {
        <Question name>
            <ActionForm action=action>
                <DeleteFields error id />
            </ActionForm>
        </Question>
    }
}

#[component]
fn DeleteShutdownForm(action: ServerAction<DeleteShutdown>, id: i64, name: String) -> impl IntoView {
    let error = failure(action);
    view! {
        <Question name>
            <ActionForm action=action>
                <DeleteFields error id />
            </ActionForm>
        </Question>
    }
}

/// Opens before anything is deleted.
#[component]
fn Question(name: String, children: Children) -> impl IntoView {
    let title = tu_string!(words(), calendar.delete_title, name).to_string();
    view! {
        <details class="ask">
            <summary class="btn s">
                {tu!(words(), calendar.delete)}
            </summary>
            <div class="note bad">
                <Icon name="i-warn" />
                <div>
                    <b>{title}</b>
                    <p>{tu!(words(), calendar.delete_why)}</p>
                    {children()}
                </div>
            </div>
        </details>
    }
}

#[component]
fn DeleteFields(error: Signal<Option<Error>>, id: i64) -> impl IntoView {
    let back = link_with([("edit", None)]);
    view! {
        <FormError error />
        <input type="hidden" name="id" value=id.to_string() />
        <input type="hidden" name="back" value=back />
        <button class="btn s danger" type="submit">
            {tu!(words(), calendar.delete)}
        </button>
    }
}
