//! What a definition of metadata must be.

use std::collections::HashSet;

use serde_json::Value as Json;

use super::cell::{self, MAX_KEY, MAX_TEXT};
use super::definition::PropertyParam;
use super::{NamedValue, Property, PropertyLimit, PropertyType};
use crate::{Error, Result, text};

/// Properties of one metadata.
pub const MAX_PROPERTIES: usize = 200;
/// Values of one enumeration.
pub const MAX_ENUM_VALUES: usize = 500;
const MAX_NAME: i64 = 64;
const MAX_DESCRIPTION: i64 = 512;

/// The name of metadata without surrounding blanks.
pub fn name(written: &str) -> Result<String> {
    required("name", written, MAX_NAME)
}

/// The description of metadata.
pub fn description(written: Option<String>) -> Result<Option<String>> {
    if let Some(text) = &written {
        cell::check_text(text, "description")?;
        cell::check_length(text, MAX_DESCRIPTION, "description")?;
    }
    Ok(written.filter(|text| !text.is_empty()))
}

/// The properties that a caller describes, in order, their ids still 0.
pub fn properties(written: &[PropertyParam], prefix_nested: bool) -> Result<Vec<Property>> {
    let properties = additional(written)?;
    check_whole(&properties, prefix_nested)?;
    Ok(properties)
}

/// The properties that a caller describes for built-in metadata, whose own ones need not be among them.
pub fn additional(written: &[PropertyParam]) -> Result<Vec<Property>> {
    if written.len() > MAX_PROPERTIES {
        return Err(Error::invalid(
            "properties",
            text!("holds more than {MAX_PROPERTIES} properties", "属性不能超过 {MAX_PROPERTIES} 个"),
        ));
    }
    let read = written.iter().zip(0_i64..).map(|(param, i)| property(param, i));
    let properties = read.collect::<Result<Vec<_>>>()?;
    let mut seen = HashSet::new();
    for (i, property) in properties.iter().enumerate() {
        if !seen.insert(property.code.as_str()) {
            let code = &property.code;
            let param = format!("properties[{i}].propertyCode");
            return Err(Error::invalid(param, text!("{code} is given twice", "{code} 重复")));
        }
    }
    Ok(properties)
}

/// What holds for all properties together (section 17.6): one unique key, one display property, a unique key of texts
/// where keys are nested.
pub fn check_whole(properties: &[Property], prefix_nested: bool) -> Result<()> {
    let mut unique = properties.iter().filter(|property| property.is_unique);
    let (Some(key), None) = (unique.next(), unique.next()) else {
        return Err(Error::invalid(
            "properties",
            text!(
                "exactly one property must be the unique key (isUnique)",
                "必须且只能有一个唯一键（isUnique）"
            ),
        ));
    };
    if properties.iter().filter(|property| property.display).count() != 1 {
        return Err(Error::invalid(
            "properties",
            text!("exactly one property must be the display property", "必须且只能有一个展示属性（display）"),
        ));
    }
    if prefix_nested && key.kind != PropertyType::String {
        return Err(Error::invalid(
            "prefixNested",
            text!("needs a unique key of type STRING", "要求唯一键为 STRING 类型"),
        ));
    }
    Ok(())
}

fn property(written: &PropertyParam, index: i64) -> Result<Property> {
    let at = |field: &str| format!("properties[{index}].{field}");
    let code = required(&at("propertyCode"), &written.property_code, MAX_NAME)?;
    check_code(&code, &at("propertyCode"))?;
    let kind = PropertyType::from_name(&written.property_type).ok_or_else(|| {
        let list = PropertyType::ALL.map(PropertyType::as_str).join(", ");
        Error::invalid(at("propertyType"), text!("must be one of {list}", "应为以下之一：{list}"))
    })?;
    let property = Property {
        id: 0,
        code,
        description: required(&at("propertyDesc"), &written.property_desc, 2 * MAX_NAME)?,
        kind,
        is_unique: written.is_unique,
        nullable: written.is_null,
        array: written.array,
        display: written.display,
        default: Some(written.default_value.clone()).filter(|text| !text.is_empty()),
        limit: limit(kind, written.property_limit.clone(), &at("propertyLimit"))?,
        index: written.property_index.unwrap_or(index + 1),
        builtin: false,
    };
    if property.is_unique {
        check_key(&property, &at)?;
    }
    if let Some(default) = &property.default {
        cell::read(&property, &Json::from(default.as_str()), &at("defaultValue"))?;
    }
    Ok(property)
}

fn required(param: &str, written: &str, max: i64) -> Result<String> {
    let trimmed = written.trim();
    if trimmed.is_empty() {
        return Err(Error::missing(param));
    }
    cell::check_text(trimmed, param)?;
    cell::check_length(trimmed, max, param)?;
    Ok(trimmed.to_owned())
}

fn check_code(code: &str, param: &str) -> Result<()> {
    if code.to_ascii_lowercase().starts_with("dap_") {
        return Err(Error::invalid(
            param,
            text!("dap_ begins the columns of the platform", "dap_ 为平台保留前缀"),
        ));
    }
    let well_formed = code.starts_with(|c: char| c.is_ascii_alphabetic())
        && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if well_formed {
        return Ok(());
    }
    Err(Error::invalid(
        param,
        text!(
            "must be ASCII letters, digits and underscores, a letter first",
            "应由英文字母、数字和下划线组成，且以字母开头"
        ),
    ))
}

fn check_key(property: &Property, at: &dyn Fn(&str) -> String) -> Result<()> {
    if !matches!(property.kind, PropertyType::String | PropertyType::Integer | PropertyType::Enum) {
        return Err(Error::invalid(
            at("propertyType"),
            text!(
                "the unique key must be STRING, INTEGER or ENUM",
                "唯一键应为 STRING、INTEGER 或 ENUM 类型"
            ),
        ));
    }
    if property.array {
        return Err(Error::invalid(at("array"), text!("the unique key has one value", "唯一键不能为多值")));
    }
    if property.nullable {
        return Err(Error::invalid(at("isNull"), text!("the unique key must not be null", "唯一键不能为空")));
    }
    if property.default.is_some() {
        return Err(Error::invalid(
            at("defaultValue"),
            text!("the unique key has no default", "唯一键不能有默认值"),
        ));
    }
    if property.limit.len.is_some_and(|len| len > MAX_KEY) {
        return Err(Error::invalid(
            at("propertyLimit.len"),
            text!("a unique key has at most {MAX_KEY} characters", "唯一键不能超过 {MAX_KEY} 个字符"),
        ));
    }
    Ok(())
}

/// The limits that matter for this type; others are left out.
fn limit(kind: PropertyType, written: PropertyLimit, at: &str) -> Result<PropertyLimit> {
    let none = PropertyLimit::default();
    match kind {
        PropertyType::String => {
            if written.len.is_some_and(|len| !(1..=MAX_TEXT).contains(&len)) {
                return Err(Error::invalid(
                    format!("{at}.len"),
                    text!("must be 1 to {MAX_TEXT}", "应为 1 至 {MAX_TEXT}"),
                ));
            }
            Ok(PropertyLimit { len: written.len, ..none })
        }
        PropertyType::Integer | PropertyType::Double => {
            if let (Some(min), Some(max)) = (written.min, written.max)
                && min > max
            {
                return Err(Error::invalid(
                    format!("{at}.max"),
                    text!("must not be less than min", "不能小于 min"),
                ));
            }
            Ok(PropertyLimit { min: written.min, max: written.max, ..none })
        }
        PropertyType::Enum => {
            let enum_values =
                Some(enum_values(written.enum_values.unwrap_or_default(), &format!("{at}.enumValues"))?);
            Ok(PropertyLimit { enum_values, ..none })
        }
        PropertyType::Boolean => {
            if let Some(values) = &written.boolean_values {
                check_boolean_values(values, &format!("{at}.booleanValues"))?;
            }
            Ok(PropertyLimit { boolean_values: written.boolean_values, ..none })
        }
        PropertyType::MasterData => {
            let data_id = Some(written.data_id.ok_or_else(|| Error::missing(format!("{at}.dataId")))?);
            Ok(PropertyLimit { data_id, ..none })
        }
        PropertyType::Factory => {
            let known = ["FACTORY", "WORKSHOP", "BELTLINE", "MACHINING_CENTER"];
            let factory_type = Some(level(written.factory_type, &known, format!("{at}.factoryType"))?);
            Ok(PropertyLimit { factory_type, ..none })
        }
        PropertyType::Technology => {
            let known = ["TECHNOLOGY", "PROCESS", "STEP"];
            let technology_type =
                Some(level(written.technology_type, &known, format!("{at}.technologyType"))?);
            Ok(PropertyLimit { technology_type, ..none })
        }
        PropertyType::Warehouse => {
            let known = ["WAREHOUSE", "AREA", "LOCATION"];
            let warehouse_type = Some(level(written.warehouse_type, &known, format!("{at}.warehouseType"))?);
            Ok(PropertyLimit { warehouse_type, ..none })
        }
    }
}

fn level(written: Option<String>, known: &[&str], param: String) -> Result<String> {
    match written.filter(|text| !text.is_empty()) {
        Some(text) if known.contains(&text.as_str()) => Ok(text),
        Some(_) => {
            let list = known.join(", ");
            Err(Error::invalid(param, text!("must be one of {list}", "应为以下之一：{list}")))
        }
        None => Err(Error::missing(param)),
    }
}

fn enum_values(written: Vec<NamedValue>, param: &str) -> Result<Vec<NamedValue>> {
    if written.is_empty() {
        return Err(Error::missing(param));
    }
    if written.len() > MAX_ENUM_VALUES {
        return Err(Error::invalid(
            param,
            text!("holds more than {MAX_ENUM_VALUES} values", "取值不能超过 {MAX_ENUM_VALUES} 个"),
        ));
    }
    let mut seen = HashSet::new();
    for (i, named) in written.iter().enumerate() {
        let at = format!("{param}[{i}].value");
        let value = named.value.as_deref().unwrap_or_default();
        if value.is_empty() {
            return Err(Error::missing(at));
        }
        cell::check_text(value, &at)?;
        cell::check_length(value, MAX_KEY, &at)?;
        check_remark(named, &format!("{param}[{i}].remark"))?;
        if !seen.insert(value) {
            return Err(Error::invalid(at, text!("{value} is given twice", "{value} 重复")));
        }
    }
    Ok(written)
}

fn check_boolean_values(values: &[NamedValue], param: &str) -> Result<()> {
    let mut seen = HashSet::new();
    for (i, named) in values.iter().enumerate() {
        let at = format!("{param}[{i}].value");
        let value = named.value.as_deref().unwrap_or_default();
        let atom = cell::atom(PropertyType::Boolean, &Json::from(value), &at)?;
        check_remark(named, &format!("{param}[{i}].remark"))?;
        if !seen.insert(atom.text) {
            return Err(Error::invalid(at, text!("{value} is given twice", "{value} 重复")));
        }
    }
    Ok(())
}

fn check_remark(named: &NamedValue, param: &str) -> Result<()> {
    let remark = named.remark.as_deref().unwrap_or_default();
    cell::check_text(remark, param)?;
    cell::check_length(remark, MAX_DESCRIPTION, param)
}
