//! Factory calendar: calls that succeed.

use serde_json::{Value, json};

use crate::modelling::plant;
use crate::support::Recorder;

fn on(node: i64, mut params: Value) -> Value {
    params["ftyModelId"] = json!(node);
    params["ftyModelValue"] = json!("1");
    params
}

pub async fn scenario(recorder: &mut Recorder<'_>) {
    let node = plant(recorder).await;
    let shift = on(
        node,
        json!({
            "name": "Day", "beginTime": "08:00", "endTime": "16:00:00", "beginEffectiveDate": "2026-01-01",
            "endEffectiveDate": "2026-12-31", "description": "long",
            "nonProdTimeMgtDTOList": "[{\"type\": \"3\", \"beginTime\": \"12:00\", \"endTime\": \"12:30\"}]",
        }),
    );
    recorder.call("/industry/factorycalendar/shift/add", shift.clone()).await;
    let paged = on(node, json!({"pageNo": 1, "pageSize": "50"}));
    let listed = recorder.call("/industry/factorycalendar/shift/query", paged.clone()).await;
    let shift_id = listed["data"][0]["id"].clone();
    recorder.call("/industry/factorycalendar/shift/getbyid", json!({"id": shift_id})).await;
    let mut changed = shift;
    changed["id"] = shift_id.clone();
    changed["name"] = json!("Early");
    recorder.call("/industry/factorycalendar/shift/update", changed).await;

    let once = on(
        node,
        json!({
            "name": "Holiday", "type": 1, "beginDatetime": "2026-06-02 08:00", "endDatetime": "2026-06-02 12:00:00",
            "description": "half a day",
        }),
    );
    let weekly = on(
        node,
        json!({"name": "Sunday", "type": 2, "dayOfWeek": 7, "beginTime": "08:00", "endTime": "16:00"}),
    );
    for params in [&once, &weekly] {
        recorder.call("/industry/factorycalendar/plannedshutdown/add", params.clone()).await;
    }
    let listed = recorder.call("/industry/factorycalendar/plannedshutdown/query", paged).await;
    let rows = listed["data"].as_array().expect("a list").clone();
    let find = |name: &str| rows.iter().find(|row| row["name"] == name).expect("a shutdown")["id"].clone();
    recorder.call("/industry/factorycalendar/plannedshutdown/getbyid", json!({"id": find("Holiday")})).await;
    let mut changed = once;
    changed["id"] = find("Holiday");
    changed["description"] = json!("half a day off");
    recorder.call("/industry/factorycalendar/plannedshutdown/update", changed).await;

    let at = on(node, json!({"datetime": "2026-06-01 09:00:00"}));
    recorder.call("/industry/factorycalendar/shift/getbytime", at.clone()).await;
    let idle = recorder.call("/industry/factorycalendar/plannedshutdown/isbytime", at).await;
    assert_eq!(idle, false);
    let day = on(node, json!({"date": "2026-06-02"}));
    recorder.call("/industry/factorycalendar/getbydate", day).await;
    let span = on(node, json!({"beginDate": "2026-06-01", "endDate": "2026-06-07"}));
    let days = recorder.call("/industry/factorycalendar/querydaytype", span).await;
    assert_eq!(days[0], json!({"date": "2026-06-01", "dayType": 1}));

    recorder.call("/industry/factorycalendar/plannedshutdown/delete", json!({"id": find("Sunday")})).await;
    recorder.call("/industry/factorycalendar/shift/delete", json!({"id": shift_id})).await;
}
