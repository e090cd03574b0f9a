//! Who may call an endpoint: nobody without credentials, and a token for its own product only. Every endpoint is walked.

use axum::body::Body;
use axum::http::{HeaderValue, Request};
use domain::db::Kind;
use domain::enterprise::CreateEnterprise;
use domain::enterprise::service::create_enterprise;
use millwright::enterprise::registry::{Auth, Endpoints};
use serde_json::{Map, Value, json};

use super::contract::request;
use super::support::{KEY, SECRET, TestApi, product};

/// Sends a request for each endpoint, changed; all must be refused with this code.
async fn all_refused(api: &TestApi, auth: Auth, code: i64, change: impl Fn(&mut Request<Body>)) {
    for endpoint in Endpoints::new().iter().filter(|endpoint| endpoint.auth == auth) {
        let mut request = request(api, endpoint, &Map::new());
        change(&mut request);
        let answer = api.send(request).await;
        assert_eq!(answer.json()["error_code"], code, "{}: {}", endpoint.name(), answer.json());
        assert!(answer.status.is_client_error());
    }
}

fn header(request: &mut Request<Body>, name: &'static str, value: &str) {
    request.headers_mut().insert(name, HeaderValue::from_str(value).expect("a header"));
}

#[tokio::test]
async fn nobody_calls_an_endpoint_without_credentials() {
    let api = TestApi::new(Kind::Sqlite).await;
    let before = api.plant.rows_of(api.plant.ctx().tenant_id()).await;
    all_refused(&api, Auth::Token, 5009, |request| drop(request.headers_mut().remove("authorization"))).await;
    for wrong in ["token guessed", "token ", "token", &api.token, "Bearer x", "APPCODE x"] {
        all_refused(&api, Auth::Token, 5009, |request| header(request, "authorization", wrong)).await;
    }
    all_refused(&api, Auth::Headers, 5004, |request| {
        header(request, "x-gizwits-enterprise-secret", "guessed");
    })
    .await;
    all_refused(&api, Auth::Headers, 5003, |request| header(request, "x-gizwits-enterprise-id", "nobody"))
        .await;
    all_refused(&api, Auth::Headers, 5003, |request| request.headers_mut().clear()).await;
    // The enterprise's own token does not do where its secret is asked for.
    all_refused(&api, Auth::Headers, 5003, |request| {
        request.headers_mut().clear();
        header(request, "authorization", &format!("token {}", api.token));
    })
    .await;
    all_refused(&api, Auth::Body, 5002, |request| {
        header(request, "authorization", &format!("token {}", api.token));
    })
    .await;
    assert_eq!(api.plant.rows_of(api.plant.ctx().tenant_id()).await, before);
}

#[tokio::test]
async fn a_token_opens_its_own_product_only() {
    let mut api = TestApi::new(Kind::Sqlite).await;
    product(&api.plant.ctx(), "another").await;
    let own = std::mem::take(&mut api.token);
    api.token = api.issue("another").await;
    all_refused(&api, Auth::Token, 5010, |_| {}).await;
    assert_ne!(own, api.token);
}

#[tokio::test]
async fn the_token_of_another_tenant_sees_no_product_of_this_one() {
    let mut api = TestApi::new(Kind::Sqlite).await;
    let other = api.plant.other_tenant().await;
    product(&other, "theirs").await;
    let before = api.plant.rows_of(api.plant.ctx().tenant_id()).await;
    let own = api.caller.clone();
    api.caller = create_enterprise(&other, CreateEnterprise::default()).await.expect("an enterprise");
    api.token = api.issue("theirs").await;
    all_refused(&api, Auth::Token, 5015, |_| {}).await;
    // As in an installation without it; but whoever has its secret is told that it is not theirs.
    let wrong = json!({
        "enterprise_id": api.caller.enterprise_id,
        "enterprise_secret": api.caller.enterprise_secret,
        "product_secret": "guessed",
    });
    assert_eq!(api.send(TestApi::token_request(KEY, &wrong)).await.json()["error_code"], 5015);
    let mut right = wrong.clone();
    right["product_secret"] = json!(SECRET);
    assert_eq!(api.send(TestApi::token_request(KEY, &right)).await.json()["error_code"], 5008);
    right["enterprise_id"] = Value::String(own.enterprise_id);
    assert_eq!(api.send(TestApi::token_request(KEY, &right)).await.json()["error_code"], 5004);
    assert_eq!(api.plant.rows_of(api.plant.ctx().tenant_id()).await, before);
}
