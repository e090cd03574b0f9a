//! All that `app` knows of the server: who asks, how failures go out, the document around the pages.

mod document;
pub mod oee;
pub mod session;
mod shifts;

use axum::http::StatusCode;
use axum::http::header::ACCEPT;
use axum::http::request::Parts;
use domain::Ctx;
use domain::access::{Actor, Role};
use domain::ctx::Services;
use domain::modelling::NodeKind;
use leptos::prelude::{expect_context, use_context};
use leptos_axum::ResponseOptions;

use crate::api::window::Window;
use crate::api::{Error, Kind, Result};
use crate::range::Range;

pub use document::{Site, document};

/// What the pages need to know of how the program was started. Provided to every page and server function.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The address people use, without a slash at the end, if it is known.
    pub public_url: Option<String>,
    /// Name and password of the demo plant, shown on the sign-in page.
    pub demo: Option<(String, String)>,
}

/// Id of the request, put into its extensions by the server.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The services of the process.
pub fn services() -> Services {
    expect_context()
}

fn parts() -> Option<Parts> {
    use_context()
}

/// The signed-in person's context; the server resolved the session before the page was begun.
pub fn ctx() -> Result<Ctx> {
    let ctx = parts().and_then(|parts| parts.extensions.get::<Ctx>().cloned());
    ctx.map_or_else(|| respond(Err(domain::Error::Unauthenticated)), Ok)
}

/// Turns a service's answer into that of a server function: status, request id, and a line in the log where it is ours.
pub fn respond<T>(answer: domain::Result<T>) -> Result<T> {
    answer.map_err(|cause| {
        let parts = parts();
        let request = parts.as_ref().and_then(|p| p.extensions.get::<RequestId>()).map(|id| id.0.clone());
        let log = format!("{cause:?}");
        let error = Error { request, ..Error::from(cause) };
        if error.kind == Kind::Internal {
            tracing::error!(request = error.request, cause = log, "a page could not be served");
        }
        if let (false, Some(options)) = (is_plain_form(), use_context::<ResponseOptions>()) {
            options.set_status(status(error.kind));
        }
        error
    })
}

/// Whether a form was sent without scripting: what is answered must be a page to go to.
pub fn is_plain_form() -> bool {
    parts().is_some_and(|parts| {
        let accept = parts.headers.get(ACCEPT).and_then(|value| value.to_str().ok());
        accept.is_some_and(|accept| accept.contains("text/html"))
    })
}

fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid | Kind::Coded(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Deadline => StatusCode::GATEWAY_TIMEOUT,
        Kind::Internal | Kind::Network => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The role of the signed-in person.
pub fn role(ctx: &Ctx) -> domain::Result<Role> {
    match &ctx.actor {
        Actor::Employee { role, .. } => Ok(*role),
        Actor::System | Actor::Application { .. } => Err(domain::Error::Forbidden),
    }
}

/// The value of a cookie of this request.
fn cookie(name: &str) -> Option<String> {
    let parts = parts()?;
    session::cookies(&parts.headers).find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// Whether the dark theme, or the light one, was chosen.
pub fn dark() -> Option<bool> {
    cookie("theme").map(|theme| theme == "dark")
}

/// Resolves a range of the URL in the plant's zone, by the shifts of a place.
pub async fn window(ctx: &Ctx, range: &str, place: Option<(NodeKind, i64)>) -> Window {
    let zone = &ctx.tenant.zone;
    let now_wall = zone.wall(ctx.now());
    let range = Range::parse(range);
    let (from, to) = range.dates(now_wall, &[]);
    let shifts = shifts::around(ctx, place, from, to).await;
    let (begin_wall, end_wall) = range.bounds(now_wall, &shifts);
    Window { begin_wall, end_wall, now_wall, zone: zone.name().to_owned(), shifts }
}

/// The demo plant's sign-in, if this is one.
pub fn demo() -> Option<(String, String)> {
    use_context::<Settings>()?.demo
}

/// Makes this page a refusal with a status of its own.
pub fn not_found() {
    if let Some(options) = use_context::<ResponseOptions>() {
        options.set_status(StatusCode::NOT_FOUND);
    }
}
