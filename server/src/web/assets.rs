//! The site, embedded: stylesheet, script, WebAssembly. `cargo xtask build` puts it into `target/site`, each file also as
//! brotli and gzip. A program built without it still answers, with pages that never come to life.

use std::borrow::Cow;
use std::sync::OnceLock;

use app::ssr::Site;
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site"]
#[allow_missing = true]
struct Files;

/// A year: what is under the folder of a build never changes.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// Where the browser finds the files of this build.
pub fn site() -> Site {
    let manifest = Files::get("__wasm_split_manifest.json");
    let modules = manifest.and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default();
    Site { root: format!("/site/{}", build_id()), modules }
}

/// The files, under the folder of this build (kept for ever by browsers) and of any other (asked for again).
pub fn router() -> Router {
    Router::new()
        .route("/site/{build}/{*path}", get(file))
        .route(
            "/favicon.ico",
            get(|headers: HeaderMap| async move { serve("favicon.svg", &headers, REVALIDATE) }),
        )
        .route("/robots.txt", get(|| async { "User-agent: *\nDisallow: /\n" }))
}

async fn file(Path((build, path)): Path<(String, String)>, headers: HeaderMap) -> Response {
    serve(&path, &headers, if build == build_id() { IMMUTABLE } else { REVALIDATE })
}

fn serve(path: &str, headers: &HeaderMap, caching: HeaderValue) -> Response {
    let Some((file, encoding)) = best(path, headers) else { return StatusCode::NOT_FOUND.into_response() };
    let tag = format!("\"{}{encoding}\"", hex(&file.metadata.sha256_hash()[..12]));
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let mime = if mime.type_() == "text" || mime.subtype() == "javascript" {
        format!("{mime}; charset=utf-8")
    } else {
        mime.to_string()
    };
    let mut out = HeaderMap::new();
    out.insert(header::CACHE_CONTROL, caching);
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let (Ok(tag), Ok(mime)) = (HeaderValue::from_str(&tag), HeaderValue::from_str(&mime)) {
        out.insert(header::ETAG, tag);
        out.insert(header::CONTENT_TYPE, mime);
    }
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|k| k.trim().trim_start_matches("W/") == tag)) {
        return (StatusCode::NOT_MODIFIED, out).into_response();
    }
    if !encoding.is_empty() {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    let body = match file.data {
        Cow::Borrowed(bytes) => axum::body::Body::from(bytes),
        Cow::Owned(bytes) => axum::body::Body::from(bytes),
    };
    (out, body).into_response()
}

/// The file in the smallest form the browser takes, and that form's name in `Content-Encoding`.
fn best(path: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, &'static str)> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let takes = |name: &str| {
        accepted.split(',').any(|part| {
            let (encoding, quality) = part.split_once(';').unwrap_or((part, ""));
            encoding.trim() == name && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    };
    let mut compressed = [("br", "br"), ("gzip", "gz")].into_iter().filter(|(name, _)| takes(name));
    compressed
        .find_map(|(name, ending)| Some((Files::get(&format!("{path}.{ending}"))?, name)))
        .or_else(|| Some((Files::get(path)?, "")))
}

/// Changes whenever a file of the site does.
fn build_id() -> &'static str {
    static ID: OnceLock<String> = OnceLock::new();
    ID.get_or_init(|| {
        let mut names: Vec<_> =
            Files::iter().filter(|name| !name.ends_with(".br") && !name.ends_with(".gz")).collect();
        names.sort();
        let hashes = names.iter().filter_map(|name| Files::get(name)).map(|file| file.metadata.sha256_hash());
        let mixed = hashes.fold([0_u8; 32], |mut mixed, hash| {
            for (index, byte) in hash.into_iter().enumerate() {
                mixed[index] = mixed[index].rotate_left(1) ^ byte;
            }
            mixed
        });
        hex(&mixed[..6])
    })
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
