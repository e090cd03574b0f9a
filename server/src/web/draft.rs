//! A form that was refused before the browser had scripts keeps what was typed: the page it goes back to gets it.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Largest form.
const FORM: usize = 2 * 1024 * 1024;
/// Longest draft that an address can carry everywhere.
const DRAFT: usize = 6 * 1024;

/// Lets a refused form's fields go along with the reason.
pub async fn keep(request: Request, next: Next) -> Response {
    if !is_plain_form(&request) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, FORM).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "the form is too large\n").into_response();
    };
    let typed = String::from_utf8_lossy(&body).into_owned();
    let mut response = next.run(Request::from_parts(parts, Body::from(body))).await;
    let location = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
    if let Some(to) = location.and_then(|to| HeaderValue::from_str(&with_draft(to, &typed)).ok()) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

fn is_plain_form(request: &Request) -> bool {
    let says = |name, what: &str| {
        request.headers().get(name).and_then(|value| value.to_str().ok()).is_some_and(|v| v.contains(what))
    };
    *request.method() == Method::POST
        && says(header::ACCEPT, "text/html")
        && says(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

/// The address with the fields, when it carries a refusal; in any case without those of an earlier attempt.
fn with_draft(to: &str, typed: &str) -> String {
    let (path, query) = to.split_once('?').unwrap_or((to, ""));
    let mut pairs: Vec<(&str, String)> = Vec::new();
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        if name == "__draft" {
            continue;
        }
        // A second refusal stands behind the first one.
        match pairs.iter_mut().find(|(known, _)| *known == name) {
            Some(pair) => value.clone_into(&mut pair.1),
            None => pairs.push((name, value.to_owned())),
        }
    }
    if pairs.iter().any(|(name, _)| *name == "__err") {
        let fields = typed.split('&').filter_map(|pair| pair.split_once('='));
        let fields: BTreeMap<String, String> = fields
            .map(|(name, value)| (decoded(name), decoded(value)))
            .filter(|(name, _)| !name.contains("password"))
            .collect();
        let draft = serde_json::to_string(&fields).unwrap_or_default();
        let draft = utf8_percent_encode(&draft, NON_ALPHANUMERIC).to_string();
        if draft.len() <= DRAFT {
            pairs.push(("__draft", draft));
        }
    }
    let query: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::with_draft;

    #[test]
    fn a_refusal_carries_what_was_typed_but_no_password() {
        let to = with_draft("/model?edit=new&__path=a&__err=b", "name=A+B&password=x");
        assert_eq!(to, "/model?edit=new&__path=a&__err=b&__draft=%7B%22name%22%3A%22A%20B%22%7D");
        let again = with_draft(&format!("{to}&__path=a&__err=c"), "name=C");
        assert_eq!(again, "/model?edit=new&__path=a&__err=c&__draft=%7B%22name%22%3A%22C%22%7D");
    }

    #[test]
    fn what_was_accepted_leaves_nothing_behind() {
        assert_eq!(with_draft("/model?node=1&__draft=x", "name=A"), "/model?node=1");
        assert_eq!(with_draft("/model?__draft=x", "name=A"), "/model");
        assert_eq!(with_draft("/model", "name=A"), "/model");
    }
}
