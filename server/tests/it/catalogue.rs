//! The contract: what the document says of each endpoint.

use std::sync::LazyLock;

use millwright::industry::quirks::{Direction, Quirks};
use serde::Deserialize;
use serde_json::{Map, Value};

pub static CATALOGUE: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/industry.json")).expect("the catalogue reads")
});

/// An endpoint.
#[derive(Debug, Deserialize)]
pub struct Entry {
    pub path: String,
    pub method: String,
    pub api_ver: String,
    pub timeout_ms: u64,
    pub params: Vec<Spec>,
    pub data: Spec,
    pub errors: Vec<ErrorRow>,
    pub envelope_extra: Vec<Spec>,
    pub example_params: Map<String, Value>,
    #[serde(default)]
    pub example_error: Value,
}

/// A row of an error table.
#[derive(Debug, Deserialize)]
pub struct ErrorRow {
    pub code: i64,
}

/// A parameter or a reply field.
#[derive(Clone, Debug, Deserialize)]
pub struct Spec {
    #[serde(default)]
    pub name: String,
    pub r#type: String,
    #[serde(default)]
    pub required: bool,
    pub item: Option<Item>,
    pub fields: Option<Vec<Spec>>,
    #[serde(default)]
    pub json_string: bool,
}

/// What a list holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Item {
    Scalar(String),
    Fields(Vec<Spec>),
    List { item: String },
}

pub fn entry(path: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.path == path)
}

/// Platform parameters; every endpoint takes them.
pub const PLATFORM: [&str; 9] =
    ["appId", "employeeId", "corpId", "cropId", "userId", "source", "agentId", "platForm", "platform"];

impl Spec {
    /// The documented type, or the one that replaces it.
    pub fn kind<'a>(&'a self, quirks: &'a Quirks, direction: Direction, path: &str) -> &'a str {
        let exception = quirks.types.iter().find(|e| e.direction == direction && e.field == path);
        exception.map_or(&self.r#type, |exception| &exception.r#type)
    }
}

/// `path.name`, or just the name.
pub fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Whether an example is one of the document's placeholders, such as `value3`.
pub fn is_placeholder(value: &Value) -> bool {
    value.as_str().is_some_and(|text| {
        text.strip_prefix("value").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// Some value of the documented type.
pub fn sample(spec: &Spec) -> Value {
    if spec.json_string {
        return Value::String("[]".into());
    }
    if let Some(fields) = &spec.fields {
        return Value::Object(fields.iter().map(|field| (field.name.clone(), sample(field))).collect());
    }
    match (&spec.item, spec.r#type.as_str()) {
        (Some(Item::Fields(fields)), _) => {
            let item = fields.iter().map(|field| (field.name.clone(), sample(field))).collect();
            Value::Array(vec![Value::Object(item)])
        }
        (Some(Item::Scalar(kind)), _) => Value::Array(vec![scalar(kind)]),
        (Some(Item::List { item }), _) => Value::Array(vec![Value::Array(vec![scalar(item)])]),
        (None, "List") => Value::Array(Vec::new()),
        (None, kind) => scalar(kind),
    }
}

fn scalar(kind: &str) -> Value {
    match kind {
        "Long" | "Int" => 1.into(),
        "Double" | "Float" => 1.5.into(),
        "Boolean" => true.into(),
        _ => "x".into(),
    }
}

/// A whole set of parameters: the examples where they say something, else any value of the type. With the example of a
/// list or object only if it is complete.
pub fn samples(entry: &Entry) -> Map<String, Value> {
    let value = |spec: &Spec| match entry.example_params.get(&spec.name) {
        Some(example) if !is_placeholder(example) && spec.item.is_none() && spec.fields.is_none() => {
            example.clone()
        }
        _ => sample(spec),
    };
    let own = entry.params.iter().filter(|spec| !PLATFORM.contains(&spec.name.as_str()));
    own.map(|spec| (spec.name.clone(), value(spec))).collect()
}
