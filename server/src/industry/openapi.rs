//! The OpenAPI 3.1 description of the industry API, made from the registry.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use domain::access::Access;
use serde_json::{Map, Value, json};

use super::gateway::Gateway;
use super::identity::PLATFORM_PARAMS;
use super::registry::{Endpoint, Endpoints};

/// `GET /openapi/industry.json`.
pub async fn serve(State(gateway): State<Arc<Gateway>>) -> Json<Value> {
    Json(document(gateway.endpoints()))
}

/// The description.
pub fn document(endpoints: &Endpoints) -> Value {
    let mut paths = Map::new();
    for endpoint in endpoints.iter() {
        let mut item = Map::new();
        item.insert("post".into(), operation(endpoint, true));
        if endpoint.method == Method::GET {
            item.insert("get".into(), operation(endpoint, false));
        }
        paths.insert(endpoint.path.into(), Value::Object(item));
    }
    let mut schemas = endpoints.definitions().clone();
    schemas.sort_keys();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Millwright: industry API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Calls are signed with AppKey and AppSecret, or carry an AppCode. Every call answers HTTP 200; \
                `code` says how it went. Numbers, Booleans, lists and objects may also be sent as text.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "signature": {
                    "type": "apiKey", "in": "header", "name": "X-Ca-Signature",
                    "description": "Base64 of the HMAC of method, headers and URL with the AppSecret",
                },
                "appCode": {
                    "type": "apiKey", "in": "header", "name": "Authorization", "description": "APPCODE <code>",
                },
            },
        },
        "security": [{"signature": []}, {"appCode": []}],
    })
}

fn operation(endpoint: &Endpoint, post: bool) -> Value {
    let mut segments = endpoint.path.split('/').skip(2);
    let tag = segments.next().unwrap_or("industry");
    let prefix = if post { "" } else { "get_" };
    let mut operation = json!({
        "operationId": format!("{prefix}{}", endpoint.path.trim_start_matches('/').replace('/', "_")),
        "summary": endpoint.title,
        "tags": [tag],
        "responses": {"200": {
            "description": "How it went",
            "content": {"application/json": {"schema": answer(endpoint)}},
        }},
        "x-api-version": endpoint.version,
        "x-timeout-ms": u64::try_from(endpoint.deadline.as_millis()).unwrap_or(u64::MAX),
        "x-access": if endpoint.access == Access::Write { "write" } else { "read" },
    });
    if post {
        operation["requestBody"] = json!({
            "required": true,
            "content": {"application/json": {"schema": envelope(endpoint)}},
        });
    } else {
        operation["parameters"] = query(endpoint);
    }
    operation
}

fn envelope(endpoint: &Endpoint) -> Value {
    let mut platform = Map::new();
    for (name, meaning) in platform_params(endpoint) {
        platform.insert(name.into(), json!({"type": "string", "description": meaning}));
    }
    let own = endpoint.schemas.0.as_value();
    let is_object = own.get("type").and_then(Value::as_str) != Some("null");
    let platform = json!({"type": "object", "properties": platform, "required": endpoint.required_identity});
    let params = if is_object { json!({"allOf": [own, platform]}) } else { platform };
    json!({
        "type": "object",
        "properties": {
            "id": {"type": "string", "description": "Echoed by the answer"},
            "version": {"type": "string", "const": "1.0"},
            "request": {
                "type": "object",
                "properties": {
                    "apiVer": {"type": "string", "default": endpoint.version},
                    "language": {"type": "string", "description": "Language of localizedMsg: zh-CN or en-US"},
                },
            },
            "params": params,
        },
    })
}

fn answer(endpoint: &Endpoint) -> Value {
    let data = if endpoint.json_string {
        json!({
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": endpoint.schemas.1.as_value(),
        })
    } else {
        json!({"anyOf": [endpoint.schemas.1.as_value(), {"type": "null"}]})
    };
    json!({
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "code": {"type": "integer", "description": "200 on success"},
            "message": {"type": "string"},
            "localizedMsg": {"type": "string"},
            "data": data,
        },
        "required": ["id", "code", "message", "localizedMsg", "data"],
    })
}

/// Platform parameters that are not the endpoint's own.
fn platform_params(endpoint: &Endpoint) -> impl Iterator<Item = (&'static str, &'static str)> {
    PLATFORM_PARAMS.into_iter().filter(|(name, _)| endpoint.shape.field(name).is_none())
}

fn query(endpoint: &Endpoint) -> Value {
    let own = endpoint.shape.fields().iter().map(|field| {
        json!({"name": field.name, "in": "query", "required": field.required, "schema": {"type": "string"}})
    });
    let platform = platform_params(endpoint).map(|(name, meaning)| {
        let required = endpoint.required_identity.contains(&name);
        json!({"name": name, "in": "query", "required": required, "description": meaning, "schema": {"type": "string"}})
    });
    own.chain(platform).collect()
}
