//! Telling the device what to do: a field for each datapoint that can be set, and a question before anything is sent.
//!
//! Both steps are plain forms: the first one puts the wanted values into the address, the second one sends them.

use std::sync::Arc;

use domain::device::Kind;
use domain::device::view::{Point, PointType};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::serde_json::{Map, Number, Value};
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use super::value::{range, shown};
use crate::api::device::{ControlDevice, DevicePage};
use crate::ui::{FormError, Icon, failure, link_with};
use crate::words::{tu, tu_string, words};

/// Name of the field of a datapoint.
fn field(point: &Point) -> String {
    format!("set.{}", point.name)
}

/// Whether the person may tell the device anything now.
pub fn may(page: &DevicePage) -> bool {
    page.writable && page.device.line.online && !page.device.line.disabled
}

/// What is wanted of a datapoint.
#[derive(Clone, Debug, PartialEq)]
enum Wanted {
    /// This value.
    Value(Value),
    /// Something that it does not take.
    Refused,
}

/// Reads a field; nothing, when it was left empty.
fn read(point: &Point, text: &str) -> Option<Wanted> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let value = match &point.takes {
        PointType::Bool => match text {
            "1" => Some(Value::Bool(true)),
            "0" => Some(Value::Bool(false)),
            _ => None,
        },
        PointType::Number { min, max, .. } => {
            let number = leptos::serde_json::from_str::<Number>(text).ok();
            let within = |number: &Number| number.as_f64().is_some_and(|n| (*min..=*max).contains(&n));
            number.filter(within).map(Value::Number)
        }
        PointType::Enum(words) => words.iter().any(|word| word == text).then(|| text.into()),
        PointType::Binary => {
            let hex = text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            hex.then(|| text.into())
        }
    };
    Some(value.map_or(Wanted::Refused, Wanted::Value))
}

/// What the address asks for, point by point.
fn asked<'a>(points: &'a [Point], query: &ParamsMap) -> Vec<(&'a Point, Wanted)> {
    let writable = points.iter().filter(|point| point.kind == Kind::Writable);
    writable.filter_map(|point| Some((point, read(point, query.get_str(&field(point))?)?))).collect()
}

/// The field of a datapoint.
pub fn input(point: &Point) -> AnyView {
    let w = words();
    let name = field(point);
    let query = use_query_map();
    let typed = query.with_untracked(|query| query.get(&name)).unwrap_or_default();
    let refused = read(point, &typed) == Some(Wanted::Refused);
    let label = tu_string!(w, device.set_label, name = point.title.clone()).to_string();
    let help = range(point);
    let control = match &point.takes {
        PointType::Bool => {
            let choices = [("1".to_owned(), tu_string!(w, device.on)), ("0".to_owned(), tu_string!(w, device.off))];
            select(name, label, choices.into_iter().map(|(value, word)| (value, word.to_owned())), &typed)
        }
        PointType::Enum(all) => select(name, label, all.iter().map(|word| (word.clone(), word.clone())), &typed),
        PointType::Number { min, max, step } => view! {
            <input
                class="in"
                type="number"
                name=name
                aria-label=label
                min=min.to_string()
                max=max.to_string()
                step=step.to_string()
                value=typed
                placeholder=tu_string!(w, device.unchanged)
            />
            <span class="unit">{help.clone()}</span>
        }
        .into_any(),
        PointType::Binary => view! {
            <input class="in mono" type="text" name=name aria-label=label value=typed placeholder=tu_string!(w, device.unchanged) />
        }
        .into_any(),
    };
    view! {
        <div class="field" class:bad=refused>
            <div class="in-w">{control}</div>
            {refused
                .then(|| {
                    view! {
                        <p class="err" role="alert">
                            <Icon name="i-warn" small=true />
                            <span>{tu!(w, device.set_refused, help)}</span>
                        </p>
                    }
                })}
        </div>
    }
    .into_any()
}

fn select(
    name: String,
    label: String,
    choices: impl Iterator<Item = (String, String)>,
    typed: &str,
) -> AnyView {
    let choice = |(value, word): (String, String)| {
        let selected = value == typed;
        view! {
            <option value=value selected=selected>
                {word}
            </option>
        }
    };
    view! {
        <select class="in" name=name aria-label=label>
            <option value="">{tu!(words(), device.unchanged)}</option>
            {choices.map(choice).collect_view()}
        </select>
    }
    .into_any()
}

/// The question before anything is sent: each value as it is and as it will be.
pub fn confirm(page: &Arc<DevicePage>, action: ServerAction<ControlDevice>) -> AnyView {
    let page = Arc::clone(page);
    let query = use_query_map();
    let error = failure(action);
    (move || {
        let w = words();
        if !may(&page) {
            return ().into_any();
        }
        let wanted = query.with(|query| asked(&page.device.points, query));
        if wanted.is_empty() {
            let sent = query.with(|query| query.get_str("sent").is_some());
            return sent.then(done).into_any();
        }
        if wanted.iter().any(|(_, wanted)| *wanted == Wanted::Refused) {
            return ().into_any();
        }
        let mut attrs = Map::new();
        let mut lines: Vec<(String, String, String)> = Vec::new();
        for (point, wanted) in wanted {
            let Wanted::Value(value) = wanted else { continue };
            let now = page
                .device
                .latest
                .get(&point.name)
                .map_or_else(|| "—".to_owned(), |old| shown(Some(point), old));
            lines.push((point.title.clone(), now, shown(Some(point), &value)));
            attrs.insert(point.name.clone(), value);
        }
        let count = lines.len();
        let line = |(title, now, then): (String, String, String)| {
            view! {
                <li>
                    <b>{title}</b>
                    {format!(" {now} → {then}")}
                </li>
            }
        };
        let lines = lines.into_iter().map(line).collect_view();
        let attrs = Value::Object(attrs).to_string();
        let id = page.device.line.id;
        let back = format!("/device/{id}");
        view! {
            <div class="note brass confirm" role="alertdialog" aria-label=tu_string!(w, device.set_question)>
                <Icon name="i-info" />
                <ActionForm action attr:class="stack2">
                    <b>{tu!(w, device.set_question)}</b>
                    <ul>{lines}</ul>
                    <input type="hidden" name="id" value=id />
                    <input type="hidden" name="attrs" value=attrs />
                    <FormError error />
                    <div class="acts">
                        <button
                            class="btn primary"
                            type="submit"
                            aria-disabled=move || action.pending().get().then_some("true")
                        >
                            {tu!(w, device.set_send, count)}
                        </button>
                        <a class="btn quiet" href=back>
                            {tu!(w, common.cancel)}
                        </a>
                    </div>
                </ActionForm>
            </div>
        }
        .into_any()
    })
    .into_any()
}

fn done() -> AnyView {
    let href = link_with([("tab", Some("messages".to_owned())), ("sent", None)]);
    view! {
        <div class="note good" role="status">
            <Icon name="i-ok" />
            <div>
                {tu!(words(), device.set_done)} " "
                <a class="fig" href=href>
                    {tu!(words(), device.tab_messages)}
                </a>
            </div>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(takes: PointType) -> Point {
        let name = "p".to_owned();
        Point { title: name.clone(), name, kind: Kind::Writable, word: String::new(), takes }
    }

    #[test]
    fn only_what_a_datapoint_takes_is_sent() {
        let number = point(PointType::Number { min: -5.0, max: 95.5, step: 0.1 });
        assert_eq!(read(&number, " "), None);
        for text in ["96", "-6", "x", "1e999", "NaN"] {
            assert_eq!(read(&number, text), Some(Wanted::Refused), "{text}");
        }
        let Some(Wanted::Value(value)) = read(&number, "6.2") else { panic!("refused") };
        assert_eq!(value.to_string(), "6.2");
        let words = point(PointType::Enum(vec!["auto".to_owned()]));
        assert_eq!(read(&words, "auto"), Some(Wanted::Value("auto".into())));
        assert_eq!(read(&words, "off"), Some(Wanted::Refused));
        assert_eq!(read(&point(PointType::Bool), "1"), Some(Wanted::Value(true.into())));
        assert_eq!(read(&point(PointType::Binary), "0g"), Some(Wanted::Refused));
    }
}
