//! From a request on the wire to a service and back. The order of the checks is that of the documented gateway.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Response};
use axum::routing::{any, get};
use domain::access::service::{Application, application_by_code, application_by_key, resolve_identity};
use domain::ctx::Services;
use domain::db::until_commit;
use domain::time::Millis;
use domain::{Error, Result};
use serde_json::Value;

use super::envelope::{self, Envelope};
use super::errors::{Refusal, failure};
use super::nonces::{Nonces, Refused, Taken, WINDOW};
use super::registry::{Endpoint, Endpoints};
use super::signature::{Signed, Step, body_is_intact, header};
use super::{identity, openapi};

/// Largest body.
pub const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// What all calls share.
pub struct Gateway {
    services: Services,
    endpoints: Endpoints,
    nonces: Nonces,
}

/// The industry API.
pub fn router(services: Services) -> Router {
    let gateway = Gateway { services, endpoints: Endpoints::new(), nonces: Nonces::default() };
    Router::new()
        .route("/industry/{*path}", any(answer))
        .route("/data/datasource/{*path}", any(answer))
        .route("/openapi/industry.json", get(openapi::serve))
        .with_state(Arc::new(gateway))
}

impl Gateway {
    /// The endpoints.
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }
}

async fn answer(State(gateway): State<Arc<Gateway>>, request: Request) -> Response<Body> {
    let request_id = envelope::request_id();
    let (parts, body) = request.into_parts();
    match gateway.admit(&parts, body).await {
        Ok(call) => {
            let response = gateway.call(&request_id, &parts, &call).await;
            if let Some(nonce) = call.nonce {
                nonce.answered();
            }
            response
        }
        Err(Stop::Refused(refusal)) => {
            tracing::info!(request_id, path = parts.uri.path(), ?refusal, "refused");
            envelope::refused(&request_id, &refusal)
        }
        Err(Stop::Failed(error)) => {
            report(&request_id, parts.uri.path(), &error);
            envelope::failed(
                &request_id,
                &Envelope::default(),
                &failure(&error, super::quirks::QUIRKS.of("")),
            )
        }
    }
}

/// A call that proved who it is.
struct Call {
    application: Arc<Application>,
    nonce: Option<Taken>,
    body: Bytes,
}

enum Stop {
    Refused(Refusal),
    Failed(Error),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Gateway {
    async fn admit(&self, parts: &Parts, body: Body) -> Result<Call, Stop> {
        let headers = &parts.headers;
        if let Some(code) = app_code(headers) {
            let application = application_by_code(&self.services, code).await?;
            let application = application.filter(|application| application.app_code_allowed);
            let application = application.ok_or(Refusal::InvalidAppCode)?;
            return Ok(Call { application, nonce: None, body: read(headers, body).await? });
        }
        let key = std::str::from_utf8(header(headers, "x-ca-key")).unwrap_or_default();
        let application = match key {
            "" => None,
            key => application_by_key(&self.services, key).await?,
        };
        let application = application.ok_or(Refusal::InvalidAppKey)?;
        if header(headers, "x-ca-signature").is_empty() {
            return Err(Refusal::EmptySignature.into());
        }
        let now = self.services.clock.now();
        let signed_at = signed_at(headers, now)?;
        let nonce = header(headers, "x-ca-nonce");
        if !nonce.is_empty() && self.nonces.is_used(key, nonce, now) {
            return Err(Refusal::NonceUsed.into());
        }
        let body = read(headers, body).await?;
        if !body_is_intact(headers, &body) {
            return Err(Refusal::InvalidContentMd5.into());
        }
        let signed = Signed {
            method: parts.method.as_str(),
            path: parts.uri.path(),
            query: parts.uri.query(),
            headers,
            body: &body,
        };
        if signed.verify(application.app_secret.as_bytes()).is_err() {
            return Err(Refusal::InvalidSignature(signed.string_to_sign(Step::Canonical)).into());
        }
        let nonce = match nonce {
            b"" => None,
            nonce => Some(self.nonces.take(key, nonce, signed_at, now).map_err(|refused| match refused {
                Refused::Used => Refusal::NonceUsed,
                Refused::Full => Refusal::Throttled,
            })?),
        };
        Ok(Call { application, nonce, body })
    }

    async fn call(&self, request_id: &str, parts: &Parts, call: &Call) -> Response<Body> {
        let path = parts.uri.path();
        match header(&parts.headers, "x-ca-stage").to_ascii_uppercase().as_slice() {
            b"" | b"TEST" | b"PRE" | b"RELEASE" => {}
            _ => return envelope::refused(request_id, &Refusal::InvalidStage),
        }
        let Some(endpoint) = self.endpoints.find(path) else {
            return envelope::refused(request_id, &Refusal::ApiNotFound);
        };
        if parts.method != Method::POST && parts.method != endpoint.method {
            return envelope::refused(request_id, &Refusal::InvalidMethod);
        }
        let flat = endpoint.method == Method::GET;
        let envelope = match Envelope::of_body(&call.body) {
            Ok(envelope) => Ok(envelope),
            // A flat query may stand alone, and a form beside it says the same.
            Err(_) if flat && (call.body.is_empty() || super::signature::is_form(&parts.headers)) => {
                Ok(Envelope::default())
            }
            Err(refusal) => Err(refusal),
        };
        let mut envelope = match envelope {
            Ok(envelope) => envelope,
            Err(refusal) => return envelope::refused(request_id, &refusal),
        };
        let query = parts.uri.query().filter(|_| flat).unwrap_or_default();
        if let Err(error) = envelope.add_query(query) {
            return envelope::failed(request_id, &envelope, &failure(&error, endpoint.quirks));
        }
        if envelope.api_ver.as_deref() != Some(endpoint.version) {
            tracing::debug!(
                request_id,
                path,
                api_ver = envelope.api_ver,
                "another version than the documented one"
            );
        }
        match self.serve(endpoint, &call.application, &mut envelope).await {
            Ok(data) => envelope::success(request_id, &envelope, data, endpoint.quirks.success),
            Err(error) => {
                report(request_id, path, &error);
                envelope::failed(request_id, &envelope, &failure(&error, endpoint.quirks))
            }
        }
    }

    async fn serve(
        &self,
        endpoint: &Endpoint,
        application: &Application,
        envelope: &mut Envelope,
    ) -> Result<Value> {
        let mut params = envelope.take_params()?;
        endpoint.check_identity(&params)?;
        let identity = identity::take(&mut params, &endpoint.shape)?;
        let call = async {
            let ctx = resolve_identity(&self.services, application, &identity).await?;
            let params = endpoint.read(params)?;
            endpoint.run(&ctx, params).await
        };
        until_commit(endpoint.deadline, call).await
    }
}

/// The code of `Authorization: APPCODE …`.
fn app_code(headers: &HeaderMap) -> Option<&str> {
    let value = std::str::from_utf8(headers.get(AUTHORIZATION)?.as_bytes()).ok()?.trim();
    let (scheme, code) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("APPCODE").then(|| code.trim())
}

/// When the call was signed: its timestamp, else its date, else now. Refused when that is too far from now.
fn signed_at(headers: &HeaderMap, now: Millis) -> Result<Millis, Refusal> {
    let text = |name| std::str::from_utf8(header(headers, name)).unwrap_or("?").trim();
    let at = match text("x-ca-timestamp") {
        "" => http_date(text("date")).unwrap_or(now),
        text => text.parse().map_err(|_| Refusal::InvalidTimestamp)?,
    };
    if at.abs_diff(now) > WINDOW.unsigned_abs() { Err(Refusal::TimestampExpired) } else { Ok(at) }
}

fn http_date(text: &str) -> Option<Millis> {
    let date = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    date.parse_timestamp(text).ok().map(jiff::Timestamp::as_millisecond)
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    let announced = std::str::from_utf8(header(headers, CONTENT_LENGTH.as_str())).unwrap_or_default();
    if announced.parse().is_ok_and(|length: usize| length > BODY_LIMIT) {
        return Err(Refusal::BodyTooLarge);
    }
    // Whoever breaks off half-way does not read the answer; whoever sends too much does.
    to_bytes(body, BODY_LIMIT).await.map_err(|_| Refusal::BodyTooLarge)
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
