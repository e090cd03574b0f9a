//! The JSON around parameters and replies.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderValue, Response, StatusCode};
use domain::{Error, Result, id, text};
use serde_json::{Map, Value, json};

use super::errors::{Failure, Refusal};
use super::signature;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-ca-request-id");
const ERROR_CODE: HeaderName = HeaderName::from_static("x-ca-error-code");
const ERROR_MESSAGE: HeaderName = HeaderName::from_static("x-ca-error-message");

/// What a call says, taken out of its envelope.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Envelope {
    /// The client's id of the call; the answer echoes it.
    pub id: Option<String>,
    /// The version it means.
    pub api_ver: Option<String>,
    /// The language it wants to be answered in.
    pub language: Option<String>,
    /// The parameters, as they were sent.
    pub params: Value,
}

impl Envelope {
    /// Reads the body of a call. An empty one is none.
    pub fn of_body(body: &[u8]) -> Result<Self, Refusal> {
        if body.is_empty() {
            return Err(Refusal::EmptyBody);
        }
        // Some clients begin with a byte order mark.
        let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
        let Ok(Value::Object(mut whole)) = serde_json::from_slice(body) else {
            return Err(Refusal::InvalidBody);
        };
        let request = match whole.remove("request") {
            Some(Value::Object(request)) => request,
            _ => Map::new(),
        };
        let text = |name: &str| request.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(Self {
            id: whole.get("id").and_then(echo),
            api_ver: text("apiVer"),
            language: text("language"),
            params: whole.remove("params").unwrap_or_default(),
        })
    }

    /// Adds what a flat query says; it wins over the body.
    pub fn add_query(&mut self, query: &str) -> Result<()> {
        let mut params = self.take_params()?;
        for (name, value) in signature::pairs(query.as_bytes()) {
            let name = String::from_utf8_lossy(&name).into_owned();
            let value = String::from_utf8_lossy(&value).into_owned();
            match name.as_str() {
                "id" => self.id = Some(value).filter(|id| !id.is_empty()),
                "apiVer" => self.api_ver = Some(value),
                "language" => self.language = Some(value),
                "iotToken" | "cloudToken" => {}
                _ => {
                    params.insert(name, Value::String(value));
                }
            }
        }
        self.params = Value::Object(params);
        Ok(())
    }

    /// The parameters as an object: absent and null are empty, and a text may hold them.
    pub fn take_params(&mut self) -> Result<Map<String, Value>> {
        let given = match std::mem::take(&mut self.params) {
            Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::Bool(false)),
            other => other,
        };
        match given {
            Value::Object(params) => Ok(params),
            Value::Null => Ok(Map::new()),
            _ => Err(Error::invalid("params", text!("must be an object", "应为对象"))),
        }
    }

    fn wants_english(&self) -> bool {
        let language = self.language.as_deref().unwrap_or_default().as_bytes();
        language.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(b"en"))
    }
}

fn echo(id: &Value) -> Option<String> {
    match id {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
    .filter(|id| !id.is_empty())
}

/// A new id of an answer, as the header carries it.
pub fn request_id() -> String {
    id::uuid().to_uppercase()
}

/// An answer with `data`.
pub fn success(request_id: &str, envelope: &Envelope, data: Value, with_success: bool) -> Response<Body> {
    let mut body = json!({
        "id": answer_id(envelope.id.as_deref()),
        "code": 200,
        "message": "success",
        "localizedMsg": "",
        "data": data,
    });
    if with_success {
        body["success"] = true.into();
    }
    respond(StatusCode::OK, request_id, &body)
}

/// An answer that says why not.
pub fn failed(request_id: &str, envelope: &Envelope, failure: &Failure) -> Response<Body> {
    let localized = failure.message.in_language(!envelope.wants_english());
    let body = json!({
        "id": answer_id(envelope.id.as_deref()),
        "code": failure.code,
        "message": failure.message.en,
        "localizedMsg": localized,
        "data": null,
    });
    respond(StatusCode::OK, request_id, &body)
}

/// The gateway's own no.
pub fn refused(request_id: &str, refusal: &Refusal) -> Response<Body> {
    let (status, code, message) = refusal.parts();
    let body = json!({
        "id": answer_id(None),
        "code": status.as_u16(),
        "message": message,
        "localizedMsg": refusal.chinese(),
        "data": null,
    });
    let mut response = respond(status, request_id, &body);
    let headers = response.headers_mut();
    headers.insert(ERROR_CODE, HeaderValue::from_static(code));
    let text = HeaderValue::from_bytes(&refusal.header());
    headers.insert(ERROR_MESSAGE, text.unwrap_or_else(|_| HeaderValue::from_static(message)));
    response
}

fn answer_id(given: Option<&str>) -> String {
    given.map_or_else(id::uuid, str::to_owned)
}

fn respond(status: StatusCode, request_id: &str, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
    if let Ok(request_id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, request_id);
    }
    response
}
