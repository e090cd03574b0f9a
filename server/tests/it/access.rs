//! Who may call an endpoint: nobody without credentials, a foreign tenant only for itself, and somebody who may only look
//! only what changes nothing. Every registered endpoint is walked.

use std::collections::BTreeSet;

use axum::http::Method;
use domain::access::Access;
use domain::db::Kind;
use millwright::industry::client::{self, Credentials};
use millwright::industry::registry::Endpoints;
use serde_json::{Value, json};

use crate::catalogue::{entry, samples};
use crate::support::{Caller, Recorder, TestApp};

#[tokio::test]
async fn a_viewer_changes_nothing_and_sees_everything() {
    let app = TestApp::new(Kind::Sqlite).await;
    let mut wrong = Vec::new();
    for endpoint in Endpoints::new().iter() {
        let mut params = samples(entry(endpoint.path).expect("documented"));
        params.insert("appId".into(), json!(app.app_id));
        params.insert("employeeId".into(), json!(app.viewer));
        let answer = app.call(endpoint.path, Value::Object(params)).await;
        if (answer.code() == 403) != (endpoint.access == Access::Write) {
            wrong.push(format!("{}: {:?}, answered {}", endpoint.path, endpoint.access, answer.json()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn nobody_calls_an_endpoint_without_credentials() {
    let app = TestApp::new(Kind::Sqlite).await;
    let before = app.plant.rows_of(app.plant.ctx().tenant_id()).await;
    let forger = Credentials { app_key: app.credentials.app_key.clone(), app_secret: "guessed".into() };
    for endpoint in Endpoints::new().iter() {
        let mut params = samples(entry(endpoint.path).expect("documented"));
        params.insert("appId".into(), json!(app.app_id));
        let body = client::envelope(endpoint.version, &Value::Object(params));
        let signed = app.sign(Method::POST, endpoint.path, body.clone());
        let mut bare = signed.clone();
        bare.headers.clear();
        let mut unsigned = signed.clone();
        unsigned.headers.remove("x-ca-signature");
        let mut guessed = bare.clone();
        guessed.headers.insert("authorization", "APPCODE guessed".parse().expect("a header"));
        let now = app.plant.ctx().now();
        let forged = client::sign(&forger, Method::POST, endpoint.path, body, now).expect("a request");
        for request in [bare, unsigned, guessed, forged] {
            let answer = app.send(request).await;
            assert!(answer.status.is_client_error(), "{}: {}", endpoint.path, answer.status);
            assert!(!answer.header("x-ca-error-code").is_empty(), "{}", endpoint.path);
            assert!(answer.body.is_empty() || answer.json()["data"].is_null(), "{}", endpoint.path);
        }
    }
    assert_eq!(app.plant.rows_of(app.plant.ctx().tenant_id()).await, before);
}

/// One test an area: all its calls that succeed are made again by a foreign tenant.
macro_rules! apart {
    ($($area:ident),+) => {$(
        mod $area {
            #[tokio::test]
            async fn a_foreign_tenant_sees_and_changes_nothing() {
                let app = super::TestApp::new(super::Kind::Sqlite).await;
                let mut recorder = super::Recorder::new(&app);
                crate::$area::scenario(&mut recorder).await;
                super::stays_apart(&recorder).await;
            }
        }
    )+};
}

apart!(calendar, log, masterdata, modelling, oee, quality);

/// To a foreign tenant this one does not exist: each call is answered as in an installation without it.
async fn stays_apart(recorder: &Recorder<'_>) {
    let app = recorder.app;
    let void = TestApp::new(Kind::Sqlite).await;
    // So that no id means something in both.
    for _ in 0..100_000 {
        void.plant.services.ids.next();
    }
    let own = app.plant.ctx().tenant_id();
    let before = app.plant.rows_of(own).await;
    let ids: BTreeSet<i64> = before
        .values()
        .flatten()
        .filter_map(|row| row.get(1)?.parse().ok())
        .filter(|id| *id >= 300)
        .collect();
    let stranger = Caller::of(&app.plant.other_tenant().await).await;
    let alone = Caller::of(&void.plant.other_tenant().await).await;
    let both = async |path: &str, params: &Value| {
        let mut answers = Vec::new();
        for (app, caller) in [(app, &stranger), (&void, &alone)] {
            let mut params = params.clone();
            params["appId"] = json!(caller.app_id);
            answers.push(app.call_as(caller, path, &params).await.json());
        }
        let [there, here] = <[Value; 2]>::try_from(answers).expect("two answers");
        for part in ["code", "message", "localizedMsg"] {
            assert_eq!(there[part], here[part], "{path} {params}: {there}");
        }
        (there, here)
    };

    let reads = |path: &str| recorder.endpoints.find(path).is_some_and(|e| e.access == Access::Read);
    for (path, params) in recorder.calls.iter().filter(|(path, _)| reads(path)) {
        let (there, here) = both(path, params).await;
        assert_eq!(there["data"], here["data"], "{path} {params}");
    }
    for (path, params) in &recorder.calls {
        let (there, _) = both(path, params).await;
        let mut seen = BTreeSet::new();
        numbers(&there["data"], &mut seen);
        // What it asked for by number may come back; anything else of the first tenant may not.
        let mut asked = BTreeSet::new();
        numbers(params, &mut asked);
        let leaked: Vec<_> = seen.intersection(&ids).filter(|id| !asked.contains(id)).collect();
        assert!(leaked.is_empty(), "{path} {params}: {there}");
    }
    for (path, params) in &recorder.calls {
        let mut params = params.clone();
        params["appId"] = json!(app.app_id);
        let answer = app.call_as(&stranger, path, &params).await;
        assert_eq!(
            (answer.code(), &answer.json()["data"]),
            (403, &Value::Null),
            "{path}: the appId of another"
        );
        params["appId"] = json!(stranger.app_id);
        params["employeeId"] = json!(app.viewer);
        let answer = app.call_as(&stranger, path, &params).await;
        assert!(
            [403, 107_313].contains(&answer.code()),
            "{path}: the employee of another, {}",
            answer.json()
        );
    }
    assert_eq!(app.plant.rows_of(own).await, before);
}

/// All whole numbers in a value, also those in texts.
fn numbers(value: &Value, into: &mut BTreeSet<i64>) {
    match value {
        Value::Number(number) => into.extend(number.as_i64()),
        Value::String(text) => {
            into.extend(
                text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<i64>().ok()),
            );
        }
        Value::Array(items) => items.iter().for_each(|item| numbers(item, into)),
        Value::Object(fields) => fields.values().for_each(|field| numbers(field, into)),
        Value::Null | Value::Bool(_) => {}
    }
}
