//! A datapoint as the pages need it, read from a product's definition.

use serde::{Deserialize, Serialize};
use serde_json::Value;

#[cfg(feature = "server")]
use crate::device::Definition;
use crate::device::{DataType, Datapoint, Kind};

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

    /// Whether figures of its hours and days are kept: of numbers, and of what is on or off. Of faults and alarms every
    /// single occurrence is kept.
    pub fn has_figures(&self) -> bool {
        match self.takes {
            PointType::Number { .. } => true,
            PointType::Bool => !matches!(self.kind, Kind::Alert | Kind::Fault),
            PointType::Enum(_) | PointType::Binary => false,
        }
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

/// The datapoint whose history is shown until another is chosen: the first number, else the first that can be drawn.
pub fn first_drawn(points: &[Point]) -> Option<&Point> {
    points.iter().find(|point| point.is_number()).or_else(|| points.iter().find(|point| point.drawn()))
}

/// The datapoints of a definition, in its order; none where it is not one.
#[cfg(feature = "server")]
pub(super) fn points(definition: &str) -> Vec<Point> {
    let definition = Definition::parse(definition);
    definition.map(|definition| definition.datapoints().iter().map(Point::from).collect()).unwrap_or_default()
}

impl From<&Datapoint> for Point {
    fn from(datapoint: &Datapoint) -> Self {
        let takes = match &datapoint.data_type {
            DataType::Bool => PointType::Bool,
            DataType::Number(spec) => PointType::Number {
                min: spec.shown(spec.min).to_f64(),
                max: spec.shown(spec.max).to_f64(),
                step: spec.ratio.to_f64(),
            },
            DataType::Enum(words) => PointType::Enum(words.clone()),
            DataType::Binary(_) => PointType::Binary,
        };
        let title = Some(&datapoint.display_name).filter(|title| !title.trim().is_empty());
        Self {
            title: title.unwrap_or(&datapoint.name).clone(),
            name: datapoint.name.clone(),
            kind: datapoint.kind,
            word: datapoint.data_type.word().to_owned(),
            takes,
        }
    }
}
