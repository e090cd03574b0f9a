//! From a request on the wire to a service and back.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use axum::routing::{any, get};
use domain::ctx::Services;
use domain::db::until_commit;
use domain::enterprise::Quota;
use domain::{Code, Error, Result, id, text};
use serde_json::{Map, Value};

use super::errors::{Failure, failure};
use super::registry::{Auth, Endpoint, Endpoints, Found};
use super::{caller, openapi, paging};
use crate::industry::signature::{is_form, pairs};

/// Largest body.
pub const BODY_LIMIT: usize = 1024 * 1024;
/// Time for an answer; the document names none.
const DEADLINE: Duration = Duration::from_secs(20);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// What all calls share.
pub struct Adapter {
    pub(super) services: Services,
    pub(super) endpoints: Endpoints,
    pub(super) public_url: Option<String>,
}

/// The Enterprise API. `public_url` is scheme and host under which callers reach the server, when a proxy stands before it.
pub fn router(services: Services, public_url: Option<String>) -> Router {
    let adapter = Adapter { services, endpoints: Endpoints::new(), public_url };
    Router::new()
        .route("/v1", any(answer))
        .route("/v1/", any(answer))
        .route("/v1/{*path}", any(answer))
        .route("/openapi/enterprise.json", get(openapi::serve))
        .with_state(Arc::new(adapter))
}

async fn answer(State(adapter): State<Arc<Adapter>>, request: Request) -> Response<Body> {
    let request_id = id::uuid();
    let (parts, body) = request.into_parts();
    let mut quota = None;
    let mut response = match adapter.endpoints.find(&parts.method, parts.uri.path()) {
        Found::Endpoint(endpoint, path_params) => {
            let call = adapter.call(endpoint, path_params, &parts, body, &mut quota);
            match until_commit(DEADLINE, call).await {
                Ok(data) => respond(StatusCode::OK, &data),
                Err(error) => {
                    report(&request_id, parts.uri.path(), &error);
                    refuse(&failure(&error))
                }
            }
        }
        Found::OtherMethod(allowed) => {
            let mut response = refuse(&Failure::method_not_allowed(&allowed));
            if let Ok(allowed) = HeaderValue::from_str(&allowed) {
                response.headers_mut().insert(ALLOW, allowed);
            }
            response
        }
        Found::Nothing => refuse(&Failure::not_found()),
    };
    let headers = response.headers_mut();
    if let Ok(request_id) = HeaderValue::from_str(&request_id) {
        headers.insert(REQUEST_ID, request_id);
    }
    if let Some(quota) = quota {
        headers.insert(LIMIT, quota.limit.into());
        headers.insert(REMAINING, quota.remaining.into());
        headers.insert(RESET, (quota.reset_at / 1000).into());
    }
    response
}

impl Adapter {
    /// Answers a call. What is known of the caller's quota is told besides, on failures too.
    async fn call(
        &self,
        endpoint: &Endpoint,
        path_params: Map<String, Value>,
        parts: &Parts,
        body: Body,
        quota: &mut Option<Quota>,
    ) -> Result<Value> {
        // Credentials in the body: it has to be read first.
        let (ctx, params) = if endpoint.auth == Auth::Body {
            let params = params(endpoint, path_params, parts, body).await?;
            (caller::of_body(self, parts, &params, quota).await?, params)
        } else {
            let ctx = match endpoint.auth {
                Auth::Headers => caller::of_headers(self, parts, quota).await?,
                Auth::Token | Auth::Body => {
                    let product_key = path_params.get("product_key").and_then(Value::as_str);
                    caller::of_token(self, parts, product_key, quota).await?
                }
            };
            (ctx, params(endpoint, path_params, parts, body).await?)
        };
        let mut data = endpoint.run(&ctx, endpoint.read(params)?).await?;
        paging::link(&mut data, parts, self.public_url.as_deref());
        Ok(data)
    }
}

/// The parameters of query, body and path, as they were sent. The path wins over the body, the body over the query.
async fn params(
    endpoint: &Endpoint,
    path_params: Map<String, Value>,
    parts: &Parts,
    body: Body,
) -> Result<Map<String, Value>> {
    let mut params = texts(parts.uri.query().unwrap_or_default().as_bytes());
    if endpoint.method != Method::GET {
        let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| {
            let most = BODY_LIMIT / 1024;
            unreadable(text!("has more than {most} KiB, or broke off", "超过 {most} KiB 或未完整送达"))
        })?;
        if is_form(&parts.headers) {
            params.extend(texts(&body));
        } else if !body.is_empty() {
            // Some clients begin with a byte order mark.
            let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&body);
            match serde_json::from_slice(body) {
                Ok(Value::Object(given)) => params.extend(given),
                Ok(_) => return Err(unreadable(text!("must be a JSON object", "应为 JSON 对象"))),
                Err(error) => return Err(unreadable(text!("is no JSON: {error}", "不是 JSON：{error}"))),
            }
        }
    }
    params.extend(path_params);
    Ok(params)
}

fn texts(form: &[u8]) -> Map<String, Value> {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    pairs(form).map(|(name, value)| (text(name), Value::String(text(value)))).collect()
}

fn unreadable(reason: domain::Text) -> Error {
    let domain::Text { en, zh } = reason;
    Error::Coded(Code::BodyJsonInvalid, text!("the body {en}", "请求体{zh}"))
}

fn refuse(failure: &Failure) -> Response<Body> {
    respond(failure.status, &failure.body())
}

fn respond(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
    response
}

/// Says the cause once, here; it never leaves the house.
fn report(request_id: &str, path: &str, error: &Error) {
    match error {
        Error::Internal(cause) => tracing::error!(request_id, path, ?cause, "a call failed"),
        Error::Database(cause) => tracing::error!(request_id, path, ?cause, "a call failed in the database"),
        Error::Deadline => tracing::warn!(request_id, path, "a call ran out of time"),
        Error::Invalid { .. } | Error::Coded(..) | Error::Forbidden | Error::Unauthenticated => {
            tracing::debug!(request_id, path, %error, "a call was refused");
        }
    }
}
