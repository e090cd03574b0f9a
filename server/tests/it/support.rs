//! A running industry API over a fresh plant, and a client that signs.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use domain::Ctx;
use domain::access::Role;
use domain::access::service::{CreateApplication, CreateEmployee, create_application, create_employee};
use domain::db::Kind;
use domain::db::testing::TestPlant;
use millwright::industry;
use millwright::industry::client::{self, Credentials, SignedRequest};
use millwright::industry::registry::Endpoints;
use serde_json::{Value, json};
use tower::ServiceExt;

/// The API over a plant of its own.
pub struct TestApp {
    pub plant: TestPlant,
    pub router: Router,
    pub credentials: Credentials,
    pub app_code: String,
    pub app_id: String,
    /// `employeeId` of somebody who may only look.
    pub viewer: String,
}

/// An application of some tenant, to call with.
pub struct Caller {
    pub credentials: Credentials,
    pub app_id: String,
}

impl Caller {
    /// A new application of this tenant.
    pub async fn of(ctx: &Ctx) -> Self {
        let params = CreateApplication { name: "Line control".into(), ..CreateApplication::default() };
        let application = create_application(ctx, params).await.expect("an application");
        Self {
            credentials: Credentials { app_key: application.app_key, app_secret: application.app_secret },
            app_id: application.app_id.expect("a new application has an instance"),
        }
    }
}

/// An answer as it came.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> String {
        let value = self.headers.get(name).map_or(&b""[..], |value| value.as_bytes());
        String::from_utf8_lossy(value).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("an answer is JSON")
    }

    pub fn code(&self) -> i64 {
        self.json()["code"].as_i64().expect("an answer has a code")
    }

    pub fn message(&self) -> String {
        self.json()["message"].as_str().expect("an answer has a message").to_owned()
    }
}

impl TestApp {
    pub async fn new(kind: Kind) -> Self {
        let plant = TestPlant::new(kind).await;
        let ctx = plant.ctx();
        let params = CreateApplication { name: "Line control".into(), ..CreateApplication::default() };
        let application = create_application(&ctx, params).await.expect("an application");
        let viewer = CreateEmployee { name: "Guest".into(), login: None, role: Role::Viewer };
        let viewer = create_employee(&ctx, viewer).await.expect("an employee").employee_id.to_string();
        Self {
            router: industry::router(plant.services.clone()),
            credentials: Credentials { app_key: application.app_key, app_secret: application.app_secret },
            app_code: application.app_code.expect("a new application has a code"),
            app_id: application.app_id.expect("a new application has an instance"),
            viewer,
            plant,
        }
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: SignedRequest) -> Answer {
        let mut built = Request::builder().method(request.method).uri(request.target);
        for (name, value) in &request.headers {
            built = built.header(name, value);
        }
        let request = built.body(Body::from(request.body)).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Signs a request with this body.
    pub fn sign(&self, method: Method, target: &str, body: Vec<u8>) -> SignedRequest {
        client::sign(&self.credentials, method, target, body, self.plant.ctx().now()).expect("a request")
    }

    /// Signs and sends a call of another application.
    pub async fn call_as(&self, caller: &Caller, path: &str, params: &Value) -> Answer {
        let body = client::envelope("1.0.0", params);
        let now = self.plant.ctx().now();
        let request = client::sign(&caller.credentials, Method::POST, path, body, now).expect("a request");
        self.send(request).await
    }

    /// Signs and sends a call with these parameters.
    pub async fn call(&self, path: &str, params: Value) -> Answer {
        self.send(self.sign(Method::POST, path, client::envelope("1.0.0", &params))).await
    }
}

/// Calls an area's endpoints so that they succeed, and keeps what they answered.
pub struct Recorder<'a> {
    pub app: &'a TestApp,
    pub endpoints: Endpoints,
    pub replies: BTreeMap<String, Vec<Value>>,
    /// Every call with its parameters, in order.
    pub calls: Vec<(String, Value)>,
}

impl<'a> Recorder<'a> {
    pub fn new(app: &'a TestApp) -> Self {
        Self { app, endpoints: Endpoints::new(), replies: BTreeMap::new(), calls: Vec::new() }
    }

    /// Calls, expects success, keeps the answer and gives its `data`. `appId` is added where it must be given.
    pub async fn call(&mut self, path: &str, mut params: Value) -> Value {
        let endpoint = self.endpoints.find(path).unwrap_or_else(|| panic!("{path} is not registered"));
        if endpoint.required_identity.contains(&"appId") {
            params["appId"] = json!(self.app.app_id);
        }
        let shown = params.to_string();
        self.calls.push((path.to_owned(), params.clone()));
        let answer = self.app.call(path, params).await.json();
        assert_eq!(answer["code"], 200, "{path} {shown}: {answer}");
        let data = answer["data"].clone();
        self.replies.entry(path.to_owned()).or_default().push(answer);
        data
    }
}
