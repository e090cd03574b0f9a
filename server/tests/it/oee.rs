//! Equipment states and OEE: calls that succeed.

use serde_json::json;

use crate::modelling::plant;
use crate::support::Recorder;

pub async fn scenario(recorder: &mut Recorder<'_>) {
    let node = plant(recorder).await;
    let shift = json!({
        "ftyModelId": node, "ftyModelValue": 1, "name": "Day", "beginTime": "08:00", "endTime": "16:00",
    });
    recorder.call("/industry/factorycalendar/shift/add", shift).await;
    for (status, begin, end) in [(1, "08:00", "15:00"), (3, "15:00", "16:00")] {
        let params = json!({
            "equipmentCode": "EQ-1", "status": status.to_string(), "faultCause": if status == 3 { "bearing" } else { "" },
            "beginDatetime": format!("2026-05-31 {begin}"), "endDateTime": format!("2026-05-31 {end}:00"),
        });
        recorder.call("/industry/oee/equipment/status/set", params).await;
    }
    let day = json!({"equipmentCode": "EQ-1", "queryDate": "2026-05-31"});
    recorder.call("/industry/oee/dayshift/query", day).await;
    let shift = json!({"equipmentCode": "EQ-1", "queryDate": "2026-05-31", "shiftName": "Day"});
    let figures = recorder.call("/industry/oee/dayshift/query", shift).await;
    assert_eq!(figures["ea"], 0.875);
}
