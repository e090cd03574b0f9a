//! The contract: what the document says of each endpoint.

use std::sync::LazyLock;

use millwright::enterprise::registry::Endpoint;
use serde::Deserialize;
use serde_json::Value;

pub static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/enterprise.json")).expect("the catalogue reads")
});

#[derive(Debug, Deserialize)]
pub struct Catalogue {
    pub errors: Vec<ErrorRow>,
    pub endpoints: Vec<Entry>,
}

/// A row of the error table.
#[derive(Debug, Deserialize)]
pub struct ErrorRow {
    pub http_status: u16,
    pub code: i64,
    pub message: String,
}

/// An endpoint.
#[derive(Debug, Deserialize)]
pub struct Entry {
    pub section: String,
    pub method: String,
    pub path: String,
    pub auth: String,
    pub path_params: Vec<Spec>,
    pub query: Vec<Spec>,
    pub body: Vec<Spec>,
    pub response: Spec,
    pub errors: Vec<i64>,
}

/// A parameter or a reply field.
#[derive(Clone, Debug, Deserialize)]
pub struct Spec {
    #[serde(default)]
    pub name: String,
    pub r#type: String,
    /// The type that the example shows instead: it wins.
    pub example_type: Option<String>,
    /// The name that the table has instead.
    pub table_name: Option<String>,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub nullable_in_example: bool,
    /// When it is there; always if nothing is said.
    pub present_when: Option<String>,
    pub item: Option<Box<Spec>>,
    pub fields: Option<Vec<Spec>>,
    pub additional: Option<Additional>,
}

/// Free keys of an object.
#[derive(Clone, Debug, Deserialize)]
pub struct Additional {
    pub value: Box<Spec>,
}

impl Entry {
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// All its parameters, wherever they are.
    pub fn params(&self) -> impl Iterator<Item = &Spec> {
        self.path_params.iter().chain(&self.query).chain(&self.body)
    }
}

impl Spec {
    pub fn kind(&self) -> &str {
        self.example_type.as_deref().unwrap_or(&self.r#type)
    }
}

/// The entries of an endpoint: two reports are documented under one method and path.
pub fn entries(endpoint: &Endpoint) -> Vec<&'static Entry> {
    CATALOGUE.endpoints.iter().filter(|entry| entry.name() == endpoint.name()).collect()
}

/// Some value of a parameter's type, as a query carries it.
pub fn sample(spec: &Spec) -> Value {
    match spec.kind() {
        "integer" => 1.into(),
        "number" => 1.5.into(),
        "boolean" => true.into(),
        "array" => Value::Array(spec.item.iter().map(|item| sample(item)).collect()),
        "object" => serde_json::json!({}),
        _ => "x".into(),
    }
}
