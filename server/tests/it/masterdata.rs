//! Metadata and master data: calls that succeed.

use serde_json::{Value, json};

use crate::support::Recorder;

/// Writes one record of built-in metadata and gives its `dapId`.
pub async fn record(recorder: &mut Recorder<'_>, metadata: &str, nodes: Value, values: Value) -> i64 {
    let params = json!({
        "metaDataName": metadata, "action": "INSERT", "nodes": nodes, "data": json!([values]).to_string(),
    });
    let written = recorder.call("/industry/masterdata/record/write", params).await;
    written[0]["dapId"].as_i64().expect("an id")
}

fn property(code: &str, unique: bool, kind: &str, limit: Value) -> Value {
    json!({
        "propertyCode": code, "propertyDesc": code, "propertyType": kind, "isNull": !unique, "display": !unique,
        "isUnique": unique, "array": false, "defaultValue": "", "propertyLimit": limit,
    })
}

pub async fn scenario(recorder: &mut Recorder<'_>) {
    record(recorder, "人员", json!(["id", "name"]), json!(["1001", "Li Lei"])).await;
    let params = json!({"metaDataName": "人员", "condition": {"op": "EQUAL", "col": "id", "value": "1001"}});
    recorder.call("/industry/masterdata/record/query", params).await;

    let words = json!({"enumValues": [{"value": "1", "remark": "new"}, {"value": "2", "remark": "used"}]});
    let properties = json!([
        property("code", true, "STRING", json!({"len": 32})),
        property("name", false, "STRING", json!({"len": 64})),
        property("state", false, "ENUM", words),
    ]);
    let metadata = json!({"name": "Tool", "description": "Tools", "properties": properties.to_string()});
    recorder.call("/industry/metadata/create", metadata.clone()).await;
    recorder.call("/industry/metadata/query", json!({"name": "Tool", "pageid": 1, "pageSize": 20})).await;
    recorder.call("/industry/metadata/query", json!({})).await;
    recorder.call("/industry/metadata/property/query", json!({"metaDataName": "Tool"})).await;
    let mut changed = metadata;
    changed["description"] = json!("All tools");
    recorder.call("/industry/metadata/modify", changed).await;
    recorder.call("/industry/metadata/delete", json!({"name": "Tool"})).await;
}
