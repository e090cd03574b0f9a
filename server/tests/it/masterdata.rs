//! Metadata and master data: calls that succeed.

use serde_json::{Value, json};

use crate::support::Recorder;

pub async fn scenario(recorder: &mut Recorder<'_>) {
    define(recorder).await;
    write_records(recorder).await;
    recorder.call("/industry/metadata/query", json!({"name": "人员", "pageId": 1, "pageSize": 200})).await;
    recorder.call("/industry/metadata/delete", json!({"name": "工具"})).await;
}

fn property(code: &str, unique: bool, limit: Value) -> Value {
    json!({
        "propertyCode": code, "propertyDesc": code, "propertyType": "STRING", "isNull": !unique, "display": !unique,
        "isUnique": unique, "array": false, "defaultValue": "", "propertyLimit": limit, "propertyIndex": 3
    })
}

async fn define(recorder: &mut Recorder<'_>) {
    let properties =
        [property("id", true, json!({"len": 32})), property("name", false, json!({"len": "64"}))];
    let created = recorder
        .call(
            "/industry/metadata/create",
            json!({"name": "工具", "multiVersion": "false", "properties": properties}),
        )
        .await;
    let modified =
        json!({"name": "工具", "description": "刀具与夹具", "properties": json!(properties).to_string()});
    recorder.call("/industry/metadata/modify", modified).await;
    let listed = recorder.call("/industry/metadata/query", json!({"id": created})).await;
    assert_eq!(listed["metaDataDTOS"][0]["description"], "刀具与夹具");
    let properties = json!({"dataId": created, "pageId": 1, "pageSize": 200, "metaDataName": "人员"});
    let properties = recorder.call("/industry/metadata/property/query", properties).await;
    assert_eq!(properties["total"], "2");
}

async fn write_records(recorder: &mut Recorder<'_>) {
    let write = "/industry/masterdata/record/write";
    let inserted = json!({
        "metaDataName": "设备型号", "action": "INSERT", "nodes": ["code", "name"], "data": "[[\"XP\", \"XP 500\"]]"
    });
    recorder.call(write, inserted).await;
    let machine = json!({
        "metaDataName": "生产设备", "action": "INSERT",
        "nodes": ["asset_num", "brevity_code", "equipment_model", "usable_condition"],
        "data": "[[\"EQ0000001\",\"NEQ\",\"XP\",1]]"
    });
    let written = recorder.call(write, machine).await;
    assert_eq!(written[0]["code"], "EQ0000001");
    let condition = json!({"op": "AND", "condition": [
        {"col": "asset_num", "op": "IN", "value": ["EQ0000001", "EQ0000002"]},
        {"op": "OR", "condition": [
            {"col": "usable_condition", "op": "EQUAL", "value": "1"},
            {"op": "AND", "condition": [{"col": "ideal_cycle_time", "op": "GREATER", "value": 5}]},
        ]},
    ]});
    let modified = json!({
        "metaDataName": "equipment", "action": "MOFIFY", "nodes": ["ideal_cycle_time"], "data": "[12.5]",
        "condition": condition.to_string()
    });
    recorder.call(write, modified).await;
    let asked =
        json!({"dataId": 547, "dapIds": [written[0]["dapId"]], "condition": condition, "pageSize": 1500});
    let table = recorder.call("/industry/masterdata/record/query", asked).await;
    let table: Value = serde_json::from_str(table.as_str().expect("a text")).expect("JSON");
    assert_eq!(table["page"], json!({"size": 1500, "to": 1, "total": 1}));
    assert_eq!(table["data"][0][8], "12.5");
    let archived = json!({
        "metaDataName": "生产设备", "action": "ARCHIVE",
        "condition": {"col": "asset_num", "op": "LIKE", "value": "EQ"}
    });
    recorder.call(write, archived).await;
}
