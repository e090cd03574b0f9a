//! What a logged message says, for people who read a communication log.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::report::shown;
use crate::device::datapoint::to_hex;
use crate::device::definition::Definition;
use crate::device::frame::{Command, Frame};
use crate::device::p0::{Action, P0};
use crate::device::trouble::Trouble;
use crate::{Text, text};

/// A logged message, taken apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Explained {
    /// What it is.
    pub what: Text,
    /// Its serial number.
    pub serial: Option<u32>,
    /// The datapoints it carries, or asks for (then `null`).
    pub attrs: Map<String, Value>,
    /// Bytes that no datapoint describes, hexadecimal.
    pub data: Option<String>,
    /// What is not as it should be.
    pub troubles: Vec<Trouble>,
}

impl Explained {
    fn of(what: Text) -> Self {
        Self { what, serial: None, attrs: Map::new(), data: None, troubles: Vec::new() }
    }
}

/// Explains a binary or JSON message of either direction.
pub fn explain(definition: &Definition, payload: &[u8]) -> Explained {
    if let Ok(Value::Object(mut message)) = serde_json::from_slice(payload) {
        let attrs = message.remove("attrs").and_then(|attrs| attrs.as_object().cloned()).unwrap_or_default();
        let data = message.get("raw").and_then(Value::as_str).map(ToOwned::to_owned);
        return Explained { attrs, data, ..Explained::of(text!("JSON", "JSON")) };
    }
    let (frame, cut) = match Frame::decode(payload) {
        Ok(read) => read,
        Err(trouble) => {
            let what = text!("not a message of the protocol", "不是协议报文");
            return Explained { troubles: vec![trouble], ..Explained::of(what) };
        }
    };
    if frame.command == Command::Acknowledge && frame.p0.is_empty() {
        let what = text!("acknowledgement", "确认");
        return Explained {
            serial: frame.serial,
            troubles: cut.into_iter().collect(),
            ..Explained::of(what)
        };
    }
    let (p0, found) = match P0::decode(definition, frame.p0) {
        Ok(read) => read,
        Err(trouble) => {
            let troubles = cut.into_iter().chain([trouble]).collect();
            let data = Some(to_hex(frame.p0));
            let what = text!("unreadable content", "内容无法解析");
            return Explained { serial: frame.serial, data, troubles, ..Explained::of(what) };
        }
    };
    let mut troubles: Vec<Trouble> = cut.into_iter().chain(found).collect();
    let mut attrs = shown(definition, &p0.values, &mut troubles);
    let asked = p0.asked.iter().filter_map(|id| definition.with_id(*id));
    attrs.extend(asked.map(|datapoint| (datapoint.name.clone(), Value::Null)));
    let data = matches!(p0.action, Action::DataToDevice | Action::DataFromDevice).then(|| to_hex(&p0.data));
    Explained { what: what(p0.action), serial: frame.serial, attrs, data, troubles }
}

fn what(action: Action) -> Text {
    match action {
        Action::Control => text!("control", "控制"),
        Action::Read => text!("request for values", "读取状态"),
        Action::Answer => text!("answer to a request", "读取应答"),
        Action::Report => text!("report", "主动上报"),
        Action::DataToDevice => text!("data for the device", "透传下行"),
        Action::DataFromDevice => text!("data from the device", "透传上行"),
    }
}
