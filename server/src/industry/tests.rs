use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{Code, Error, text};
use proptest::prelude::*;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::{Refusal, failure};
use super::quirks::{QUIRKS, Quirks};
use super::shape::Shape;
use super::signature::{LADDER, Signed, Step, body_is_intact};

/// A recorded request of an official client.
#[derive(Deserialize)]
struct Recorded {
    dump: String,
    secret: String,
    variant: String,
    string_to_sign: String,
    signature: String,
}

fn recorded() -> Vec<(Recorded, Request)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/signed-requests");
    let manifest = std::fs::read(format!("{folder}/manifest.json")).expect("the manifest");
    let all: Vec<Recorded> = serde_json::from_slice(&manifest).expect("the manifest reads");
    all.into_iter()
        .map(|one| {
            let dump = std::fs::read(format!("{folder}/{}", one.dump)).expect("a dump");
            let request = Request::of_dump(&dump);
            (one, request)
        })
        .collect()
}

#[derive(Clone)]
struct Request {
    method: String,
    path: String,
    query: Option<String>,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Request {
    fn of_dump(dump: &[u8]) -> Self {
        let end = dump.windows(4).position(|w| w == b"\r\n\r\n").expect("an end of the headers");
        let head = std::str::from_utf8(&dump[..end]).expect("text");
        let mut lines = head.split("\r\n");
        let mut first = lines.next().expect("a request line").split(' ');
        let method = first.next().expect("a method").to_owned();
        let target = first.next().expect("a target");
        let (path, query) = target.split_once('?').map_or((target, None), |(p, q)| (p, Some(q.to_owned())));
        let mut headers = HeaderMap::new();
        for line in lines {
            let (name, value) = line.split_once(':').expect("a header");
            let name: HeaderName = name.parse().expect("a name");
            headers.append(name, HeaderValue::from_bytes(value.trim().as_bytes()).expect("a value"));
        }
        Self { method, path: path.to_owned(), query, headers, body: dump[end + 4..].to_vec() }
    }

    fn signed(&self) -> Signed<'_> {
        let Self { method, path, query, headers, body } = self;
        Signed { method, path, query: query.as_deref(), headers, body }
    }

    fn is_accepted(&self, secret: &str) -> bool {
        body_is_intact(&self.headers, &self.body) && self.signed().verify(secret.as_bytes()).is_ok()
    }
}

#[test]
fn every_recorded_request_is_accepted_at_its_step_of_the_ladder() {
    let all = recorded();
    assert_eq!(all.len(), 13);
    for (one, request) in all {
        let step = request.signed().verify(one.secret.as_bytes()).expect(&one.dump);
        let expected = match one.variant.as_str() {
            "sorted+first" => Step::Canonical,
            _ => Step::Joined,
        };
        assert_eq!(step, expected, "{}", one.dump);
        let text = request.signed().string_to_sign(step);
        assert_eq!(String::from_utf8_lossy(&text), one.string_to_sign, "{}", one.dump);
        let signature = request.signed().sign(one.secret.as_bytes(), step).expect("a known method");
        assert_eq!(STANDARD.encode(signature), one.signature, "{}", one.dump);
        assert!(body_is_intact(&request.headers, &request.body), "{}", one.dump);
    }
}

#[test]
fn a_recorded_request_with_one_byte_changed_is_not_accepted() {
    for (one, request) in recorded() {
        for n in 0..request.body.len() {
            let mut other = request.clone();
            other.body[n] ^= 1;
            // One client sends no digest with PUT, so that its body is not signed.
            assert_eq!(other.is_accepted(&one.secret), one.dump == "node/06.http", "{} body {n}", one.dump);
        }
        let query = request.query.clone().unwrap_or_default();
        for n in 0..query.len() {
            let mut bytes = query.clone().into_bytes();
            bytes[n] = if bytes[n] == b'~' { b'!' } else { b'~' };
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let other = Request { query: Some(text), ..request.clone() };
            assert!(!other.is_accepted(&one.secret), "{} query {n}", one.dump);
        }
        for (name, value) in &request.headers {
            let listed =
                String::from_utf8_lossy(super::signature::header(&request.headers, "x-ca-signature-headers"))
                    .to_ascii_lowercase();
            let own = ["accept", "content-md5", "content-type", "date", "x-ca-signature"];
            if !own.contains(&name.as_str()) && !listed.split(',').any(|listed| listed == name.as_str()) {
                continue;
            }
            for n in 0..value.len() {
                let mut bytes = value.as_bytes().to_vec();
                bytes[n] = if bytes[n] == b'~' { b'!' } else { b'~' };
                let mut other = request.clone();
                other.headers.insert(name, HeaderValue::from_bytes(&bytes).expect("printable"));
                assert!(!other.is_accepted(&one.secret), "{} {name} {n}", one.dump);
            }
        }
        for n in 0..one.secret.len() {
            let mut secret = one.secret.clone().into_bytes();
            secret[n] ^= 1;
            let secret = String::from_utf8(secret).expect("ASCII");
            assert!(!request.is_accepted(&secret), "{} secret {n}", one.dump);
        }
        let other = Request { path: format!("{}x", request.path), ..request.clone() };
        assert!(!other.is_accepted(&one.secret), "{} path", one.dump);
    }
}

/// The Python client signs its own misspelt header and no timestamp; its example stands in full in the wire notes.
#[test]
fn the_python_client_is_accepted() {
    let body = br#"{"id":"1509086454180","version":"1.0","params":{"uniqueCode":"2017080908","traceType":"forward","corpId":"corp-1","userId":"u-1","source":"SAAS"},"request":{"apiVer":"1.0.0"}}"#;
    let head = "POST /industry/qualitytrace/tree/query HTTP/1.1\r\n\
        date: Tue, 14 Nov 2023 22:13:20 GMT\r\n\
        x-ca-nonce: c9f15cbf-f4ac-4a6c-b54d-f51abf4b5b44\r\n\
        x-ca-key: 203708622\r\n\
        x-ca-signaturemethod: HmacSHA256\r\n\
        accept: application/json\r\n\
        content-type: application/octet-stream\r\n\
        content-md5: pR3eQOK44q6Cdt2IgclPLg==\r\n\
        x-ca-signature-headers: x-ca-key,x-ca-nonce,x-ca-signaturemethod\r\n\
        x-ca-signature: 6V/88S7dY5+Qnx+nzN43lcu9Bv9BXMbrW1gW2cTcAhg=\r\n\r\n";
    let dump = [head.as_bytes(), body].concat();
    assert!(Request::of_dump(&dump).is_accepted("s3cr3t-for-tests-only"));
}

#[test]
fn a_query_that_was_not_sorted_or_not_decoded_is_accepted() {
    let mut headers = HeaderMap::new();
    headers.insert("x-ca-key", HeaderValue::from_static("k"));
    for step in LADDER {
        let query = Some("b=%E8%AE%BE&a=1&a=2");
        let signed = Signed { method: "GET", path: "/industry/x", query, headers: &headers, body: b"" };
        let signature = signed.sign(b"secret", step).expect("a known method");
        headers.insert("x-ca-signature", STANDARD.encode(signature).parse().expect("printable"));
        let signed = Signed { method: "GET", path: "/industry/x", query, headers: &headers, body: b"" };
        assert_eq!(signed.verify(b"secret"), Ok(step));
        assert!(signed.verify(b"other").is_err());
    }
}

#[test]
fn an_unknown_signature_method_is_not_accepted() {
    let mut headers = HeaderMap::new();
    headers.insert("x-ca-signature-method", HeaderValue::from_static("none"));
    let signed = Signed { method: "GET", path: "/", query: None, headers: &headers, body: b"" };
    assert!(signed.verify(b"secret").is_err());
}

#[derive(JsonSchema, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "read through its schema")]
struct Sample {
    id: i64,
    name: String,
    ratio: Option<f64>,
    flag: Option<bool>,
    note: Option<String>,
    items: Option<Vec<Item>>,
    #[serde(default)]
    codes: Vec<String>,
    condition: Option<Condition>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "read through its schema")]
struct Item {
    begin_time: String,
    count: i64,
}

#[derive(JsonSchema, Deserialize)]
#[expect(dead_code, reason = "read through its schema")]
struct Condition {
    op: Option<String>,
    condition: Option<Vec<Condition>>,
}

fn shape() -> Shape {
    let mut generator = SchemaGenerator::default();
    let schema = generator.subschema_for::<Sample>();
    Shape::compile(&schema, generator.definitions())
}

fn refused(params: Value) -> String {
    match shape().read("", params).expect_err("refused") {
        Error::Invalid { param, .. } => param,
        other => panic!("{other}"),
    }
}

#[test]
fn texts_are_read_as_the_declared_types() {
    let given = json!({
        "id": "5", "name": 7, "ratio": "1.5", "flag": "TRUE", "note": "", "codes": "[\"a\", 2]",
        "items": "[{\"beginTime\": \"08:00\", \"count\": 5.0}]", "unknown": {"any": "thing"},
    });
    let read = json!({
        "id": 5, "name": "7", "ratio": 1.5, "flag": true, "note": null, "codes": ["a", "2"],
        "items": [{"beginTime": "08:00", "count": 5}],
    });
    assert_eq!(shape().read("", given).expect("readable"), read);
}

#[test]
fn whole_numbers_are_exact_or_refused() {
    for (given, read) in [
        (json!(5.0), Some(5)),
        (json!("5.0"), Some(5)),
        (json!("1e3"), Some(1000)),
        (json!(" 12 "), Some(12)),
        (json!(i64::MAX), Some(i64::MAX)),
        (json!("9223372036854775807"), Some(i64::MAX)),
        (json!(-0.0), Some(0)),
        (json!(5.5), None),
        (json!("5.5"), None),
        (json!(u64::MAX), None),
        (json!("9223372036854775808"), None),
        (json!(1e300), None),
        (json!("NaN"), None),
        (json!("inf"), None),
        (json!("0x10"), None),
        (json!([]), None),
        (json!(true), None),
    ] {
        let shown = given.to_string();
        let answer = shape().read("", json!({"id": given, "name": "n"}));
        assert_eq!(answer.ok().and_then(|value| value["id"].as_i64()), read, "{shown}");
    }
}

#[test]
fn what_cannot_be_read_is_named_with_the_way_to_it() {
    let with = |name: &str, value: Value| {
        let mut params = json!({"id": 1, "name": "n"});
        params[name] = value;
        params
    };
    assert_eq!(refused(json!({"name": "n"})), "id");
    assert_eq!(refused(json!({"id": "", "name": "n"})), "id");
    assert_eq!(refused(with("name", Value::Null)), "name");
    assert_eq!(refused(with("ratio", json!("NaN"))), "ratio");
    assert_eq!(refused(with("ratio", json!("infinity"))), "ratio");
    assert_eq!(refused(with("flag", json!("yes"))), "flag");
    assert_eq!(refused(with("codes", json!("[1,"))), "codes");
    assert_eq!(
        refused(with("items", json!([{"beginTime": "x", "count": 1}, {"count": 1}]))),
        "items[1].beginTime"
    );
    assert_eq!(refused(with("items", json!([{"beginTime": "x", "count": "many"}]))), "items[0].count");
    assert_eq!(refused(json!([])), "");
}

#[test]
fn nesting_in_texts_within_texts_is_bounded() {
    let mut value = json!({"op": "AND"});
    for _ in 0..100 {
        value = json!({"condition": [value]});
    }
    let error = shape().read("", json!({"id": 1, "name": "n", "condition": value})).expect_err("too deep");
    assert!(error.to_string().contains("nested too deeply"), "{error}");
}

proptest! {
    #[test]
    fn reading_never_panics(text in "\\PC{0,40}", number in any::<f64>(), whole in any::<u64>()) {
        for value in [json!(text), json!(number), json!(whole), json!([text]), json!({"op": text})] {
            for name in ["id", "name", "ratio", "flag", "items", "codes", "condition"] {
                let mut params = json!({"id": 1, "name": "n"});
                params[name] = value.clone();
                let _ = shape().read("", params);
            }
        }
    }

    #[test]
    fn a_signed_request_is_accepted_whatever_its_query_is(query in "[ -~]{0,60}", body in any::<Vec<u8>>()) {
        let mut headers = HeaderMap::new();
        let signed = Signed { method: "POST", path: "/p", query: Some(&query), headers: &headers, body: &body };
        let signature = signed.sign(b"secret", Step::Canonical).expect("a known method");
        headers.insert("x-ca-signature", STANDARD.encode(signature).parse().expect("printable"));
        let signed = Signed { method: "POST", path: "/p", query: Some(&query), headers: &headers, body: &body };
        prop_assert_eq!(signed.verify(b"secret"), Ok(Step::Canonical));
    }
}

#[test]
fn the_list_of_contradictions_reads() {
    assert!(QUIRKS.of("/industry/oee/dayshift/query").lists(22000));
    let mut reply = json!({"grade": [{"dapStr": "a"}, {"dapStr": null}]});
    QUIRKS.of("/industry/qualitytrace/qualitycontrol/grade/query").write(&mut reply);
    assert_eq!(reply, json!({"grade": [{"dapStr": "a", "dap": "a"}, {"dapStr": null, "dap": null}]}));
    let mut params = json!({"pageid": 2}).as_object().cloned().expect("an object");
    QUIRKS.of("/industry/modelling/attribute/query").read(&mut params);
    assert_eq!(params["pageId"], 2);
}

#[test]
fn codes_stand_in_where_an_entry_does_not_list_its_own() {
    let listing = Quirks { codes: vec![1009, 102_126, 107_313], ..Quirks::default() };
    let silent = Quirks::default();
    let unknown_user = Error::Coded(Code::UserNotExist, text!("x", "x"));
    assert_eq!(failure(&unknown_user, &listing).code, 107_313);
    assert_eq!(failure(&unknown_user, &silent).code, 403);
    let broken = Error::internal("secret table name");
    let told = failure(&broken, &listing);
    assert_eq!((told.code, told.message.en.as_str()), (500, "server error."));
    let refused = failure(&Error::missing("appId"), &silent);
    assert_eq!(
        (refused.code, refused.message.en.as_str()),
        (460, "request parameter error. appId: is required")
    );
}

#[test]
fn a_wrong_signature_is_told_what_the_server_would_have_signed() {
    let refusal = Refusal::InvalidSignature("POST\napplication/json\n/a?b=设备".into());
    let header = refusal.header();
    let text = String::from_utf8_lossy(&header);
    assert_eq!(text, "Invalid Signature, Server StringToSign:`POST#application/json#/a?b=设备`");
    assert!(HeaderValue::from_bytes(&header).is_ok());
}
