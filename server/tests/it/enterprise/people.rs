//! What the endpoints of groups, people and reports take and say beyond the tables.

use axum::http::Method;
use domain::db::Kind;
use serde_json::{Value, json};

use super::fleet::{APPID, UID, fleet};
use super::support::{DID, KEY, SECRET, TestApi};

async fn call(api: &TestApi, method: Method, target: &str, body: Option<&Value>) -> Value {
    let mut request = api.request(&method, target, body);
    api.add_headers(&mut request);
    let answer = api.send(request).await;
    assert_eq!(answer.status.as_u16(), 200, "{method} {target}: {}", answer.json());
    answer.json()
}

#[tokio::test]
async fn device_ids_are_taken_in_three_forms() {
    let api = TestApi::new(Kind::Sqlite).await;
    fleet(&api).await;
    let target = TestApi::of_product("devices/bindings");
    let list = json!([DID, "unknown"]);
    for dids in [json!(format!("{DID}, unknown")), list.clone(), json!(list.to_string())] {
        for method in [Method::POST, Method::DELETE] {
            let body = json!({"uid": UID, "appid": APPID, "dids": dids});
            let outcome = call(&api, method, &target, Some(&body)).await;
            assert_eq!(outcome, json!({"success": [DID], "failed": ["unknown"]}), "{dids}");
        }
    }
}

#[tokio::test]
async fn a_history_names_each_period_twice() {
    let api = TestApi::new(Kind::Sqlite).await;
    fleet(&api).await;
    let body = json!({"uid": UID, "appid": APPID, "dids": DID});
    call(&api, Method::POST, &TestApi::of_product("devices/bindings"), Some(&body)).await;
    for report in ["devices/report/liveness/history", "users/report/new"] {
        for (cycle, period) in [("date", "2026-06-01"), ("week", "2026-23"), ("month", "2026-06")] {
            let query = format!("{report}?cycle={cycle}&start={period}&end={period}");
            let history = call(&api, Method::GET, &TestApi::of_product(&query), None).await;
            let entry = &history["data"][0];
            assert_eq!(
                (&entry[cycle], &entry["date"], &entry["count"]),
                (&json!(period), &json!(period), &json!(1))
            );
        }
        let future = TestApi::of_product(&format!("{report}?start=2026-06-02&end=2026-06-03"));
        assert_eq!(api.get(&future).await.json()["error_code"], 5014);
    }
    for given in [KEY, SECRET] {
        let query = format!("product_secret={given}&start_date=2026-06-01&end_date=2026-06-01");
        let active = call(&api, Method::GET, &format!("/v1/users/liveness_total?{query}"), None).await;
        assert_eq!(active, json!({"data": [{"date": "2026-06-01", "count": 1}]}));
    }
}

#[tokio::test]
async fn the_two_reports_under_one_path_are_one_answer() {
    let api = TestApi::new(Kind::Sqlite).await;
    fleet(&api).await;
    let counts = json!({"total": 1, "resolved": 0, "unresolved": 1});
    let both = call(&api, Method::GET, &TestApi::of_product("alert/report/devices"), None).await;
    assert_eq!((&both["count"], &both["detail"]["alert_full"]), (&counts, &counts));
    let events = call(&api, Method::GET, &TestApi::of_product("alert/report/events"), None).await;
    assert_eq!(events, both, "one alarm of one device");
    for rt in ["devices/report/devices/report/rt", "devices/report/rt"] {
        let now = call(&api, Method::GET, &TestApi::of_product(rt), None).await;
        assert_eq!((&now["count"]["faulty"], &now["count"]["alert"]), (&json!(1), &json!(1)));
    }
}
