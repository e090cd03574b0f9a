//! Calls about groups, people, bindings and reports: those that succeed, and those that are refused.

use axum::http::Method;
use domain::db::sql;
use domain::device::ImportDevices;
use domain::device::service::{device_of, import_devices, product_by_key};
use domain::fleet::params::{CreateApp, CreateUser};
use domain::fleet::service::{create_app, create_user};
use millwright::enterprise::registry::{Endpoints, Found};
use serde_json::{Value, json};

use super::replies::Recorder;
use super::support::{DID, KEY, SECRET, TestApi, device};

pub const APPID: &str = "app1";
pub const UID: &str = "uid1";

/// Whether an endpoint is registered.
pub fn is_there(method: &Method, path: &str) -> bool {
    matches!(Endpoints::new().find(method, path), Found::Endpoint(endpoint, _) if endpoint.path == path)
}

/// A person with an application, faults and alarms, and days on which the device reported.
pub async fn fleet(api: &TestApi) {
    let ctx = api.plant.ctx();
    create_app(&ctx, CreateApp { name: "App".into(), appid: Some(APPID.into()) })
        .await
        .expect("an application");
    let text = |text: &str| Some(text.to_owned());
    let person = CreateUser {
        appid: APPID.into(),
        uid: text(UID),
        username: text("zhang"),
        country: text("China"),
        region: text("Guangdong"),
        city: text("Guangzhou"),
        ..CreateUser::default()
    };
    create_user(&ctx, person).await.expect("a person");
    let devices = vec![device("second:site", "second-did")];
    import_devices(&ctx, ImportDevices { product_key: KEY.into(), devices }).await.expect("a device");
    let product = product_by_key(&ctx, KEY).await.expect("a product");
    let known = device_of(&ctx, &product, DID).await.expect("a device");
    for (kind, name) in [(1_i64, "fault_roomtemp"), (2, "alert_full")] {
        let insert = sql("INSERT INTO device_event
               (tenant_id, id, product_id, device_id, kind, name, opened_at, resolved_at, place_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8)");
        let insert = insert.bind(ctx.tenant_id()).bind(ctx.next_id()).bind(product.id).bind(known.id);
        api.run(insert.bind(kind).bind(name).bind(ctx.now() - 1000).bind(known.place_id)).await;
    }
    let activity =
        sql("INSERT INTO device_activity (tenant_id, product_id, month, device_id, days, place_id)
         VALUES ($1, $2, $3, $4, $5, $6)");
    let today = ctx.tenant.zone.date(ctx.now());
    let activity = activity.bind(ctx.tenant_id()).bind(product.id).bind(today.strftime("%Y-%m").to_string());
    api.run(activity.bind(known.id).bind(1_i64 << (today.day() - 1)).bind(known.place_id)).await;
    api.run(
        sql("UPDATE device SET online = TRUE, open_faults = 1, open_alarms = 1 WHERE tenant_id = $1 AND id = $2")
            .bind(ctx.tenant_id())
            .bind(known.id),
    )
    .await;
}

/// A call of each endpoint of this kind that is registered.
pub async fn scenario(recorder: &mut Recorder<'_>) {
    let api = recorder.api;
    fleet(api).await;
    let groups = "/v1/products/{product_key}/device_groups";
    let group = "/v1/products/{product_key}/device_groups/{gid}";
    let users = "/v1/products/{product_key}/users";
    let ctx = api.plant.ctx();
    let today = ctx.tenant.zone.date(ctx.now()).to_string();
    let month = &today[..7];
    if is_there(&Method::POST, groups) {
        let root = recorder.call(Method::POST, groups, "", Some(&json!({}))).await;
        let child = json!({"parent_gid": root["gid"]});
        let child = recorder.call(Method::POST, groups, "", Some(&child)).await;
        let gid = root["gid"].as_str().expect("a group").to_owned();
        let update = json!({"action": "assign", "reassign": false, "macs": ["virtual:site", "unknown:mac"]});
        recorder.call_at(Method::PUT, group, &gid, Some(&update)).await;
        recorder.call_at(Method::GET, group, &gid, None).await;
        recorder.call(Method::GET, groups, "", None).await;
        let child = child["gid"].as_str().expect("a group").to_owned();
        recorder.call_at(Method::DELETE, group, &child, None).await;
    }
    let bindings = "/v1/products/{product_key}/devices/bindings";
    if is_there(&Method::POST, bindings) {
        let bind = json!({"uid": UID, "appid": APPID, "dids": format!("{DID},unknown")});
        recorder.call(Method::POST, bindings, "", Some(&bind)).await;
        let unbind = json!({"uid": UID, "appid": APPID, "dids": [DID, "unknown"]});
        recorder.call(Method::DELETE, bindings, "", Some(&unbind)).await;
        recorder.call(Method::POST, bindings, "", Some(&bind)).await;
    }
    let of = |rest: &str| format!("/v1/products/{{product_key}}/{rest}");
    let secret = format!("?product_secret={SECRET}");
    for (path, query) in [
        (format!("{users}/search"), format!("?type=did&val={DID}")),
        (format!("{users}/report/new"), format!("?cycle=month&start={month}&end={month}")),
        (format!("{users}/report/total"), String::new()),
        (of("devices/locations"), String::new()),
        (of("devices/summary"), String::new()),
        (of("incr_devices"), format!("?start={today}&end={today}")),
        (of("active_devices"), format!("?start={today}&end={today}")),
        (of("devices/report/liveness/history"), format!("?cycle=month&start={month}&end={month}")),
        (of("devices/report/devices/report/rt"), String::new()),
        (of("devices/report/rt"), String::new()),
        (of("fault/report/devices"), String::new()),
        (of("fault/report/events"), String::new()),
        (of("alert/report/devices"), String::new()),
        (of("alert/report/events"), String::new()),
        ("/v1/users/search".into(), format!("?product_key={KEY}")),
        ("/v1/users/location".into(), secret.clone()),
        ("/v1/users/liveness_total".into(), format!("{secret}&start_date={today}&end_date={today}")),
    ] {
        if is_there(&Method::GET, &path) {
            recorder.call(Method::GET, &path, &query, None).await;
        }
    }
}

/// Calls that are refused: method, path, query, body, code. `{gid}` in a path is the group to name.
pub async fn refusals(api: &TestApi) -> Vec<(Method, String, String, Option<Value>, i64)> {
    fleet(api).await;
    let ctx = api.plant.ctx();
    let product = |key: &'static str| {
        let ctx = ctx.clone();
        async move { product_by_key(&ctx, key).await.expect("a product").id }
    };
    let (own, another) = (product(KEY).await, product("another").await);
    // As deep as groups may be: the root, and 31 groups each below the other.
    let deep =
        (0..31_i64).map(|n| (100 + n, own, Some(if n == 0 { 11 } else { 99 + n }), format!("deep{n}")));
    let named =
        [(11_i64, own, None, "root"), (12, own, Some(11_i64), "child"), (13, another, None, "foreign")];
    let named = named.map(|(id, product_id, parent, gid)| (id, product_id, parent, gid.to_owned()));
    for (id, product_id, parent, gid) in named.into_iter().chain(deep) {
        let insert =
            sql("INSERT INTO device_group (tenant_id, id, product_id, gid, parent_id, name, created_at)
             VALUES ($1, $2, $3, $4, $5, '', 1)");
        let insert = insert.bind(ctx.tenant_id()).bind(id).bind(product_id).bind(gid).bind(parent);
        api.run(insert).await;
    }
    let place = sql("UPDATE device SET group_id = 12 WHERE tenant_id = $1 AND did = $2");
    api.run(place.bind(ctx.tenant_id()).bind(DID)).await;
    let groups = "/v1/products/{product_key}/device_groups";
    let group = |gid: &str| format!("{groups}/{gid}");
    let bindings = "/v1/products/{product_key}/devices/bindings";
    let of = |rest: &str| format!("/v1/products/{{product_key}}/{rest}");
    let bind = |uid: &str, appid: &str| Some(json!({"uid": uid, "appid": appid, "dids": [DID]}));
    let update = |action: &str| Some(json!({"action": action, "reassign": true, "macs": ["virtual:site"]}));
    let mut calls = vec![
        (Method::POST, groups.to_owned(), String::new(), Some(json!([])), 5001),
        (Method::POST, groups.to_owned(), String::new(), Some(json!({"parent_gid": {"a": 1}})), 5202),
        (Method::POST, groups.to_owned(), String::new(), Some(json!({"parent_gid": "unknown"})), 5202),
        (Method::POST, groups.to_owned(), String::new(), Some(json!({"parent_gid": "foreign"})), 5201),
        (Method::POST, groups.to_owned(), String::new(), Some(json!({})), 5203),
        (Method::POST, groups.to_owned(), String::new(), Some(json!({"parent_gid": "deep30"})), 5002),
        (Method::DELETE, group("root"), String::new(), None, 5204),
        (Method::DELETE, group("child"), String::new(), None, 5205),
        (Method::DELETE, group("foreign"), String::new(), None, 5201),
        (Method::DELETE, group("unknown"), String::new(), None, 5206),
        (Method::GET, group("foreign"), String::new(), None, 5201),
        (Method::GET, group("unknown"), String::new(), None, 5206),
        (Method::PUT, group("root"), String::new(), Some(json!([])), 5001),
        (Method::PUT, group("root"), String::new(), update("remove"), 5002),
        (Method::PUT, group("foreign"), String::new(), update("assign"), 5201),
        (Method::PUT, group("unknown"), String::new(), update("assign"), 5206),
        (Method::GET, of("users/search"), "?type=shoe&val=1".into(), None, 5002),
        (Method::GET, of("incr_devices"), "?start=soon".into(), None, 5002),
        (Method::GET, of("active_devices"), "?start=soon".into(), None, 5002),
        (Method::GET, of("devices/locations"), "?is_online=2".into(), None, 5002),
        (
            Method::GET,
            of("devices/report/liveness/history"),
            "?cycle=date&start=2026-01-01&end=2026-05-31".into(),
            None,
            5002,
        ),
        (Method::GET, of("users/report/new"), "?cycle=year&start=2026&end=2026".into(), None, 5002),
        (Method::GET, "/v1/users/search".into(), "?product_key=unknown".into(), None, 5015),
        (Method::GET, "/v1/users/search".into(), "?limit=0".into(), None, 5002),
        (Method::GET, "/v1/users/search".into(), format!("?product_key={KEY}&appid=unknown"), None, 5016),
        (Method::GET, "/v1/users/location".into(), String::new(), None, 5002),
        (Method::GET, "/v1/users/location".into(), "?product_secret=guessed".into(), None, 5005),
        (Method::GET, "/v1/users/liveness_total".into(), "?product_secret=x".into(), None, 5002),
        (
            Method::GET,
            "/v1/users/liveness_total".into(),
            "?product_secret=guessed&start_date=2026-05-30&end_date=2026-05-31".into(),
            None,
            5005,
        ),
        (
            Method::GET,
            "/v1/users/liveness_total".into(),
            format!("?product_secret={SECRET}&appid=unknown&start_date=2026-05-30&end_date=2026-05-31"),
            None,
            5016,
        ),
    ];
    for method in [Method::POST, Method::DELETE] {
        let refused = |body, code| (method.clone(), bindings.to_owned(), String::new(), body, code);
        calls.extend([
            refused(Some(json!([])), 5001),
            refused(Some(json!({})), 5002),
            refused(bind("unknown", APPID), 5017),
            refused(bind(UID, "unknown"), 5016),
        ]);
    }
    let period = "cycle=month&start=2026-05&end=2026-05&";
    for (rest, query) in [
        ("users/search", ""),
        ("users/report/new", period),
        ("users/report/total", ""),
        ("devices/locations", ""),
        ("devices/report/liveness/history", period),
        ("devices/report/devices/report/rt", ""),
        ("devices/report/rt", ""),
        ("fault/report/devices", ""),
        ("fault/report/events", ""),
        ("alert/report/devices", ""),
        ("alert/report/events", ""),
    ] {
        for (gid, code) in [("foreign", 5201), ("unknown", 5206)] {
            calls.push((Method::GET, of(rest), format!("?{query}gid={gid}"), None, code));
        }
    }
    calls
}
