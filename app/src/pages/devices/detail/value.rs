//! Values of datapoints as people read them.

use domain::device::view::{Point, PointType};
use leptos::serde_json::Value;

use crate::words::{tu_string, words};

/// A value of a datapoint.
pub fn shown(point: Option<&Point>, value: &Value) -> String {
    let switch = point.is_some_and(|point| point.takes == PointType::Bool);
    match value {
        Value::Bool(true) => tu_string!(words(), device.on).to_owned(),
        Value::Bool(false) => tu_string!(words(), device.off).to_owned(),
        Value::Number(number) if switch => {
            if number.as_f64() == Some(0.0) {
                tu_string!(words(), device.off).to_owned()
            } else {
                tu_string!(words(), device.on).to_owned()
            }
        }
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), figure),
        Value::String(text) => text.clone(),
        Value::Null => "—".to_owned(),
        other => other.to_string(),
    }
}

/// A number without needless decimals, its sign a minus.
pub fn figure(number: f64) -> String {
    let text = format!("{:.6}", number.abs());
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let minus = if number < 0.0 && text != "0" { "\u{2212}" } else { "" };
    format!("{minus}{text}")
}

/// Which values a datapoint takes, in words.
pub fn range(point: &Point) -> String {
    match &point.takes {
        PointType::Bool => {
            format!("{} / {}", tu_string!(words(), device.on), tu_string!(words(), device.off))
        }
        PointType::Number { min, max, .. } => format!("{}–{}", figure(*min), figure(*max)),
        PointType::Enum(choices) => choices.join(" / "),
        PointType::Binary => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn figures_have_no_needless_decimals() {
        assert_eq!(figure(6.0), "6");
        assert_eq!(figure(-0.5), "\u{2212}0.5");
        assert_eq!(figure(0.1 + 0.2), "0.3");
        assert_eq!(figure(-0.000_000_01), "0");
        assert_eq!(figure(1200.0), "1200");
    }
}
