//! Production reports and quality controls: calls that succeed.

use domain::db::{Sql, Tx, sql};
use serde_json::{Value, json};

use crate::support::Recorder;

const METADATA: i64 = 300;
const STEP: i64 = 313;
const CHECKER: i64 = 322;

/// What reports refer to: a route, a material, a machine, a checker, and metadata that the step is bound to.
async fn furnish(recorder: &Recorder<'_>) {
    let ctx = recorder.app.plant.ctx();
    let tenant = ctx.tenant_id();
    let mut tx = ctx.begin().await.expect("a write");
    for (id, parent, level, code) in
        [(311_i64, None, 1_i64, "QT"), (312, Some(311_i64), 2, "QP"), (STEP, Some(312), 3, "QS")]
    {
        let statement = sql("INSERT INTO process_node
                (tenant_id, id, parent_id, level, code, name, flag, created_at, modified_at)
             VALUES ($1, $2, $3, $4, $5, $5, 'publish', 0, 0)");
        run(&mut tx, statement.bind(tenant).bind(id).bind(parent).bind(level).bind(code)).await;
    }
    for (id, metadata, key, name_property) in
        [(321_i64, 544_i64, "Q-M", 632_i64), (CHECKER, 541, "Q-7", 602), (323, 547, "Q-E", 662)]
    {
        let record = sql("INSERT INTO masterdata_record
                (tenant_id, id, metadata_id, unique_key, row_version, archived, created_at, modified_at)
             VALUES ($1, $2, $3, $4, 1, $5, 0, 0)");
        run(&mut tx, record.bind(tenant).bind(id).bind(metadata).bind(key).bind(false)).await;
        let name = sql("INSERT INTO masterdata_value
                (tenant_id, record_id, property_id, seq, value_text, text_key)
             VALUES ($1, $2, $3, 0, $4, $4)");
        run(&mut tx, name.bind(tenant).bind(id).bind(name_property).bind("Shown name")).await;
    }
    let metadata = sql("INSERT INTO metadata
            (tenant_id, id, name, multi_version, prefix_nested, platform_control, created_at, modified_at)
         VALUES ($1, $2, 'Bath', $3, $3, $3, 0, 0)");
    run(&mut tx, metadata.bind(tenant).bind(METADATA).bind(false)).await;
    let property = sql("INSERT INTO metadata_property
            (tenant_id, id, metadata_id, code, description, kind, is_unique, nullable, multiple, display, limits,
             sort_index)
         VALUES ($1, 331, $2, 'batch', 'Batch', 'STRING', $3, $4, $4, $3, '{}', 1)");
    run(&mut tx, property.bind(tenant).bind(METADATA).bind(true).bind(false)).await;
    for (id, name) in [(341_i64, "TechnocsParam"), (342, "QualityControl")] {
        let attribute = sql("INSERT INTO node_attribute
                (tenant_id, id, node_id, name, en_name, value, created_at, modified_at)
             VALUES ($1, $2, $3, $4, $4, 'Bath', 0, 0)");
        run(&mut tx, attribute.bind(tenant).bind(id).bind(STEP).bind(name)).await;
    }
    tx.commit().await.expect("a commit");
}

async fn run(tx: &mut Tx, statement: Sql) {
    statement.run(tx).await.expect("a row");
}

pub async fn scenario(recorder: &mut Recorder<'_>) {
    furnish(recorder).await;
    let report = |batch: &str| {
        json!({
            "materialCode": "Q-M", "uniqueCode": "Q-1", "stepCode": "QS", "outPut": "100.5",
            "startTime": "2026-05-31 08:00:00", "endTime": "2026-05-31 12:00:00",
            "unitType": "4", "unitTypeCode": "Q-E", "columns": "[\"batch\"]", "columnData": [batch],
        })
    };
    let path = |name: &str| format!("/industry/qualitytrace/{name}");
    let first = recorder.call(&path("productionreport/add"), report("Q-B1")).await;
    let second = recorder.call(&path("productionreport/add"), report("Q-B2")).await;
    let correction = json!({ "id": second, "uniqueCode": "Q-2", "assetNum": "Q-E", "outPut": 7 });
    recorder.call(&path("productionreport/update"), correction).await;
    let read = recorder.call(&path("productionreport/query"), json!({ "reportId": first })).await;
    assert_eq!((&read["assetNum"], &read["recordDTO"]["columnData"]), (&json!("Q-E"), &json!(["Q-B1"])));
    recorder.call(&path("productionreport/delete"), json!({ "reportIds": [second] })).await;
    let page = json!({ "keyWord": "q-1", "pageId": 1, "pageSize": 15 });
    let page = recorder.call(&path("productionreport/pagequery"), page).await;
    assert_eq!(page["page"]["total"], 1);

    let control = |id: Value| {
        json!({
            "id": id, "uniqueCode": "Q-1", "stepCode": "QS", "startTime": "2026-05-31 12:00:00",
            "endTime": "2026-05-31 12:30:00", "checkerId": CHECKER, "outPut": "40",
        })
    };
    let kept = recorder.call(&path("qualitycontrol/create"), control(Value::Null)).await;
    let gone = recorder.call(&path("qualitycontrol/create"), control(Value::Null)).await;
    recorder.call(&path("qualitycontrol/update"), control(gone.clone())).await;
    recorder.call(&path("qualitycontrol/delete"), json!({ "id": gone })).await;
    let left = json!({ "uniqueCode": "Q-1", "stepCode": "QS" });
    assert_eq!(recorder.call(&path("qualitycontrol/output/calc"), left).await, 60.5);

    let grade = |batch: &str| {
        json!({
            "uniqueCode": "Q-1", "stepCode": "QS", "grade": 2, "isPassed": 0, "batchNumber": "B", "outPut": 10,
            "columns": ["batch"], "columnData": [batch],
        })
    };
    let kept_grade = recorder.call(&path("qualitycontrol/grade/create"), grade("Q-B3")).await;
    let gone = recorder.call(&path("qualitycontrol/grade/create"), grade("Q-B4")).await;
    recorder.call(&path("qualitycontrol/grade/delete"), json!({ "id": gone })).await;
    let correction = json!({ "id": kept_grade, "grade": 3, "isPassed": 0, "batchNumber": "B", "outPut": 11 });
    recorder.call(&path("qualitycontrol/grade/update"), correction).await;
    let grades = json!({ "parentId": kept, "pageId": 1, "pageSize": 15 });
    let grades = recorder.call(&path("qualitycontrol/grade/query"), grades).await;
    assert_eq!(grades["grade"][0]["dap"], grades["grade"][0]["dapStr"]);
    let read = recorder.call(&path("qualitycontrol/get"), json!({ "id": kept })).await;
    assert_eq!((&read["verifiedOutPut"], &read["stepTree"]), (&json!(11.0), &json!("QT/QP/QS")));
    recorder.call(&path("qualitycontrol/query"), json!({ "search": "Q-M" })).await;
}
