//! Signs requests as a client of the API does, written apart from the server's own code: the two check each other.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::time::Millis;
use hmac::{Hmac, Mac};
use md5::Digest;

/// Key and secret of the application that calls.
#[derive(Clone)]
pub struct Credentials {
    /// `AppKey`.
    pub app_key: String,
    /// `AppSecret`.
    pub app_secret: String,
}

/// A whole signed request as bytes. `target` must have its parameters in the order of their names, without escapes.
pub fn signed(credentials: &Credentials, method: &str, target: &str, body: &[u8], now: Millis) -> Vec<u8> {
    const ACCEPT: &str = "application/json";
    const CONTENT_TYPE: &str = "application/json; charset=UTF-8";
    let nonce = domain::id::uuid();
    let md5 = if body.is_empty() { String::new() } else { STANDARD.encode(md5::Md5::digest(body)) };
    let key = &credentials.app_key;
    let signed = format!("x-ca-key:{key}\nx-ca-nonce:{nonce}\nx-ca-timestamp:{now}\n");
    let text = format!("{method}\n{ACCEPT}\n{md5}\n{CONTENT_TYPE}\n\n{signed}{target}");
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(credentials.app_secret.as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let md5 = if md5.is_empty() { md5 } else { format!("content-md5: {md5}\r\n") };
    let head = format!(
        "accept: {ACCEPT}\r\ncontent-type: {CONTENT_TYPE}\r\n{md5}x-ca-key: {key}\r\nx-ca-nonce: {nonce}\r\n\
         x-ca-timestamp: {now}\r\nx-ca-signature-headers: x-ca-key,x-ca-nonce,x-ca-timestamp\r\n\
         x-ca-signature: {signature}\r\n"
    );
    request(method, target, &head, body)
}

/// A whole plain request as bytes.
pub fn plain(method: &str, target: &str, body: &[u8]) -> Vec<u8> {
    request(method, target, "content-type: application/json\r\n", body)
}

/// A whole request as bytes, with more headers (each with its line end).
pub fn with_headers(target: &str, headers: &str) -> Vec<u8> {
    request("GET", target, headers, b"")
}

fn request(method: &str, target: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut request =
        format!("{method} {target} HTTP/1.1\r\nhost: 127.0.0.1\r\n{head}content-length: {length}\r\n\r\n")
            .into_bytes();
    request.extend(body);
    request
}
