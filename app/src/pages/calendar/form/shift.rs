//! The form of a shift.

use domain::calendar::{BreakRecord, CalendarNode, ShiftRecord};
use jiff::civil::Date;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::{Buttons, Delete, Hidden, title};
use crate::api::calendar::{DeleteRecord, SaveShift};
use crate::pages::calendar::wall;
use crate::ui::{Drafted, Field, FormError, Panel, drafted, failure};
use crate::words::{tu, tu_string, words};

const FIELDS: &[&str] =
    &["name", "beginTime", "endTime", "beginEffectiveDate", "endEffectiveDate", "description"];
/// Pauses that a form offers.
const PAUSES: usize = 4;

/// The form of a shift, new or there already.
#[component]
pub fn ShiftPane(
    save: ServerAction<SaveShift>,
    delete: ServerAction<DeleteRecord>,
    node: CalendarNode,
    date: Date,
    record: Option<ShiftRecord>,
) -> impl IntoView {
    let w = words();
    let error = failure(save);
    let id = record.as_ref().map(|record| record.id);
    let title = title(record.as_ref().map(|record| &record.name), tu_string!(w, calendar.new_shift));
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
    let breaks = record.breaks;
    let pauses = move || (0..slots).map(|slot| pause(slot, breaks.get(slot))).collect_view();
    view! {
        <Panel title=title>
            <ActionForm action=save attr:class="stack2">
                <Drafted path=SaveShift::PATH>
                <input type="hidden" name="id" value=id.map(|id| id.to_string()).unwrap_or_default() />
                <Hidden node />
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
                    {pauses()}
                    <p class="help">{tu!(w, calendar.pauses_help)}</p>
                </fieldset>
                <Field name="description" label=tu_string!(w, calendar.description)
                    value=record.description.unwrap_or_default() error />
                <FormError error fields=FIELDS />
                <Buttons pending=save.pending() submit=tu_string!(w, common.save) />
                </Drafted>
            </ActionForm>
            {doomed.map(|(id, name)| view! { <Delete action=delete kind="shift" id name /> })}
        </Panel>
    }
}

fn pause(slot: usize, stored: Option<&BreakRecord>) -> impl IntoView + use<> {
    let w = words();
    let number = slot + 1;
    let kind = stored.map_or(2, |stored| stored.kind);
    let kind = drafted(&format!("pauses[{slot}][kind]"), kind.to_string());
    let time = |field: &str, stored: Option<&String>| {
        drafted(&format!("pauses[{slot}][{field}]"), stored.map(|time| wall::short(time)).unwrap_or_default())
    };
    let begin = time("begin", stored.map(|stored| &stored.begin_time));
    let end = time("end", stored.map(|stored| &stored.end_time));
    let option = |value: i64, name: &'static str| {
        view! {
            <option value=value.to_string() selected=value.to_string() == kind>
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
