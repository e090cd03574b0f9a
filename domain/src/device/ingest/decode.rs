//! What a message says, checked against its product's datapoints.

use serde_json::{Map, Value};

use super::Form;
use crate::device::Definition;
use crate::device::payload::{Topic, read_report};
use crate::device::trouble::in_words;
use crate::time::Millis;

/// Longest account of what is wrong with a message.
const LONGEST: usize = 2000;

/// A message as far as it could be read.
pub(super) struct Decoded {
    /// When it happened, as the device says.
    pub ts: Option<Millis>,
    /// Its datapoints by name; `None` where it carries none.
    pub attrs: Option<Map<String, Value>>,
    /// The same as JSON.
    pub attrs_text: Option<String>,
    /// Form of the report: 1 binary of fixed length, 2 binary of variable length, 3 JSON; `None` for other messages.
    pub form: Option<i64>,
    /// What is not as it should be.
    pub trouble: Option<String>,
}

/// Reads a message. Without a definition it is kept as it came.
pub(super) fn decode(definition: Option<&Definition>, form: Form, payload: &[u8], at: Millis) -> Decoded {
    let Some(definition) = definition else {
        let trouble = Some("the product has no definition of datapoints".to_owned());
        return Decoded { ts: None, attrs: None, attrs_text: None, form: None, trouble };
    };
    let topic = match form {
        Form::Binary => Topic::Binary,
        Form::Json => Topic::Json,
    };
    let report = read_report(definition, topic, payload, at);
    let attrs = Some(report.attrs).filter(|attrs| !attrs.is_empty());
    let attrs_text = attrs.as_ref().and_then(|attrs| serde_json::to_string(attrs).ok());
    Decoded {
        ts: report.ts_given.then_some(report.ts),
        attrs,
        attrs_text,
        form: report.form.map(crate::device::Form::number),
        trouble: in_words(&report.troubles).map(|words| storable(&words)),
    }
}

/// Text that every database takes: a name that a device made up may hold anything.
fn storable(words: &str) -> String {
    words.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(LONGEST).collect()
}
