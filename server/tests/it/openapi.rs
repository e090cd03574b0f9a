//! The OpenAPI description, read by somebody else's validator.

use axum::http::Method;
use domain::db::Kind;
use millwright::industry::quirks::Alias;
use millwright::industry::registry::{Endpoint, Endpoints};
use roas::v3_1::spec::Spec;
use roas::validation::{Options, Validate};

use serde_json::Value;

use crate::support::TestApp;

#[tokio::test]
async fn the_description_is_valid_openapi_3_1_and_names_every_endpoint() {
    let app = TestApp::new(Kind::Sqlite).await;
    let mut request = app.sign(Method::GET, "/openapi/industry.json", Vec::new());
    request.headers.clear();
    let document = app.send(request).await.json();
    assert_eq!(document["openapi"], "3.1.0");
    for endpoint in Endpoints::new().iter() {
        let method = endpoint.method.as_str().to_ascii_lowercase();
        assert!(document["paths"][endpoint.path][method].is_object(), "{}", endpoint.path);
    }
    every_reference_leads_somewhere(&document, &document);
    let spec: Spec = serde_json::from_value(document).expect("an OpenAPI 3.1 document");
    // It does not look for uses inside the schemas of texts that hold JSON.
    let options = Options::IgnoreMissingTags | Options::IgnoreUnusedSchemas;
    spec.validate(options, None).expect("valid");
}

/// What a client may rely on, a line for each endpoint. `cargo xtask bless` writes it anew.
#[test]
fn the_operations_are_the_ones_that_were_looked_at() {
    let list = |names: &mut dyn Iterator<Item = String>| names.collect::<Vec<_>>().join(",");
    let mut lines = Vec::new();
    for endpoint in Endpoints::new().iter() {
        let quirks = endpoint.quirks;
        let aliases =
            |aliases: &[Alias]| list(&mut aliases.iter().map(|a| format!("{}={}", a.table, a.other)));
        let words = list(&mut quirks.words.iter().map(|w| format!("{}:{}={}", w.param, w.table, w.other)));
        let types =
            list(&mut quirks.types.iter().map(|t| format!("{:?} {}:{}", t.direction, t.field, t.r#type)));
        let parts = [
            ("needs", endpoint.required_identity.join(",")),
            ("reads", aliases(&quirks.request)),
            ("words", words),
            ("writes", aliases(&quirks.response)),
            ("types", types),
            ("codes", list(&mut quirks.codes.iter().map(ToString::to_string))),
            ("data", if endpoint.json_string { "JSON in a text".into() } else { String::new() }),
            ("envelope", if quirks.success { "success".into() } else { String::new() }),
        ];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| format!("; {name} {text}"))
            .collect();
        let parts = parts.concat();
        let Endpoint { path, method, version, access, deadline, .. } = endpoint;
        lines.push(format!("{method} {path} {version} {access:?} {} ms{parts}\n", deadline.as_millis()));
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/operations.txt");
    let now = lines.concat();
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(file, &now).expect("a snapshot");
    }
    let known = std::fs::read_to_string(file).unwrap_or_default();
    let changed: Vec<_> = now.lines().filter(|line| !known.lines().any(|other| other == *line)).collect();
    assert_eq!(now, known, "changed, `cargo xtask bless` if that is meant:\n{}", changed.join("\n"));
}

pub fn every_reference_leads_somewhere(part: &Value, document: &Value) {
    match part {
        Value::Object(fields) => {
            if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                let pointer = reference.strip_prefix('#').expect("a reference into the document");
                assert!(document.pointer(pointer).is_some(), "{reference}");
            }
            for field in fields.values() {
                every_reference_leads_somewhere(field, document);
            }
        }
        Value::Array(items) => {
            for item in items {
                every_reference_leads_somewhere(item, document);
            }
        }
        _ => {}
    }
}
