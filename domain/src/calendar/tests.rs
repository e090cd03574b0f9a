//! The services on both databases.

mod copy;
mod effective;
mod shifts;
mod shutdowns;

use serde_json::{Value, json};

use super::service::{add_planned_shutdown, add_shift};
use crate::db::sql;
use crate::{Ctx, Error, Result};

/// Puts a chain of nodes 1 (factory) to 5 (equipment) into the tenant of `ctx`; their ids are 1 to 5 times `factor`.
async fn chain(ctx: &Ctx, factor: i64) {
    let mut tx = ctx.begin().await.expect("a write");
    for level in 1..=5_i64 {
        sql("INSERT INTO factory_node (tenant_id, id, parent_id, level, code, name, flag, created_at, modified_at)
             VALUES ($1, $2, $3, $4, $5, $6, 'unpublish', 0, 0)")
        .bind(ctx.tenant_id())
        .bind(level * factor)
        .bind((level > 1).then_some((level - 1) * factor))
        .bind(level)
        .bind(format!("C{}", level * factor))
        .bind(format!("node {}", level * factor))
        .run(&mut tx)
        .await
        .expect("a node");
    }
    tx.commit().await.expect("a commit");
}

async fn archive(ctx: &Ctx, id: i64) {
    let mut tx = ctx.begin().await.expect("a write");
    let archive = sql("UPDATE factory_node SET flag = 'archive' WHERE tenant_id = $1 AND id = $2");
    archive.bind(ctx.tenant_id()).bind(id).run(&mut tx).await.expect("an update");
    tx.commit().await.expect("a commit");
}

/// Parameters as the adapter hands them over: the given ones over the others, `null` by name only.
fn params<T: serde::de::DeserializeOwned>(base: &Value, over: &Value) -> T {
    let mut object = base.clone();
    let fields = object.as_object_mut().expect("an object");
    fields.extend(over.as_object().expect("an object").clone());
    serde_json::from_value(object).expect("parameters")
}

fn day_shift() -> Value {
    json!({ "ftyModelId": 1, "ftyModelValue": 1, "name": "日班", "beginTime": "08:00", "endTime": "16:00" })
}

fn sunday() -> Value {
    json!({
        "ftyModelId": 1, "ftyModelValue": 1, "name": "周末", "type": 2, "dayOfWeek": 7,
        "beginTime": "08:00", "endTime": "16:00:00", "description": "周日休息一天"
    })
}

async fn shift(ctx: &Ctx, over: Value) -> Result<i64> {
    add_shift(ctx, params(&day_shift(), &over)).await
}

async fn shutdown(ctx: &Ctx, over: Value) -> Result<i64> {
    add_planned_shutdown(ctx, params(&sunday(), &over)).await
}

/// The parameter that a refusal names.
fn refused<T: std::fmt::Debug>(reply: Result<T>) -> String {
    match reply {
        Err(Error::Invalid { param, reason }) => {
            assert!(!reason.en.is_empty() && !reason.zh.is_empty());
            param
        }
        other => panic!("{other:?}"),
    }
}

fn forbidden<T: std::fmt::Debug>(reply: Result<T>) {
    assert!(matches!(reply, Err(Error::Forbidden)), "{reply:?}");
}
