//! The signature of a call: what is signed, and whether it was signed with the secret of the key.
//!
//! Pure: the request as it stood on the wire and the secret go in. Host, scheme and port are not signed; the body is
//! only through `Content-MD5`, or as form fields.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use md5::Digest;
use percent_encoding::percent_decode;
use subtle::ConstantTimeEq;

/// What a client signed, as it stood on the wire.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// `POST`, `GET`, …
    pub method: &'a str,
    /// Path of the request line, not decoded.
    pub path: &'a str,
    /// Query of the request line without the question mark, not decoded.
    pub query: Option<&'a str>,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body.
    pub body: &'a [u8],
}

/// The ways in which official clients put the parameters into what they sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Sorted, decoded, the first of repeated values: the rule.
    Canonical,
    /// Repeated values joined with commas.
    Joined,
    /// The query decoded as a whole, in the order of the URL.
    UrlOrder,
    /// The query as it was sent.
    AsSent,
}

/// The ladder, from the rule down.
pub const LADDER: [Step; 4] = [Step::Canonical, Step::Joined, Step::UrlOrder, Step::AsSent];

/// Headers with a line of their own in the string to sign, or that cannot sign themselves.
const NOT_LISTED: [&str; 6] =
    ["x-ca-signature", "x-ca-signature-headers", "accept", "content-md5", "content-type", "date"];

/// A header as bytes; empty when it is absent.
pub fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a [u8] {
    headers.get(name).map_or(b"", |value| value.as_bytes())
}

impl Signed<'_> {
    /// The step of the ladder whose signature is the one that was sent; `Err` when none is.
    pub fn verify(&self, secret: &[u8]) -> Result<Step, Mismatch> {
        if self.form_contradicts_query() {
            return Err(Mismatch);
        }
        let sent = STANDARD.decode(header(self.headers, "x-ca-signature")).unwrap_or_default();
        LADDER
            .into_iter()
            .find(|step| {
                self.sign(secret, *step).is_some_and(|expected| bool::from(expected.as_slice().ct_eq(&sent)))
            })
            .ok_or(Mismatch)
    }

    /// A form field that repeats a query parameter is not signed by itself, so it must not say anything else.
    fn form_contradicts_query(&self) -> bool {
        if !is_form(self.headers) {
            return false;
        }
        let query: Vec<_> = pairs(self.query.unwrap_or_default().as_bytes()).collect();
        pairs(self.body)
            .any(|field| !query.contains(&field) && query.iter().any(|(name, _)| *name == field.0))
    }

    /// The signature by this step; `None` when the request names a method that does not exist.
    pub fn sign(&self, secret: &[u8], step: Step) -> Option<Vec<u8>> {
        let text = self.string_to_sign(step);
        match header(self.headers, "x-ca-signature-method") {
            b"" | b"HmacSHA256" => {
                let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret).ok()?;
                mac.update(&text);
                Some(mac.finalize().into_bytes().to_vec())
            }
            b"HmacSHA1" => {
                let mut mac = Hmac::<sha1::Sha1>::new_from_slice(secret).ok()?;
                mac.update(&text);
                Some(mac.finalize().into_bytes().to_vec())
            }
            _ => None,
        }
    }

    /// What is signed, by this step.
    pub fn string_to_sign(&self, step: Step) -> Vec<u8> {
        let mut text = self.method.to_ascii_uppercase().into_bytes();
        text.push(b'\n');
        for name in ["accept", "content-md5", "content-type", "date"] {
            text.extend(header(self.headers, name));
            text.push(b'\n');
        }
        for name in self.signed_headers() {
            text.extend(name);
            text.push(b':');
            // The name is looked up without case, but written in the case in which it was listed.
            text.extend(std::str::from_utf8(name).map_or(&b""[..], |name| header(self.headers, name)));
            text.push(b'\n');
        }
        text.extend(self.path.as_bytes());
        let parameters = self.parameters(step);
        if !parameters.is_empty() {
            text.push(b'?');
            text.extend(parameters);
        }
        text
    }

    fn signed_headers(&self) -> Vec<&[u8]> {
        let mut names: Vec<_> = header(self.headers, "x-ca-signature-headers")
            .split(|byte| *byte == b',')
            .map(<[u8]>::trim_ascii)
            .filter(|name| !name.is_empty())
            .filter(|name| !NOT_LISTED.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes())))
            .collect();
        names.sort_unstable();
        names
    }

    fn parameters(&self, step: Step) -> Vec<u8> {
        let query = self.query.unwrap_or_default().as_bytes();
        match step {
            Step::AsSent => return query.to_vec(),
            Step::UrlOrder => return percent_decode(query).collect(),
            Step::Canonical | Step::Joined => {}
        }
        let form = if is_form(self.headers) { self.body } else { b"" };
        let mut sorted: BTreeMap<Vec<u8>, Vec<Vec<u8>>> = BTreeMap::new();
        for (name, value) in pairs(query).chain(pairs(form)) {
            sorted.entry(name).or_default().push(value);
        }
        let parameters = sorted.into_iter().map(|(mut parameter, values)| {
            let value = match step {
                Step::Joined => values.join(&b','),
                _ => values.into_iter().next().unwrap_or_default(),
            };
            if !value.is_empty() {
                parameter.push(b'=');
                parameter.extend(value);
            }
            parameter
        });
        parameters.collect::<Vec<_>>().join(&b'&')
    }
}

/// The signature is not one of this request and this secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch;

/// Whether the body holds form fields, which are signed as parameters.
pub fn is_form(headers: &HeaderMap) -> bool {
    let kind = header(headers, "content-type");
    let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    kind.eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
}

/// Names and values of a query or a form, decoded; `+` is a space.
pub fn pairs(text: &[u8]) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
    text.split(|byte| *byte == b'&').filter(|part| !part.is_empty()).map(|part| {
        let mut halves = part.splitn(2, |byte| *byte == b'=');
        let mut next = || decode(halves.next().unwrap_or_default());
        (next(), next())
    })
}

fn decode(text: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&spaced).collect()
}

/// Whether `Content-MD5`, if it was sent, is that of the body: base64 as the rule says, or hexadecimal as one official
/// client writes it.
pub fn body_is_intact(headers: &HeaderMap, body: &[u8]) -> bool {
    let sent = header(headers, "content-md5");
    if sent.is_empty() {
        return true;
    }
    let digest = md5::Md5::digest(body);
    let hex = digest.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    STANDARD.encode(digest).as_bytes() == sent || sent.eq_ignore_ascii_case(hex.as_bytes())
}
