//! The session cookie and the cookies of preferences.

use axum::http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use domain::access::service::{self, SignIn};
use domain::{Error, text};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::api::Result;
use crate::ssr::{Settings, respond, services};

/// Name of the session cookie.
pub const SESSION: &str = "millwright_session";

/// The cookies a request brings.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let texts = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

/// Opens a session for who gives the right password.
pub async fn open(login: String, password: String) -> Result<()> {
    let services = services();
    let answer = service::sign_in(&services, SignIn { login, password }).await;
    let session = respond(answer.map_err(|error| match error {
        // To somebody at the door this is no lost session.
        Error::Unauthenticated => {
            Error::invalid("password", text!("Name and password do not match.", "登录名或密码不正确。"))
        }
        other => other,
    }))?;
    let seconds = (session.expires_at - services.clock.now()) / 1000;
    set(&format!("{SESSION}={}; HttpOnly; Max-Age={seconds}", session.token));
    Ok(())
}

/// Ends the session of this request.
pub async fn close() -> Result<()> {
    if let Some(token) = super::cookie(SESSION) {
        respond(service::sign_out(&services(), &token).await)?;
    }
    set(&format!("{SESSION}=; HttpOnly; Max-Age=0"));
    Ok(())
}

/// Keeps a preference for a year, if it is one of the allowed values.
pub fn keep(name: &str, value: Option<&str>, allowed: &[&str]) {
    if let Some(value) = value.filter(|value| allowed.contains(value)) {
        set(&format!("{name}={value}; Max-Age=31536000"));
    }
}

fn set(cookie: &str) {
    let secure =
        use_context::<Settings>().and_then(|s| s.public_url).is_some_and(|url| url.starts_with("https:"));
    let secure = if secure { "; Secure" } else { "" };
    let header = HeaderValue::from_str(&format!("{cookie}; Path=/; SameSite=Lax{secure}"));
    if let (Ok(header), Some(options)) = (header, use_context::<ResponseOptions>()) {
        options.append_header(SET_COOKIE, header);
    }
}

/// Where to go after signing in: a path of this site, never another one.
pub fn safe_path(next: Option<&str>) -> &str {
    next.filter(|path| {
        path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\n', '\r', '\t'])
    })
    .unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::safe_path;

    #[test]
    fn signing_in_never_leads_to_another_site() {
        assert_eq!(safe_path(Some("/oee?range=day")), "/oee?range=day");
        for elsewhere in ["https://example.com", "//example.com", "/\\example.com", "oee", ""] {
            assert_eq!(safe_path(Some(elsewhere)), "/");
        }
    }
}
