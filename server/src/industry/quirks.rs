//! Where the document contradicts itself: other spellings, other types, codes listed by one entry and not by another.
//!
//! The list is data, `aliases.json`, read here and by the contract test.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value};

/// All of them.
pub static QUIRKS: LazyLock<AllQuirks> =
    LazyLock::new(|| serde_json::from_str(include_str!("aliases.json")).expect("a unit test reads it"));

static NONE: Quirks = Quirks {
    request: Vec::new(),
    words: Vec::new(),
    response: Vec::new(),
    types: Vec::new(),
    codes: Vec::new(),
    success: false,
};

/// The quirks of all endpoints.
#[derive(Debug, Deserialize)]
pub struct AllQuirks {
    /// Quirks by the path of the endpoint.
    pub endpoints: BTreeMap<String, Quirks>,
}

/// The quirks of one endpoint.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Quirks {
    /// Other names of parameters.
    pub request: Vec<Alias>,
    /// Other spellings of values.
    pub words: Vec<Word>,
    /// Other names of reply fields: the reply carries both.
    pub response: Vec<Alias>,
    /// Types that differ from the table.
    pub types: Vec<TypeException>,
    /// Codes beyond the gateway's own that the entry lists.
    pub codes: Vec<i64>,
    /// Whether the envelope carries `success` besides.
    pub success: bool,
}

/// Two names of one field.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// The table's name, with the way to it: `grade[].dapStr`.
    pub table: String,
    /// The other name, in the same object.
    pub other: String,
}

/// Two spellings of one value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// The parameter.
    pub param: String,
    /// The spelling that the services know.
    pub table: String,
    /// The other one.
    pub other: String,
}

/// A field whose type is not the table's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeException {
    /// `request` or `response`.
    pub direction: Direction,
    /// The field, with the way to it.
    pub field: String,
    /// Its type, in the words of the catalogue (`Int`, `String`, `Any`, …).
    pub r#type: String,
}

/// Which way a field travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// To the server.
    Request,
    /// From the server.
    Response,
}

impl AllQuirks {
    /// The quirks of the endpoint at this path.
    pub fn of(&self, path: &str) -> &Quirks {
        self.endpoints.get(path).unwrap_or(&NONE)
    }
}

impl Quirks {
    /// Puts other spellings of a request right.
    pub fn read(&self, params: &mut Map<String, Value>) {
        for alias in &self.request {
            if let Some(name) = alias.top_level()
                && !params.contains_key(name)
                && let Some(value) = params.remove(&alias.other)
            {
                params.insert(name.to_owned(), value);
            }
        }
        for word in &self.words {
            if let Some(Value::String(value)) = params.get_mut(&word.param)
                && *value == word.other
            {
                value.clone_from(&word.table);
            }
        }
    }

    /// Adds the other names to a reply and writes the types that the document's replies show.
    pub fn write(&self, data: &mut Value) {
        for exception in self.types.iter().filter(|e| e.direction == Direction::Response) {
            if exception.r#type == "Int" {
                visit(data, &exception.field, &mut |object, name| {
                    if let Some(Value::Bool(truth)) = object.get(name) {
                        let number = i64::from(*truth);
                        object.insert(name.to_owned(), number.into());
                    }
                });
            }
        }
        for alias in &self.response {
            visit(data, &alias.table, &mut |object, name| {
                if let Some(value) = object.get(name).cloned() {
                    object.insert(alias.other.clone(), value);
                }
            });
        }
    }

    /// Whether the entry lists this code.
    pub fn lists(&self, code: i64) -> bool {
        self.codes.contains(&code)
    }
}

impl Alias {
    /// The table's name, when it is a name of the whole.
    fn top_level(&self) -> Option<&str> {
        (!self.table.contains(['.', '['])).then_some(&self.table)
    }
}

/// Calls `change` with each object that has the field at the end of `path`, such as `page.pageId` or `grade[].dapStr`.
pub fn visit(value: &mut Value, path: &str, change: &mut impl FnMut(&mut Map<String, Value>, &str)) {
    if let Some(rest) = path.strip_prefix("[]") {
        if let Value::Array(items) = value {
            let rest = rest.strip_prefix('.').unwrap_or(rest);
            for item in items {
                visit(item, rest, change);
            }
        }
        return;
    }
    let Value::Object(object) = value else { return };
    match path.find(['.', '[']) {
        None => change(object, path),
        Some(at) => {
            let (name, rest) = path.split_at(at);
            if let Some(inner) = object.get_mut(name) {
                visit(inner, rest.strip_prefix('.').unwrap_or(rest), change);
            }
        }
    }
}
