//! The form of a planned shutdown.

use domain::calendar::{CalendarNode, PlannedShutdownRecord};
use jiff::civil::Date;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::{Buttons, Delete, Hidden, title};
use crate::api::calendar::{DeleteRecord, SaveShutdown};
use crate::pages::calendar::wall;
use crate::ui::{Drafted, Field, FormError, Panel, Select, failure};
use crate::words::{tu, tu_string, words};

const FIELDS: &[&str] =
    &["name", "type", "beginDatetime", "endDatetime", "beginTime", "endTime", "dayOfWeek", "description"];

/// The form of a planned shutdown, new or there already.
#[component]
pub fn ShutdownPane(
    save: ServerAction<SaveShutdown>,
    delete: ServerAction<DeleteRecord>,
    node: CalendarNode,
    date: Date,
    record: Option<PlannedShutdownRecord>,
) -> impl IntoView {
    let w = words();
    let error = failure(save);
    let id = record.as_ref().map(|record| record.id);
    let title = title(record.as_ref().map(|record| &record.name), tu_string!(w, calendar.new_shutdown));
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
                <Drafted path=SaveShutdown::PATH>
                <input type="hidden" name="id" value=id.map(|id| id.to_string()).unwrap_or_default() />
                <Hidden node />
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
                <FormError error fields=FIELDS />
                <Buttons pending=save.pending() submit=tu_string!(w, common.save) />
                </Drafted>
            </ActionForm>
            {doomed.map(|(id, name)| view! { <Delete action=delete kind="shutdown" id name /> })}
        </Panel>
    }
}
