//! Quality controls.

use std::collections::{BTreeSet, HashMap};

use super::{LOCK, filled, given, page_info, refs, span};
use crate::access::{Access, Area};
use crate::db::Conn;
use crate::events::Topic;
use crate::masterdata::shown;
use crate::modelling::{Node, lookup as model};
use crate::page::MAX_PAGE_SIZE;
use crate::quality::store::{controls, controls::ControlFilter, controls::ControlRow, grades};
use crate::quality::{
    CalcOutput, Control, ControlPage, CreateControl, DeleteControl, GetControl, QueryControls, UpdateControl,
    check_amount, exceeds,
};
use crate::{Code, Ctx, Error, Page, Patch, Result, Text, text};

/// Records a quality control (section 11.7); answers its id.
pub async fn create_control(ctx: &Ctx, params: CreateControl) -> Result<i64> {
    ctx.require(Area::Quality, Access::Write)?;
    let unique_code = filled("uniqueCode", params.unique_code)?;
    let (begin_at, end_at) = span(&ctx.tenant.zone, &params.start_time, &params.end_time)?;
    let amount = params.out_put.map(|amount| check_amount("outPut", amount)).transpose()?;
    let tenant_id = ctx.tenant_id();
    let mut tx = ctx.begin().await?;
    tx.lock(tenant_id, LOCK).await?;
    let step = refs::step(&mut tx, tenant_id, &params.step_code, None).await?;
    let checker_id = refs::checker(&mut tx, tenant_id, params.checker_id, None).await?;
    let group = controls::group(&mut tx, tenant_id, &unique_code, step.id).await?;
    if group.reports == 0 {
        return Err(Error::Coded(Code::QueryResultEmpty, not_reported(&unique_code, &step.code)));
    }
    let out_put = inspected(amount, group.reported, group.controlled)?;
    let now = ctx.now();
    let row = ControlRow {
        id: ctx.next_id(),
        unique_code,
        step_id: step.id,
        step_code: step.code,
        begin_at,
        end_at,
        checker_id,
        out_put,
        created_at: now,
        modified_at: now,
    };
    controls::insert(&mut tx, tenant_id, &row).await?;
    tx.commit().await?;
    ctx.changed(Topic::Oee);
    Ok(row.id)
}

/// Corrects a quality control (section 11.9).
pub async fn update_control(ctx: &Ctx, params: UpdateControl) -> Result<()> {
    ctx.require(Area::Quality, Access::Write)?;
    let unique_code = filled("uniqueCode", params.unique_code)?;
    let (begin_at, end_at) = span(&ctx.tenant.zone, &params.start_time, &params.end_time)?;
    let tenant_id = ctx.tenant_id();
    let mut tx = ctx.begin().await?;
    tx.lock(tenant_id, LOCK).await?;
    let stored = existing(&mut tx, tenant_id, params.id).await?;
    let step = refs::step(&mut tx, tenant_id, &params.step_code, Some(stored.step_id)).await?;
    let checker_id = refs::checker(&mut tx, tenant_id, params.checker_id, Some(stored.checker_id)).await?;
    let group = controls::group(&mut tx, tenant_id, &unique_code, step.id).await?;
    if group.reports == 0 {
        return Err(Error::invalid("uniqueCode", not_reported(&unique_code, &step.code)));
    }
    let same_group = stored.unique_code == unique_code && stored.step_id == step.id;
    let others = if same_group { group.controlled - stored.out_put } else { group.controlled };
    let amount = match params.out_put {
        Patch::Keep => Some(stored.out_put),
        Patch::Clear => None,
        Patch::Set(amount) => Some(check_amount("outPut", amount)?),
    };
    let out_put = inspected(amount, group.reported, others)?;
    let (verified, _) = grades::verified(&mut tx, tenant_id, stored.id).await?;
    if exceeds(verified, out_put) {
        return Err(Error::invalid(
            "outPut",
            text!("must be at least {verified}, the amount of its grades", "不能小于质检结果合计 {verified}"),
        ));
    }
    let row = ControlRow {
        unique_code,
        step_id: step.id,
        step_code: step.code,
        begin_at,
        end_at,
        checker_id,
        out_put,
        modified_at: ctx.now(),
        ..stored
    };
    controls::update(&mut tx, tenant_id, &row).await?;
    tx.commit().await?;
    ctx.changed(Topic::Oee);
    Ok(())
}

/// Deletes a quality control without grades (section 11.10).
pub async fn delete_control(ctx: &Ctx, params: DeleteControl) -> Result<()> {
    ctx.require(Area::Quality, Access::Write)?;
    let tenant_id = ctx.tenant_id();
    let mut tx = ctx.begin().await?;
    tx.lock(tenant_id, LOCK).await?;
    let stored = existing(&mut tx, tenant_id, params.id).await?;
    let (_, count) = grades::verified(&mut tx, tenant_id, stored.id).await?;
    if count > 0 {
        return Err(Error::invalid(
            "id",
            text!(
                "the control has {count} grades: delete those first",
                "该质检记录下有 {count} 条质检结果，请先删除"
            ),
        ));
    }
    controls::delete(&mut tx, tenant_id, stored.id).await?;
    tx.commit().await?;
    ctx.changed(Topic::Oee);
    Ok(())
}

/// One quality control (section 11.12).
pub async fn get_control(ctx: &Ctx, params: GetControl) -> Result<Control> {
    ctx.require(Area::Quality, Access::Read)?;
    let mut conn = ctx.read().await?;
    let row = existing(&mut conn, ctx.tenant_id(), params.id).await?;
    let control = answers(ctx, &mut conn, vec![row]).await?.pop();
    control.ok_or_else(|| Error::internal("one row makes one answer"))
}

/// A page of quality controls (section 11.11).
pub async fn query_controls(ctx: &Ctx, params: QueryControls) -> Result<ControlPage> {
    ctx.require(Area::Quality, Access::Read)?;
    let page = Page::check(params.page_id, params.page_size, ("pageId", "pageSize"), MAX_PAGE_SIZE)?;
    let range = match (given(params.start_time), given(params.end_time)) {
        (None, None) => None,
        (Some(begin), Some(end)) => Some(span(&ctx.tenant.zone, &begin, &end)?),
        (None, Some(_)) => return Err(Error::missing("startTime")),
        (Some(_), None) => return Err(Error::missing("endTime")),
    };
    let filter = ControlFilter { search: given(params.search), range };
    let mut conn = ctx.read().await?;
    let total = controls::count(&mut conn, ctx.tenant_id(), &filter).await?;
    let rows = controls::page(&mut conn, ctx.tenant_id(), &filter, page).await?;
    let record = answers(ctx, &mut conn, rows).await?;
    Ok(ControlPage { record, page: page_info(page, total) })
}

/// Quality controls for the page that shows them.
pub async fn list_controls(ctx: &Ctx, params: QueryControls) -> Result<ControlPage> {
    query_controls(ctx, params).await
}

/// What is still to be inspected of a code and step (section 11.23): pieces reported less amounts inspected.
pub async fn calc_output(ctx: &Ctx, params: CalcOutput) -> Result<f64> {
    ctx.require(Area::Quality, Access::Read)?;
    let unique_code = filled("uniqueCode", params.unique_code)?;
    let tenant_id = ctx.tenant_id();
    let mut conn = ctx.read().await?;
    // Archived or not: what was made with it can still be inspected.
    let step = model::step_by_code(&mut conn, tenant_id, &params.step_code).await?;
    let code = &params.step_code;
    let step =
        step.ok_or_else(|| Error::unknown("stepCode", text!("process step {code}", "工艺步骤 {code} ")))?;
    let group = controls::group(&mut conn, tenant_id, &unique_code, step.id).await?;
    if group.reports == 0 {
        return Err(Error::invalid("uniqueCode", not_reported(&unique_code, &step.code)));
    }
    Ok(remaining(group.reported, group.controlled))
}

/// What remains, without the dust that sums of binary fractions leave.
fn remaining(reported: f64, controlled: f64) -> f64 {
    if exceeds(reported, controlled) { reported - controlled } else { 0.0 }
}

/// The amount of a control, given what is reported and what other controls inspected.
fn inspected(amount: Option<f64>, reported: f64, others: f64) -> Result<f64> {
    let left = remaining(reported, others);
    let amount = amount.unwrap_or(left);
    if exceeds(others + amount, reported) {
        return Err(Error::invalid(
            "outPut",
            text!(
                "must be at most {left}, what is still to be inspected of {reported}",
                "不能大于待检数量 {left}（报工合计 {reported}）"
            ),
        ));
    }
    Ok(amount)
}

fn not_reported(unique_code: &str, step_code: &str) -> Text {
    text!(
        "no production report has the unique code {unique_code} and the step {step_code}",
        "没有唯一编码为 {unique_code}、步骤为 {step_code} 的报工"
    )
}

/// The control with this id, else a refusal of `id`.
async fn existing(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<ControlRow> {
    let row = controls::by_id(conn, tenant_id, id).await?;
    row.ok_or_else(|| Error::unknown("id", text!("quality control {id}", "质检记录 {id} ")))
}

/// Rows with the names of what they refer to: a fixed number of statements for any number of rows.
async fn answers(ctx: &Ctx, conn: &mut Conn, rows: Vec<ControlRow>) -> Result<Vec<Control>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let tenant_id = ctx.tenant_id();
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let verified = grades::verified_of(conn, tenant_id, &ids).await?;
    let mut materials = controls::materials(conn, tenant_id, &ids).await?;
    let people_and_materials: BTreeSet<i64> =
        rows.iter().map(|row| row.checker_id).chain(materials.values().map(|(id, _)| *id)).collect();
    let people_and_materials: Vec<i64> = people_and_materials.into_iter().collect();
    let names = shown::names(conn, tenant_id, &people_and_materials).await?;
    let steps = process_nodes(conn, tenant_id, rows.iter().map(|row| row.step_id).collect()).await?;
    let zone = &ctx.tenant.zone;
    let answer = |row: ControlRow| {
        let material = materials.remove(&row.id);
        Control {
            id: row.id,
            unique_code: row.unique_code,
            step_code: row.step_code,
            step_name: steps.get(&row.step_id).map(|node| node.name.clone()),
            step_tree: step_tree(&steps, row.step_id),
            start_time: zone.format(row.begin_at),
            end_time: zone.format(row.end_at),
            out_put: row.out_put,
            verified_out_put: verified.get(&row.id).copied().unwrap_or_default(),
            checker_id: row.checker_id,
            checker_name: names.get(&row.checker_id).cloned(),
            material_name: material.as_ref().and_then(|(id, _)| names.get(id).cloned()),
            material_code: material.map(|(_, code)| code),
            create_time: zone.format(row.created_at),
            modify_time: zone.format(row.modified_at),
        }
    };
    Ok(rows.into_iter().map(answer).collect())
}

/// Steps with their processes and technologies: three levels, so three statements.
async fn process_nodes(conn: &mut Conn, tenant_id: i64, steps: BTreeSet<i64>) -> Result<HashMap<i64, Node>> {
    let mut known = HashMap::new();
    let mut wanted = steps;
    while !wanted.is_empty() {
        let ids: Vec<i64> = wanted.into_iter().collect();
        let found = model::process_nodes_by_ids(conn, tenant_id, &ids).await?;
        known.extend(found.iter().map(|node| (node.id, node.clone())));
        let parents = found.iter().filter_map(|node| node.parent_id);
        wanted = parents.filter(|id| !known.contains_key(id)).collect();
    }
    Ok(known)
}

/// `technology/process/step` by name.
fn step_tree(known: &HashMap<i64, Node>, step_id: i64) -> Option<String> {
    let step = known.get(&step_id)?;
    let up = std::iter::successors(Some(step), |node| known.get(&node.parent_id?));
    let mut names: Vec<&str> = up.map(|node| node.name.as_str()).collect();
    names.reverse();
    Some(names.join("/"))
}
