//! Provisioning, as device firmware asks for it: forms in, `name=value` out.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::ctx::Services;
use domain::device::registration::{
    RegisterDevice, ResetDevice, is_registered, register_device, reset_device,
};
use domain::{Code, Error, text};
use percent_encoding::percent_decode;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::enterprise::errors::failure;
use crate::mqtt::Place;

/// Largest form.
const MAX_FORM: usize = 4 * 1024;

#[derive(Clone)]
struct Provisioning {
    services: Services,
    /// Where browsers reach the server, if that was said: devices reach it there too.
    host: Option<String>,
    /// Where devices connect; `None` when this server serves none.
    place: Option<Place>,
}

/// The routes of provisioning. Devices are sent to `place`; where that names no host, to that of `public_url`, else to
/// the one they asked.
pub fn router(services: Services, public_url: Option<&str>, place: Option<Place>) -> Router {
    let host =
        public_url.and_then(|url| url.split_once("://")).map(|(_, host)| without_port(host).to_owned());
    Router::new()
        .route("/dev/devices", post(register).delete(reset))
        .route("/dev/devices/{did}", get(find))
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .with_state(Provisioning { services, host, place })
}

async fn register(State(state): State<Provisioning>, query: RawQuery, body: Bytes) -> Response {
    let registered = async {
        let params: RegisterDevice = form(&query, &body)?;
        register_device(&state.services, params).await
    };
    match registered.await {
        Ok(did) => (StatusCode::CREATED, plain(format!("did={did}"))).into_response(),
        Err(error) => refused(&error),
    }
}

async fn reset(State(state): State<Provisioning>, query: RawQuery, body: Bytes) -> Response {
    let reset = async {
        let params: ResetDevice = form(&query, &body)?;
        let did = params.did.clone();
        reset_device(&state.services, params).await.map(|()| did)
    };
    match reset.await {
        Ok(did) => plain(format!("did={did}")).into_response(),
        Err(error) => refused(&error),
    }
}

async fn find(State(state): State<Provisioning>, Path(did): Path<String>, headers: HeaderMap) -> Response {
    match is_registered(&state.services, &did).await {
        Ok(true) => {}
        Ok(false) => {
            return refused(&Error::Coded(
                Code::DeviceNotExist,
                text!("there is no device with this did", "没有使用该 did 的设备"),
            ));
        }
        Err(error) => return refused(&error),
    }
    let Some(Place { host, port }) = state.place else {
        return refused(&Error::Coded(
            Code::RemoteControlNotAllowed,
            text!(
                "this server serves no devices; ask the one that does",
                "本服务器不接入设备，请使用接入设备的服务器"
            ),
        ));
    };
    let asked = headers.get(header::HOST).and_then(|host| host.to_str().ok()).map(without_port);
    let host = host.as_deref().or(state.host.as_deref()).or(asked).unwrap_or("127.0.0.1");
    plain(format!("host={host}&port={port}")).into_response()
}

/// Host of `host:port`; an IPv6 address keeps its brackets.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Reads a form from the body, or from the query where there is no body.
fn form<T: DeserializeOwned>(RawQuery(query): &RawQuery, body: &[u8]) -> Result<T, Error> {
    let given = if body.is_empty() { query.as_deref().unwrap_or_default().as_bytes() } else { body };
    let mut fields = Map::new();
    for pair in given.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let cut = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let (name, value) = (&pair[..cut], pair.get(cut + 1..).unwrap_or_default());
        let name = decoded(name).ok_or_else(unreadable)?;
        let value = decoded(value).ok_or_else(unreadable)?;
        fields.insert(name, Value::String(value));
    }
    serde_json::from_value(Value::Object(fields)).map_err(|_| unreadable())
}

fn decoded(text: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

fn unreadable() -> Error {
    Error::invalid(
        "body",
        text!("must be a form: passcode=…&mac=…&product_key=…", "应为表单：passcode=…&mac=…&product_key=…"),
    )
}

fn plain(text: String) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], text)
}

fn refused(error: &Error) -> Response {
    let failure = failure(error);
    if failure.status.is_server_error() {
        tracing::error!(?error, "a device could not be provisioned");
    }
    (failure.status, axum::Json(failure.body())).into_response()
}
