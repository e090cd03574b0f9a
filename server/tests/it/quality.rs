//! Production reports and quality controls: calls that succeed.

use serde_json::json;

use crate::masterdata::record;
use crate::modelling::plant;
use crate::support::Recorder;

pub async fn scenario(recorder: &mut Recorder<'_>) {
    plant(recorder).await;
    record(recorder, "物料", json!(["code", "name"]), json!(["M1", "Gear"])).await;
    let checker = record(recorder, "人员", json!(["id", "name"]), json!(["1001", "Li Lei"])).await;

    let report = json!({
        "materialCode": "M1", "uniqueCode": "U-1", "stepCode": "S1", "startTime": "2026-05-31 08:00:00",
        "endTime": "2026-05-31 09:00:00", "outPut": "20", "unitType": "4", "unitTypeCode": "EQ-1",
    });
    let id = recorder.call("/industry/qualitytrace/productionreport/add", report.clone()).await;
    let params = json!({"id": id, "outPut": 24.5});
    recorder.call("/industry/qualitytrace/productionreport/update", params).await;
    recorder.call("/industry/qualitytrace/productionreport/query", json!({"reportId": id})).await;
    let params = json!({"keyWord": "U-1", "pageId": 1, "pageSize": 15});
    recorder.call("/industry/qualitytrace/productionreport/pagequery", params).await;
    let mut spare = report;
    spare["uniqueCode"] = json!("U-2");
    let spare = recorder.call("/industry/qualitytrace/productionreport/add", spare).await;
    recorder.call("/industry/qualitytrace/productionreport/delete", json!({"reportIds": [spare]})).await;

    let control = json!({
        "uniqueCode": "U-1", "stepCode": "S1", "startTime": "2026-05-31 09:00:00", "endTime": "2026-05-31 09:10:00",
        "checkerId": checker, "outPut": "20",
    });
    let id = recorder.call("/industry/qualitytrace/qualitycontrol/create", control.clone()).await;
    let mut changed = control;
    changed["id"] = id.clone();
    changed["outPut"] = json!(22);
    recorder.call("/industry/qualitytrace/qualitycontrol/update", changed).await;
    recorder.call("/industry/qualitytrace/qualitycontrol/get", json!({"id": id})).await;
    recorder.call("/industry/qualitytrace/qualitycontrol/query", json!({"search": "U-1"})).await;
    let open = json!({"uniqueCode": "U-1", "stepCode": "S1"});
    let open = recorder.call("/industry/qualitytrace/qualitycontrol/output/calc", open).await;
    assert_eq!(open, 2.5);

    let grade = json!({"parentId": id, "grade": "0", "isPassed": 1, "batchNumber": "B1", "outPut": 20});
    let grade_id = recorder.call("/industry/qualitytrace/qualitycontrol/grade/create", grade.clone()).await;
    let mut changed = grade;
    changed["id"] = grade_id.clone();
    changed["outPut"] = json!(21);
    recorder.call("/industry/qualitytrace/qualitycontrol/grade/update", changed).await;
    recorder.call("/industry/qualitytrace/qualitycontrol/grade/query", json!({"parentId": id})).await;
    recorder.call("/industry/qualitytrace/qualitycontrol/grade/delete", json!({"id": grade_id})).await;
    recorder.call("/industry/qualitytrace/qualitycontrol/delete", json!({"id": id})).await;
}
