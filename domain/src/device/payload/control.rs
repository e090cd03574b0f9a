//! What a device is told: a request of the API or of a page, checked, and its bytes in the form the device speaks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::Form;
use crate::device::datapoint::{DataType, Datapoint, Kind, Misfit, Raw, from_hex, to_hex};
use crate::device::definition::Definition;
use crate::device::frame::Frame;
use crate::device::p0::{Action, P0, Packing, Values};
use crate::{Code, Error, Result, Text, text};

/// Longest raw command, bytes.
const LONGEST_RAW: usize = 65_000;

/// A checked request to control a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Values of writable datapoints.
    Values(Values),
    /// A P0 as it is: what follows the command.
    Raw(Vec<u8>),
}

/// A message for a device.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// How it is written: binary goes to `app2dev/{did}`, JSON to `millwright/{product_key}/{did}/down`.
    pub form: Form,
    /// Its bytes.
    pub payload: Vec<u8>,
    /// The datapoints it sets, as the API answers them; `None` for a raw command.
    pub attrs: Option<Map<String, Value>>,
}

impl Order {
    /// Reads a request: `attrs` or `raw`, and how `raw` is coded (section "remote control" of the Enterprise API). Each
    /// refusal names its parameter: `attrs.set_temp`, `raw[3]`.
    pub fn read(
        definition: &Definition,
        attrs: Option<&Value>,
        raw: Option<&Value>,
        binary_coding: Option<&str>,
    ) -> Result<Self> {
        match (attrs, raw) {
            (Some(_), Some(_)) => {
                Err(Error::invalid("raw", text!("must not be given beside attrs", "不能与 attrs 同时给出")))
            }
            (None, None) => Err(Error::invalid(
                "attrs",
                text!("must be given, or raw in its place", "应给出 attrs，或改用 raw"),
            )),
            (Some(attrs), None) => read_attrs(definition, attrs).map(Self::Values),
            (None, Some(raw)) => read_raw(raw, binary_coding).map(Self::Raw),
        }
    }

    /// The message for a device that speaks this form.
    pub fn encode(&self, definition: &Definition, form: Form) -> Outgoing {
        let attrs = self.attrs(definition);
        let packing = match form {
            Form::Fixed => Packing::Fixed,
            Form::Variable => Packing::Variable,
            Form::Json => {
                let message = match self {
                    Self::Values(_) => json!({ "attrs": attrs }),
                    Self::Raw(bytes) => json!({ "raw": to_hex(bytes) }),
                };
                return Outgoing { form, payload: message.to_string().into_bytes(), attrs };
            }
        };
        let p0 = match self {
            Self::Values(values) => {
                P0::of_values(Action::Control, packing, values.clone()).encode(definition)
            }
            Self::Raw(bytes) => bytes.clone(),
        };
        Outgoing { form, payload: Frame::to_device(&p0).encode(), attrs }
    }

    fn attrs(&self, definition: &Definition) -> Option<Map<String, Value>> {
        let Self::Values(values) = self else { return None };
        let attr = |(id, raw): (&u32, &Raw)| {
            let datapoint = definition.with_id(*id)?;
            Some((datapoint.name.clone(), datapoint.shown(raw)?))
        };
        Some(values.iter().filter_map(attr).collect())
    }
}

fn refuse<T>(code: Code, why: Text) -> Result<T> {
    Err(Error::Coded(code, why))
}

fn read_attrs(definition: &Definition, attrs: &Value) -> Result<Values> {
    let Value::Object(attrs) = attrs else {
        return Err(Error::invalid("attrs", text!("must be an object", "应为对象")));
    };
    if definition.is_empty() {
        return refuse(
            Code::DatapointDataNotFound,
            text!(
                "attrs needs datapoints, and the product defines none",
                "attrs 需要数据点，而该产品未定义数据点"
            ),
        );
    }
    if attrs.is_empty() {
        return refuse(
            Code::AttrsNotExist,
            text!("attrs must name at least one datapoint", "attrs 应至少包含一个数据点"),
        );
    }
    let mut values = Values::new();
    for (name, value) in attrs {
        let Some(datapoint) = definition.find(name) else {
            return refuse(
                Code::AttrsNotExist,
                text!("attrs.{name} is not a datapoint of the product", "attrs.{name} 不是该产品的数据点"),
            );
        };
        if datapoint.kind != Kind::Writable {
            return refuse(Code::AttrInvalid, text!("attrs.{name} cannot be written", "attrs.{name} 不可写"));
        }
        match datapoint.read(value) {
            Ok(raw) => values.insert(datapoint.id, raw),
            Err(refused) => return refuse(Code::AttrInvalid, rule(datapoint, refused.misfit)),
        };
    }
    Ok(values)
}

/// What a value of a datapoint must be.
fn rule(datapoint: &Datapoint, misfit: Misfit) -> Text {
    let name = &datapoint.name;
    match (&datapoint.data_type, misfit) {
        (DataType::Bool, _) => {
            text!("attrs.{name} must be true, false, 0 or 1", "attrs.{name} 应为 true、false、0 或 1")
        }
        (DataType::Number(spec), Misfit::Step) => {
            let (step, from) = (spec.ratio, spec.shown(0));
            text!(
                "attrs.{name} must be in steps of {step} from {from}",
                "attrs.{name} 应从 {from} 起以 {step} 为步长"
            )
        }
        (DataType::Number(spec), _) => {
            let (min, max) = (spec.shown(spec.min), spec.shown(spec.max));
            text!(
                "attrs.{name} must be a number from {min} to {max}",
                "attrs.{name} 应为 {min} 到 {max} 之间的数字"
            )
        }
        (DataType::Enum(choices), _) => {
            let last = choices.len().saturating_sub(1);
            let some: Vec<_> = choices.iter().take(8).map(String::as_str).collect();
            let (en, zh) = (some.join(", "), some.join("、"));
            let more = if choices.len() > some.len() { " …" } else { "" };
            text!(
                "attrs.{name} must be one of {en}{more} or an index from 0 to {last}",
                "attrs.{name} 应为 {zh}{more} 之一，或 0 到 {last} 的序号"
            )
        }
        (DataType::Binary(len), _) => {
            let digits = 2 * len;
            text!(
                "attrs.{name} must be at most {digits} hexadecimal digits",
                "attrs.{name} 应为最多 {digits} 位十六进制数字"
            )
        }
    }
}

fn read_raw(raw: &Value, binary_coding: Option<&str>) -> Result<Vec<u8>> {
    let bytes = match (binary_coding, raw) {
        (None, Value::Array(list)) => bytes_of(list)?,
        (None, _) => {
            return refuse(
                Code::RawDataError,
                text!(
                    "raw must be a list of numbers from 0 to 255, or text with a binary_coding",
                    "raw 应为 0 到 255 的数字数组，或配合 binary_coding 使用文本"
                ),
            );
        }
        (Some("hex"), Value::String(text)) => match from_hex(text) {
            Some(bytes) => bytes,
            None => {
                return refuse(
                    Code::RawDataError,
                    text!("raw must be pairs of hexadecimal digits", "raw 应为成对的十六进制数字"),
                );
            }
        },
        (Some("base64"), Value::String(text)) => match STANDARD.decode(text) {
            Ok(bytes) => bytes,
            Err(_) => {
                return refuse(Code::RawDataError, text!("raw must be base64", "raw 应为 base64 文本"));
            }
        },
        (Some("hex" | "base64"), _) => {
            return refuse(
                Code::RawDataError,
                text!("raw must be text in this binary_coding", "使用该 binary_coding 时 raw 应为文本"),
            );
        }
        (Some(_), _) => {
            return Err(Error::invalid(
                "binary_coding",
                text!("must be \"hex\" or \"base64\", or left out", "应为 \"hex\" 或 \"base64\"，或不填"),
            ));
        }
    };
    if bytes.is_empty() || bytes.len() > LONGEST_RAW {
        return refuse(
            Code::RawDataError,
            text!("raw must be 1 to {LONGEST_RAW} bytes", "raw 应为 1 到 {LONGEST_RAW} 字节"),
        );
    }
    Ok(bytes)
}

fn bytes_of(list: &[Value]) -> Result<Vec<u8>> {
    let byte = |(index, value): (usize, &Value)| match value.as_u64().and_then(|byte| u8::try_from(byte).ok())
    {
        Some(byte) => Ok(byte),
        None => refuse(
            Code::RawDataError,
            text!("raw[{index}] must be a whole number from 0 to 255", "raw[{index}] 应为 0 到 255 的整数"),
        ),
    };
    list.iter().enumerate().map(byte).collect()
}
