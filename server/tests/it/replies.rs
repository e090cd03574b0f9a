//! Replies of the running server against the catalogue: each documented field is there, with its type.

use domain::db::Kind;
use millwright::industry::quirks::{Direction, Quirks};
use millwright::industry::registry::Endpoints;
use serde_json::Value;

use crate::catalogue::{Item, Spec, entry, join};
use crate::support::{Recorder, TestApp};

/// One test an area: its scenario runs on a fresh plant and must reach all endpoints under these paths.
macro_rules! area {
    ($area:ident, $($prefix:literal),+) => {
        mod $area {
            use super::{Kind, Recorder, TestApp, check};

            async fn run(kind: Kind) {
                let app = TestApp::new(kind).await;
                let mut recorder = Recorder::new(&app);
                crate::$area::scenario(&mut recorder).await;
                check(&recorder, &[$($prefix),+]);
            }

            #[tokio::test]
            async fn sqlite_replies_are_the_documented_ones() {
                run(Kind::Sqlite).await;
            }

            #[tokio::test]
            async fn postgres_replies_are_the_documented_ones() {
                run(Kind::Postgres).await;
            }
        }
    };
}

area!(calendar, "/industry/factorycalendar/");
area!(log, "/industry/message/log/");
area!(masterdata, "/industry/masterdata/", "/industry/metadata/");
area!(modelling, "/industry/modelling/");
area!(oee, "/industry/oee/");
area!(quality, "/industry/qualitytrace/");

#[test]
fn every_endpoint_belongs_to_an_area_that_tests_its_replies() {
    const AREAS: [&str; 7] = [
        "/industry/factorycalendar/",
        "/industry/message/log/",
        "/industry/masterdata/",
        "/industry/metadata/",
        "/industry/modelling/",
        "/industry/oee/",
        "/industry/qualitytrace/",
    ];
    for endpoint in Endpoints::new().iter() {
        assert!(AREAS.iter().any(|area| endpoint.path.starts_with(area)), "{}", endpoint.path);
    }
}

fn check(recorder: &Recorder<'_>, prefixes: &[&str]) {
    let mut wrong = Vec::new();
    let endpoints = Endpoints::new();
    let ours = |path: &str| prefixes.iter().any(|prefix| path.starts_with(prefix));
    for endpoint in endpoints.iter().filter(|endpoint| ours(endpoint.path)) {
        let Some(replies) = recorder.replies.get(endpoint.path) else {
            wrong.push(format!("{}: never called", endpoint.path));
            continue;
        };
        let entry = entry(endpoint.path).expect("documented");
        let mut best: Option<Vec<String>> = None;
        for reply in replies {
            let mut found = Vec::new();
            for name in ["id", "message", "localizedMsg"] {
                if !reply[name].is_string() {
                    found.push(format!("{}: envelope without {name}", endpoint.path));
                }
            }
            if endpoint.quirks.success && reply["success"] != true {
                found.push(format!("{}: no success", endpoint.path));
            }
            let check = Check { quirks: endpoint.quirks, at: endpoint.path };
            check.value(&entry.data, "", &reply["data"], &mut found);
            for alias in &endpoint.quirks.response {
                check.alias(&alias.table, &alias.other, &reply["data"], &mut found);
            }
            if best.as_ref().is_none_or(|best| found.len() < best.len()) {
                best = Some(found);
            }
        }
        wrong.extend(best.unwrap_or_default());
    }
    assert!(wrong.is_empty(), "{} disagreements:\n{}", wrong.len(), wrong.join("\n"));
}

struct Check<'a> {
    quirks: &'a Quirks,
    at: &'a str,
}

impl Check<'_> {
    fn value(&self, spec: &Spec, path: &str, value: &Value, wrong: &mut Vec<String>) {
        let kind = spec.kind(self.quirks, Direction::Response, path);
        let mut say = |what: String| wrong.push(format!("{} {path}: {what}", self.at));
        // Null stands for what is absent; data itself is null only where the document has none or shows null.
        if value.is_null() {
            if path.is_empty() && !matches!(kind, "null" | "String") {
                say("data is null".into());
            }
            return;
        }
        let parsed;
        let mut value = value;
        if spec.json_string || kind == "JSONString" {
            let Some(text) = value.as_str() else { return say(format!("no JSON in a text: {value}")) };
            match serde_json::from_str::<Value>(text) {
                Ok(inner) => parsed = inner,
                Err(error) => return say(format!("no JSON: {error}")),
            }
            value = &parsed;
        }
        match (&spec.item, &spec.fields) {
            (Some(item), _) => {
                let Some(items) = value.as_array() else { return say(format!("no list: {value}")) };
                let Some(first) = items.first() else {
                    return say("an empty list: nothing of it was tested".into());
                };
                match item {
                    Item::Fields(fields) => {
                        for item in items {
                            self.fields(fields, &format!("{path}[]"), item, wrong);
                        }
                    }
                    Item::Scalar(kind) if !fits(kind, first) => say(format!("{first}, documented {kind}")),
                    Item::List { .. } if !first.is_array() => say(format!("{first}, documented a list")),
                    Item::Scalar(_) | Item::List { .. } => {}
                }
            }
            (None, Some(fields)) => self.fields(fields, path, value, wrong),
            (None, None) if spec.json_string => {}
            (None, None) if !fits(kind, value) => say(format!("{value}, documented {kind}")),
            (None, None) => {}
        }
    }

    fn fields(&self, fields: &[Spec], path: &str, value: &Value, wrong: &mut Vec<String>) {
        let Some(object) = value.as_object() else {
            return wrong.push(format!("{} {path}: no object: {value}", self.at));
        };
        for field in fields {
            let path = join(path, &field.name);
            match object.get(&field.name) {
                Some(value) => self.value(field, &path, value, wrong),
                None => wrong.push(format!("{} {path}: absent", self.at)),
            }
        }
    }

    /// Where the table's name is, the other name is too, and says the same.
    fn alias(&self, table: &str, other: &str, data: &Value, wrong: &mut Vec<String>) {
        let mut objects = vec![data];
        let mut names = table
            .split('.')
            .flat_map(|part| part.strip_suffix("[]").map_or(vec![part], |name| vec![name, "[]"]));
        let last = names.next_back().unwrap_or(table);
        for name in names.filter(|name| !name.is_empty()) {
            objects = if name == "[]" {
                objects.into_iter().filter_map(Value::as_array).flatten().collect()
            } else {
                objects.into_iter().filter_map(|object| object.get(name)).collect()
            };
        }
        for object in objects {
            if object.get(last) != object.get(other) || object.get(other).is_none() {
                wrong.push(format!("{} {table}: not also as {other}", self.at));
            }
        }
    }
}

fn fits(kind: &str, value: &Value) -> bool {
    match kind {
        "Long" | "Int" => value.is_i64(),
        "Double" | "Float" => value.is_number(),
        "Boolean" => value.is_boolean(),
        "String" => value.is_string(),
        "List" => value.is_array(),
        "null" => value.is_null(),
        // JSON and Struct without anything said of what is in it.
        _ => true,
    }
}
