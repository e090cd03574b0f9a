//! A list of device ids as clients send it.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{Error, Result, text};

/// Device ids: a JSON array, a text with such an array in it, or ids with commas between them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Dids(pub Vec<String>);

/// Most devices in one call.
pub const MAX_DIDS: usize = 1000;

impl Dids {
    /// Each id once, in the order given.
    pub fn check(self) -> Result<Vec<String>> {
        let ids = distinct(self.0);
        if ids.is_empty() {
            return Err(Error::missing("dids"));
        }
        if ids.len() > MAX_DIDS {
            return Err(Error::invalid(
                "dids",
                text!("must be at most {MAX_DIDS} devices", "一次最多 {MAX_DIDS} 台设备"),
            ));
        }
        Ok(ids)
    }
}

/// Each text once, blanks around it and empty ones left out.
pub fn distinct(texts: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let trimmed = texts.into_iter().map(|text| text.trim().to_owned());
    trimmed.filter(|text| !text.is_empty() && seen.insert(text.clone())).collect()
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Given {
    List(Vec<String>),
    Text(String),
}

impl<'de> Deserialize<'de> for Dids {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Given::deserialize(deserializer)? {
            Given::List(ids) => ids,
            Given::Text(text) => {
                serde_json::from_str(&text).unwrap_or_else(|_| text.split(',').map(str::to_owned).collect())
            }
        }))
    }
}

impl JsonSchema for Dids {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Dids".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
    }
}
