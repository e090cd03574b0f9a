//! What a broker outside asks: who may connect, and which topics are whose.
//!
//! RMQTT (`rmqtt-auth-http`) asks with a form, JSON or a query, and reads one word; EMQX 5 (HTTP authenticator and
//! authorizer) asks the same way and reads JSON. Each has paths of its own, as each takes an answer that it cannot read
//! for something else than a refusal. Every answer is 200 for the same reason: other statuses mean that somebody else may
//! decide. The rules are those of the embedded broker.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::ctx::Services;
use domain::device::refusal::{Refusal, Refusals};
use domain::device::session::service::{Login, find};
use percent_encoding::percent_decode;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::rights;

/// Largest question.
const MAX_QUESTION: usize = 8 * 1024;
/// Header of the secret; it may come as the parameter `secret` of the URL too.
const SECRET: &str = "x-millwright-secret";
/// RMQTT need not ask again within this time, in milliseconds.
const CACHE: &str = "10000";

/// What the hooks know.
#[derive(Clone)]
pub struct Hooks {
    /// The store.
    pub services: Services,
    /// Where refusals are counted.
    pub refusals: Refusals,
    /// Whoever does not know it is told that nobody may do anything.
    pub secret: String,
    /// Name and password of the servers themselves at the broker.
    pub own: Option<(String, String)>,
}

/// A broker's way to ask and to be answered.
#[derive(Clone, Copy)]
enum Dialect {
    Rmqtt,
    Emqx,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Deny,
    Allow,
    /// One of the servers: it may do everything.
    Own,
}

/// The routes of the hooks.
pub fn router(hooks: Hooks) -> Router {
    let authenticate = |dialect: Dialect| {
        move |State(hooks): State<Hooks>, query: RawQuery, headers: HeaderMap, body: Bytes| async move {
            let verdict = match asked(&hooks, &query, &headers, &body) {
                Some(question) => authenticated(&hooks, &question).await,
                None => Verdict::Deny,
            };
            answer(dialect, verdict)
        }
    };
    let authorize = |dialect: Dialect| {
        move |State(hooks): State<Hooks>, query: RawQuery, headers: HeaderMap, body: Bytes| async move {
            let verdict = match asked(&hooks, &query, &headers, &body) {
                Some(question) => authorized(&hooks, &question).await,
                None => Verdict::Deny,
            };
            answer(dialect, verdict)
        }
    };
    let (rmqtt, emqx) = (Dialect::Rmqtt, Dialect::Emqx);
    Router::new()
        .route(
            "/mqtt/rmqtt/auth",
            get(authenticate(rmqtt)).post(authenticate(rmqtt)).put(authenticate(rmqtt)),
        )
        .route("/mqtt/rmqtt/acl", get(authorize(rmqtt)).post(authorize(rmqtt)).put(authorize(rmqtt)))
        .route("/mqtt/emqx/auth", get(authenticate(emqx)).post(authenticate(emqx)))
        .route("/mqtt/emqx/acl", get(authorize(emqx)).post(authorize(emqx)))
        .layer(DefaultBodyLimit::max(MAX_QUESTION))
        .with_state(hooks)
}

fn same(one: &str, other: &str) -> bool {
    Sha256::digest(one) == Sha256::digest(other)
}

/// The parameters of a question, if whoever asks knows the secret.
fn asked(
    hooks: &Hooks,
    RawQuery(query): &RawQuery,
    headers: &HeaderMap,
    body: &[u8],
) -> Option<Map<String, Value>> {
    let mut question = fields(query.as_deref().unwrap_or_default().as_bytes());
    let secret = headers.get(SECRET).and_then(|secret| secret.to_str().ok()).map(str::to_owned);
    let secret = secret.or_else(|| question.get("secret")?.as_str().map(str::to_owned));
    if !same(secret.as_deref().unwrap_or_default(), &hooks.secret) {
        tracing::warn!(
            "a question about devices without the secret of --mqtt-hook-secret is answered with no"
        );
        return None;
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/json") {
        if let Ok(Value::Object(given)) = serde_json::from_slice(body) {
            question.extend(given);
        }
    } else {
        question.extend(fields(body));
    }
    Some(question)
}

fn fields(form: &[u8]) -> Map<String, Value> {
    let decoded = |text: &[u8]| {
        let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        percent_decode(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
    };
    let pairs = form.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    pairs
        .filter_map(|pair| {
            let cut = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let value = decoded(pair.get(cut + 1..).unwrap_or_default())?;
            Some((decoded(&pair[..cut])?, Value::String(value)))
        })
        .collect()
}

fn text<'a>(question: &'a Map<String, Value>, name: &str) -> &'a str {
    question.get(name).and_then(Value::as_str).unwrap_or_default()
}

async fn authenticated(hooks: &Hooks, question: &Map<String, Value>) -> Verdict {
    let (client_id, user) = (text(question, "clientid"), text(question, "username"));
    let password = text(question, "password");
    if let Some((own, own_password)) = &hooks.own
        && own == user
    {
        if same(own_password, password) {
            return Verdict::Own;
        }
        hooks.refusals.count(&hooks.services, None, Refusal::Credentials);
        return Verdict::Deny;
    }
    match rights::admit(&hooks.services, &hooks.refusals, client_id, user, password.as_bytes()).await {
        Ok(_) => Verdict::Allow,
        Err(_) => Verdict::Deny,
    }
}

async fn authorized(hooks: &Hooks, question: &Map<String, Value>) -> Verdict {
    let (client_id, user, topic) =
        (text(question, "clientid"), text(question, "username"), text(question, "topic"));
    if hooks.own.as_ref().is_some_and(|(own, _)| own == user) {
        return Verdict::Own;
    }
    let known = match find(&hooks.services, user).await {
        Ok(Login::Accepted(known)) if client_id == user => known,
        Ok(Login::Disabled(tenant)) => {
            hooks.refusals.count(&hooks.services, Some((tenant, user)), Refusal::Disabled);
            return Verdict::Deny;
        }
        Ok(_) => {
            hooks.refusals.count(&hooks.services, None, Refusal::Credentials);
            return Verdict::Deny;
        }
        Err(error) => {
            tracing::error!(?error, "a device could not be looked up");
            return Verdict::Deny;
        }
    };
    // RMQTT numbers what EMQX names.
    let action = question.get("access").or_else(|| question.get("action"));
    let allowed = match action.and_then(Value::as_str) {
        Some("1" | "subscribe") => rights::subscribe(&known, topic),
        Some("2" | "publish") => rights::publish(&known, topic).is_some(),
        _ => false,
    };
    if allowed {
        return Verdict::Allow;
    }
    hooks.refusals.count(&hooks.services, Some((known.tenant.id, &known.did)), Refusal::Topic);
    Verdict::Deny
}

fn answer(dialect: Dialect, verdict: Verdict) -> Response {
    let word = if verdict == Verdict::Deny { "deny" } else { "allow" };
    let own = verdict == Verdict::Own;
    match dialect {
        Dialect::Emqx => {
            let body = json!({"result": word, "is_superuser": own}).to_string();
            ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body)
                .into_response()
        }
        Dialect::Rmqtt => {
            let kind = (header::CONTENT_TYPE.as_str(), "text/plain");
            match verdict {
                // Its mere presence counts.
                Verdict::Own => ([kind, ("x-superuser", "true"), ("x-cache", CACHE)], word).into_response(),
                Verdict::Allow => ([kind, ("x-cache", CACHE)], word).into_response(),
                Verdict::Deny => ([kind], word).into_response(),
            }
        }
    }
}
