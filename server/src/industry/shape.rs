//! Reading parameters as the types they are declared with, whatever JSON types a client sent.
//!
//! The shape of an endpoint's parameters is compiled once from their schema. Walking a value along it turns `"5"` into 5,
//! `"true"` into true, JSON in a text into the list or object it stands for, a number into text where text is meant, and
//! `""` into null where null is allowed. Parameters that nobody declared are ignored. What cannot be read is refused by
//! name.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use domain::{Error, Result, text};
use schemars::Schema;
use serde_json::{Map, Number, Value};

/// Deeper values are refused: a text may hold JSON whose texts hold JSON, so the parser's own limit is not enough.
const DEPTH: usize = 64;
/// Whole numbers up to here are exact in a floating-point spelling such as `5.0` or `1e3`.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The shape of an endpoint's parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// The whole.
    pub root: Kind,
    /// Named parts that kinds refer to, so that a part may contain itself.
    named: BTreeMap<String, Kind>,
}

/// What a value is read as.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Anything: left as it is.
    Any,
    /// Text; one of these, unless the list is empty.
    Text(Vec<String>),
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A list.
    List(Box<Kind>),
    /// An object with any keys.
    Map(Box<Kind>),
    /// An object with these fields.
    Object(Vec<Field>),
    /// This, or null.
    Nullable(Box<Kind>),
    /// A named part.
    Named(String),
}

/// A field of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name on the wire.
    pub name: String,
    /// What it is read as.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
}

impl Shape {
    /// Compiles a schema; `definitions` are the parts it refers to.
    pub fn compile(schema: &Schema, definitions: &Map<String, Value>) -> Self {
        let mut shape = Self { root: kind(schema.as_value()), named: BTreeMap::new() };
        let mut open = Vec::new();
        names(&shape.root, &mut open);
        while let Some(name) = open.pop() {
            if let Entry::Vacant(place) = shape.named.entry(name) {
                let part = definitions.get(place.key()).map_or(Kind::Any, kind);
                names(&part, &mut open);
                place.insert(part);
            }
        }
        shape
    }

    /// A kind with its name resolved and without its "or null".
    pub fn resolve<'a>(&'a self, kind: &'a Kind) -> &'a Kind {
        match kind {
            Kind::Named(name) => self.named.get(name).map_or(&Kind::Any, |kind| self.resolve(kind)),
            Kind::Nullable(inner) => self.resolve(inner),
            other => other,
        }
    }

    /// The fields of the whole.
    pub fn fields(&self) -> &[Field] {
        match self.resolve(&self.root) {
            Kind::Object(fields) => fields,
            _ => &[],
        }
    }

    /// The field of the whole with this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields().iter().find(|field| field.name == name)
    }

    /// Reads a value.
    pub fn read(&self, path: &str, value: Value) -> Result<Value> {
        // A service without parameters takes null.
        if self.resolve(&self.root) == &Kind::Any {
            return Ok(Value::Null);
        }
        Reader { shape: self, depth: 0 }.read(path, &self.root, value)
    }
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    shape: &'a Shape,
    depth: usize,
}

impl Reader<'_> {
    fn read(self, path: &str, kind: &Kind, value: Value) -> Result<Value> {
        match kind {
            Kind::Named(name) => match self.shape.named.get(name) {
                Some(kind) => self.read(path, kind, value),
                None => Ok(value),
            },
            Kind::Nullable(_) if is_nothing(&value) => Ok(Value::Null),
            Kind::Nullable(inner) => self.read(path, inner, value),
            Kind::Any => Ok(value),
            Kind::Text(choices) => text_of(path, choices, value),
            Kind::Integer => integer(path, &value),
            Kind::Number => number(path, &value),
            Kind::Boolean => boolean(path, &value),
            Kind::List(item) => self.list(path, item, value),
            Kind::Map(item) => self.map(path, item, value),
            Kind::Object(fields) => self.object(path, fields, value),
        }
    }

    fn deeper(self, path: &str) -> Result<Self> {
        if self.depth >= DEPTH {
            return Err(Error::invalid(path, text!("is nested too deeply", "嵌套过深")));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }

    fn list(self, path: &str, item: &Kind, value: Value) -> Result<Value> {
        let inner = self.deeper(path)?;
        let Value::Array(items) = unpack(value) else {
            return Err(Error::invalid(path, text!("must be a list", "应为列表")));
        };
        let items = items.into_iter().enumerate();
        let read = items.map(|(n, value)| {
            // Formatting a path for each of a million items would cost more than reading them.
            inner.read("", item, value).map_err(|error| within(&format!("{path}[{n}]"), error))
        });
        Ok(Value::Array(read.collect::<Result<_>>()?))
    }

    fn map(self, path: &str, item: &Kind, value: Value) -> Result<Value> {
        let inner = self.deeper(path)?;
        let Value::Object(entries) = unpack(value) else { return Err(not_an_object(path)) };
        let read = entries.into_iter().map(|(name, value)| {
            let value = inner.read("", item, value).map_err(|error| within(&join(path, &name), error))?;
            Ok((name, value))
        });
        Ok(Value::Object(read.collect::<Result<_>>()?))
    }

    fn object(self, path: &str, fields: &[Field], value: Value) -> Result<Value> {
        let inner = self.deeper(path)?;
        let Value::Object(mut given) = unpack(value) else { return Err(not_an_object(path)) };
        // What is missing is said first: it is the likelier mistake.
        for field in fields.iter().filter(|field| field.required) {
            let nothing = match given.get(&field.name) {
                None | Some(Value::Null) => true,
                // An empty text says something only where text is meant.
                Some(Value::String(text)) => {
                    text.is_empty() && !matches!(self.shape.resolve(&field.kind), Kind::Text(_) | Kind::Any)
                }
                Some(_) => false,
            };
            if nothing {
                return Err(Error::missing(join(path, &field.name)));
            }
        }
        let mut read = Map::new();
        for field in fields {
            let Some(value) = given.remove(&field.name) else { continue };
            if !matches!(field.kind, Kind::Nullable(_)) && !field.required {
                let text = matches!(self.shape.resolve(&field.kind), Kind::Text(_) | Kind::Any);
                if value.is_null() || (is_nothing(&value) && !text) {
                    continue;
                }
            }
            let value = inner.read(&join(path, &field.name), &field.kind, value)?;
            read.insert(field.name.clone(), value);
        }
        Ok(Value::Object(read))
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn within(path: &str, error: Error) -> Error {
    match error {
        Error::Invalid { param, reason } if param.is_empty() || param.starts_with('[') => {
            Error::Invalid { param: format!("{path}{param}"), reason }
        }
        Error::Invalid { param, reason } => Error::Invalid { param: join(path, &param), reason },
        other => other,
    }
}

fn not_an_object(path: &str) -> Error {
    Error::invalid(path, text!("must be an object", "应为对象"))
}

/// JSON in a text, where a list or an object is meant.
fn unpack(value: Value) -> Value {
    match value {
        Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        other => other,
    }
}

fn text_of(path: &str, choices: &[String], value: Value) -> Result<Value> {
    let text = match value {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        // A client that sends the object itself where a text with its JSON is meant.
        value @ (Value::Array(_) | Value::Object(_)) => value.to_string(),
        Value::Null => return Err(Error::missing(path)),
    };
    if !choices.is_empty() && !choices.contains(&text) {
        let known = choices.join(", ");
        return Err(Error::invalid(path, text!("must be one of {known}", "应为以下之一：{known}")));
    }
    Ok(Value::String(text))
}

fn integer(path: &str, value: &Value) -> Result<Value> {
    let exact = match value {
        Value::Number(number) => whole(number),
        Value::String(text) => {
            let text = text.trim();
            let spelled = || text.parse().ok().and_then(Number::from_f64).as_ref().and_then(whole);
            text.parse().ok().or_else(spelled)
        }
        _ => None,
    };
    exact.map(Value::from).ok_or_else(|| {
        Error::invalid(path, text!("must be a whole number of at most 64 bits", "应为 64 位以内的整数"))
    })
}

fn whole(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| {
        let real = number.as_f64().filter(|real| real.fract() == 0.0 && real.abs() <= EXACT)?;
        // The text of a whole number in this range has no fraction and no exponent.
        format!("{real:.0}").parse().ok()
    })
}

fn number(path: &str, value: &Value) -> Result<Value> {
    let read = match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => text.trim().parse().ok().and_then(Number::from_f64),
        _ => None,
    };
    read.map(Value::Number).ok_or_else(|| Error::invalid(path, text!("must be a number", "应为数字")))
}

fn boolean(path: &str, value: &Value) -> Result<Value> {
    let read = match value {
        Value::Bool(truth) => Some(*truth),
        Value::Number(number) => match number.as_i64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Value::String(text) => match text.trim() {
            "1" => Some(true),
            "0" => Some(false),
            word if word.eq_ignore_ascii_case("true") => Some(true),
            word if word.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        },
        _ => None,
    };
    read.map(Value::Bool)
        .ok_or_else(|| Error::invalid(path, text!("must be true or false", "应为 true 或 false")))
}

/// The kind that a schema describes; what it does not know is [`Kind::Any`], and the type itself then decides.
fn kind(schema: &Value) -> Kind {
    let Value::Object(schema) = schema else { return Kind::Any };
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        return Kind::Named(name.rsplit('/').next().unwrap_or(name).to_owned());
    }
    if let Some(Value::Array(options)) = schema.get("anyOf").or_else(|| schema.get("oneOf")) {
        return one_of(options);
    }
    match schema.get("type") {
        Some(Value::String(name)) => plain(name, schema),
        Some(Value::Array(names)) => {
            let mut names: Vec<_> = names.iter().filter_map(Value::as_str).collect();
            let nullable = names.contains(&"null");
            names.retain(|name| *name != "null");
            match names[..] {
                [name] if nullable => Kind::Nullable(Box::new(plain(name, schema))),
                [name] => plain(name, schema),
                _ => Kind::Any,
            }
        }
        _ => Kind::Any,
    }
}

fn one_of(options: &[Value]) -> Kind {
    let is_null = |option: &&Value| option.get("type").and_then(Value::as_str) == Some("null");
    let nullable = options.iter().any(|option| is_null(&option));
    let options: Vec<_> = options.iter().filter(|option| !is_null(option)).collect();
    let words: Option<Vec<_>> = options.iter().map(|option| words(option)).collect();
    let kind = match (&options[..], words) {
        ([only], None) => kind(only),
        (_, Some(words)) => Kind::Text(words.concat()),
        _ => Kind::Any,
    };
    if nullable { Kind::Nullable(Box::new(kind)) } else { kind }
}

/// The words of an enumeration of texts.
fn words(schema: &Value) -> Option<Vec<String>> {
    if let Some(Value::String(word)) = schema.get("const") {
        return Some(vec![word.clone()]);
    }
    let Some(Value::Array(words)) = schema.get("enum") else { return None };
    words.iter().map(|word| word.as_str().map(str::to_owned)).collect()
}

fn plain(name: &str, schema: &Map<String, Value>) -> Kind {
    let part = |key: &str| schema.get(key).map_or(Kind::Any, kind);
    match name {
        "string" => Kind::Text(words(&Value::Object(schema.clone())).unwrap_or_default()),
        "integer" => Kind::Integer,
        "number" => Kind::Number,
        "boolean" => Kind::Boolean,
        "array" => Kind::List(Box::new(part("items"))),
        "object" => match schema.get("properties") {
            Some(Value::Object(properties)) => Kind::Object(fields(properties, schema.get("required"))),
            _ if schema.contains_key("additionalProperties") => {
                Kind::Map(Box::new(part("additionalProperties")))
            }
            _ => Kind::Object(Vec::new()),
        },
        _ => Kind::Any,
    }
}

fn fields(properties: &Map<String, Value>, required: Option<&Value>) -> Vec<Field> {
    let required = required.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    properties
        .iter()
        .map(|(name, schema)| Field {
            name: name.clone(),
            kind: kind(schema),
            required: required.iter().any(|known| known == name),
        })
        .collect()
}

fn names(kind: &Kind, into: &mut Vec<String>) {
    match kind {
        Kind::Named(name) => into.push(name.clone()),
        Kind::List(inner) | Kind::Map(inner) | Kind::Nullable(inner) => names(inner, into),
        Kind::Object(fields) => fields.iter().for_each(|field| names(&field.kind, into)),
        Kind::Any | Kind::Text(_) | Kind::Integer | Kind::Number | Kind::Boolean => {}
    }
}
