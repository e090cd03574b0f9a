//! The OpenAPI description, read by somebody else's validator.

use axum::http::Method;
use domain::db::Kind;
use millwright::industry::registry::Endpoints;
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

fn every_reference_leads_somewhere(part: &Value, document: &Value) {
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
