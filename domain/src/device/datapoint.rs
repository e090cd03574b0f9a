//! One datapoint of a product: what it is, which values it takes, and how a value is written for people.
//!
//! On the wire a value is a [`Raw`]; in the API, in the store and on a page it is JSON: a bool 0 or 1, an enumeration its
//! text, a number `raw × ratio + addition`, binary hexadecimal.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::decimal::Decimal;

/// Who may change a datapoint, and whether it speaks of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// W: read and written by those who use the device.
    #[serde(rename = "status_writable", alias = "W")]
    Writable,
    /// R: only reported.
    #[serde(rename = "status_readonly", alias = "R")]
    ReadOnly,
    /// N: 1 while something should be looked at.
    #[serde(rename = "alert", alias = "N")]
    Alert,
    /// E: 1 while something is broken.
    #[serde(rename = "fault", alias = "E")]
    Fault,
}

impl Kind {
    /// All of them, in the order of their bytes in a status.
    pub const ALL: [Self; 4] = [Self::Writable, Self::ReadOnly, Self::Alert, Self::Fault];

    /// Its place among [`Kind::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }

    /// The word of real definitions.
    pub fn word(self) -> &'static str {
        match self {
            Self::Writable => "status_writable",
            Self::ReadOnly => "status_readonly",
            Self::Alert => "alert",
            Self::Fault => "fault",
        }
    }

    /// The letter of the documentation.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Writable => "W",
            Self::ReadOnly => "R",
            Self::Alert => "N",
            Self::Fault => "E",
        }
    }

    /// The kind with this word or letter.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == text || kind.letter() == text)
    }
}

/// Limits and meaning of a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberSpec {
    /// Bytes on the wire: 1, 2 or 4.
    pub bytes: usize,
    /// Least raw value.
    pub min: u32,
    /// Greatest raw value.
    pub max: u32,
    /// What one step is in shown units.
    pub ratio: Decimal,
    /// What raw 0 is in shown units.
    pub addition: Decimal,
}

impl NumberSpec {
    /// The greatest number its bytes hold.
    pub fn capacity(&self) -> u32 {
        match self.bytes {
            1 => u32::from(u8::MAX),
            2 => u32::from(u16::MAX),
            _ => u32::MAX,
        }
    }

    /// Decimal places of a shown value.
    pub fn places(&self) -> u32 {
        self.ratio.places().max(self.addition.places())
    }

    /// Whether a raw value is within the limits.
    pub fn allows(&self, raw: u32) -> bool {
        (self.min..=self.max).contains(&raw)
    }

    /// `raw × ratio + addition`.
    pub fn shown(&self, raw: u32) -> Decimal {
        let places = self.places();
        Decimal::new(i128::from(raw) * self.ratio.units_at(places) + self.addition.units_at(places), places)
    }

    /// The raw value nearest to a shown one, and whether it is that one; `None` outside of what the bytes hold.
    fn nearest(&self, shown: Decimal) -> Option<(u32, bool)> {
        let places = self.places().max(shown.places());
        let above = shown.units_at(places) - self.addition.units_at(places);
        let step = self.ratio.units_at(places);
        let nearest = (2 * above + step).div_euclid(2 * step);
        let raw = u32::try_from(nearest).ok().filter(|raw| *raw <= self.capacity())?;
        // firmware calculates in binary fractions: a millionth of a step is theirs, not the operator's
        let exact = (above - nearest * step).abs() * 1_000_000 <= step;
        Some((raw, exact))
    }
}

/// Which values a datapoint takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataType {
    /// On or off.
    Bool,
    /// uint8, uint16 or uint32.
    Number(NumberSpec),
    /// One of these texts, in the order of their indices.
    Enum(Vec<String>),
    /// So many bytes whose meaning the product's maker knows.
    Binary(usize),
}

impl DataType {
    /// Its name in a definition.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Number(number) => match number.bytes {
                1 => "uint8",
                2 => "uint16",
                _ => "uint32",
            },
            Self::Enum(_) => "enum",
            Self::Binary(_) => "binary",
        }
    }

    /// Bits it needs in the bit area; `None` for what takes whole bytes.
    pub fn bits(&self) -> Option<u32> {
        match self {
            Self::Bool => Some(1),
            Self::Enum(options) => {
                Some((usize::BITS - options.len().saturating_sub(1).leading_zeros()).max(1))
            }
            Self::Number(_) | Self::Binary(_) => None,
        }
    }

    /// Whole bytes it takes after the bit area; 0 for what lies inside of it.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Number(number) => number.bytes,
            Self::Binary(len) => *len,
            Self::Bool | Self::Enum(_) => 0,
        }
    }
}

/// One datapoint of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Datapoint {
    /// Its number: the order of datapoints on the wire.
    pub id: u32,
    /// What programs call it; unique in the product.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// A remark of the product's maker.
    pub desc: String,
    /// Who may change it.
    pub kind: Kind,
    /// Which values it takes.
    pub data_type: DataType,
}

/// A value as it is on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Raw {
    /// 0 or 1 of a bool, index of an enumeration, raw number.
    Number(u32),
    /// Bytes of a binary.
    Bytes(Vec<u8>),
}

/// Why a value is not one of a datapoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Misfit {
    /// Not of the datapoint's type.
    Type,
    /// Outside of the limits.
    Range,
    /// Between two steps of the ratio.
    Step,
    /// Not one of the texts or indices of an enumeration.
    Choice,
    /// More bytes than a binary has.
    Length,
}

/// A value that does not fit, and the one that may stand for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What is wrong.
    pub misfit: Misfit,
    /// What can be kept of it: a number outside of the limits but inside its bytes, or the nearest step.
    pub nearest: Option<Raw>,
}

impl From<Misfit> for Refused {
    fn from(misfit: Misfit) -> Self {
        Self { misfit, nearest: None }
    }
}

impl Datapoint {
    /// The value as the API answers it; `None` for an index without a text, or a form that is not the datapoint's.
    pub fn shown(&self, raw: &Raw) -> Option<Value> {
        match (&self.data_type, raw) {
            (DataType::Bool, Raw::Number(bit @ (0 | 1))) => Some(Value::from(*bit)),
            (DataType::Number(spec), Raw::Number(raw)) if *raw <= spec.capacity() => {
                Some(Value::Number(spec.shown(*raw).to_number_with(spec.places())))
            }
            (DataType::Enum(options), Raw::Number(index)) => {
                options.get(*index as usize).map(|text| Value::from(text.as_str()))
            }
            (DataType::Binary(_), Raw::Bytes(bytes)) => Some(Value::String(to_hex(bytes))),
            _ => None,
        }
    }

    /// Whether a value read from the wire is within the limits of the definition.
    pub fn allows(&self, raw: &Raw) -> bool {
        match (&self.data_type, raw) {
            (DataType::Number(spec), Raw::Number(raw)) => spec.allows(*raw),
            _ => self.shown(raw).is_some(),
        }
    }

    /// Reads a value given in JSON. Takes `true`, `false`, 0 and 1 for a bool, a text or its index for an enumeration,
    /// a number in shown units, and hexadecimal text (filled up with zeros on the right) or a list of bytes for binary.
    pub fn read(&self, value: &Value) -> Result<Raw, Refused> {
        match &self.data_type {
            DataType::Bool => read_bool(value),
            DataType::Number(spec) => read_number(spec, value),
            DataType::Enum(options) => read_choice(options, value),
            DataType::Binary(len) => read_bytes(*len, value),
        }
    }
}

fn read_bool(value: &Value) -> Result<Raw, Refused> {
    let number = match value {
        Value::Bool(on) => return Ok(Raw::Number(u32::from(*on))),
        Value::Number(number) => Decimal::from_number(number).ok_or(Misfit::Range)?,
        _ => return Err(Misfit::Type.into()),
    };
    if number == Decimal::ZERO {
        Ok(Raw::Number(0))
    } else if number == Decimal::ONE {
        Ok(Raw::Number(1))
    } else {
        Err(Misfit::Range.into())
    }
}

fn read_number(spec: &NumberSpec, value: &Value) -> Result<Raw, Refused> {
    let Value::Number(number) = value else { return Err(Misfit::Type.into()) };
    let shown = Decimal::from_number(number).ok_or(Misfit::Range)?;
    let (raw, exact) = spec.nearest(shown).ok_or(Misfit::Range)?;
    if !spec.allows(raw) {
        return Err(Refused { misfit: Misfit::Range, nearest: Some(Raw::Number(raw)) });
    }
    if exact {
        Ok(Raw::Number(raw))
    } else {
        Err(Refused { misfit: Misfit::Step, nearest: Some(Raw::Number(raw)) })
    }
}

fn read_choice(options: &[String], value: &Value) -> Result<Raw, Refused> {
    let index = match value {
        Value::String(text) => options.iter().position(|option| option == text),
        Value::Number(number) => {
            let whole = Decimal::from_number(number).filter(|index| index.places() == 0);
            let index = whole.and_then(|index| usize::try_from(index.units_at(0)).ok());
            index.filter(|index| *index < options.len())
        }
        _ => return Err(Misfit::Type.into()),
    };
    let index = index.and_then(|index| u32::try_from(index).ok()).ok_or(Misfit::Choice)?;
    Ok(Raw::Number(index))
}

fn read_bytes(len: usize, value: &Value) -> Result<Raw, Refused> {
    let mut bytes = match value {
        Value::String(text) if text.len() > 2 * len => {
            let digits = text.bytes().all(|digit| digit.is_ascii_hexdigit());
            return Err(if digits { Misfit::Length } else { Misfit::Type }.into());
        }
        Value::String(text) => {
            let even = format!("{text}{}", "0".repeat(text.len() % 2));
            from_hex(&even).ok_or(Misfit::Type)?
        }
        Value::Array(list) if list.len() > len => return Err(Misfit::Length.into()),
        Value::Array(list) => {
            let byte = |byte: &Value| byte.as_u64().and_then(|byte| u8::try_from(byte).ok());
            list.iter().map(byte).collect::<Option<_>>().ok_or(Misfit::Type)?
        }
        _ => return Err(Misfit::Type.into()),
    };
    bytes.resize(len, 0);
    Ok(Raw::Bytes(bytes))
}

/// Bytes as hexadecimal text in lower case.
pub fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Hexadecimal text of either case as bytes; `None` for an odd number of digits or anything else.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes = text.as_bytes().chunks(2);
    bytes
        .map(|pair| if let [high, low] = pair { Some(digit(*high)? << 4 | digit(*low)?) } else { None })
        .collect()
}
