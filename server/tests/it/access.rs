//! Somebody who may only look: refused by every endpoint that changes something, and by no other.

use domain::access::Access;
use domain::db::Kind;
use millwright::industry::registry::Endpoints;
use serde_json::{Value, json};

use crate::catalogue::{entry, samples};
use crate::support::TestApp;

#[tokio::test]
async fn a_viewer_changes_nothing_and_sees_everything() {
    let app = TestApp::new(Kind::Sqlite).await;
    let mut wrong = Vec::new();
    for endpoint in Endpoints::new().iter() {
        let mut params = samples(entry(endpoint.path).expect("documented"));
        params.insert("appId".into(), json!(app.app_id));
        params.insert("employeeId".into(), json!(app.viewer));
        let answer = app.call(endpoint.path, Value::Object(params)).await;
        if (answer.code() == 403) != (endpoint.access == Access::Write) {
            wrong.push(format!("{}: {:?}, answered {}", endpoint.path, endpoint.access, answer.json()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
