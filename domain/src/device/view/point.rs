//! A datapoint as the pages need it, read from a product's definition.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a datapoint is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Read and written.
    Writable,
    /// Read only.
    ReadOnly,
    /// Something should be looked at.
    Alarm,
    /// Something is broken.
    Fault,
}

impl Kind {
    /// Its letter in the documentation.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Writable => "W",
            Self::ReadOnly => "R",
            Self::Alarm => "N",
            Self::Fault => "E",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "W" | "status_writable" => Self::Writable,
            "N" | "alert" => Self::Alarm,
            "E" | "fault" => Self::Fault,
            _ => Self::ReadOnly,
        }
    }
}

/// Which values it takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PointType {
    /// 0 or 1.
    Bool,
    /// A number, as shown: least, greatest, and what one step is.
    Number {
        /// Least value.
        min: f64,
        /// Greatest value.
        max: f64,
        /// What one step is.
        step: f64,
    },
    /// One of these words.
    Enum(Vec<String>),
    /// Bytes.
    Binary,
}

/// A datapoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Its name on the wire.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub kind: Kind,
    /// Its type as the definition names it.
    pub word: String,
    /// Which values it takes.
    pub takes: PointType,
}

impl Point {
    /// Whether its history is a line of numbers.
    pub fn is_number(&self) -> bool {
        matches!(self.takes, PointType::Number { .. })
    }

    /// Whether it has a history that can be drawn.
    pub fn drawn(&self) -> bool {
        self.takes != PointType::Binary
    }

    /// A value as a number: that of a number, 0 or 1 of a bool, the place of an enumeration's word.
    pub fn figure(&self, value: &Value) -> Option<f64> {
        match (value, &self.takes) {
            (Value::Bool(on), _) => Some(f64::from(u8::from(*on))),
            (Value::Number(number), _) => number.as_f64(),
            (Value::String(word), PointType::Enum(words)) => words
                .iter()
                .position(|known| known == word)
                .and_then(|at| u32::try_from(at).ok())
                .map(f64::from),
            _ => None,
        }
    }
}

/// The datapoints of a definition, in its order; none where it is not one.
#[cfg(feature = "server")]
pub(super) fn points(definition: &str) -> Vec<Point> {
    let Ok(definition) = serde_json::from_str::<Value>(definition) else { return Vec::new() };
    let entities = definition.get("entities").and_then(Value::as_array);
    let attrs = entities.into_iter().flatten().filter_map(|entity| entity.get("attrs")?.as_array());
    attrs.flatten().filter_map(point).collect()
}

#[cfg(feature = "server")]
fn point(attr: &Value) -> Option<Point> {
    let text = |name: &str| attr.get(name).and_then(Value::as_str);
    let name = text("name")?.to_owned();
    let word = text("data_type").unwrap_or_default().to_owned();
    let takes = match word.as_str() {
        "bool" => PointType::Bool,
        "enum" => {
            let words = attr.get("enum").and_then(Value::as_array);
            PointType::Enum(
                words.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
            )
        }
        "uint8" | "uint16" | "uint32" => {
            let spec =
                |field: &str| attr.get("uint_spec").and_then(|spec| spec.get(field)).and_then(Value::as_f64);
            let (ratio, addition) = (spec("ratio").unwrap_or(1.0), spec("addition").unwrap_or(0.0));
            let shown = |raw: f64| rounded(raw * ratio + addition);
            PointType::Number {
                min: shown(spec("min").unwrap_or(0.0)),
                max: shown(spec("max").unwrap_or(f64::from(u32::MAX))),
                step: ratio,
            }
        }
        _ => PointType::Binary,
    };
    let title = text("display_name").filter(|title| !title.trim().is_empty()).unwrap_or(&name).to_owned();
    Some(Point { kind: Kind::of(text("type").unwrap_or_default()), title, name, word, takes })
}

/// Without what binary fractions add: steps are decimal.
#[cfg(feature = "server")]
fn rounded(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}
