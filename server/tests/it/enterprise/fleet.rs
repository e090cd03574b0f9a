//! Groups, people, bindings and reports over the wire.

use axum::http::Method;
use domain::db::{Kind, sql};
use domain::device::service::product_by_key;
use domain::fleet::params::{CreateApp, CreateUser};
use domain::fleet::service::{create_app, create_user};
use serde_json::{Value, json};

use super::catalogue::CATALOGUE;
use super::replies::Recorder;
use super::support::{DID, KEY, TestApi, product};

pub const GID: &str = "c8e4b5634b047dc495be4a05a39d02a3";
const APPID: &str = "app";
const UID: &str = "25a5324c807842348f63ade277eb413a";

const GROUPS: &str = "/v1/products/{product_key}/device_groups";
const GROUP: &str = "/v1/products/{product_key}/device_groups/{gid}";
const BINDINGS: &str = "/v1/products/{product_key}/devices/bindings";

/// A group without devices, a person of a place, and a device that was active, faulty and alerting.
async fn people_and_history(api: &TestApi) {
    let ctx = api.plant.ctx();
    let made = product_by_key(&ctx, KEY).await.expect("a product");
    let device = domain::device::service::device_of(&ctx, &made, DID).await.expect("a device").id;
    let tenant_id = ctx.tenant_id();
    group(api, KEY, GID).await;
    create_app(&ctx, CreateApp { name: "App".into(), appid: Some(APPID.into()) })
        .await
        .expect("an application");
    let person = CreateUser {
        appid: APPID.into(),
        uid: Some(UID.into()),
        country: Some("China".into()),
        region: Some("Beijing".into()),
        city: Some("Beijing".into()),
        ..CreateUser::default()
    };
    create_user(&ctx, person).await.expect("a person");
    let day = sql("INSERT INTO device_activity (tenant_id, product_id, month, device_id, days, place_id)
         SELECT tenant_id, product_id, '2026-06', id, 1, place_id FROM device WHERE tenant_id = $1 AND id = $2");
    api.run(day.bind(tenant_id).bind(device)).await;
    for (id, kind, name) in [(1_i64, 1_i64, "fault_roomtemp"), (2, 2, "alert_full")] {
        let event = sql("INSERT INTO device_event
               (tenant_id, id, product_id, device_id, kind, name, opened_at, resolved_at, place_id)
             SELECT tenant_id, $3, product_id, id, $4, $5, 1, 2, place_id FROM device WHERE tenant_id = $1 AND id = $2");
        api.run(event.bind(tenant_id).bind(device).bind(id).bind(kind).bind(name)).await;
    }
}

async fn group(api: &TestApi, key: &str, gid: &str) {
    let ctx = api.plant.ctx();
    let of = product_by_key(&ctx, key).await.expect("a product").id;
    let insert = sql("INSERT INTO device_group (tenant_id, id, product_id, gid, name, created_at)
         VALUES ($1, $2, $3, $4, '', 1)");
    api.run(insert.bind(ctx.tenant_id()).bind(ctx.next_id()).bind(of).bind(gid)).await;
}

fn devices(action: &str) -> Value {
    json!({"action": action, "reassign": true, "macs": ["virtual:site", "unknown"]})
}

fn dids(dids: &Value) -> Value {
    json!({"uid": UID, "appid": APPID, "dids": dids})
}

/// One call of each endpoint of this area.
pub async fn scenario(recorder: &mut Recorder<'_>) {
    people_and_history(recorder.api).await;
    let tree = recorder.get(GROUPS, "").await;
    assert_eq!(tree, json!({GID: ""}));
    let moved = recorder.call(Method::PUT, GROUP, "", Some(&devices("assign"))).await;
    assert_eq!(moved, json!({"success": ["virtual:site"], "failed": ["unknown"]}));
    assert_eq!(recorder.get(GROUP, "").await, json!({"macs": ["virtual:site"]}));
    let bound = json!({"success": [DID], "failed": ["unknown"]});
    // As text, as a list, and as text with a list in it.
    for given in
        [json!(format!("{DID},unknown")), json!([DID, "unknown"]), json!(json!([DID, "unknown"]).to_string())]
    {
        assert_eq!(recorder.call(Method::POST, BINDINGS, "", Some(&dids(&given))).await, bound, "{given}");
    }
    recorder.get("/v1/users/search", &format!("?product_key={KEY}&appid={APPID}")).await;
    let found = recorder
        .get("/v1/products/{product_key}/users/search", &format!("?gid={GID}&type=did&val={DID}"))
        .await;
    assert_eq!((&found["objects"][0]["uid"], &found["objects"][0]["is_owner"]), (&json!(UID), &json!(true)));
    reports(recorder).await;
    assert_eq!(
        recorder.call(Method::DELETE, BINDINGS, "", Some(&dids(&json!([DID, "unknown"])))).await,
        bound
    );
    recorder.call(Method::PUT, GROUP, "", Some(&devices("unassign"))).await;
    assert_eq!(recorder.call(Method::DELETE, GROUP, "", None).await, json!({}));
    let made = recorder.call(Method::POST, GROUPS, "", Some(&json!({}))).await;
    assert_eq!(made["gid"].as_str().map(str::len), Some(32));
}

async fn reports(recorder: &mut Recorder<'_>) {
    let gid = format!("?gid={GID}");
    for report in [
        "devices/locations",
        "devices/report/devices/report/rt",
        "devices/report/rt",
        "fault/report/devices",
        "fault/report/events",
        "alert/report/devices",
        "alert/report/events",
        "users/report/total",
    ] {
        let path = format!("/v1/products/{{product_key}}/{report}");
        let all = recorder.get(&path, "").await;
        let some = recorder.get(&path, &gid).await;
        assert_eq!((&all["gid"], &some["gid"]), (&Value::Null, &json!(GID)), "{report}");
    }
    let place = recorder.get("/v1/products/{product_key}/devices/locations", "?is_online=0").await;
    assert_eq!(place["location"], json!({"China": {"count": 1, "Guangdong": {"count": 1, "Guangzhou": 1}}}));
    let summary = recorder.get("/v1/products/{product_key}/devices/summary", "").await;
    assert_eq!((&summary["new"]["today"], &summary["active"]["7_day"]), (&json!(1), &json!(1)));
    for details in ["incr_devices", "active_devices"] {
        let path = format!("/v1/products/{{product_key}}/{details}");
        let page = recorder.get(&path, "?start=2026-06-01&end=2026-06-01&country=China&limit=1").await;
        assert_eq!(page["objects"][0]["report_date"], "2026-06-01");
    }
    for history in ["devices/report/liveness/history", "users/report/new"] {
        let path = format!("/v1/products/{{product_key}}/{history}");
        for (cycle, period) in [("date", "2026-06-01"), ("week", "2026-23"), ("month", "2026-06")] {
            let query = format!("?cycle={cycle}&start={period}&end={period}&gid={GID}");
            let report = recorder.get(&path, &query).await;
            let entry = &report["data"][0];
            assert_eq!(
                (&entry[cycle], &entry["date"], &entry["count"]),
                (&json!(period), &json!(period), &json!(1))
            );
        }
    }
    for product in [KEY, super::support::SECRET] {
        let query = format!("?product_secret={product}&start_date=2026-06-01&end_date=2026-06-01");
        let active = recorder.get("/v1/users/liveness_total", &query).await;
        assert_eq!(active, json!({"data": [{"date": "2026-06-01", "count": 1}]}));
        let places = recorder.get("/v1/users/location", &format!("?product_secret={product}")).await;
        assert_eq!(places["China"]["Beijing"], json!({"count": 1, "Beijing": {"count": 1}}));
    }
}

/// A call that is refused, with the documented status and message of its code.
async fn refused(api: &TestApi, method: Method, target: &str, body: Option<&Value>, code: i64) {
    let target = target.replace("{product_key}", KEY).replace("{gid}", GID);
    let mut request = api.request(&method, &target, body);
    api.name_enterprise(&mut request);
    let answer = api.send(request).await;
    let shown = answer.json();
    let row = CATALOGUE.errors.iter().find(|row| row.code == code).expect("a documented code");
    assert_eq!(shown["error_code"], code, "{method} {target}: {shown}");
    assert_eq!(answer.status.as_u16(), row.http_status, "{method} {target}");
    assert_eq!(shown["error_message"], row.message, "{method} {target}");
    assert!(shown["detail_message"].is_string(), "{method} {target}");
}

async fn refusals(kind: Kind) {
    let api = TestApi::new(kind).await;
    people_and_history(&api).await;
    product(&api.plant.ctx(), "another").await;
    group(&api, "another", "theirs").await;
    // What a group narrows.
    for report in [
        "users/search?gid=",
        "devices/locations?gid=",
        "devices/report/devices/report/rt?gid=",
        "fault/report/devices?gid=",
        "fault/report/events?gid=",
        "alert/report/devices?gid=",
        "users/report/total?gid=",
        "devices/report/liveness/history?start=2026-06-01&end=2026-06-01&gid=",
        "users/report/new?start=2026-06-01&end=2026-06-01&gid=",
    ] {
        for (gid, code) in [("none", 5206), ("theirs", 5201)] {
            refused(&api, Method::GET, &format!("/v1/products/{{product_key}}/{report}{gid}"), None, code)
                .await;
        }
    }
    groups(&api).await;
    bindings(&api).await;
    queries(&api).await;
}

async fn groups(api: &TestApi) {
    let one = |gid: &str| GROUP.replace("{gid}", gid);
    for (gid, code) in [("none", 5206), ("theirs", 5201)] {
        refused(api, Method::GET, &one(gid), None, code).await;
        refused(api, Method::DELETE, &one(gid), None, code).await;
        refused(api, Method::PUT, &one(gid), Some(&devices("assign")), code).await;
    }
    for (parent, code) in [("none", 5202), ("theirs", 5201)] {
        refused(api, Method::POST, GROUPS, Some(&json!({"parent_gid": parent})), code).await;
    }
    refused(api, Method::POST, GROUPS, Some(&json!({})), 5203).await;
    refused(api, Method::POST, GROUPS, Some(&json!([])), 5001).await;
    refused(api, Method::POST, GROUPS, Some(&json!({"parent_gid": []})), 5002).await;
    refused(api, Method::PUT, GROUP, Some(&json!("x")), 5001).await;
    refused(api, Method::PUT, GROUP, Some(&devices("move")), 5002).await;
    api.send(api.request(
        &Method::PUT,
        &GROUP.replace("{product_key}", KEY).replace("{gid}", GID),
        Some(&devices("assign")),
    ))
    .await;
    refused(api, Method::DELETE, GROUP, None, 5205).await;
    api.send(api.request(
        &Method::POST,
        &GROUPS.replace("{product_key}", KEY),
        Some(&json!({"parent_gid": GID})),
    ))
    .await;
    refused(api, Method::DELETE, GROUP, None, 5204).await;
}

async fn bindings(api: &TestApi) {
    let with = |param: &str, value: Value| {
        let mut body = dids(&json!(DID));
        body[param] = value;
        body
    };
    for method in [Method::POST, Method::DELETE] {
        for (body, code) in [
            (json!(1), 5001),
            (with("dids", Value::Null), 5002),
            (with("dids", json!("")), 5002),
            (with("dids", json!({})), 5002),
            (with("appid", json!("none")), 5016),
            (with("uid", json!("none")), 5017),
        ] {
            refused(api, method.clone(), BINDINGS, Some(&body), code).await;
        }
    }
}

async fn queries(api: &TestApi) {
    let registered = "/v1/users/search?product_key=";
    let active =
        "/v1/users/liveness_total?product_secret={product_key}&start_date=2026-06-01&end_date=2026-06-0";
    let guessed = "/v1/users/liveness_total?product_secret=guessed&start_date=2026-06-01&end_date=2026-06-01";
    for (target, code) in [
        (format!("{registered}none"), 5015),
        (format!("{registered}{KEY}&appid=none"), 5016),
        (format!("{registered}{KEY}&limit=0"), 5002),
        (registered.to_owned(), 5002),
        ("/v1/products/{product_key}/users/search?type=x&val=y".into(), 5002),
        ("/v1/products/{product_key}/devices/locations?is_online=2".into(), 5002),
        ("/v1/products/{product_key}/incr_devices?start=x".into(), 5002),
        ("/v1/products/{product_key}/active_devices?end=x".into(), 5002),
        ("/v1/products/{product_key}/active_devices?start=2026-06-02".into(), 5014),
        ("/v1/products/{product_key}/incr_devices?start=2026-06-02".into(), 5014),
        ("/v1/products/{product_key}/devices/report/liveness/history?start=2026-06&end=2026-06".into(), 5002),
        (
            "/v1/products/{product_key}/devices/report/liveness/history?cycle=week&start=2026-24&end=2026-25"
                .into(),
            5014,
        ),
        ("/v1/products/{product_key}/users/report/new?cycle=x&start=2026-06&end=2026-06".into(), 5002),
        ("/v1/products/{product_key}/users/report/new?cycle=month&start=2026-07&end=2026-07".into(), 5014),
        (format!("{active}x"), 5002),
        (format!("{active}1&appid=none"), 5016),
        (guessed.to_owned(), 5005),
        ("/v1/users/location".into(), 5002),
        ("/v1/users/location?product_secret=guessed".into(), 5005),
    ] {
        refused(api, Method::GET, &target, None, code).await;
    }
}

#[tokio::test]
async fn sqlite_refusals_of_groups_people_and_reports_are_the_documented_ones() {
    refusals(Kind::Sqlite).await;
}

#[tokio::test]
async fn postgres_refusals_of_groups_people_and_reports_are_the_documented_ones() {
    refusals(Kind::Postgres).await;
}
