//! The rules of chapter 17 on both databases.

mod conditions;
mod lookups;
mod metadata;
mod modify;
mod nodes;
mod records;

use serde_json::{Value as Json, json};

use super::definition::{CreateMetadata, ModifyMetadata};
use super::service;
use super::table::{QueryRecords, RecordTable, WriteRecords, WrittenRecord};
use crate::{Ctx, Error, Result};

/// A property with everything that section 17.6 demands.
fn property(code: &str, kind: &str, more: Json) -> Json {
    let mut property = json!({
        "propertyCode": code, "propertyDesc": code, "propertyType": kind, "isNull": true, "display": false,
        "isUnique": false, "array": false, "defaultValue": "", "propertyLimit": {}
    });
    let fields = property.as_object_mut().expect("an object");
    for (name, value) in more.as_object().expect("an object") {
        fields.insert(name.clone(), value.clone());
    }
    property
}

fn key() -> Json {
    property("code", "STRING", json!({"isUnique": true, "isNull": false, "display": true}))
}

async fn create(ctx: &Ctx, name: &str, properties: Vec<Json>) -> Result<i64> {
    let params: CreateMetadata =
        serde_json::from_value(json!({"name": name, "properties": properties})).expect("parameters");
    service::create_metadata(ctx, params).await
}

async fn modify(ctx: &Ctx, name: &str, properties: Vec<Json>) -> Result<()> {
    let params: ModifyMetadata =
        serde_json::from_value(json!({"name": name, "properties": properties})).expect("parameters");
    service::modify_metadata(ctx, params).await
}

async fn write(ctx: &Ctx, params: Json) -> Result<Vec<WrittenRecord>> {
    let params: WriteRecords = serde_json::from_value(params).expect("parameters");
    service::write_records(ctx, params).await
}

async fn insert(ctx: &Ctx, name: &str, nodes: &[&str], rows: Json) -> Result<Vec<WrittenRecord>> {
    let data = rows.to_string();
    write(ctx, json!({"metaDataName": name, "action": "INSERT", "nodes": nodes, "data": data})).await
}

async fn query(ctx: &Ctx, params: Json) -> Result<RecordTable> {
    let params: QueryRecords = serde_json::from_value(params).expect("parameters");
    service::query_records(ctx, params).await
}

/// One column of what a query answers.
fn column(table: &RecordTable, code: &str) -> Vec<Option<String>> {
    let i = table.nodes.iter().position(|node| node == code).expect("the column");
    table.data.iter().map(|row| row[i].clone()).collect()
}

/// The parameter a refusal names.
fn refused<T: std::fmt::Debug>(result: Result<T>) -> String {
    match result {
        Err(Error::Invalid { param, .. }) => param,
        other => panic!("not refused for a parameter: {other:?}"),
    }
}
