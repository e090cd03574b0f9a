//! The figures of a stretch of time.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::device::Datapoint;
use crate::device::view::Point;

/// Names of the datapoints that figures are made of.
pub(super) fn names(datapoints: &[Datapoint]) -> Vec<String> {
    let those = datapoints.iter().filter(|datapoint| Point::from(*datapoint).has_figures());
    those.map(|datapoint| datapoint.name.clone()).collect()
}

/// What a datapoint was in a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, sqlx::FromRow)]
pub(in crate::device) struct Figure {
    pub samples: i64,
    pub minimum: f64,
    pub maximum: f64,
    /// All values together.
    pub total: f64,
    pub first: f64,
    pub last: f64,
}

impl Figure {
    /// Of a single value.
    pub(super) fn of(value: f64) -> Self {
        Self { samples: 1, minimum: value, maximum: value, total: value, first: value, last: value }
    }

    /// Takes a later stretch in.
    pub(in crate::device) fn join(&mut self, later: &Self) {
        self.samples += later.samples;
        self.minimum = self.minimum.min(later.minimum);
        self.maximum = self.maximum.max(later.maximum);
        self.total += later.total;
        self.last = later.last;
    }
}

/// Figures by the name of their datapoint.
pub(super) type Figures = BTreeMap<String, Figure>;

/// Takes a later message in.
pub(super) fn add(figures: &mut Figures, names: &[String], attrs: &Map<String, Value>) {
    for name in names {
        let Some(value) = attrs.get(name).and_then(number) else { continue };
        let figure = Figure::of(value);
        figures.entry(name.clone()).and_modify(|known| known.join(&figure)).or_insert(figure);
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64().filter(|number| number.is_finite()),
        Value::Bool(on) => Some(f64::from(u8::from(*on))),
        _ => None,
    }
}
