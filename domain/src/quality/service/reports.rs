//! Production reports.

use std::collections::{BTreeSet, HashMap};

use super::answers::answers;
use super::parameters::{Binding, Given, Recorded, keep};
use super::refs::{self, EQUIPMENT, Ref, Unit};
use super::{LOCK, filled, given, in_order, page_info, span};
use crate::access::{Access, Area};
use crate::db::Tx;
use crate::events::Topic;
use crate::page::MAX_PAGE_SIZE;
use crate::quality::store::{controls, reports, reports::ReportFilter, reports::ReportRow};
use crate::quality::{
    AddReport, DeleteReports, GetReport, QueryReports, Report, ReportPage, UpdateReport, check_amount,
    exceeds,
};
use crate::{Ctx, Error, Page, Patch, Result, text};

/// Most reports that one call deletes.
const MAX_DELETED: usize = 2000;

/// Reports production (section 11.17); answers the id of the report.
pub async fn add_report(ctx: &Ctx, params: AddReport) -> Result<i64> {
    ctx.require(Area::Quality, Access::Write)?;
    let unique_code = filled("uniqueCode", params.unique_code)?;
    let out_put = check_amount("outPut", params.out_put)?;
    let (begin_at, end_at) = span(&ctx.tenant.zone, &params.start_time, &params.end_time)?;
    let tenant_id = ctx.tenant_id();
    let mut tx = ctx.begin().await?;
    // What the report names must still be there when it is: deletes wait for this lock too.
    tx.lock(tenant_id, LOCK).await?;
    let material = refs::material(&mut tx, tenant_id, &params.material_code, None).await?;
    let step = refs::step(&mut tx, tenant_id, &params.step_code, None).await?;
    let unit = match both(params.unit_type, params.unit_type_code)? {
        Some((unit_type, code)) => {
            Some(refs::unit(&mut tx, tenant_id, unit_type, "unitTypeCode", &code, None).await?)
        }
        None => None,
    };
    let key = Given {
        data_id: params.data_id,
        dap_id: params.dap_id,
        columns: params.columns.unwrap_or_default(),
        values: params.column_data.unwrap_or_default(),
        kept: None,
    };
    let recorded = keep(ctx, &mut tx, step.id, Binding::TechnocsParam, key).await?;
    let now = ctx.now();
    let mut row = ReportRow {
        id: ctx.next_id(),
        unique_code,
        material_id: material.id,
        material_code: material.code,
        step_id: step.id,
        step_code: step.code,
        begin_at,
        end_at,
        out_put,
        unit_type: None,
        unit_id: None,
        unit_code: None,
        data_id: recorded.map(|r| r.data_id),
        dap_id: recorded.map(|r| r.dap_id),
        created_at: now,
        modified_at: now,
    };
    set_unit(&mut row, unit);
    reports::insert(&mut tx, tenant_id, &row).await?;
    tx.commit().await?;
    ctx.changed(Topic::Oee);
    Ok(row.id)
}

/// Corrects a production report (section 11.18).
pub async fn update_report(ctx: &Ctx, params: UpdateReport) -> Result<()> {
    ctx.require(Area::Quality, Access::Write)?;
    let tenant_id = ctx.tenant_id();
    let mut tx = ctx.begin().await?;
    tx.lock(tenant_id, LOCK).await?;
    let stored = reports::by_id(&mut tx, tenant_id, params.id).await?;
    let stored = stored.ok_or_else(|| Error::unknown("id", unknown_report(params.id)))?;
    let mut row = stored.clone();
    if let Some(code) = required(&params.material_code, "materialCode")? {
        let Ref { id, code } = refs::material(&mut tx, tenant_id, code, Some(stored.material_id)).await?;
        (row.material_id, row.material_code) = (id, code);
    }
    if let Some(code) = required(&params.step_code, "stepCode")? {
        let Ref { id, code } = refs::step(&mut tx, tenant_id, code, Some(stored.step_id)).await?;
        (row.step_id, row.step_code) = (id, code);
    }
    if let Some(code) = required(&params.unique_code, "uniqueCode")? {
        row.unique_code = filled("uniqueCode", code.clone())?;
    }
    let zone = &ctx.tenant.zone;
    if let Some(text) = required(&params.start_time, "startTime")? {
        row.begin_at = zone.parse("startTime", text)?;
    }
    if let Some(text) = required(&params.end_time, "endTime")? {
        row.end_at = zone.parse("endTime", text)?;
    }
    in_order(row.begin_at, row.end_at)?;
    if let Some(&amount) = required(&params.out_put, "outPut")? {
        row.out_put = check_amount("outPut", amount)?;
    }
    if let Some(unit) = changed_unit(&mut tx, tenant_id, &stored, &params).await? {
        set_unit(&mut row, unit);
    }
    if let Some(recorded) = changed_record(ctx, &mut tx, &row, params).await? {
        row.data_id = recorded.map(|r| r.data_id);
        row.dap_id = recorded.map(|r| r.dap_id);
    }
    keep_controls(&mut tx, tenant_id, &stored, &row).await?;
    row.modified_at = ctx.now();
    reports::update(&mut tx, tenant_id, &row).await?;
    tx.commit().await?;
    ctx.changed(Topic::Oee);
    Ok(())
}

/// Deletes production reports (section 11.19): all of them or none.
pub async fn delete_reports(ctx: &Ctx, params: DeleteReports) -> Result<()> {
    ctx.require(Area::Quality, Access::Write)?;
    let ids: BTreeSet<i64> = params.report_ids.iter().copied().collect();
    if ids.is_empty() {
        return Err(Error::missing("reportIds"));
    }
    if ids.len() > MAX_DELETED {
        return Err(Error::invalid(
            "reportIds",
            text!("must be at most {MAX_DELETED} ids", "最多 {MAX_DELETED} 个"),
        ));
    }
    let ids: Vec<i64> = ids.into_iter().collect();
    let tenant_id = ctx.tenant_id();
    let mut tx = ctx.begin().await?;
    tx.lock(tenant_id, LOCK).await?;
    let found: HashMap<i64, bool> =
        reports::with_controls(&mut tx, tenant_id, &ids).await?.into_iter().collect();
    for id in &ids {
        match found.get(id) {
            None => return Err(Error::unknown("reportIds", unknown_report(*id))),
            Some(true) => {
                return Err(Error::invalid(
                    "reportIds",
                    text!(
                        "report {id} has a quality control: delete that first",
                        "报工 {id} 已有质检记录，请先删除质检记录"
                    ),
                ));
            }
            Some(false) => {}
        }
    }
    reports::delete(&mut tx, tenant_id, &ids).await?;
    tx.commit().await?;
    ctx.changed(Topic::Oee);
    Ok(())
}

/// One production report (section 11.20).
pub async fn get_report(ctx: &Ctx, params: GetReport) -> Result<Report> {
    ctx.require(Area::Quality, Access::Read)?;
    let mut conn = ctx.read().await?;
    let row = reports::by_id(&mut conn, ctx.tenant_id(), params.report_id).await?;
    let row = row.ok_or_else(|| Error::unknown("reportId", unknown_report(params.report_id)))?;
    let report = answers(ctx, &mut conn, vec![row]).await?.pop();
    report.ok_or_else(|| Error::internal("one row makes one answer"))
}

/// A page of production reports (section 11.21).
pub async fn query_reports(ctx: &Ctx, params: QueryReports) -> Result<ReportPage> {
    ctx.require(Area::Quality, Access::Read)?;
    let page = Page::check(params.page_id, params.page_size, ("pageId", "pageSize"), MAX_PAGE_SIZE)?;
    let zone = &ctx.tenant.zone;
    let filter = ReportFilter {
        key_word: given(params.key_word),
        unique_code: given(params.unique_code),
        begin: given(params.start_time).map(|text| zone.parse("startTime", &text)).transpose()?,
        end: given(params.end_time).map(|text| zone.parse("endTime", &text)).transpose()?,
    };
    if let (Some(begin), Some(end)) = (filter.begin, filter.end) {
        in_order(begin, end)?;
    }
    let mut conn = ctx.read().await?;
    let total = reports::count(&mut conn, ctx.tenant_id(), &filter).await?;
    let rows = reports::page(&mut conn, ctx.tenant_id(), &filter, page).await?;
    let report_dtos = answers(ctx, &mut conn, rows).await?;
    Ok(ReportPage { page: page_info(page, total), report_dtos })
}

/// Production reports for the page that shows them.
pub async fn list_reports(ctx: &Ctx, params: QueryReports) -> Result<ReportPage> {
    query_reports(ctx, params).await
}

/// Type and code of a unit: both or neither.
fn both(unit_type: Option<i64>, code: Option<String>) -> Result<Option<(i64, String)>> {
    match (unit_type, given(code)) {
        (None, None) => Ok(None),
        (Some(unit_type), Some(code)) => Ok(Some((unit_type, code))),
        (Some(_), None) => Err(Error::missing("unitTypeCode")),
        (None, Some(_)) => Err(Error::missing("unitType")),
    }
}

fn set_unit(row: &mut ReportRow, unit: Option<Unit>) {
    let (unit_type, id, code) = match unit {
        Some(unit) => (Some(unit.kind), Some(unit.id), Some(unit.code)),
        None => (None, None, None),
    };
    (row.unit_type, row.unit_id, row.unit_code) = (unit_type, id, code);
}

/// The unit after an update; none when the call says nothing about it.
async fn changed_unit(
    tx: &mut Tx,
    tenant_id: i64,
    stored: &ReportRow,
    params: &UpdateReport,
) -> Result<Option<Option<Unit>>> {
    let (unit_type, code, asset_num) = (&params.unit_type, &params.unit_type_code, &params.asset_num);
    let (param, wanted) = if let Patch::Set(asset_num) = asset_num {
        if unit_type.as_set().is_some_and(|&unit_type| unit_type != EQUIPMENT)
            || code.as_set().is_some_and(|code| code.trim() != asset_num.trim())
        {
            return Err(Error::invalid(
                "assetNum",
                text!(
                    "names another unit than unitType and unitTypeCode",
                    "与 unitType、unitTypeCode 不一致"
                ),
            ));
        }
        ("assetNum", Some((EQUIPMENT, asset_num.clone())))
    } else if (unit_type, code) == (&Patch::Keep, &Patch::Keep) {
        let on_machine = stored.unit_type == Some(EQUIPMENT);
        return Ok((*asset_num == Patch::Clear && on_machine).then_some(None));
    } else {
        let (type_after, code_after) = match (unit_type, code) {
            // Clearing one of the two clears the unit, unless the other one is set.
            (Patch::Clear, Patch::Keep) | (Patch::Keep, Patch::Clear) => (None, None),
            _ => (unit_type.clone().apply(stored.unit_type), code.clone().apply(stored.unit_code.clone())),
        };
        ("unitTypeCode", both(type_after, code_after)?)
    };
    let Some((unit_type, code)) = wanted else { return Ok(Some(None)) };
    let unit = refs::unit(tx, tenant_id, unit_type, param, code.trim(), stored.unit_id).await?;
    Ok(Some(Some(unit)))
}

/// The key parameters after an update; none when the call says nothing about them.
async fn changed_record(
    ctx: &Ctx,
    tx: &mut Tx,
    row: &ReportRow,
    params: UpdateReport,
) -> Result<Option<Option<Recorded>>> {
    let said = params.columns != Patch::Keep
        || params.column_data != Patch::Keep
        || params.dap_id != Patch::Keep
        || params.data_id.is_some();
    if !said {
        return Ok(None);
    }
    let given = Given {
        data_id: params.data_id,
        dap_id: params.dap_id.as_set().copied(),
        columns: params.columns.as_set().cloned().unwrap_or_default(),
        values: params.column_data.as_set().cloned().unwrap_or_default(),
        kept: row.dap_id,
    };
    let only_data_id = params.columns == Patch::Keep && params.dap_id == Patch::Keep;
    let recorded = keep(ctx, tx, row.step_id, Binding::TechnocsParam, given).await?;
    Ok(if only_data_id { None } else { Some(recorded) })
}

/// Refuses what would leave quality controls without the reports they inspected.
async fn keep_controls(tx: &mut Tx, tenant_id: i64, stored: &ReportRow, row: &ReportRow) -> Result<()> {
    let moved = stored.unique_code != row.unique_code || stored.step_id != row.step_id;
    if !moved && row.out_put >= stored.out_put {
        return Ok(());
    }
    let group = controls::group(tx, tenant_id, &stored.unique_code, stored.step_id).await?;
    if group.controls == 0 {
        return Ok(());
    }
    if moved {
        let param = if stored.unique_code == row.unique_code { "stepCode" } else { "uniqueCode" };
        return Err(Error::invalid(
            param,
            text!("cannot change: the report has a quality control", "不能修改：该报工已有质检记录"),
        ));
    }
    let reported = group.reported - stored.out_put + row.out_put;
    if exceeds(group.controlled, reported) {
        let controlled = group.controlled;
        return Err(Error::invalid(
            "outPut",
            text!(
                "{controlled} are inspected already, more than would be reported",
                "已质检 {controlled}，超过修改后的报工数量"
            ),
        ));
    }
    Ok(())
}

/// A field that an update may set but not clear.
fn required<'a, T>(patch: &'a Patch<T>, param: &str) -> Result<Option<&'a T>> {
    match patch {
        Patch::Keep => Ok(None),
        Patch::Set(value) => Ok(Some(value)),
        Patch::Clear => Err(Error::invalid(param, text!("cannot be cleared", "不能清空"))),
    }
}

fn unknown_report(id: i64) -> crate::Text {
    text!("production report {id}", "报工 {id} ")
}
