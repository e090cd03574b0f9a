//! Pages that lead to one another, and cursors.

use domain::db::Kind;
use domain::device::ImportDevices;
use domain::device::service::import_devices;
use millwright::enterprise;
use serde_json::{Value, json};

use super::support::{KEY, TestApi, device};

/// The path and query of an address below the host that was asked.
fn target(address: &Value, base: &str) -> String {
    address.as_str().and_then(|address| address.strip_prefix(base)).expect("an absolute address").to_owned()
}

#[tokio::test]
async fn previous_and_next_can_be_called_as_they_stand() {
    let mut api = TestApi::new(Kind::Sqlite).await;
    let devices = (0..6).map(|n| device(&format!("m{n}"), &format!("did{n}"))).collect();
    import_devices(&api.plant.ctx(), ImportDevices { product_key: KEY.into(), devices })
        .await
        .expect("devices");
    let path = TestApi::of_product("devices/search");
    for (public_url, base) in
        [(None, "http://plant.example:3000"), (Some("https://p.example"), "https://p.example")]
    {
        api.router = enterprise::router(api.plant.services.clone(), public_url.map(str::to_owned));
        let mut seen = Vec::new();
        let mut next = json!(format!("{base}{path}?country=China&limit=3"));
        let mut last = Value::Null;
        while !next.is_null() {
            let answer = api.get(&target(&next, base)).await.json();
            assert_eq!(answer["meta"]["total"], 7);
            seen.extend(answer["objects"].as_array().expect("a list").iter().map(|o| o["did"].clone()));
            next = answer["meta"]["next"].clone();
            last = answer["meta"]["previous"].clone();
        }
        assert_eq!(seen.len(), 7);
        assert!(target(&last, base).contains("country=China"), "{last}");
        let before = api.get(&target(&last, base)).await.json();
        assert_eq!(before["meta"]["skip"], 3);
        let first = api.get(&target(&before["meta"]["previous"], base)).await.json();
        assert_eq!((&first["meta"]["previous"], &first["meta"]["skip"]), (&Value::Null, &json!(0)));
    }
}

async fn cursors(kind: Kind) {
    let api = TestApi::new(kind).await;
    api.live().await;
    let path = TestApi::of_product(&format!("devices/{}/data", super::support::DID));
    let first = api.get(&format!("{path}?limit=2")).await.json();
    let context = first["context"].as_str().expect("a cursor");
    assert_eq!(first["meta"]["total"], 3);
    let second = api.get(&format!("{path}?limit=2&context={context}")).await.json();
    assert_eq!(second["objects"].as_array().map(Vec::len), Some(1));
    assert_eq!((&second["context"], &second["meta"]["next"]), (&json!(""), &Value::Null));
    let next = target(&first["meta"]["next"], "http://plant.example:3000");
    assert_eq!(api.get(&next).await.json()["objects"], second["objects"]);
    // Another process on the same database knows the cursor too.
    let other = TestApi { router: enterprise::router(api.plant.services.clone(), None), ..api };
    assert_eq!(other.get(&next).await.json()["objects"], second["objects"]);
}

#[tokio::test]
async fn sqlite_cursors_lead_on() {
    cursors(Kind::Sqlite).await;
}

#[tokio::test]
async fn postgres_cursors_lead_on() {
    cursors(Kind::Postgres).await;
}
