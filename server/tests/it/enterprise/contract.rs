//! The registry against the catalogue: each endpoint is called and reads its parameters as the document says.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, Request};
use domain::Error;
use domain::db::Kind;
use millwright::enterprise::registry::{Auth, Endpoint, Endpoints};
use millwright::industry::shape::Kind as Shape;
use serde_json::{Map, Value, json};

use super::catalogue::{CATALOGUE, Entry, Spec, entries, sample};
use super::support::{DID, KEY, TestApi};

/// Endpoints that are not implemented yet. The list may only shrink.
const NOT_IMPLEMENTED: &str = include_str!("../../data/enterprise-not-implemented.txt");

/// Endpoints beyond the document: the sensible path of one that is documented under an odd one.
const BESIDES: [&str; 2] = [
    "GET /v1/products/{product_key}/alert/report/events",
    "GET /v1/products/{product_key}/devices/report/rt",
];

/// Parameters that the table requires although its text or example does without them.
const NOT_REQUIRED: [(&str, &str); 3] = [
    // Alternatives of each other.
    ("device.control", "raw"),
    ("device.control", "attrs"),
    // Null in the example, optional in every other report.
    ("user_report.new", "gid"),
];

/// Parameters that are read as something else than the table's type, or as several types.
const OTHER_TYPES: [(&str, &str); 4] = [
    // A list of numbers, or text.
    ("device.control", "raw"),
    ("device.control", "attrs"),
    // Described as a list.
    ("binding.create", "dids"),
    ("binding.delete", "dids"),
];

fn agree(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} disagreements:\n{}", wrong.len(), wrong.join("\n"));
}

fn documented(endpoints: &Endpoints) -> impl Iterator<Item = (&Endpoint, &'static Entry)> {
    endpoints.iter().flat_map(|endpoint| entries(endpoint).into_iter().map(move |entry| (endpoint, entry)))
}

#[test]
fn every_documented_endpoint_is_implemented_or_listed_as_missing() {
    let endpoints = Endpoints::new();
    let here: BTreeSet<_> = endpoints.iter().map(Endpoint::name).collect();
    let missing = NOT_IMPLEMENTED.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let missing: BTreeSet<_> = missing.map(str::to_owned).collect();
    let known: BTreeSet<_> = CATALOGUE.endpoints.iter().map(Entry::name).collect();
    assert_eq!(missing.intersection(&here).collect::<Vec<_>>(), Vec::<&String>::new(), "listed, but here");
    let mut all = &missing | &here;
    all.retain(|name| !BESIDES.contains(&name.as_str()));
    assert_eq!(all, known, "listed or here, against documented");
}

#[test]
fn every_endpoint_is_called_as_documented() {
    let endpoints = Endpoints::new();
    let mut wrong = Vec::new();
    for (endpoint, entry) in documented(&endpoints) {
        let auth = match endpoint.auth {
            Auth::Token => "token",
            Auth::Headers => "enterprise_headers",
            Auth::Body => "none",
        };
        if auth != entry.auth {
            wrong.push(format!("{}: {auth}, documented {}", entry.section, entry.auth));
        }
        let here: Vec<_> = endpoint.path_params().collect();
        let known: Vec<_> = entry.path_params.iter().map(|spec| spec.name.as_str()).collect();
        if here != known {
            wrong.push(format!("{}: {here:?} in the path, documented {known:?}", entry.section));
        }
    }
    agree(&wrong);
}

#[test]
fn every_documented_parameter_is_declared_with_its_type_and_flag() {
    let endpoints = Endpoints::new();
    let mut wrong = Vec::new();
    for (endpoint, entry) in documented(&endpoints) {
        for spec in entry.params() {
            let at = format!("{} {}", entry.section, spec.name);
            let name = (entry.section.as_str(), spec.name.as_str());
            let Some(field) = endpoint.shape.field(&spec.name) else {
                wrong.push(format!("{at}: not declared"));
                continue;
            };
            let required = spec.required && !NOT_REQUIRED.contains(&name);
            if field.required != required {
                wrong.push(format!("{at}: required {}, documented {required}", field.required));
            }
            let kind = endpoint.shape.resolve(&field.kind);
            if !OTHER_TYPES.contains(&name) && !fits(spec, kind) {
                wrong.push(format!("{at}: {kind:?}, documented {}", spec.r#type));
            }
        }
    }
    agree(&wrong);
}

fn fits(spec: &Spec, kind: &Shape) -> bool {
    match spec.r#type.as_str() {
        "integer" => kind == &Shape::Integer,
        "number" => kind == &Shape::Number,
        "boolean" => kind == &Shape::Boolean,
        "array" => matches!(kind, Shape::List(_)),
        "object" => matches!(kind, Shape::Object(_) | Shape::Map(_) | Shape::Any),
        _ => matches!(kind, Shape::Text(_)),
    }
}

/// All parameters, each with some value.
fn whole(entry: &Entry) -> Map<String, Value> {
    entry.params().map(|spec| (spec.name.clone(), sample(spec))).collect()
}

#[test]
fn every_missing_parameter_is_refused_by_name() {
    let endpoints = Endpoints::new();
    let mut wrong = Vec::new();
    for (endpoint, entry) in documented(&endpoints) {
        for spec in entry.params().filter(|spec| spec.required) {
            if NOT_REQUIRED.contains(&(entry.section.as_str(), spec.name.as_str())) {
                continue;
            }
            let mut params = whole(entry);
            params.shift_remove(&spec.name);
            match endpoint.read(params) {
                Err(Error::Invalid { param, .. }) if param == spec.name => {}
                other => wrong.push(format!("{} without {}: {other:?}", entry.section, spec.name)),
            }
        }
    }
    agree(&wrong);
}

#[test]
fn texts_are_read_as_the_types_they_stand_for() {
    let endpoints = Endpoints::new();
    let mut wrong = Vec::new();
    for (endpoint, entry) in documented(&endpoints) {
        let texts = whole(entry).into_iter().map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (name, Value::String(text))
        });
        if let Err(error) = endpoint.read(texts.collect()) {
            wrong.push(format!("{}: {error}", entry.section));
        }
    }
    agree(&wrong);
}

/// The path of an endpoint with something in each of its places.
pub fn path_of(endpoint: &Endpoint) -> String {
    endpoint.path.replace("{product_key}", KEY).replace("{did}", DID).replace("{gid}", "g1")
}

#[tokio::test]
async fn unreadable_parameters_never_break_a_call() {
    let api = TestApi::limited(Kind::Sqlite, Some(0)).await;
    let deep = format!("{}1{}", "[".repeat(120), "]".repeat(120));
    let hostile = [
        json!(null),
        json!(""),
        json!("\u{0}"),
        json!(-1),
        json!("99999999999999999999"),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(1e300),
        json!("NaN"),
        json!([]),
        json!({}),
        json!([[null]]),
        json!({"a": {"b": []}}),
        json!(deep),
        json!("x".repeat(20_000)),
    ];
    let endpoints = Endpoints::new();
    let mut wrong = Vec::new();
    for (endpoint, entry) in documented(&endpoints) {
        for spec in entry.query.iter().chain(&entry.body) {
            for value in &hostile {
                let mut params = whole(entry);
                params.retain(|name, _| entry.path_params.iter().all(|spec| spec.name != *name));
                params.insert(spec.name.clone(), value.clone());
                let answer = api.send(request(&api, endpoint, &params)).await;
                let status = answer.status.as_u16();
                if status >= 500 {
                    let shown: String = value.to_string().chars().take(40).collect();
                    wrong.push(format!("{} {}={shown}: {}", entry.section, spec.name, answer.json()));
                }
            }
        }
    }
    agree(&wrong);
}

/// A call of an endpoint with these parameters and everything that proves the caller.
pub fn request(api: &TestApi, endpoint: &Endpoint, params: &Map<String, Value>) -> Request<Body> {
    let path = path_of(endpoint);
    let mut request = if endpoint.method == Method::GET {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let encode = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
        };
        let query: Vec<_> =
            params.iter().map(|(name, value)| format!("{name}={}", encode(&text(value)))).collect();
        api.request(&endpoint.method, &format!("{path}?{}", query.join("&")), None)
    } else {
        api.request(&endpoint.method, &path, Some(&Value::Object(params.clone())))
    };
    if endpoint.auth == Auth::Headers {
        request.headers_mut().remove("authorization");
        api.add_headers(&mut request);
    }
    request
}

#[tokio::test]
async fn an_unknown_path_or_method_is_refused_in_the_words_of_this_api() {
    let api = TestApi::new(Kind::Sqlite).await;
    for path in ["/v1", "/v1/", "/v1/products", "/v1/products//datapoint", "/v1/products/a/b/c/d/e/f/g"] {
        let answer = api.get(path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["error_code"].as_i64()),
            (404, Some(404)),
            "{path}"
        );
        assert!(answer.json()["error_message"].is_string());
    }
    let path = TestApi::of_product("datapoint");
    let answer = api.send(api.request(&Method::POST, &path, None)).await;
    assert_eq!((answer.status.as_u16(), answer.header("allow").as_str()), (405, "GET"));
    assert_eq!(answer.json()["error_code"], 405);
    assert_eq!(
        api.get(&format!("{path}/")).await.status.as_u16(),
        200,
        "a slash at the end is no other path"
    );
}

#[tokio::test]
async fn a_body_is_read_whatever_its_content_type_and_refused_when_it_is_no_object() {
    let api = TestApi::new(Kind::Sqlite).await;
    for body in ["", "[]", "1", "{", "\u{0}", "null"] {
        let mut request = TestApi::token_request(KEY, &json!({}));
        *request.body_mut() = Body::from(body);
        let answer = api.send(request).await;
        let code = if body.is_empty() { 5002 } else { 5001 };
        assert_eq!(
            (answer.status.as_u16(), answer.json()["error_code"].as_i64()),
            (400, Some(code)),
            "{body:?}"
        );
        assert!(answer.json()["detail_message"].is_string());
    }
    let credentials = api.credentials();
    let text = |name: &str| credentials[name].as_str().expect("text").to_owned();
    let form = ["enterprise_id", "enterprise_secret", "product_secret"];
    let form: Vec<_> = form.iter().map(|name| format!("{name}={}", text(name))).collect();
    let mut request = TestApi::token_request(KEY, &json!({}));
    *request.body_mut() = Body::from(form.join("&"));
    request
        .headers_mut()
        .insert("content-type", "application/x-www-form-urlencoded".parse().expect("a header"));
    assert!(api.send(request).await.json()["token"].is_string());
    let mut large = credentials.clone();
    large["product_secret"] = json!("x".repeat(2 * 1024 * 1024));
    assert_eq!(api.send(TestApi::token_request(KEY, &large)).await.json()["error_code"], 5001);
}
