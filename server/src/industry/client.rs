//! Signs a call and sends it, as the official clients do: for `millwright call` and for tests.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::time::Millis;
use domain::{Error, Result, id, text};
use md5::Digest;
use serde_json::{Value, json};

use super::signature::{Signed, Step};

/// Key and secret of an application.
#[derive(Clone)]
pub struct Credentials {
    /// `AppKey`.
    pub app_key: String,
    /// `AppSecret`.
    pub app_secret: String,
}

/// A request, ready to be sent.
#[derive(Clone, Debug)]
pub struct SignedRequest {
    /// Method.
    pub method: Method,
    /// Path and query.
    pub target: String,
    /// Headers, the signature among them.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

/// The envelope around parameters.
pub fn envelope(api_ver: &str, params: &Value) -> Vec<u8> {
    let call = json!({"id": id::uuid(), "version": "1.0", "request": {"apiVer": api_ver}, "params": params});
    call.to_string().into_bytes()
}

/// Signs a request with JSON in its body, at this instant.
pub fn sign(
    credentials: &Credentials,
    method: Method,
    target: &str,
    body: Vec<u8>,
    now: Millis,
) -> Result<SignedRequest> {
    let mut headers = HeaderMap::new();
    let mut set = |name: &'static str, value: &str| -> Result<()> {
        let value = HeaderValue::from_str(value).map_err(|_| {
            Error::invalid(
                name,
                text!("must be printable text without line ends", "应为可显示且不含换行的文本"),
            )
        })?;
        headers.insert(HeaderName::from_static(name), value);
        Ok(())
    };
    set("accept", "application/json")?;
    set("content-type", "application/json; charset=UTF-8")?;
    if !body.is_empty() {
        set("content-md5", &STANDARD.encode(md5::Md5::digest(&body)))?;
    }
    set("x-ca-key", &credentials.app_key)?;
    set("x-ca-timestamp", &now.to_string())?;
    set("x-ca-nonce", &id::uuid())?;
    set("x-ca-signature-method", "HmacSHA256")?;
    set("x-ca-signature-headers", "x-ca-key,x-ca-nonce,x-ca-signature-method,x-ca-timestamp")?;
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let signed = Signed { method: method.as_str(), path, query, headers: &headers, body: &body };
    let signature = signed.sign(credentials.app_secret.as_bytes(), Step::Canonical).unwrap_or_default();
    let signature = HeaderValue::from_str(&STANDARD.encode(signature)).map_err(Error::internal)?;
    headers.insert("x-ca-signature", signature);
    Ok(SignedRequest { method, target: target.to_owned(), headers, body })
}

/// Signs one call, sends it, and gives back the status and the answer as text. The documented version of the endpoint is
/// named when this program knows it.
pub async fn call(
    server: &str,
    credentials: &Credentials,
    path: &str,
    params: &Value,
    now: Millis,
) -> Result<(u16, String)> {
    if !path.starts_with('/') {
        return Err(Error::invalid("path", text!("must begin with /", "应以 / 开头")));
    }
    let endpoints = super::registry::Endpoints::new();
    let known = endpoints.find(path.split('?').next().unwrap_or(path));
    let body = envelope(known.map_or("1.0.0", |endpoint| endpoint.version), params);
    let request = sign(credentials, Method::POST, path, body, now)?;
    let url = format!("{}{}", server.trim_end_matches('/'), request.target);
    tokio::task::spawn_blocking(move || send(&url, &request)).await.map_err(Error::internal)?
}

fn send(url: &str, request: &SignedRequest) -> Result<(u16, String)> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut post = agent.post(url);
    for (name, value) in &request.headers {
        post = post.header(name.as_str(), value.as_bytes());
    }
    let unreachable = |error: ureq::Error| {
        let reason = error.to_string();
        Error::invalid("server", text!("cannot be reached: {reason}", "无法连接：{reason}"))
    };
    let mut response = post.send(&request.body).map_err(unreachable)?;
    let status = response.status().as_u16();
    Ok((status, response.body_mut().read_to_string().map_err(unreachable)?))
}
