//! Grades of quality controls.

use std::collections::BTreeSet;

use serde_json::Value;

use super::parameters::{Binding, Given, keep};
use super::{LOCK, filled, given, page_info};
use crate::access::{Access, Area};
use crate::db::{Conn, Tx};
use crate::events::Topic;
use crate::masterdata::record;
use crate::modelling::lookup as model;
use crate::page::MAX_PAGE_SIZE;
use crate::quality::store::{controls, controls::ControlRow, grades, grades::GradeFilter, grades::GradeRow};
use crate::quality::{
    CreateGrade, DeleteGrade, Grade, GradePage, QueryGrades, UpdateGrade, check_amount, exceeds,
};
use crate::{Code, Ctx, Error, Page, Patch, Result, Text, text};

/// Adds a grade to a quality control (section 11.1); answers its id.
pub async fn create_grade(ctx: &Ctx, params: CreateGrade) -> Result<i64> {
    ctx.require(Area::Quality, Access::Write)?;
    let is_passed = passed(params.is_passed.unwrap_or(1))?;
    let grade = checked_grade(params.grade)?;
    let batch_number = filled("batchNumber", params.batch_number)?;
    let out_put = check_amount("outPut", params.out_put)?;
    let tenant_id = ctx.tenant_id();
    let mut tx = ctx.begin().await?;
    tx.lock(tenant_id, LOCK).await?;
    let named = parent(&mut tx, tenant_id, params.parent_id, params.unique_code, params.step_code).await?;
    let control = match named {
        Parent::Found(control) => control,
        Parent::Unknown(_, what) => {
            let Text { en, zh } = what;
            return Err(Error::Coded(Code::QueryResultEmpty, text!("{en} does not exist", "{zh}不存在")));
        }
        Parent::NotNamed => return Err(Error::missing("parentId")),
    };
    fits(&mut tx, tenant_id, &control, out_put, 0.0).await?;
    let indicators = Given {
        columns: params.columns.unwrap_or_default(),
        values: values(params.column_data),
        ..Given::default()
    };
    let recorded = keep(ctx, &mut tx, control.step_id, Binding::QualityControl, indicators).await?;
    let now = ctx.now();
    let row = GradeRow {
        id: ctx.next_id(),
        control_id: control.id,
        grade,
        is_passed,
        batch_number,
        out_put,
        data_id: recorded.map(|r| r.data_id),
        dap_id: recorded.map(|r| r.dap_id),
        created_at: now,
        modified_at: now,
    };
    grades::insert(&mut tx, tenant_id, &row).await?;
    tx.commit().await?;
    ctx.changed(Topic::Oee);
    Ok(row.id)
}

/// Corrects a grade (section 11.3).
pub async fn update_grade(ctx: &Ctx, params: UpdateGrade) -> Result<()> {
    ctx.require(Area::Quality, Access::Write)?;
    let is_passed = passed(params.is_passed)?;
    let grade = checked_grade(params.grade)?;
    let batch_number = filled("batchNumber", params.batch_number)?;
    let out_put = check_amount("outPut", params.out_put)?;
    let tenant_id = ctx.tenant_id();
    let mut tx = ctx.begin().await?;
    tx.lock(tenant_id, LOCK).await?;
    let stored = existing(&mut tx, tenant_id, params.id).await?;
    let named = parent(&mut tx, tenant_id, params.parent_id, params.unique_code, params.step_code).await?;
    let control = match named {
        Parent::Found(control) => control,
        Parent::Unknown(param, what) => return Err(Error::unknown(param, what)),
        Parent::NotNamed => controls::by_id(&mut tx, tenant_id, stored.control_id)
            .await?
            .ok_or_else(|| Error::internal("a grade hangs on a control"))?,
    };
    let own = if control.id == stored.control_id { stored.out_put } else { 0.0 };
    fits(&mut tx, tenant_id, &control, out_put, own).await?;
    let mut row = GradeRow {
        control_id: control.id,
        grade,
        is_passed,
        batch_number,
        out_put,
        modified_at: ctx.now(),
        ..stored
    };
    if params.columns != Patch::Keep || params.column_data != Patch::Keep {
        let indicators = Given {
            columns: params.columns.as_set().cloned().unwrap_or_default(),
            values: values(params.column_data.as_set().cloned()),
            kept: row.dap_id,
            ..Given::default()
        };
        let recorded = keep(ctx, &mut tx, control.step_id, Binding::QualityControl, indicators).await?;
        row.data_id = recorded.map(|r| r.data_id);
        row.dap_id = recorded.map(|r| r.dap_id);
    }
    grades::update(&mut tx, tenant_id, &row).await?;
    tx.commit().await?;
    ctx.changed(Topic::Oee);
    Ok(())
}

/// Deletes a grade (section 11.4).
pub async fn delete_grade(ctx: &Ctx, params: DeleteGrade) -> Result<()> {
    ctx.require(Area::Quality, Access::Write)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let stored = existing(&mut tx, ctx.tenant_id(), params.id).await?;
    grades::delete(&mut tx, ctx.tenant_id(), stored.id).await?;
    tx.commit().await?;
    ctx.changed(Topic::Oee);
    Ok(())
}

/// A page of grades (section 11.2).
pub async fn query_grades(ctx: &Ctx, params: QueryGrades) -> Result<GradePage> {
    ctx.require(Area::Quality, Access::Read)?;
    let page = Page::check(params.page_id, params.page_size, ("pageId", "pageSize"), MAX_PAGE_SIZE)?;
    let tenant_id = ctx.tenant_id();
    let mut conn = ctx.read().await?;
    let step_id = match given(params.step_code) {
        Some(code) => match model::step_by_code(&mut conn, tenant_id, &code).await? {
            Some(step) => Some(step.id),
            // No control is of a step that does not exist.
            None => Some(-1),
        },
        None => None,
    };
    let filter =
        GradeFilter { control_id: params.parent_id, unique_code: given(params.unique_code), step_id };
    let total = grades::count(&mut conn, tenant_id, &filter).await?;
    let rows = grades::page(&mut conn, tenant_id, &filter, page).await?;
    let grade = answers(ctx, &mut conn, rows).await?;
    Ok(GradePage { grade, page: page_info(page, total) })
}

/// The control that a call names.
enum Parent {
    Found(ControlRow),
    /// Named, but not there: the parameter, and what it named.
    Unknown(&'static str, Text),
    NotNamed,
}

/// By id, else the newest control of a code and step; an id wins over codes.
async fn parent(
    tx: &mut Tx,
    tenant_id: i64,
    id: Option<i64>,
    unique_code: Option<String>,
    step_code: Option<String>,
) -> Result<Parent> {
    if let Some(id) = id {
        let found = controls::by_id(tx, tenant_id, id).await?;
        let what = || text!("quality control {id}", "质检记录 {id} ");
        return Ok(found.map_or_else(|| Parent::Unknown("parentId", what()), Parent::Found));
    }
    let (unique_code, step_code) = match (given(unique_code), given(step_code)) {
        (None, None) => return Ok(Parent::NotNamed),
        (Some(unique_code), Some(step_code)) => (unique_code, step_code),
        (Some(_), None) => return Err(Error::missing("stepCode")),
        (None, Some(_)) => return Err(Error::missing("uniqueCode")),
    };
    let Some(step) = model::step_by_code(tx, tenant_id, &step_code).await? else {
        return Err(Error::unknown("stepCode", text!("process step {step_code}", "工艺步骤 {step_code} ")));
    };
    let found = controls::newest(tx, tenant_id, &unique_code, step.id).await?;
    let what = || {
        text!(
            "a quality control of {unique_code} at step {step_code}",
            "唯一编码 {unique_code}、步骤 {step_code} 的质检记录"
        )
    };
    Ok(found.map_or_else(|| Parent::Unknown("uniqueCode", what()), Parent::Found))
}

/// Refuses grades that add up to more than their control inspected; `own` is what the grade counted for so far.
async fn fits(tx: &mut Tx, tenant_id: i64, control: &ControlRow, out_put: f64, own: f64) -> Result<()> {
    let (verified, _) = grades::verified(tx, tenant_id, control.id).await?;
    let others = verified - own;
    if exceeds(others + out_put, control.out_put) {
        let (inspected, left) = (control.out_put, (control.out_put - others).max(0.0));
        return Err(Error::invalid(
            "outPut",
            text!(
                "must be at most {left}: the control inspected {inspected}",
                "不能大于 {left}：该质检记录的质检数量为 {inspected}"
            ),
        ));
    }
    Ok(())
}

fn values(texts: Option<Vec<Option<String>>>) -> Vec<Value> {
    texts.unwrap_or_default().into_iter().map(Value::from).collect()
}

fn passed(is_passed: i64) -> Result<bool> {
    match is_passed {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Error::invalid(
            "isPassed",
            text!("must be 0 (failed) or 1 (passed)", "应为 0（不合格）或 1（合格）"),
        )),
    }
}

fn checked_grade(grade: i64) -> Result<i64> {
    if (0..=5).contains(&grade) {
        Ok(grade)
    } else {
        Err(Error::invalid("grade", text!("must be 0 to 5", "应为 0 至 5")))
    }
}

async fn existing(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<GradeRow> {
    let row = grades::by_id(conn, tenant_id, id).await?;
    row.ok_or_else(|| Error::unknown("id", text!("quality result {id}", "质检结果 {id} ")))
}

async fn answers(ctx: &Ctx, conn: &mut Conn, rows: Vec<GradeRow>) -> Result<Vec<Grade>> {
    let records: BTreeSet<i64> = rows.iter().filter_map(|row| row.dap_id).collect();
    let records: Vec<i64> = records.into_iter().collect();
    let tables = match records.as_slice() {
        [] => std::collections::HashMap::new(),
        ids => record::records_json(conn, ctx.tenant_id(), ids).await?,
    };
    let zone = &ctx.tenant.zone;
    let answer = |row: GradeRow| {
        let table = row.dap_id.and_then(|id| tables.get(&id));
        Ok(Grade {
            id: row.id,
            grade: row.grade,
            is_passed: i64::from(row.is_passed),
            batch_number: row.batch_number,
            out_put: row.out_put,
            create_time: zone.format(row.created_at),
            modify_time: zone.format(row.modified_at),
            parent_id: row.control_id,
            data_id: row.data_id,
            dap_id: row.dap_id,
            dap_str: table
                .map(|(_, table)| serde_json::to_string(table))
                .transpose()
                .map_err(Error::internal)?,
        })
    };
    rows.into_iter().map(answer).collect()
}
