//! Understands a definition document, or says by its path what is wrong with it.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::Protocol;
use crate::device::datapoint::{DataType, Datapoint, Kind, NumberSpec};
use crate::device::decimal::Decimal;
use crate::device::layout::{Given, Layout};
use crate::{Error, Result, Text, text};

/// More than any product has; keeps a hostile document from costing memory for each message.
const MOST_DATAPOINTS: usize = 1024;
/// Greatest length of a binary datapoint, bytes.
const LONGEST_BINARY: u64 = 16_384;
/// Most texts of an enumeration.
const MOST_CHOICES: usize = 1024;
/// Longest name, characters.
const LONGEST_NAME: usize = 64;

/// An object of the document and the path to it.
struct At<'a> {
    path: String,
    object: &'a Map<String, Value>,
}

impl<'a> At<'a> {
    fn of(path: String, value: &'a Value) -> Result<Self> {
        match value {
            Value::Object(object) => Ok(Self { path, object }),
            _ => Err(Error::invalid(
                if path.is_empty() { "definition".into() } else { path },
                text!("must be an object", "应为对象"),
            )),
        }
    }

    fn path(&self, key: &str) -> String {
        if self.path.is_empty() { key.into() } else { format!("{}.{key}", self.path) }
    }

    fn refuse<T>(&self, key: &str, why: Text) -> Result<T> {
        Err(Error::invalid(self.path(key), why))
    }

    /// What is there; JSON `null` counts as nothing.
    fn get(&self, key: &str) -> Option<&'a Value> {
        self.object.get(key).filter(|value| !value.is_null())
    }

    fn need(&self, key: &str) -> Result<&'a Value> {
        self.get(key).ok_or_else(|| Error::missing(self.path(key)))
    }

    fn text(&self, key: &str) -> Result<Option<&'a str>> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => self.refuse(key, text!("must be text", "应为文本")),
        }
    }

    fn whole(&self, key: &str, most: u64) -> Result<Option<u64>> {
        let Some(value) = self.get(key) else { return Ok(None) };
        match value.as_u64().filter(|number| *number <= most) {
            Some(number) => Ok(Some(number)),
            None => self
                .refuse(key, text!("must be a whole number from 0 to {most}", "应为 0 到 {most} 之间的整数")),
        }
    }

    fn number(&self, key: &str) -> Result<Option<Decimal>> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let Value::Number(number) = value else {
            return self.refuse(key, text!("must be a number", "应为数字"));
        };
        match Decimal::from_number(number).filter(|decimal| decimal.places() <= 9) {
            Some(decimal) => Ok(Some(decimal)),
            None => self.refuse(
                key,
                text!(
                    "must be below 10^15 and have at most nine decimal places",
                    "应小于 10^15，且小数不超过九位"
                ),
            ),
        }
    }

    fn list(&self, key: &str) -> Result<&'a Vec<Value>> {
        match self.need(key)? {
            Value::Array(list) => Ok(list),
            _ => self.refuse(key, text!("must be a list", "应为数组")),
        }
    }
}

/// Reads the document; positions that are absent are written into it.
pub(super) fn document(document: &mut Value) -> Result<(Protocol, Vec<Datapoint>, Layout)> {
    let (protocol, read, given) = understand(document)?;
    let mut datapoints = read;
    let layout = match &given {
        Some(given) if protocol == Protocol::Fixed => Layout::given(&datapoints, given)?,
        _ => Layout::computed(&datapoints)?,
    };
    if given.is_none() {
        super::write::place(document, protocol, &datapoints, &layout);
    }
    datapoints.sort_by_key(|datapoint| datapoint.id);
    let layout = layout.sorted();
    Ok((protocol, datapoints, layout))
}

/// The datapoints in the order of the document, with their positions where it gives them.
fn understand(document: &Value) -> Result<(Protocol, Vec<Datapoint>, Option<Vec<Given>>)> {
    let top = At::of(String::new(), document)?;
    top.text("name")?;
    top.text("product_key")?;
    top.text("packetVersion")?;
    if let Some(ui) = top.get("ui") {
        At::of("ui".into(), ui)?;
    }
    let protocol = match top.text("protocolType")? {
        None | Some("standard") => Protocol::Fixed,
        Some("var_len") => Protocol::Variable,
        Some(_) => {
            return top.refuse(
                "protocolType",
                text!("must be \"standard\" or \"var_len\"", "应为 \"standard\" 或 \"var_len\""),
            );
        }
    };
    let [entity] = top.list("entities")?.as_slice() else {
        return top.refuse("entities", text!("must hold exactly one entity", "应恰好包含一个实体"));
    };
    let entity = At::of("entities[0]".into(), entity)?;
    entity.text("name")?;
    entity.text("display_name")?;
    entity.whole("id", u64::from(u32::MAX))?;
    let attrs = entity.list("attrs")?;
    if attrs.len() > MOST_DATAPOINTS {
        return entity.refuse(
            "attrs",
            text!("must hold at most {MOST_DATAPOINTS} datapoints", "最多包含 {MOST_DATAPOINTS} 个数据点"),
        );
    }
    let mut datapoints = Vec::with_capacity(attrs.len());
    let mut given = Vec::with_capacity(attrs.len());
    let (mut ids, mut names) = (HashSet::new(), HashSet::new());
    for (index, attr) in attrs.iter().enumerate() {
        let at = At::of(format!("entities[0].attrs[{index}]"), attr)?;
        let datapoint = datapoint(&at)?;
        if !ids.insert(datapoint.id) {
            return at.refuse("id", text!("must be unique", "不能重复"));
        }
        if !names.insert(datapoint.name.clone()) {
            return at.refuse("name", text!("must be unique", "不能重复"));
        }
        given.push(position(&at, protocol, &datapoint)?);
        datapoints.push(datapoint);
    }
    let places = given.iter().flatten().count();
    if places != 0 && places != given.len() {
        let index = given.iter().position(Option::is_none).unwrap_or_default();
        return Err(Error::invalid(
            format!("entities[0].attrs[{index}].position"),
            text!("must be given for all datapoints or for none", "应为所有数据点都给出，或都不给出"),
        ));
    }
    let given = given.into_iter().collect::<Option<Vec<_>>>().filter(|given| !given.is_empty());
    Ok((protocol, datapoints, given))
}

/// A datapoint by itself.
pub(super) fn one(attr: &Value) -> Result<Datapoint> {
    datapoint(&At::of(String::new(), attr)?)
}

fn datapoint(at: &At) -> Result<Datapoint> {
    at.need("id")?;
    let id = at.whole("id", u64::from(u16::MAX))?.unwrap_or_default();
    at.need("name")?;
    let name = at.text("name")?.unwrap_or_default();
    let plain = |letter: char| !letter.is_control() && !letter.is_whitespace() && letter != '.';
    if name.is_empty() || name.chars().count() > LONGEST_NAME || !name.chars().all(plain) {
        return at.refuse(
            "name",
            text!(
                "must be 1 to {LONGEST_NAME} characters without spaces and dots",
                "应为 1 到 {LONGEST_NAME} 个字符，不含空格和点"
            ),
        );
    }
    at.need("type")?;
    let Some(kind) = at.text("type")?.and_then(Kind::from_text) else {
        return at.refuse(
            "type",
            text!(
                "must be status_writable (W), status_readonly (R), alert (N) or fault (E)",
                "应为 status_writable（W）、status_readonly（R）、alert（N）或 fault（E）"
            ),
        );
    };
    let data_type = data_type(at)?;
    if matches!(kind, Kind::Alert | Kind::Fault) && data_type != DataType::Bool {
        return at.refuse(
            "data_type",
            text!("must be bool for an alert or a fault", "报警和故障的数据类型应为 bool"),
        );
    }
    Ok(Datapoint {
        id: u32::try_from(id).unwrap_or_default(),
        name: name.into(),
        display_name: at.text("display_name")?.unwrap_or(name).into(),
        desc: at.text("desc")?.unwrap_or_default().into(),
        kind,
        data_type,
    })
}

fn data_type(at: &At) -> Result<DataType> {
    at.need("data_type")?;
    match at.text("data_type")?.unwrap_or_default() {
        "bool" => Ok(DataType::Bool),
        "uint8" => Ok(DataType::Number(number_spec(at, 1)?)),
        "uint16" => Ok(DataType::Number(number_spec(at, 2)?)),
        "uint32" => Ok(DataType::Number(number_spec(at, 4)?)),
        "enum" => Ok(DataType::Enum(choices(at)?)),
        "binary" => {
            let position = At::of(at.path("position"), at.need("position")?)?;
            position.need("len")?;
            match position.whole("len", LONGEST_BINARY)?.unwrap_or_default() {
                0 => position.refuse("len", text!("must be at least 1", "不能小于 1")),
                len => Ok(DataType::Binary(usize::try_from(len).unwrap_or_default())),
            }
        }
        _ => at.refuse(
            "data_type",
            text!(
                "must be bool, uint8, uint16, uint32, enum or binary",
                "应为 bool、uint8、uint16、uint32、enum 或 binary"
            ),
        ),
    }
}

fn number_spec(at: &At, bytes: usize) -> Result<NumberSpec> {
    let all = NumberSpec { bytes, min: 0, max: 0, ratio: Decimal::ONE, addition: Decimal::ZERO };
    let capacity = all.capacity();
    let at = At::of(at.path("uint_spec"), at.need("uint_spec")?)?;
    let raw =
        |key| Ok::<_, Error>(at.whole(key, u64::from(capacity))?.and_then(|raw| u32::try_from(raw).ok()));
    let spec = NumberSpec {
        bytes,
        min: raw("min")?.unwrap_or(0),
        max: raw("max")?.unwrap_or(capacity),
        ratio: at.number("ratio")?.unwrap_or(Decimal::ONE),
        addition: at.number("addition")?.unwrap_or(Decimal::ZERO),
    };
    if spec.min > spec.max {
        return at.refuse("max", text!("must not be less than min", "不能小于 min"));
    }
    if !spec.ratio.is_positive() {
        return at.refuse("ratio", text!("must be more than 0", "应大于 0"));
    }
    // what a double still tells apart, for every raw value the bytes hold
    let digits = |raw| spec.shown(raw).units_at(spec.places()).unsigned_abs();
    if digits(0).max(digits(capacity)) >= 10_u128.pow(15) {
        return at.refuse(
            "ratio",
            text!("must leave shown values at most 15 digits", "应使显示值不超过 15 位数字"),
        );
    }
    Ok(spec)
}

fn choices(at: &At) -> Result<Vec<String>> {
    let list = at.list("enum")?;
    if list.is_empty() || list.len() > MOST_CHOICES {
        return at.refuse(
            "enum",
            text!("must hold 1 to {MOST_CHOICES} texts", "应包含 1 到 {MOST_CHOICES} 个文本"),
        );
    }
    let mut known = HashSet::new();
    let choice = |(index, choice): (usize, &Value)| {
        let key = format!("enum[{index}]");
        match choice {
            Value::String(text) if !known.insert(text.clone()) => {
                at.refuse(&key, text!("must be unique", "不能重复"))
            }
            Value::String(text) => Ok(text.clone()),
            _ => at.refuse(&key, text!("must be text", "应为文本")),
        }
    };
    list.iter().enumerate().map(choice).collect()
}

/// The position of a datapoint, with the size its type needs. A binary may give its length alone.
fn position(at: &At, protocol: Protocol, datapoint: &Datapoint) -> Result<Option<Given>> {
    let Some(value) = at.get("position") else { return Ok(None) };
    let at = At::of(at.path("position"), value)?;
    let byte = at.whole("byte_offset", u64::from(u16::MAX))?;
    let bit = at.whole("bit_offset", 7)?;
    let len = at.whole("len", LONGEST_BINARY)?;
    let bits = datapoint.data_type.bits();
    let unit = at.text("unit")?;
    let right = if bits.is_some() { "bit" } else { "byte" };
    if unit.is_some_and(|unit| unit != right) {
        return at
            .refuse("unit", text!("must be \"{right}\" for this data type", "该数据类型应为 \"{right}\""));
    }
    let (Some(byte), Some(len)) = (byte, len) else {
        if byte.is_none() && bit.is_none() {
            return Ok(None);
        }
        return Err(Error::missing(at.path(if byte.is_none() { "byte_offset" } else { "len" })));
    };
    let fits = match (&datapoint.data_type, bits) {
        // a position may leave an enumeration room to grow; without positions its length follows from its texts
        (DataType::Enum(_), Some(needed)) if protocol == Protocol::Fixed => {
            (u64::from(needed)..=16).contains(&len)
        }
        (_, Some(needed)) => len == u64::from(needed),
        (whole, None) => len == whole.bytes() as u64,
    };
    if !fits {
        let needed = bits.map_or(datapoint.data_type.bytes() as u64, u64::from);
        return at.refuse("len", text!("must be {needed} for this data type", "该数据类型应为 {needed}"));
    }
    let bit = bit.unwrap_or(0);
    if bits.is_none() && bit != 0 {
        return at.refuse("bit_offset", text!("must be 0 for whole bytes", "整字节数据应为 0"));
    }
    let size = |number: u64| usize::try_from(number).unwrap_or_default();
    Ok(Some(Given { path: at.path, byte: size(byte), bit: size(bit), len: size(len) }))
}
