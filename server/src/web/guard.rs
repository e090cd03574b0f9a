//! What every request of a browser passes: request id, Origin check, session, language, headers.

use app::ssr::RequestId;
use app::ssr::session::{SESSION, cookies};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::Error;
use domain::access::service::session_ctx;

use super::Web;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Resolves the session once a request, and turns away what may not go on.
pub async fn guard(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let id = format!("{:X}", web.services.ids.next());
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads && !same_origin(request.headers(), web.config.public_url.as_deref()) {
        return (StatusCode::FORBIDDEN, "cross-origin request refused\n").into_response();
    }
    let path = request.uri().path().to_owned();
    if let Some(token) = session_token(request.headers()) {
        match session_ctx(&web.services, &token).await {
            Ok(ctx) => drop(request.extensions_mut().insert(ctx)),
            Err(Error::Unauthenticated | Error::Forbidden) => {}
            Err(error) => {
                tracing::error!(request = id, ?error, "a session could not be read");
                return (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response();
            }
        }
    }
    let signed_in = request.extensions().get::<domain::Ctx>().is_some();
    if reads && !signed_in && path != "/sign-in" && !path.starts_with("/ui/") {
        return Redirect::to(&sign_in_path(&request)).into_response();
    }
    prefer_language(request.headers_mut());
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    // Pages and answers are of one person.
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn session_token(headers: &HeaderMap) -> Option<String> {
    cookies(headers)
        .find(|(name, value)| *name == SESSION && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// Whether a state change comes from a page of this site. Browsers say so in Origin; without it (old ones, some same-site
/// forms) the SameSite cookie stays the guard, unless the browser says it crossed sites.
fn same_origin(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else {
        return !matches!(text(HeaderName::from_static("sec-fetch-site")), Some("cross-site" | "same-site"));
    };
    if let Some(url) = public_url {
        return origin.eq_ignore_ascii_case(url);
    }
    let host = origin.split_once("://").map(|(_, host)| host);
    host.is_some() && host == text(header::HOST)
}

fn sign_in_path(request: &Request) -> String {
    let asked = request.uri().path_and_query().map_or("/", |asked| asked.as_str());
    if asked == "/" {
        return "/sign-in".to_owned();
    }
    let next: String = asked
        .bytes()
        .map(|byte| match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("/sign-in?next={next}")
}

/// The chosen language counts as the one the browser asks for.
fn prefer_language(headers: &mut HeaderMap) {
    let chosen = cookies(headers).find(|(name, _)| *name == "language").map(|(_, value)| value);
    let language = match chosen {
        Some("zh") => HeaderValue::from_static("zh"),
        Some("en") => HeaderValue::from_static("en"),
        _ => return,
    };
    headers.insert(header::ACCEPT_LANGUAGE, language);
}

/// Headers on everything a browser gets. The policy of pages carries their nonce and is set where they are made.
pub async fn security_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn only_pages_of_this_site_change_anything() {
        let own = headers(&[("origin", "http://plant:3000"), ("host", "plant:3000")]);
        assert!(same_origin(&own, None));
        assert!(!same_origin(&own, Some("https://plant.example")));
        let foreign = headers(&[("origin", "http://evil.example"), ("host", "plant:3000")]);
        assert!(!same_origin(&foreign, None));
        assert!(!same_origin(&headers(&[("origin", "null"), ("host", "plant:3000")]), None));
        assert!(!same_origin(&headers(&[("sec-fetch-site", "cross-site")]), None));
        let proxied = headers(&[("origin", "https://plant.example"), ("host", "127.0.0.1:3000")]);
        assert!(same_origin(&proxied, Some("https://plant.example")));
    }

    #[test]
    fn the_chosen_language_wins() {
        let mut asked = headers(&[("accept-language", "en-US"), ("cookie", "theme=dark; language=zh")]);
        prefer_language(&mut asked);
        assert_eq!(asked[header::ACCEPT_LANGUAGE], "zh");
    }
}
