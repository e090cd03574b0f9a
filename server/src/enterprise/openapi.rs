//! The OpenAPI 3.1 description of the Enterprise API, made from the registry.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use domain::access::Access;
use serde_json::{Map, Value, json};

use super::adapter::Adapter;
use super::registry::{Auth, Endpoint, Endpoints};

/// `GET /openapi/enterprise.json`.
pub async fn serve(State(adapter): State<Arc<Adapter>>) -> Json<Value> {
    Json(document(&adapter.endpoints))
}

/// The description.
pub fn document(endpoints: &Endpoints) -> Value {
    let mut paths = Map::<String, Value>::new();
    for endpoint in endpoints.iter() {
        let item = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        item[endpoint.method.as_str().to_ascii_lowercase()] = operation(endpoint);
    }
    let mut schemas = endpoints.definitions().clone();
    schemas.insert("Failure".into(), failure());
    schemas.sort_keys();
    schemas.values_mut().for_each(plain_formats);
    let header = |name: &str, description: &str| json!({"type": "apiKey", "in": "header", "name": name, "description": description});
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Millwright: Enterprise API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Products and devices of an enterprise. A token is good for one product and seven days. \
                Answers carry X-RateLimit-Limit, X-RateLimit-Remaining and X-RateLimit-Reset.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": header("Authorization", "token <token>"),
                "enterpriseId": header("X-Gizwits-Enterprise-ID", "Id of the enterprise"),
                "enterpriseSecret": header("X-Gizwits-Enterprise-Secret", "Its secret"),
            },
        },
    })
}

/// Takes formats out that OpenAPI does not know: the bounds beside them say the same.
fn plain_formats(schema: &mut Value) {
    match schema {
        Value::Object(parts) => {
            if parts.get("format").and_then(Value::as_str).is_some_and(|format| format.starts_with("uint")) {
                parts.shift_remove("format");
            }
            parts.values_mut().for_each(plain_formats);
        }
        Value::Array(parts) => parts.iter_mut().for_each(plain_formats),
        _ => {}
    }
}

fn operation(endpoint: &Endpoint) -> Value {
    let name = endpoint.path.trim_start_matches("/v1/").replace(['{', '}'], "").replace('/', "_");
    let method = endpoint.method.as_str().to_ascii_lowercase();
    let security = match endpoint.auth {
        Auth::Token => json!([{"token": []}]),
        Auth::Headers => json!([{"enterpriseId": [], "enterpriseSecret": []}]),
        Auth::Body => json!([]),
    };
    let has_body = endpoint.method != Method::GET;
    let in_path: Vec<_> = endpoint.path_params().collect();
    let mut parameters: Vec<_> = in_path
        .iter()
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .collect();
    let own: Vec<_> =
        endpoint.shape.fields().iter().filter(|field| !in_path.contains(&field.name.as_str())).collect();
    let mut operation = json!({
        "operationId": format!("{method}_{name}"),
        "summary": endpoint.title,
        "tags": [name.split('_').nth(2).unwrap_or("enterprise")],
        "security": security,
        "responses": {
            "200": {
                "description": "Done",
                "content": {"application/json": {"schema": endpoint.schemas.1.as_value()}},
            },
            "default": {
                "description": "Why not",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}},
            },
        },
        "x-access": if endpoint.access == Access::Write { "write" } else { "read" },
    });
    if has_body {
        if !own.is_empty() {
            let content = json!({"schema": endpoint.schemas.0.as_value()});
            operation["requestBody"] = json!({"required": true, "content": {"application/json": content}});
        }
    } else {
        parameters.extend(own.iter().map(|field| {
            json!({"name": field.name, "in": "query", "required": field.required, "schema": {"type": "string"}})
        }));
    }
    operation["parameters"] = parameters.into();
    operation
}

fn failure() -> Value {
    json!({
        "type": "object",
        "properties": {
            "error_code": {"type": "integer"},
            "error_message": {"type": "string"},
            "detail_message": {"type": ["string", "null"], "description": "What is wrong here and what would be right"},
        },
        "required": ["error_code", "error_message", "detail_message"],
    })
}
