//! Writes definition documents: fixed values, positions and the `ui` that phone clients draw.

use serde_json::{Map, Value, json};

use super::Protocol;
use crate::device::datapoint::{DataType, Datapoint, Kind, NumberSpec};
use crate::device::layout::{Layout, Slot};

/// Fixed values of the documentation.
const PACKET_VERSION: &str = "0x00000004";
const ENTITY: &str = "entity0";
const ENTITY_DISPLAY: &str = "机智云开发套件";
const KEYBOARD: &str = "NumbersAndPunctuation";

/// A document without positions and `ui`: both follow when it is read.
pub(super) fn document(name: &str, product_key: &str, protocol: Protocol, datapoints: &[Datapoint]) -> Value {
    let attrs: Vec<Value> = datapoints.iter().map(|datapoint| attr(Map::new(), datapoint)).collect();
    json!({
        "name": name,
        "entities": [{"id": 0, "display_name": ENTITY_DISPLAY, "attrs": attrs, "name": ENTITY}],
        "protocolType": protocol.word(),
        "product_key": product_key,
        "packetVersion": PACKET_VERSION,
    })
}

/// Puts other datapoints into a document. What is not understood of one stays with its name.
pub(super) fn replace_datapoints(document: &mut Value, protocol: Protocol, datapoints: &[Datapoint]) {
    let attrs = &mut document["entities"][0]["attrs"];
    let old = attrs.take();
    let old_of = |name: &str| {
        let mut attrs = old.as_array().into_iter().flatten();
        attrs.find(|attr| attr["name"] == name).and_then(Value::as_object).cloned().unwrap_or_default()
    };
    *attrs = datapoints.iter().map(|datapoint| attr(old_of(&datapoint.name), datapoint)).collect();
    if let Value::Object(document) = document {
        document.remove("ui");
        document.insert("protocolType".into(), protocol.word().into());
    }
}

/// Writes a datapoint over what is known of it. Its position is left to the layout, all but the length of a binary.
fn attr(old: Map<String, Value>, datapoint: &Datapoint) -> Value {
    let mut attr = old;
    for key in ["position", "uint_spec", "enum"] {
        attr.remove(key);
    }
    attr.insert("display_name".into(), datapoint.display_name.as_str().into());
    attr.insert("name".into(), datapoint.name.as_str().into());
    attr.insert("data_type".into(), datapoint.data_type.word().into());
    match &datapoint.data_type {
        DataType::Bool => {}
        DataType::Number(spec) => {
            attr.insert(
                "uint_spec".into(),
                json!({"addition": spec.addition, "max": spec.max, "ratio": spec.ratio, "min": spec.min}),
            );
        }
        DataType::Enum(choices) => {
            attr.insert("enum".into(), json!(choices));
        }
        DataType::Binary(len) => {
            attr.insert("position".into(), json!({ "len": len }));
        }
    }
    let spelled_so =
        attr.get("type").and_then(Value::as_str).and_then(Kind::from_text) == Some(datapoint.kind);
    if !spelled_so {
        attr.insert("type".into(), datapoint.kind.word().into());
    }
    attr.insert("id".into(), datapoint.id.into());
    attr.insert("desc".into(), datapoint.desc.as_str().into());
    Value::Object(attr)
}

/// Writes positions into the datapoints of a document, which are in the order of the layout.
pub(super) fn place(document: &mut Value, protocol: Protocol, datapoints: &[Datapoint], layout: &Layout) {
    let Some(attrs) = document["entities"][0]["attrs"].as_array_mut() else { return };
    for (index, (attr, datapoint)) in attrs.iter_mut().zip(datapoints).enumerate() {
        let len = datapoint.data_type.bits().map_or(datapoint.data_type.bytes(), |bits| bits as usize);
        let unit = if datapoint.data_type.bits().is_some() { "bit" } else { "byte" };
        let (byte, bit) = match (protocol, layout.slot(index)) {
            (Protocol::Variable, _) => (0, 0),
            (Protocol::Fixed, Slot::Bits { kind, offset, .. }) => {
                (layout.area(kind).at + offset / 8, offset % 8)
            }
            (Protocol::Fixed, Slot::Bytes { at, .. }) => (at, 0),
        };
        attr["position"] = json!({"bit_offset": bit, "len": len, "unit": unit, "byte_offset": byte});
    }
}

/// Fills in what a document leaves out.
pub(super) fn fill(document: &mut Value, datapoints: &[Datapoint]) {
    absent(document, "name", || "".into());
    absent(document, "protocolType", || Protocol::Fixed.word().into());
    absent(document, "product_key", || "".into());
    absent(document, "packetVersion", || PACKET_VERSION.into());
    absent(document, "ui", || ui(datapoints));
    let entity = &mut document["entities"][0];
    absent(entity, "id", || 0.into());
    absent(entity, "name", || ENTITY.into());
    absent(entity, "display_name", || ENTITY_DISPLAY.into());
    for attr in entity["attrs"].as_array_mut().into_iter().flatten() {
        let name = attr["name"].clone();
        absent(attr, "display_name", || name);
        absent(attr, "desc", || "".into());
    }
}

fn absent(object: &mut Value, key: &str, value: impl FnOnce() -> Value) {
    let Value::Object(object) = object else { return };
    if object.get(key).is_none_or(Value::is_null) {
        object.insert(key.into(), value());
    }
}

/// What a phone draws: an element for each datapoint that is not an alert or a fault.
fn ui(datapoints: &[Datapoint]) -> Value {
    let mut drawn: Vec<_> = datapoints
        .iter()
        .filter(|datapoint| matches!(datapoint.kind, Kind::Writable | Kind::ReadOnly))
        .collect();
    drawn.sort_by_key(|datapoint| datapoint.id);
    let elements: Vec<Value> = drawn.into_iter().map(element).collect();
    json!({"object": {"version": 4, "showEditButton": false}, "sections": [{"elements": elements}]})
}

fn element(datapoint: &Datapoint) -> Value {
    let key = format!("{ENTITY}.{}", datapoint.name);
    let writable = datapoint.kind == Kind::Writable;
    // N is what real definitions say here of anything that cannot be written
    let perm = if writable { "W" } else { "N" };
    let mut element = json!({
        "object": {"action": ENTITY, "bind": [key], "perm": perm},
        "key": key,
        "title": datapoint.display_name,
    });
    match &datapoint.data_type {
        DataType::Bool => {
            element["boolValue"] = false.into();
            element["type"] = "QBooleanElement".into();
        }
        DataType::Enum(choices) => {
            element["items"] = json!(choices);
            element["type"] = "QRadioElement".into();
        }
        DataType::Number(spec) => number_element(&mut element, spec, writable),
        DataType::Binary(len) => {
            element["maxLength"] = (2 * len).into();
            element["keyboardType"] = KEYBOARD.into();
            element["type"] = "QMultilineElement".into();
        }
    }
    element
}

fn number_element(element: &mut Value, spec: &NumberSpec, writable: bool) {
    let (min, max) = (spec.shown(spec.min), spec.shown(spec.max));
    let range = json!({"max": max, "step": spec.ratio, "min": min});
    // the documentation says unit_spec, real definitions say uint_spec: clients of both exist
    element["object"]["uint_spec"] = range.clone();
    element["object"]["unit_spec"] = range;
    if writable {
        element["type"] = "QFloatElement".into();
        element["keyboardType"] = KEYBOARD.into();
        element["bind"] = "floatValue:float".into();
        element["value"] = 0.into();
        element["maximumValue"] = json!(max);
        element["minimumValue"] = json!(min);
    } else {
        element["type"] = "QLabelElement".into();
    }
}
