//! The form of a datapoint.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::serde_json::{self, Value};
use leptos::server_fn::ServerFn;

use super::forms::{Lines, Writes};
use crate::api::product::{PointForm, PutPoint};
use crate::ui::{Drafted, Field, FormError, Icon, Panel, Select, failure};
use crate::words::{tu, tu_string, words};

const FIELDS: &[&str] = &[
    "point[name]",
    "point[display_name]",
    "point[kind]",
    "point[data_type]",
    "point[min]",
    "point[max]",
    "point[ratio]",
    "point[addition]",
    "point[choices]",
    "point[len]",
];

/// What the form holds at first: the datapoint of this name in a definition, else a new one.
fn stored(definition: &str, name: &str) -> Option<PointForm> {
    let document: Value = serde_json::from_str(definition).ok()?;
    let attrs = document["entities"][0]["attrs"].as_array()?;
    let attr = attrs.iter().find(|attr| attr["name"] == name)?;
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let spec = |key: &str| text(&attr["uint_spec"][key]);
    let choices = attr["enum"].as_array().into_iter().flatten().map(&text);
    let data_type = text(&attr["data_type"]);
    Some(PointForm {
        name: name.to_owned(),
        display_name: text(&attr["display_name"]),
        desc: text(&attr["desc"]),
        kind: text(&attr["type"]),
        min: spec("min"),
        max: spec("max"),
        ratio: spec("ratio"),
        addition: spec("addition"),
        choices: choices.collect::<Vec<_>>().join("\n"),
        len: if data_type == "binary" { text(&attr["position"]["len"]) } else { String::new() },
        data_type,
    })
}

/// The word of a definition for a kind that may be written as its letter.
fn kind_word(kind: &str) -> &str {
    match kind {
        "R" => "status_readonly",
        "N" => "alert",
        "E" => "fault",
        "W" | "" => "status_writable",
        word => word,
    }
}

/// The form.
#[component]
pub fn PointPane(
    /// Id of the product.
    product: i64,
    /// Its definition.
    definition: String,
    /// Name of the datapoint; empty for a new one.
    name: String,
    /// What the page can do.
    writes: Writes,
) -> impl IntoView {
    let w = words();
    let action = writes.point;
    let error = failure(action);
    let known = stored(&definition, &name);
    let was = known.as_ref().map(|known| known.name.clone()).unwrap_or_default();
    let title = if was.is_empty() {
        tu_string!(w, device.point_new).to_owned()
    } else {
        tu_string!(w, device.point_edit, name = was.clone()).to_string()
    };
    let point = known.unwrap_or_default();
    let kinds = vec![
        ("status_writable".to_owned(), tu_string!(w, device.kind_writable).to_owned()),
        ("status_readonly".to_owned(), tu_string!(w, device.kind_read).to_owned()),
        ("alert".to_owned(), tu_string!(w, device.alarm).to_owned()),
        ("fault".to_owned(), tu_string!(w, device.fault).to_owned()),
    ];
    let types = ["bool", "uint8", "uint16", "uint32", "enum", "binary"]
        .map(|word| (word.to_owned(), type_name(word).to_owned()));
    let back = format!("/products/{product}");
    let doomed = (!was.is_empty()).then(|| view! { <Remove product name=was.clone() writes /> });
    view! {
        <div class="edit-form">
            <Panel title>
                <ActionForm action attr:class="stack2">
                    <Drafted path=PutPoint::PATH>
                        <input type="hidden" name="id" value=product />
                        <input type="hidden" name="was" value=was />
                        <div class="params">
                            <Field
                                name="point[name]"
                                label=tu_string!(w, device.point_name)
                                help=tu_string!(w, device.point_name_help)
                                value=point.name
                                required=true
                                error
                            />
                            <Field
                                name="point[display_name]"
                                label=tu_string!(w, device.point_title)
                                value=point.display_name
                                error
                            />
                            <Select
                                name="point[kind]"
                                label=tu_string!(w, device.kind)
                                options=kinds
                                value=kind_word(&point.kind).to_owned()
                                error
                            />
                            <Select
                                name="point[data_type]"
                                label=tu_string!(w, device.data_type)
                                options=types.to_vec()
                                value=point.data_type
                                error
                            />
                        </div>
                        <fieldset class="stack2">
                            <legend class="label">{tu!(w, device.of_number)}</legend>
                            <div class="params four">
                                <Field name="point[min]" label=tu_string!(w, device.least) value=point.min error />
                                <Field name="point[max]" label=tu_string!(w, device.most) value=point.max error />
                                <Field name="point[ratio]" label=tu_string!(w, device.ratio) value=point.ratio error />
                                <Field
                                    name="point[addition]"
                                    label=tu_string!(w, device.addition)
                                    value=point.addition
                                    error
                                />
                            </div>
                            <p class="help">{tu!(w, device.of_number_help)}</p>
                        </fieldset>
                        <div class="params">
                            <Lines
                                name="point[choices]"
                                label=tu_string!(w, device.choices)
                                help=tu_string!(w, device.choices_help)
                                rows="3"
                                value=point.choices
                                optional=true
                                error
                            />
                            <Field
                                name="point[len]"
                                label=tu_string!(w, device.length)
                                help=tu_string!(w, device.length_help)
                                value=point.len
                                error
                            />
                        </div>
                        <Field name="point[desc]" label=tu_string!(w, device.remark) value=point.desc error />
                        <FormError error fields=FIELDS />
                        <div class="acts">
                            <button
                                class="btn primary"
                                type="submit"
                                aria-disabled=move || action.pending().get().then_some("true")
                            >
                                {tu!(w, common.save)}
                            </button>
                            <a class="btn quiet" href=back>
                                {tu!(w, common.cancel)}
                            </a>
                        </div>
                    </Drafted>
                </ActionForm>
                {doomed}
            </Panel>
        </div>
    }
}

/// A data type in words.
fn type_name(word: &str) -> &'static str {
    let w = words();
    match word {
        "bool" => tu_string!(w, device.type_bool),
        "uint8" => tu_string!(w, device.type_uint8),
        "uint16" => tu_string!(w, device.type_uint16),
        "uint32" => tu_string!(w, device.type_uint32),
        "enum" => tu_string!(w, device.type_enum),
        _ => tu_string!(w, device.type_binary),
    }
}

/// Asks before a datapoint goes, and says what that means.
#[component]
fn Remove(product: i64, name: String, writes: Writes) -> impl IntoView {
    let w = words();
    let action = writes.remove;
    let error = failure(action);
    let title = tu_string!(w, device.point_remove_title, name = name.clone()).to_string();
    view! {
        <details class="ask" open=move || error.get().is_some()>
            <summary class="btn s">{tu!(w, device.point_remove)}</summary>
            <div class="note bad">
                <Icon name="i-warn" />
                <div>
                    <b>{title}</b>
                    <p>{tu!(w, device.point_remove_why)}</p>
                    <ActionForm action>
                        <input type="hidden" name="id" value=product />
                        <input type="hidden" name="name" value=name />
                        <FormError error />
                        <button
                            class="btn danger"
                            type="submit"
                            aria-disabled=move || action.pending().get().then_some("true")
                        >
                            {tu!(w, device.point_remove)}
                        </button>
                    </ActionForm>
                </div>
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_begins_with_what_is_stored() {
        let definition = r#"{"entities": [{"attrs": [
            {"name": "speed", "display_name": "Speed", "type": "R", "data_type": "uint16",
             "uint_spec": {"min": 0, "max": 3000, "ratio": 0.5, "addition": -10},
             "position": {"len": 2}},
            {"name": "mode", "type": "status_writable", "data_type": "enum", "enum": ["a", "b"]}]}]}"#;
        let speed = stored(definition, "speed").expect("it");
        assert_eq!(
            (speed.max.as_str(), speed.ratio.as_str(), speed.addition.as_str()),
            ("3000", "0.5", "-10")
        );
        assert_eq!((kind_word(&speed.kind), speed.len.as_str()), ("status_readonly", ""));
        assert_eq!(stored(definition, "mode").expect("it").choices, "a\nb");
        assert_eq!(stored(definition, ""), None);
    }
}
