//! Factory and process models: calls that succeed.

use serde_json::{Value, json};

use crate::support::Recorder;

fn id(data: &Value) -> i64 {
    data.as_i64().expect("an id")
}

/// A small plant for the areas that need one, all published: factory F1 > W1 > L1 > C1 > EQ-1, technology T1 > process P1 >
/// step S1. Gives the id of the factory.
pub async fn plant(recorder: &mut Recorder<'_>) -> i64 {
    let mut ids = Vec::new();
    for (kind, code, parent) in [
        ("factory", "F1", None),
        ("workshop", "W1", Some("F1")),
        ("beltline", "L1", Some("W1")),
        ("machiningCenter", "C1", Some("L1")),
        ("equipment", "EQ-1", Some("C1")),
    ] {
        let params = json!({
            "type": kind, "code": code, "name": format!("{kind} {code}"), "parentCode": parent,
            "parentId": if parent.is_none() { json!(0) } else { Value::Null }, "flag": "publish",
        });
        ids.push(id(&recorder.call("/industry/modelling/factory/create", params).await));
    }
    for (kind, code, parent) in
        [("technology", "T1", None), ("process", "P1", Some("T1")), ("step", "S1", Some("P1"))]
    {
        let params = json!({
            "type": kind, "code": code, "name": format!("{kind} {code}"), "parentCode": parent,
            "parentId": if parent.is_none() { json!(0) } else { Value::Null }, "flag": "publish",
        });
        recorder.call("/industry/modelling/technics/create", params).await;
    }
    ids[0]
}

pub async fn scenario(recorder: &mut Recorder<'_>) {
    plant(recorder).await;
    let link = |own: &str, kind: &str, dep: &str, dep_kind: &str| json!({"code": own, "idType": kind, "depCode": dep, "depIdType": dep_kind});
    let line = link("T1", "TECHNOLOGY", "L1", "BELTLINE");
    let center = link("P1", "PROCESS", "C1", "MACHINING_CENTER");
    for params in [&line, &center] {
        recorder.call("/industry/modelling/technics/dependence/add", params.clone()).await;
    }
    for (kind, code) in [
        ("factory", "F1"),
        ("workshop", "W1"),
        ("beltline", "L1"),
        ("machiningCenter", "C1"),
        ("technology", "T1"),
        ("process", "P1"),
        ("step", "S1"),
    ] {
        let params =
            json!({"name": "Area", "enName": "area", "value": "12", "parentType": kind, "parentCode": code});
        recorder.call("/industry/modelling/attribute/create", params).await;
        let params = json!({"parentType": kind, "parentCode": code, "pageid": "1", "pageSize": "10"});
        recorder.call("/industry/modelling/attribute/query", params).await;
    }
    for (path, code) in [
        ("factory", "F1"),
        ("workshop", "W1"),
        ("beltline", "L1"),
        ("machiningcenter", "C1"),
        ("technics", "T1"),
        ("process", "P1"),
        ("step", "S1"),
    ] {
        recorder.call(&format!("/industry/modelling/{path}/info/get"), json!({"code": code})).await;
    }
    recorder.call("/industry/modelling/technics/tree/query", json!({})).await;
    recorder.call("/industry/modelling/factory/tree/query", json!({})).await;
    recorder.call("/industry/modelling/equipment/list/query", json!({"levelValue": 1, "code": "F1"})).await;

    let params = json!({"type": "factory", "code": "F1", "name": "Plant one"});
    recorder.call("/industry/modelling/factory/update", params).await;
    let params = json!({"type": "technology", "code": "T1", "name": "Route one"});
    recorder.call("/industry/modelling/technics/update", params).await;
    for params in [line, center] {
        recorder.call("/industry/modelling/technics/dependence/delete", params).await;
    }
    let params = json!({"enName": "area", "parentType": "step", "parentCode": "S1"});
    recorder.call("/industry/modelling/attribute/delete", params).await;
    recorder.call("/industry/modelling/technics/delete", json!({"type": "step", "code": "S1"})).await;
    let params = json!({"type": "factory", "code": "F2", "name": "Spare", "parentId": 0});
    recorder.call("/industry/modelling/factory/create", params).await;
    recorder.call("/industry/modelling/factory/delete", json!({"type": "factory", "code": "F2"})).await;
}
