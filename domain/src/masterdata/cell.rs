//! Values: how what a caller writes becomes what is stored and compared.

use serde_json::Value as Json;

use super::{NamedValue, Property, PropertyLimit, PropertyType};
use crate::{Error, Result, text};

/// Characters of a STRING value whose property has no `len`.
pub const MAX_TEXT: i64 = 4000;
/// Characters of a unique key.
pub const MAX_KEY: i64 = 255;
/// Values of one property of one record.
pub const MAX_VALUES: usize = 100;
/// Characters of a text that its index holds.
pub const KEY_PREFIX: usize = 64;
/// 2^53: beyond it a DOUBLE PRECISION does not hold every whole number.
const EXACT: i64 = 1 << 53;

/// One value in its only form: equal values have equal texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Atom {
    /// As text; of a reference the unique key or code it points to.
    pub text: String,
    /// As number, when the property is one.
    pub number: Option<f64>,
}

impl Atom {
    /// The beginning of the text, as the index holds it.
    pub fn key(&self) -> String {
        key_of(&self.text)
    }
}

/// The beginning of a text, as the index holds it.
pub fn key_of(text: &str) -> String {
    text.chars().take(KEY_PREFIX).collect()
}

/// Reads what a caller wrote for a property: no value for `null` and `""`, several only for an array. `param` names it
/// in a refusal.
pub fn read(property: &Property, value: &Json, param: &str) -> Result<Vec<Atom>> {
    let values = if property.array { spread(value) } else { vec![value.clone()] };
    if values.len() > MAX_VALUES {
        return Err(Error::invalid(
            param,
            text!("holds more than {MAX_VALUES} values", "取值不能超过 {MAX_VALUES} 个"),
        ));
    }
    let present = values.iter().filter(|v| !matches!(v, Json::Null) && v.as_str() != Some(""));
    present.map(|v| within_limits(property, atom(property.kind, v, param)?, param)).collect()
}

/// A list, a list as JSON text, or a single value.
fn spread(value: &Json) -> Vec<Json> {
    let parsed =
        value.as_str().filter(|s| s.trim_start().starts_with('[')).map(serde_json::from_str::<Vec<Json>>);
    match (value, parsed) {
        (Json::Array(values), _) => values.clone(),
        (_, Some(Ok(values))) => values,
        _ => vec![value.clone()],
    }
}

/// One value of this type, limits aside: also what conditions compare with.
pub fn atom(kind: PropertyType, value: &Json, param: &str) -> Result<Atom> {
    let plain = match value {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        Json::Bool(true) => "true".into(),
        Json::Bool(false) => "false".into(),
        Json::Null | Json::Array(_) | Json::Object(_) => {
            return Err(Error::invalid(param, text!("must be one plain value", "应为单个值")));
        }
    };
    check_text(&plain, param)?;
    match kind {
        PropertyType::Integer => integer(&plain, param),
        PropertyType::Double => double(&plain, param),
        PropertyType::Boolean => boolean(&plain, param),
        PropertyType::String
        | PropertyType::Enum
        | PropertyType::MasterData
        | PropertyType::Factory
        | PropertyType::Technology
        | PropertyType::Warehouse => Ok(Atom { text: plain, number: None }),
    }
}

/// Refuses what no database takes: the NUL character, and texts without end.
pub fn check_text(text: &str, param: &str) -> Result<()> {
    if text.contains('\0') {
        return Err(Error::invalid(param, text!("must not contain the NUL character", "不能包含 NUL 字符")));
    }
    check_length(text, MAX_TEXT, param)
}

/// Refuses a text of more than `max` characters.
pub fn check_length(text: &str, max: i64, param: &str) -> Result<()> {
    if i64::try_from(text.chars().count()).is_ok_and(|length| length <= max) {
        return Ok(());
    }
    Err(Error::invalid(param, text!("must have at most {max} characters", "长度不能超过 {max} 个字符")))
}

fn integer(plain: &str, param: &str) -> Result<Atom> {
    let trimmed = plain.trim();
    // A client that only knows floating-point numbers writes 5 as 5.0.
    let whole =
        trimmed.split_once('.').filter(|(_, rest)| rest.bytes().all(|b| b == b'0')).map_or(trimmed, |p| p.0);
    let number = whole.parse::<i64>().ok().filter(|n| (-EXACT..=EXACT).contains(n));
    let number = number.ok_or_else(|| {
        Error::invalid(param, text!("must be a whole number below 2^53", "应为 2^53 以内的整数"))
    })?;
    Ok(Atom { text: number.to_string(), number: Some(number as f64) })
}

fn double(plain: &str, param: &str) -> Result<Atom> {
    let number = plain.trim().parse::<f64>().ok().filter(|n| n.is_finite());
    let number = number.ok_or_else(|| Error::invalid(param, text!("must be a number", "应为数字")))?;
    // Negative zero equals zero, so it must not be written differently.
    let number = if number == 0.0 { 0.0 } else { number };
    let plain = (1e-6..1e15).contains(&number.abs()) || number == 0.0;
    Ok(Atom { text: if plain { format!("{number}") } else { format!("{number:e}") }, number: Some(number) })
}

fn boolean(plain: &str, param: &str) -> Result<Atom> {
    let text = match plain.trim() {
        "1" => "true",
        "0" => "false",
        t if t.eq_ignore_ascii_case("true") => "true",
        t if t.eq_ignore_ascii_case("false") => "false",
        _ => return Err(Error::invalid(param, text!("must be true or false", "应为 true 或 false"))),
    };
    Ok(Atom { text: text.into(), number: None })
}

fn within_limits(property: &Property, atom: Atom, param: &str) -> Result<Atom> {
    let limit = &property.limit;
    match property.kind {
        PropertyType::String => check_length(&atom.text, limit.len.unwrap_or(MAX_TEXT), param)?,
        PropertyType::Integer | PropertyType::Double => check_range(limit, atom.number, param)?,
        PropertyType::Enum => {
            check_choice(limit.enum_values.as_deref().unwrap_or_default(), &atom.text, param)?;
        }
        PropertyType::Boolean
        | PropertyType::MasterData
        | PropertyType::Factory
        | PropertyType::Technology
        | PropertyType::Warehouse => {}
    }
    if property.is_unique {
        check_length(&atom.text, MAX_KEY, param)?;
    }
    Ok(atom)
}

fn check_range(limit: &PropertyLimit, number: Option<f64>, param: &str) -> Result<()> {
    let Some(number) = number else { return Ok(()) };
    if let Some(min) = limit.min.filter(|min| number < *min) {
        return Err(Error::invalid(param, text!("must be {min} or more", "不能小于 {min}")));
    }
    if let Some(max) = limit.max.filter(|max| number > *max) {
        return Err(Error::invalid(param, text!("must be {max} or less", "不能大于 {max}")));
    }
    Ok(())
}

fn check_choice(values: &[NamedValue], text: &str, param: &str) -> Result<()> {
    let known: Vec<&str> = values.iter().filter_map(|v| v.value.as_deref()).collect();
    if known.contains(&text) {
        return Ok(());
    }
    let list = known.join(", ");
    Err(Error::invalid(param, text!("must be one of {list}", "应为以下之一：{list}")))
}
