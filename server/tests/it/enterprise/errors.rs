//! Every documented error code that can be provoked, with its HTTP status and message, and the quota's headers.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use domain::Ctx;
use domain::db::{Kind, sql};
use domain::device::service::{create_product, import_devices, product_by_key, update_product};
use domain::device::{CreateProduct, ImportDevices, UpdateProduct};
use domain::enterprise::{QUOTA_SPAN, TOKEN_LIFE};
use millwright::enterprise::registry::{Auth, Endpoint, Endpoints, Found};
use serde_json::{Map, Value, json};

use super::catalogue::{CATALOGUE, entries};
use super::contract::{path_of, request};
use super::support::{DID, KEY, SECRET, TestApi, device, product};
use crate::support::Answer;

/// Faults of the installation, of the store or of a damaged definition; reports that are not made yet, where all are made
/// when they are asked for; bindings and permissions that remote control does not need; a connected device that takes
/// nothing, which is tested with a real one.
const NOT_PROVOKED: [i64; 8] = [5406, 5407, 5409, 5601, 5014, 5303, 5404, 5403];

/// Whether no call can provoke a code here.
fn cannot_happen(section: &str, code: i64) -> bool {
    let here = [
        // The history has no parameter that names datapoints.
        ("device.data_history", 5405),
        // The product of these is named by its secret.
        ("user_report.liveness_total", 5015),
        ("user_report.location", 5015),
        // What hinders one device says so in `failed` and hinders no other.
        ("binding.create", 5301),
        ("binding.create", 5302),
        ("binding.create", 5304),
        ("binding.delete", 5301),
        ("binding.delete", 5302),
    ];
    NOT_PROVOKED.contains(&code) || here.contains(&(section, code))
}

/// What was provoked: codes by the name of the endpoint.
#[derive(Default)]
struct Provoked(BTreeMap<String, BTreeSet<i64>>);

impl Provoked {
    /// Keeps the code of a refusal, which must have the documented status and message.
    fn refused(&mut self, name: &str, answer: &Answer, code: i64) {
        let body = answer.json();
        assert_eq!(body["error_code"], code, "{name}: {body}");
        let row = CATALOGUE.errors.iter().find(|row| row.code == code).expect("a documented code");
        assert_eq!(answer.status.as_u16(), row.http_status, "{name}: {body}");
        assert_eq!(body["error_message"], row.message, "{name}");
        assert!(body.get("detail_message").is_some(), "{name}");
        self.0.entry(name.to_owned()).or_default().insert(code);
    }

    async fn all(&mut self, api: &TestApi, code: i64, with_quota: bool) {
        for endpoint in Endpoints::new().iter() {
            let params = if endpoint.auth == Auth::Body { api.credentials() } else { json!({}) };
            let params = params.as_object().expect("an object").clone();
            let answer = api.send(request(api, endpoint, &params)).await;
            let name = endpoint.name();
            self.refused(&name, &answer, code);
            assert_eq!(!answer.header("x-ratelimit-limit").is_empty(), with_quota, "{name} {code}");
        }
    }

    async fn get(&mut self, api: &TestApi, path: &str, query: &str, code: i64) {
        let target = path.replace("{product_key}", KEY).replace("{did}", DID);
        let answer = api.get(&format!("{target}{query}")).await;
        self.refused(&format!("GET {path}"), &answer, code);
    }
}

#[tokio::test]
async fn every_documented_code_that_can_be_provoked_is_answered() {
    let mut provoked = Provoked::default();
    quota(&mut provoked).await;
    addresses(&mut provoked).await;
    tokens(&mut provoked).await;
    products(&mut provoked).await;
    parameters(&mut provoked).await;
    fleet(&mut provoked).await;
    control(&mut provoked).await;
    let mut wrong = Vec::new();
    for endpoint in Endpoints::new().iter() {
        let none = BTreeSet::new();
        let seen = provoked.0.get(&endpoint.name()).unwrap_or(&none);
        for entry in entries(endpoint) {
            let missing = entry.errors.iter().filter(|code| !seen.contains(code));
            let missing = missing.filter(|code| !cannot_happen(&entry.section, **code));
            wrong.extend(missing.map(|code| format!("{}: {code} was not provoked", entry.section)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// 5013, after the last call of the hour.
async fn quota(provoked: &mut Provoked) {
    let api = TestApi::limited(Kind::Sqlite, Some(3)).await;
    let path = TestApi::of_product("datapoint");
    let begin = api.plant.ctx().now();
    for left in ["1", "0"] {
        let answer = api.get(&path).await;
        assert_eq!(answer.status.as_u16(), 200);
        assert_eq!(answer.header("x-ratelimit-limit"), "3");
        assert_eq!(answer.header("x-ratelimit-remaining"), left);
        assert_eq!(answer.header("x-ratelimit-reset"), ((begin + QUOTA_SPAN) / 1000).to_string());
    }
    provoked.all(&api, 5013, true).await;
    api.plant.clock.set(begin + QUOTA_SPAN);
    assert_eq!(api.get(&path).await.header("x-ratelimit-remaining"), "2");
    // A failure counts, and says what is left, too.
    let answer = api.get(&TestApi::of_product("devices?mac=unknown")).await;
    assert_eq!(answer.header("x-ratelimit-remaining"), "1");
    // A wrong secret uses nobody's calls up.
    let mut wrong = api.credentials();
    wrong["enterprise_secret"] = json!("guessed");
    let answer = api.send(TestApi::token_request(KEY, &wrong)).await;
    provoked.refused("POST /v1/products/{product_key}/access_token", &answer, 5004);
    assert_eq!(answer.header("x-ratelimit-remaining"), "1");

    let free = TestApi::limited(Kind::Sqlite, Some(0)).await;
    assert_eq!(free.get(&path).await.header("x-ratelimit-limit"), "");
}

/// 5012, from an address that is not on the list.
async fn addresses(provoked: &mut Provoked) {
    let api = TestApi::new(Kind::Sqlite).await;
    let list = sql("UPDATE enterprise SET allowed_addresses = $2 WHERE tenant_id = $1");
    api.run(list.bind(api.plant.ctx().tenant_id()).bind(r#"["10.0.0.0/8", "192.0.2.7"]"#)).await;
    provoked.all(&api, 5012, true).await;
    let path = TestApi::of_product("datapoint");
    for (address, status) in [("10.9.8.7", 200), ("192.0.2.7", 200), ("192.0.2.8", 400)] {
        assert_eq!(api.get_from(&path, address).await.status.as_u16(), status, "{address}");
    }
    // What anybody can write counts only where a proxy stands before the server.
    let forwarded = async |api: &TestApi| {
        let mut request = api.request(&Method::GET, &path, None);
        request.headers_mut().insert("x-forwarded-for", "192.0.2.8, 10.1.1.1".parse().expect("a header"));
        api.send(request).await.status.as_u16()
    };
    assert_eq!(forwarded(&api).await, 400);
    let router = millwright::enterprise::router(api.plant.services.clone(), Some("https://p.example".into()));
    let api = TestApi { router, ..api };
    assert_eq!(forwarded(&api).await, 200);
}

/// 5009, 5010, 5011 and the codes of credentials.
async fn tokens(provoked: &mut Provoked) {
    let mut api = TestApi::new(Kind::Sqlite).await;
    product(&api.plant.ctx(), "another").await;
    let own = api.token.clone();
    let another = api.issue("another").await;
    for (token, code) in [("guessed", 5009), (another.as_str(), 5010)] {
        token.clone_into(&mut api.token);
        tokens_refused(provoked, &api, code).await;
    }
    api.token = own;
    api.plant.clock.set(api.plant.ctx().now() + TOKEN_LIFE);
    tokens_refused(provoked, &api, 5011).await;

    let name = "POST /v1/products/{product_key}/access_token";
    let with = |param: &str, value: Value| {
        let mut body = api.credentials();
        body[param] = value;
        body
    };
    for (body, code) in [
        (json!([]), 5001),
        (with("product_secret", Value::Null), 5002),
        (with("enterprise_id", json!("nobody")), 5003),
        (with("enterprise_secret", json!("guessed")), 5004),
        (with("product_secret", json!("guessed")), 5005),
    ] {
        provoked.refused(name, &api.send(TestApi::token_request(KEY, &body)).await, code);
    }
    let other = api.plant.other_tenant().await;
    product(&other, "theirs").await;
    let credentials = api.credentials();
    provoked.refused(name, &api.send(TestApi::token_request("theirs", &credentials)).await, 5008);
    let off = UpdateProduct { product_key: KEY.into(), api_enabled: Some(false), ..UpdateProduct::default() };
    update_product(&api.plant.ctx(), off).await.expect("an update");
    provoked.refused(name, &api.send(TestApi::token_request(KEY, &credentials)).await, 5007);
}

async fn tokens_refused(provoked: &mut Provoked, api: &TestApi, code: i64) {
    for endpoint in Endpoints::new().iter().filter(|endpoint| endpoint.auth == Auth::Token) {
        let answer = api.send(request(api, endpoint, &Map::new())).await;
        provoked.refused(&endpoint.name(), &answer, code);
    }
}

/// 5015 and 5024.
async fn products(provoked: &mut Provoked) {
    let api = TestApi::new(Kind::Sqlite).await;
    for endpoint in Endpoints::new().iter().filter(|endpoint| endpoint.path.contains("{product_key}")) {
        let body = if endpoint.auth == Auth::Body { api.credentials() } else { json!({}) };
        let path = path_of(endpoint).replace(KEY, "unknown");
        let body = (endpoint.method != Method::GET).then_some(&body);
        let answer = api.send(api.request(&endpoint.method, &path, body)).await;
        provoked.refused(&endpoint.name(), &answer, 5015);
    }
    let published =
        UpdateProduct { product_key: KEY.into(), published: Some(true), ..UpdateProduct::default() };
    update_product(&api.plant.ctx(), published).await.expect("an update");
    for log in ["online", "cmd", "data"] {
        let path = format!("/v1/products/{{product_key}}/devices/{{did}}/{log}");
        provoked.get(&api, &path, "", 5024).await;
    }
    let off = UpdateProduct { product_key: KEY.into(), api_enabled: Some(false), ..UpdateProduct::default() };
    update_product(&api.plant.ctx(), off).await.expect("an update");
    tokens_refused(provoked, &api, 5024).await;
}

/// 5002 and what is named but not there.
async fn parameters(provoked: &mut Provoked) {
    let mut api = TestApi::new(Kind::Sqlite).await;
    let ctx = api.plant.ctx();
    product(&ctx, "another").await;
    known_device(&ctx, "another", "other-did").await;
    for path in ["/v1/products/{product_key}/devices", "/v1/products/{product_key}/device_detail"] {
        provoked.get(&api, path, "", 5002).await;
        provoked.get(&api, path, "?mac=unknown", 5301).await;
        provoked.get(&api, path, "?mac=other-did:mac", 5302).await;
    }
    let search = "/v1/products/{product_key}/devices/search";
    provoked.get(&api, search, "?is_online=maybe", 5002).await;
    provoked.get(&api, search, "?gid=unknown", 5206).await;
    let another = product_by_key(&ctx, "another").await.expect("a product");
    let group = sql("INSERT INTO device_group (tenant_id, id, product_id, gid, name, created_at)
         VALUES ($1, 1, $2, 'theirs', '', 1)");
    api.run(group.bind(ctx.tenant_id()).bind(another.id)).await;
    provoked.get(&api, search, "?gid=theirs", 5201).await;
    for log in ["online", "cmd", "data"] {
        let path = format!("/v1/products/{{product_key}}/devices/{{did}}/{log}");
        provoked.get(&api, &path, "?limit=101", 5002).await;
        let unknown = |did: &str| TestApi::of_product(&format!("devices/{did}/{log}"));
        let name = format!("GET {path}");
        provoked.refused(&name, &api.get(&unknown("unknown")).await, 5301);
        provoked.refused(&name, &api.get(&unknown("other-did")).await, 5302);
    }
    // A product without datapoints.
    let bare = CreateProduct {
        name: Some("Bare".into()),
        product_key: Some("bare".into()),
        product_secret: Some(SECRET.into()),
        ..CreateProduct::default()
    };
    create_product(&ctx, bare).await.expect("a product");
    known_device(&ctx, "bare", "bare-did").await;
    api.token = api.issue("bare").await;
    let answer = api.get("/v1/products/bare/datapoint").await;
    provoked.refused("GET /v1/products/{product_key}/datapoint", &answer, 5402);
    let answer = api.get("/v1/products/bare/devices/bare-did/data").await;
    provoked.refused("GET /v1/products/{product_key}/devices/{did}/data", &answer, 5402);
    let on = json!({"attrs": {"switch": true}});
    let path = "/v1/products/bare/devices/bare-did/control";
    let answer = api.send(api.request(&Method::POST, path, Some(&on))).await;
    provoked.refused("POST /v1/products/{product_key}/devices/{did}/control", &answer, 5402);
}

/// The codes of groups, people, bindings and reports.
async fn fleet(provoked: &mut Provoked) {
    let api = TestApi::new(Kind::Sqlite).await;
    product(&api.plant.ctx(), "another").await;
    let endpoints = Endpoints::new();
    for (method, path, query, body, code) in super::fleet::refusals(&api).await {
        let target = path.replace("{product_key}", KEY);
        let Found::Endpoint(endpoint, _) = endpoints.find(&method, &target) else { continue };
        let mut request = api.request(&method, &format!("{target}{query}"), body.as_ref());
        api.add_headers(&mut request);
        provoked.refused(&endpoint.name(), &api.send(request).await, code);
    }
    // Credentials of the endpoints that take headers.
    for endpoint in endpoints.iter().filter(|endpoint| endpoint.auth == Auth::Headers) {
        for (name, code) in [("x-gizwits-enterprise-id", 5003), ("x-gizwits-enterprise-secret", 5004)] {
            let mut request = request(&api, endpoint, &Map::new());
            request.headers_mut().insert(name, "guessed".parse().expect("a header"));
            provoked.refused(&endpoint.name(), &api.send(request).await, code);
        }
    }
}

/// The codes of remote control, of a device that is off line.
async fn control(provoked: &mut Provoked) {
    let api = TestApi::new(Kind::Sqlite).await;
    let ctx = api.plant.ctx();
    product(&ctx, "another").await;
    known_device(&ctx, "another", "other-did").await;
    let name = "POST /v1/products/{product_key}/devices/{did}/control";
    let on = json!({"attrs": {"switch": true}});
    for (did, body, code) in [
        (DID, json!([]), 5001),
        (DID, json!({}), 5002),
        ("unknown", on.clone(), 5301),
        ("other-did", on.clone(), 5302),
        (DID, on.clone(), 5305),
        (DID, json!({"attrs": {"set_temp": 99}}), 5401),
        (DID, json!({"attrs": {"unknown": 1}}), 5405),
        (DID, json!({"raw": [1, 256]}), 5408),
    ] {
        let path = TestApi::of_product(&format!("devices/{did}/control"));
        let answer = api.send(api.request(&Method::POST, &path, Some(&body))).await;
        provoked.refused(name, &answer, code);
    }
    let disable = sql("UPDATE device SET disabled = TRUE WHERE tenant_id = $1").bind(ctx.tenant_id());
    api.run(disable).await;
    let path = TestApi::of_product(&format!("devices/{DID}/control"));
    provoked.refused(name, &api.send(api.request(&Method::POST, &path, Some(&on))).await, 5304);
}

/// A device of a product.
async fn known_device(ctx: &Ctx, key: &str, did: &str) {
    let devices = vec![device(&format!("{did}:mac"), did)];
    import_devices(ctx, ImportDevices { product_key: key.into(), devices }).await.expect("a device");
}

#[test]
fn the_name_of_an_endpoint_is_its_method_and_path() {
    let endpoints = Endpoints::new();
    let names: BTreeSet<_> = endpoints.iter().map(Endpoint::name).collect();
    assert_eq!(names.len(), endpoints.iter().count());
}
