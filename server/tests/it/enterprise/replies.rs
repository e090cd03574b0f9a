//! Replies of the running server against the catalogue: each documented field is there, with its type.

use std::collections::BTreeMap;

use axum::http::Method;
use domain::db::Kind;
use millwright::enterprise::registry::Endpoints;
use serde_json::Value;

use super::catalogue::{Spec, entries};
use super::support::{DID, KEY, TestApi};

/// Calls endpoints so that they succeed, and keeps what they answered by name.
pub struct Recorder<'a> {
    pub api: &'a TestApi,
    pub replies: BTreeMap<String, Vec<Value>>,
}

impl Recorder<'_> {
    pub async fn call(&mut self, method: Method, path: &str, query: &str, body: Option<&Value>) -> Value {
        let target = path.replace("{product_key}", KEY).replace("{did}", DID);
        let mut request = self.api.request(&method, &format!("{target}{query}"), body);
        self.api.add_headers(&mut request);
        let answer = self.api.send(request).await;
        let shown = answer.json();
        assert_eq!(answer.status.as_u16(), 200, "{method} {target}{query}: {shown}");
        for header in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
            assert!(answer.header(header).parse::<i64>().is_ok(), "{path}: {header}");
        }
        self.replies.entry(format!("{method} {path}")).or_default().push(shown.clone());
        shown
    }

    /// A call of an endpoint with a group in its path.
    pub async fn call_at(&mut self, method: Method, path: &str, gid: &str, body: Option<&Value>) -> Value {
        let target = path.replace("{product_key}", KEY).replace("{gid}", gid);
        let reply = self.call(method.clone(), &target, "", body).await;
        self.replies.entry(format!("{method} {path}")).or_default().push(reply.clone());
        reply
    }

    async fn get(&mut self, path: &str, query: &str) -> Value {
        self.call(Method::GET, path, query, None).await
    }
}

/// One call of each endpoint of tokens, products and devices.
async fn scenario(recorder: &mut Recorder<'_>) {
    recorder.api.live().await;
    let credentials = recorder.api.credentials();
    let path = "/v1/products/{product_key}/access_token";
    recorder.call(Method::POST, path, "", Some(&credentials)).await;
    recorder.get("/v1/products/{product_key}/datapoint", "").await;
    recorder.get("/v1/products/{product_key}/devices", "?mac=virtual:site").await;
    recorder.get("/v1/products/{product_key}/device_detail", "?mac=virtual:site").await;
    recorder.get("/v1/products/{product_key}/devices/search", "?type=did&val=dE2xjocBhaUHkYkSspYM5k").await;
    for log in ["online", "cmd", "data"] {
        recorder.get(&format!("/v1/products/{{product_key}}/devices/{{did}}/{log}"), "?sort=asc").await;
    }
}

/// Needs a device that is connected: tested with real ones.
const ELSEWHERE: [&str; 1] = ["/control"];

/// What the document leaves open, or says in two ways.
fn is_settled(found: &str) -> bool {
    // In the table of all elements, in none of the example.
    found.contains(".keyboardType: absent")
        // How a group with groups is shown is not said: an object like the whole.
        || found.starts_with("group.tree.")
        // One path, two reports: the other one's part.
        || (found.starts_with("device_report.alert_devices.") && found.contains(".detail."))
}

async fn run(kind: Kind) {
    let api = TestApi::new(kind).await;
    let mut recorder = Recorder { api: &api, replies: BTreeMap::new() };
    scenario(&mut recorder).await;
    super::fleet::scenario(&mut recorder).await;
    let mut wrong = Vec::new();
    for endpoint in Endpoints::new().iter() {
        let name = endpoint.name();
        if ELSEWHERE.iter().any(|part| name.contains(part)) {
            continue;
        }
        let Some(replies) = recorder.replies.get(&name) else {
            wrong.push(format!("{name}: never called"));
            continue;
        };
        for entry in entries(endpoint) {
            for reply in replies {
                value(&entry.response, &entry.section, reply, &mut wrong);
            }
        }
    }
    wrong.retain(|found| !is_settled(found));
    assert!(wrong.is_empty(), "{} disagreements:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn sqlite_replies_are_the_documented_ones() {
    run(Kind::Sqlite).await;
}

#[tokio::test]
async fn postgres_replies_are_the_documented_ones() {
    run(Kind::Postgres).await;
}

fn value(spec: &Spec, at: &str, given: &Value, wrong: &mut Vec<String>) {
    if given.is_null() {
        if !spec.nullable_in_example {
            wrong.push(format!("{at}: null"));
        }
        return;
    }
    let fits = match spec.kind() {
        "integer" => given.is_i64(),
        "number" => given.is_number(),
        "boolean" => given.is_boolean(),
        "array" => given.is_array(),
        "object" => given.is_object(),
        "string" => given.is_string(),
        _ => true,
    };
    if !fits {
        return wrong.push(format!("{at}: {given}, documented {}", spec.kind()));
    }
    if let (Some(item), Some(items)) = (&spec.item, given.as_array()) {
        if items.is_empty() {
            wrong.push(format!("{at}: an empty list: nothing of it was tested"));
        }
        for inner in items {
            value(item, &format!("{at}[]"), inner, wrong);
        }
    }
    let Some(object) = given.as_object() else { return };
    for field in spec.fields.iter().flatten() {
        let at = format!("{at}.{}", field.name);
        match object.get(&field.name) {
            Some(inner) => value(field, &at, inner, wrong),
            None if field.present_when.is_some() => {}
            None => wrong.push(format!("{at}: absent")),
        }
        if let Some(table) = &field.table_name
            && object.get(table) != object.get(&field.name)
        {
            wrong.push(format!("{at}: not also as {table}"));
        }
    }
    if let Some(additional) = &spec.additional {
        let named = |name: &String| spec.fields.iter().flatten().any(|field| field.name == *name);
        for (name, inner) in object.iter().filter(|(name, _)| !named(name)) {
            value(&additional.value, &format!("{at}.{name}"), inner, wrong);
        }
    }
}
