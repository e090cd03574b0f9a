//! Addresses of the page before and after, in the `meta` of lists.

use axum::http::header::HOST;
use axum::http::request::Parts;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

/// Fills `previous` and `next` of a list, so that they can be called as they stand.
pub(super) fn link(data: &mut Value, parts: &Parts, public_url: Option<&str>) {
    let context = data.get("context").and_then(Value::as_str).map(str::to_owned);
    let Some(meta) = data.get_mut("meta").and_then(Value::as_object_mut) else { return };
    let number = |meta: &Map<String, Value>, name: &str| meta.get(name).and_then(Value::as_i64);
    let (Some(total), Some(limit), Some(skip)) =
        (number(meta, "total"), number(meta, "limit"), number(meta, "skip"))
    else {
        return;
    };
    let address = |changes: &[(&str, String)]| Value::String(address(parts, public_url, changes));
    if let Some(context) = context {
        // A list that is read on with a cursor.
        if !context.is_empty() {
            meta.insert("next".into(), address(&[("context", context)]));
        }
        return;
    }
    let page = |skip: i64| address(&[("limit", limit.to_string()), ("skip", skip.to_string())]);
    if skip > 0 {
        meta.insert("previous".into(), page(skip.saturating_sub(limit).max(0)));
    }
    let next = skip.saturating_add(limit);
    if next < total {
        meta.insert("next".into(), page(next));
    }
}

/// The address of this request, with some parameters of the query changed.
fn address(parts: &Parts, public_url: Option<&str>, changes: &[(&str, String)]) -> String {
    let kept = parts.uri.query().unwrap_or_default().split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !pair.is_empty() && !changes.iter().any(|(changed, _)| *changed == name)
    });
    let changed = changes
        .iter()
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
    let query: Vec<_> = kept.map(str::to_owned).chain(changed).collect();
    format!("{}{}?{}", base(parts, public_url), parts.uri.path(), query.join("&"))
}

/// Scheme and host under which the caller reached the server; nothing where it did not say.
fn base(parts: &Parts, public_url: Option<&str>) -> String {
    if let Some(url) = public_url {
        return url.to_owned();
    }
    let named = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let host =
        named.or_else(|| parts.uri.authority().map(axum::http::uri::Authority::as_str)).unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
    if host.is_empty() || !host.chars().all(plain) { String::new() } else { format!("http://{host}") }
}
