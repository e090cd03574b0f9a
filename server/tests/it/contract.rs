//! The registry against the catalogue: each endpoint is called and reads its parameters as the document says.

use std::collections::BTreeSet;

use domain::db::Kind;
use millwright::industry::quirks::{Direction, QUIRKS};
use millwright::industry::registry::{Endpoint, Endpoints};
use millwright::industry::shape::{Field, Kind as Shape};
use serde_json::{Map, Value, json};

use crate::catalogue::{CATALOGUE, Entry, Item, PLATFORM, Spec, entry, is_placeholder, join, samples};
use crate::support::TestApp;

/// Endpoints that are not implemented yet. The list may only shrink.
const NOT_IMPLEMENTED: &str = include_str!("../data/not-implemented.txt");

fn agree(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} disagreements:\n{}", wrong.len(), wrong.join("\n"));
}

fn entry_of(endpoint: &Endpoint) -> &'static Entry {
    entry(endpoint.path).unwrap_or_else(|| panic!("{} is in no document", endpoint.path))
}

#[test]
fn every_documented_endpoint_is_implemented_or_listed_as_missing() {
    let endpoints = Endpoints::new();
    let here: BTreeSet<_> = endpoints.iter().map(|endpoint| endpoint.path).collect();
    let missing = NOT_IMPLEMENTED.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let missing: BTreeSet<_> = missing.collect();
    let documented: BTreeSet<_> = CATALOGUE.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(missing.intersection(&here).collect::<Vec<_>>(), Vec::<&&str>::new(), "listed, but here");
    assert_eq!(&missing | &here, documented, "listed or here, against documented");
}

#[test]
fn every_endpoint_is_called_as_documented() {
    let mut wrong = Vec::new();
    for endpoint in Endpoints::new().iter() {
        let entry = entry_of(endpoint);
        let method = endpoint.method.as_str();
        let timeout = u64::try_from(endpoint.deadline.as_millis()).expect("a short time");
        let is_json = entry.data.kind(endpoint.quirks, Direction::Response, "") == "JSONString";
        for (what, here, documented) in [
            ("method", method.to_owned(), entry.method.clone()),
            ("version", endpoint.version.to_owned(), entry.api_ver.clone()),
            ("timeout", timeout.to_string(), entry.timeout_ms.to_string()),
            (
                "json string",
                endpoint.json_string.to_string(),
                (entry.data.json_string || is_json).to_string(),
            ),
        ] {
            if here != documented {
                wrong.push(format!("{} {what}: {here}, documented {documented}", endpoint.path));
            }
        }
    }
    agree(&wrong);
}

#[test]
fn every_documented_parameter_is_declared_with_its_type_and_flag() {
    let mut wrong = Vec::new();
    for endpoint in Endpoints::new().iter() {
        let entry = entry_of(endpoint);
        for spec in &entry.params {
            let name = spec.name.as_str();
            match endpoint.shape.field(name) {
                Some(_) => declared(endpoint, spec, "", endpoint.shape.fields(), &mut wrong),
                None if !PLATFORM.contains(&name) => wrong.push(format!("{}: no {name}", endpoint.path)),
                None if spec.required != endpoint.required_identity.contains(&name) => {
                    wrong.push(format!("{}: {name} required {}", endpoint.path, spec.required));
                }
                None => {}
            }
        }
    }
    agree(&wrong);
}

fn declared(endpoint: &Endpoint, spec: &Spec, path: &str, fields: &[Field], wrong: &mut Vec<String>) {
    let path = join(path, &spec.name);
    let at = format!("{} {path}", endpoint.path);
    let Some(field) = fields.iter().find(|field| field.name == spec.name) else {
        return wrong.push(format!("{at}: not declared"));
    };
    if field.required != spec.required {
        wrong.push(format!("{at}: required {}, documented {}", field.required, spec.required));
    }
    let kind = endpoint.shape.resolve(&field.kind);
    let documented = spec.kind(endpoint.quirks, Direction::Request, &path);
    let fits = match documented {
        "Any" => true,
        "Long" | "Int" => kind == &Shape::Integer,
        "Double" | "Float" => kind == &Shape::Number,
        "Boolean" => kind == &Shape::Boolean,
        // A text with JSON may be read as what it holds.
        "String" if spec.json_string => !matches!(kind, Shape::Integer | Shape::Number | Shape::Boolean),
        "String" => matches!(kind, Shape::Text(_)),
        "List" => matches!(kind, Shape::List(_)),
        "Struct" => matches!(kind, Shape::Object(_) | Shape::Map(_)),
        other => panic!("{at}: unknown type {other}"),
    };
    if !fits {
        return wrong.push(format!("{at}: {kind:?}, documented {documented}"));
    }
    let inner = match kind {
        Shape::List(item) => endpoint.shape.resolve(item),
        other => other,
    };
    let children = match (&spec.fields, &spec.item) {
        (Some(fields), _) | (None, Some(Item::Fields(fields))) => fields.as_slice(),
        _ => &[],
    };
    let path = if matches!(kind, Shape::List(_)) { format!("{path}[]") } else { path };
    for child in children {
        match inner {
            Shape::Object(fields) => declared(endpoint, child, &path, fields, wrong),
            other => wrong.push(format!("{at}.{}: in {other:?}", child.name)),
        }
    }
}

#[test]
fn every_documented_example_is_read() {
    let mut wrong = Vec::new();
    for endpoint in Endpoints::new().iter() {
        let entry = entry_of(endpoint);
        let whole = samples(entry);
        let mut params = Map::new();
        for spec in entry.params.iter().filter(|spec| !PLATFORM.contains(&spec.name.as_str())) {
            match entry.example_params.get(&spec.name) {
                Some(example) if !is_placeholder(example) => {
                    params.insert(spec.name.clone(), as_text(example));
                }
                // Only what must be there.
                _ if spec.required => {
                    params.insert(spec.name.clone(), whole[&spec.name].clone());
                }
                _ => {}
            }
        }
        let names: Vec<_> = params.keys().cloned().collect();
        match endpoint.read(params) {
            Ok(read) => {
                let lost = names.iter().filter(|name| read.get(name.as_str()).is_none());
                wrong.extend(lost.map(|name| format!("{}: {name} is lost", endpoint.path)));
            }
            // Words of an enumeration are the service's business.
            Err(error) if error.to_string().contains("must be one of") => {}
            Err(error) => wrong.push(format!("{}: {error}", endpoint.path)),
        }
    }
    agree(&wrong);
}

/// As clients send it that know only texts.
fn as_text(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::String(text) => Value::String(text.clone()),
        other => Value::String(other.to_string()),
    }
}

#[test]
fn every_other_spelling_is_read() {
    let mut wrong = Vec::new();
    for endpoint in Endpoints::new().iter() {
        let entry = entry_of(endpoint);
        for alias in &endpoint.quirks.request {
            if PLATFORM.contains(&alias.table.as_str()) {
                continue;
            }
            let mut params = samples(entry);
            let Some(value) = params.remove(&alias.table) else {
                wrong.push(format!("{}: {} is no parameter", endpoint.path, alias.table));
                continue;
            };
            let mut usual = params.clone();
            usual.insert(alias.table.clone(), value.clone());
            params.insert(alias.other.clone(), value);
            let (usual, other) = (endpoint.read(usual), endpoint.read(params));
            if usual.map_err(|e| e.to_string()) != other.map_err(|e| e.to_string()) {
                wrong.push(format!("{}: {} is not read as {}", endpoint.path, alias.other, alias.table));
            }
        }
        for word in &endpoint.quirks.words {
            let mut params = samples(entry);
            params.insert(word.param.clone(), word.other.as_str().into());
            let read = endpoint.read(params).map(|read| read[&word.param].clone());
            if !read.as_ref().is_ok_and(|read| *read == word.table.as_str()) {
                wrong.push(format!("{} {}: {read:?}", endpoint.path, word.other));
            }
        }
    }
    agree(&wrong);
}

#[test]
fn the_list_of_contradictions_fits_the_catalogue() {
    let mut wrong = Vec::new();
    for (path, quirks) in &QUIRKS.endpoints {
        let Some(entry) = entry(path) else {
            wrong.push(format!("{path} is in no document"));
            continue;
        };
        let general = [200, 403, 460, 500];
        let mut codes: BTreeSet<i64> = entry.errors.iter().map(|row| row.code).collect();
        codes.extend(entry.example_error["code"].as_i64());
        codes.retain(|code| !general.contains(code));
        if codes != quirks.codes.iter().copied().collect() {
            wrong.push(format!("{path}: codes {:?}, documented {codes:?}", quirks.codes));
        }
        if quirks.success == entry.envelope_extra.is_empty() {
            wrong.push(format!("{path}: success"));
        }
    }
    agree(&wrong);
}

#[tokio::test]
async fn every_missing_parameter_is_refused_by_name() {
    let app = TestApp::new(Kind::Sqlite).await;
    let mut wrong = Vec::new();
    for endpoint in Endpoints::new().iter() {
        let entry = entry_of(endpoint);
        let mut whole = samples(entry);
        for name in endpoint.required_identity {
            whole.insert((*name).into(), json!(app.app_id));
        }
        let mut cases = Vec::new();
        leave_out(&entry.params, &Value::Object(whole), "", &mut cases);
        for (path, params) in cases {
            let answer = app.call(endpoint.path, params).await;
            let (code, message) = (answer.code(), answer.message());
            if code != 460 || !message.contains(&format!(" {path}: is required")) {
                wrong.push(format!("{} without {path}: {code} {message}", endpoint.path));
            }
        }
    }
    agree(&wrong);
}

/// The parameters, once without each required one.
fn leave_out(specs: &[Spec], whole: &Value, path: &str, cases: &mut Vec<(String, Value)>) {
    for spec in specs {
        let name = spec.name.as_str();
        let Some(value) = whole.get(name) else { continue };
        let path = join(path, name);
        if spec.required {
            let mut without = whole.clone();
            without.as_object_mut().expect("an object").shift_remove(name);
            cases.push((path.clone(), without));
        }
        let (inner, at, list) = match (&spec.fields, &spec.item) {
            (Some(fields), _) => (fields, path, false),
            (None, Some(Item::Fields(fields))) => (fields, format!("{path}[0]"), true),
            _ => continue,
        };
        let mut nested = Vec::new();
        leave_out(inner, if list { &value[0] } else { value }, &at, &mut nested);
        for (path, part) in nested {
            let mut params = whole.clone();
            params[name] = if list { json!([part]) } else { part };
            cases.push((path, params));
        }
    }
}

#[tokio::test]
async fn unreadable_parameters_never_break_a_call() {
    let app = TestApp::new(Kind::Sqlite).await;
    let deep = format!("{}1{}", "[".repeat(120), "]".repeat(120));
    let hostile = [
        json!(null),
        json!(""),
        json!("\u{0}"),
        json!(-1),
        json!("99999999999999999999"),
        json!(1e300),
        json!("NaN"),
        json!([]),
        json!({}),
        json!([[null]]),
        json!({"a": {"b": []}}),
        json!(deep),
        json!("x".repeat(70_000)),
    ];
    let mut wrong = Vec::new();
    for endpoint in Endpoints::new().iter() {
        let whole = samples(entry_of(endpoint));
        for name in whole.keys() {
            for value in &hostile {
                let mut params = whole.clone();
                params.insert(name.clone(), value.clone());
                for name in endpoint.required_identity {
                    params.insert((*name).into(), json!(app.app_id));
                }
                let answer = app.call(endpoint.path, Value::Object(params)).await;
                let code = answer.code();
                if !answer.status.is_success() || [500, 1009, 20056].contains(&code) {
                    let shown: String = value.to_string().chars().take(40).collect();
                    wrong.push(format!("{} {name}={shown}: {code}", endpoint.path));
                }
            }
        }
    }
    agree(&wrong);
}
