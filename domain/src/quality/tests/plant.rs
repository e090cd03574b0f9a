//! A plant with a route, a machine, materials and a checker.

use crate::db::sql;
use crate::masterdata::{builtin, record};
use crate::quality::service::{add_report, create_control, create_grade};
use crate::quality::{AddReport, CreateControl, CreateGrade};
use crate::{Ctx, Error};

pub(super) const TECHNOLOGY: i64 = 501;
pub(super) const PROCESS: i64 = 502;
pub(super) const WASH: i64 = 503;
pub(super) const PAINT: i64 = 504;
pub(super) const WORKSHOP: i64 = 402;
/// The metadata that washing is bound to, for key parameters and for indicators.
pub(super) const PARAMETERS: i64 = 300;

/// Ids of the master records of [`furnish`].
pub(super) struct Furnished {
    pub(super) checker: i64,
    pub(super) press: i64,
}

async fn process_node(
    ctx: &Ctx,
    id: i64,
    parent: Option<i64>,
    level: i64,
    code: &str,
    name: &str,
    flag: &str,
) {
    let mut tx = ctx.begin().await.expect("a write");
    sql("INSERT INTO process_node (tenant_id, id, parent_id, level, code, name, flag, created_at, modified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)")
    .bind(ctx.tenant_id())
    .bind(id)
    .bind(parent)
    .bind(level)
    .bind(code)
    .bind(name)
    .bind(flag)
    .run(&mut tx)
    .await
    .expect("a node");
    tx.commit().await.expect("a commit");
}

async fn factory_node(ctx: &Ctx, id: i64, parent: Option<i64>, level: i64, code: &str, name: &str) {
    let mut tx = ctx.begin().await.expect("a write");
    sql("INSERT INTO factory_node (tenant_id, id, parent_id, level, code, name, flag, created_at, modified_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'publish', 0, 0)")
    .bind(ctx.tenant_id())
    .bind(id)
    .bind(parent)
    .bind(level)
    .bind(code)
    .bind(name)
    .run(&mut tx)
    .await
    .expect("a node");
    tx.commit().await.expect("a commit");
}

async fn records(ctx: &Ctx, metadata: i64, columns: [&str; 2], rows: &[[&str; 2]]) -> Vec<i64> {
    let columns: Vec<String> = columns.map(str::to_owned).into();
    let rows: Vec<Vec<serde_json::Value>> =
        rows.iter().map(|row| row.map(serde_json::Value::from).into()).collect();
    let mut tx = ctx.begin().await.expect("a write");
    let ids = record::insert_values(ctx, &mut tx, metadata, &columns, &rows).await.expect("records");
    tx.commit().await.expect("a commit");
    ids
}

/// Binds a metadata with the properties `batch` (key) and `temperature` to the step of washing.
async fn bind_parameters(ctx: &Ctx) {
    let mut tx = ctx.begin().await.expect("a write");
    sql("INSERT INTO metadata (tenant_id, id, name, multi_version, prefix_nested, platform_control, created_at,
            modified_at) VALUES ($1, $2, 'Washing', $3, $3, $3, 0, 0)")
    .bind(ctx.tenant_id())
    .bind(PARAMETERS)
    .bind(false)
    .run(&mut tx)
    .await
    .expect("metadata");
    for (id, code, kind, key) in [(2001, "batch", "STRING", true), (2002, "temperature", "DOUBLE", false)] {
        sql("INSERT INTO metadata_property (tenant_id, id, metadata_id, code, description, kind, is_unique, nullable,
                multiple, display, limits, sort_index)
             VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $6, '{}', $2)")
        .bind(ctx.tenant_id())
        .bind(i64::from(id))
        .bind(PARAMETERS)
        .bind(code)
        .bind(kind)
        .bind(key)
        .bind(!key)
        .bind(false)
        .run(&mut tx)
        .await
        .expect("a property");
    }
    // One binding by name, the other by id.
    for (id, name, value) in [(701_i64, "TechnocsParam", "Washing"), (702, "QualityControl", "300")] {
        sql("INSERT INTO node_attribute (tenant_id, id, node_id, name, en_name, value, created_at, modified_at)
             VALUES ($1, $2, $3, $4, $4, $5, 0, 0)")
        .bind(ctx.tenant_id())
        .bind(id)
        .bind(WASH)
        .bind(name)
        .bind(value)
        .run(&mut tx)
        .await
        .expect("an attribute");
    }
    tx.commit().await.expect("a commit");
}

/// Sets the plant up: steps WASH and PAINT, workshop W1 in factory F1, press P-1, materials M1 and M2, checker 7.
pub(super) async fn furnish(ctx: &Ctx) -> Furnished {
    process_node(ctx, TECHNOLOGY, None, 1, "ROUTE", "Doors", "publish").await;
    process_node(ctx, PROCESS, Some(TECHNOLOGY), 2, "SURFACE", "Surface", "publish").await;
    process_node(ctx, WASH, Some(PROCESS), 3, "WASH", "Washing", "publish").await;
    process_node(ctx, PAINT, Some(PROCESS), 3, "PAINT", "Painting", "unpublish").await;
    process_node(ctx, 505, Some(PROCESS), 3, "DIP", "Dipping", "archive").await;
    factory_node(ctx, 401, None, 1, "F1", "Main works").await;
    factory_node(ctx, WORKSHOP, Some(401), 2, "W1", "Paint shop").await;
    records(ctx, builtin::MATERIAL, ["code", "name"], &[["M1", "Door"], ["M2", "Lid"]]).await;
    let press = records(ctx, builtin::EQUIPMENT, ["asset_num", "name"], &[["P-1", "Press one"]]).await[0];
    let checker = records(ctx, builtin::PERSON, ["id", "name"], &[["7", "Senior checker"]]).await[0];
    bind_parameters(ctx).await;
    Furnished { checker, press }
}

/// Archives a record of master data.
pub(super) async fn archive(ctx: &Ctx, dap_id: i64) {
    let mut tx = ctx.begin().await.expect("a write");
    sql("UPDATE masterdata_record SET archived = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(ctx.tenant_id())
        .bind(dap_id)
        .bind(true)
        .run(&mut tx)
        .await
        .expect("archived");
    tx.commit().await.expect("a commit");
}

/// 100 doors of order A washed on the press from 8 to 12.
pub(super) fn washed() -> AddReport {
    AddReport {
        material_code: "M1".into(),
        unique_code: "A".into(),
        step_code: "WASH".into(),
        start_time: "2026-06-01 08:00:00".into(),
        end_time: "2026-06-01 12:00:00".into(),
        out_put: 100.0,
        unit_type: Some(4),
        unit_type_code: Some("P-1".into()),
        data_id: None,
        dap_id: None,
        columns: None,
        column_data: None,
    }
}

/// A control of 40 of them.
pub(super) fn controlled(checker_id: i64) -> CreateControl {
    CreateControl {
        unique_code: "A".into(),
        step_code: "WASH".into(),
        start_time: "2026-06-01 12:00:00".into(),
        end_time: "2026-06-01 12:30:00".into(),
        checker_id,
        out_put: Some(40.0),
    }
}

/// 10 that failed.
pub(super) fn failed(parent_id: i64) -> CreateGrade {
    CreateGrade {
        parent_id: Some(parent_id),
        grade: 2,
        is_passed: Some(0),
        batch_number: "B1".into(),
        out_put: 10.0,
        columns: None,
        column_data: None,
        unique_code: None,
        step_code: None,
    }
}

/// A plant with a report, a control and a grade: their ids.
pub(super) async fn inspected(ctx: &Ctx, checker: i64) -> (i64, i64, i64) {
    let report = add_report(ctx, washed()).await.expect("a report");
    let control = create_control(ctx, controlled(checker)).await.expect("a control");
    let grade = create_grade(ctx, failed(control)).await.expect("a grade");
    (report, control, grade)
}

/// The parameter that a refusal names.
#[track_caller]
pub(super) fn param(error: Error) -> String {
    match error {
        Error::Invalid { param, reason } => {
            assert!(!reason.en.is_empty() && !reason.zh.is_empty());
            param
        }
        other => panic!("not a refused parameter: {other:?}"),
    }
}
