//! Records: written and asked for.

use serde_json::Value as Json;

use super::meant;
use crate::access::{Access, Area};
use crate::db::Tx;
use crate::events::Topic;
use crate::masterdata::Metadata;
use crate::masterdata::condition::{self, Condition, ConditionParam};
use crate::masterdata::record::{self, Cell, Cells, Input, MAX_RECORDS, Resolved, Written};
use crate::masterdata::store::records::{self, RecordRow};
use crate::masterdata::store::search::{self, Wanted};
use crate::masterdata::table::{QueryRecords, RecordTable, TablePage, WriteRecords, WrittenRecord};
use crate::page::MAX_PAGE_SIZE;
use crate::{Ctx, Error, Page, Result, text};

/// Inserts, modifies or archives records, all or none (section 17.1).
pub async fn write_records(ctx: &Ctx, params: WriteRecords) -> Result<Vec<WrittenRecord>> {
    ctx.require(Area::MasterData, Access::Write)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), record::LOCK).await?;
    let name = params.meta_data_name.as_deref();
    let metadata = meant(&mut tx, ctx.tenant_id(), params.data_id, name, ("dataId", "metaDataName")).await?;
    let written = match params.action.as_str() {
        "INSERT" => {
            let rows = rows(&params)?;
            let input =
                Input { columns: nodes(&params)?, columns_param: "nodes", rows: &rows, rows_param: "data" };
            record::insert(ctx, &mut tx, &metadata, &input).await?
        }
        // The contract also spells it so.
        "MODIFY" | "UPDATE" | "MOFIFY" => modify(ctx, &mut tx, &metadata, &params).await?,
        "ARCHIVE" => archive(ctx, &mut tx, &metadata, &params).await?,
        _ => {
            return Err(Error::invalid(
                "action",
                text!("must be INSERT, MODIFY or ARCHIVE", "应为 INSERT、MODIFY 或 ARCHIVE"),
            ));
        }
    };
    tx.commit().await?;
    ctx.changed(Topic::MasterData);
    let reply = written.into_iter().map(|written| WrittenRecord {
        code: written.unique_key,
        dap_id: written.id,
        dap_row_version: condition::version(written.row_version),
    });
    Ok(reply.collect())
}

fn nodes(params: &WriteRecords) -> Result<&[String]> {
    params.nodes.as_deref().filter(|nodes| !nodes.is_empty()).ok_or_else(|| Error::missing("nodes"))
}

/// The array that `data` holds.
fn array(params: &WriteRecords) -> Result<Vec<Json>> {
    let written =
        params.data.as_deref().filter(|data| !data.is_empty()).ok_or_else(|| Error::missing("data"))?;
    let values: Vec<Json> = serde_json::from_str(written)
        .map_err(|_| Error::invalid("data", text!("must be a JSON array", "应为 JSON 数组")))?;
    if values.is_empty() { Err(Error::missing("data")) } else { Ok(values) }
}

fn rows(params: &WriteRecords) -> Result<Vec<Vec<Json>>> {
    let rows = array(params)?.into_iter().enumerate().map(|(i, row)| match row {
        Json::Array(cells) => Ok(cells),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => {
            Err(Error::invalid(
                format!("data[{i}]"),
                text!("must be an array: INSERT takes a list of rows", "应为数组：INSERT 的 data 为二维数组"),
            ))
        }
    });
    rows.collect()
}

/// The one row of a modification; a list of one row is taken as that row.
fn row(params: &WriteRecords, columns: usize) -> Result<Vec<Json>> {
    let mut values = array(params)?;
    if let ([Json::Array(cells)], true) = (values.as_mut_slice(), columns > 1) {
        return Ok(std::mem::take(cells));
    }
    Ok(values)
}

/// The condition of a call, if it has one.
fn read_condition(written: Option<&ConditionParam>, metadata: &Metadata) -> Result<Option<Condition>> {
    let written = written.filter(|written| !written.is_empty());
    written.map(|written| Condition::read("condition", written, metadata)).transpose()
}

/// The records that a modification is about: never all of them for want of a condition, never archived ones.
async fn affected(
    ctx: &Ctx,
    tx: &mut Tx,
    metadata: &Metadata,
    params: &WriteRecords,
) -> Result<Vec<RecordRow>> {
    let condition = read_condition(params.condition.as_ref(), metadata)?.ok_or_else(|| {
        Error::invalid(
            "condition",
            text!("is required: it says which records are meant", "必填，用于指定记录"),
        )
    })?;
    let wanted =
        Wanted { metadata_id: metadata.id, dap_ids: None, condition: Some(&condition), archived_too: false };
    if search::count(tx, ctx.tenant_id(), &wanted).await? > i64::try_from(MAX_RECORDS).unwrap_or(i64::MAX) {
        return Err(Error::invalid(
            "condition",
            text!("more than {MAX_RECORDS} records are meant", "符合条件的记录超过 {MAX_RECORDS} 条"),
        ));
    }
    search::list(tx, ctx.tenant_id(), &wanted, Page { number: 1, size: MAX_PAGE_SIZE }).await
}

async fn modify(ctx: &Ctx, tx: &mut Tx, metadata: &Metadata, params: &WriteRecords) -> Result<Vec<Written>> {
    let properties = record::columns(metadata, nodes(params)?, "nodes")?;
    let cells = record::read_cells(&properties, &row(params, properties.len())?, "data")?;
    for cell in &cells {
        if cell.atoms.is_empty() && !cell.property.nullable {
            return Err(Error::missing(&cell.param));
        }
    }
    let found = affected(ctx, tx, metadata, params).await?;
    let ids: Vec<i64> = found.iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    refuse_new_key(&cells, &found)?;
    let of_one: usize = cells.iter().map(|cell| cell.atoms.len()).sum();
    record::check_amount(of_one * ids.len(), "data")?;
    let resolved = Resolved::of_cells(tx, ctx.tenant_id(), cells.iter()).await?;
    let mut values = Vec::new();
    for id in &ids {
        for cell in &cells {
            values.extend(resolved.values(*id, cell)?);
        }
    }
    if metadata.multi_version {
        search::keep_version(tx, ctx.tenant_id(), &ids, ctx.now()).await?;
    }
    let property_ids: Vec<i64> = properties.iter().map(|property| property.id).collect();
    search::clear(tx, ctx.tenant_id(), &ids, &property_ids).await?;
    records::insert_values(tx, ctx.tenant_id(), &values).await?;
    search::touch(tx, ctx.tenant_id(), &ids, ctx.now(), metadata.multi_version).await?;
    Ok(written(found, i64::from(metadata.multi_version)))
}

/// The unique key says which record it is: writing it again is fine, another one is not.
fn refuse_new_key(cells: &[Cell<'_>], found: &[RecordRow]) -> Result<()> {
    let Some(cell) = cells.iter().find(|cell| cell.property.is_unique) else { return Ok(()) };
    let key = cell.atoms.first().map(|atom| atom.text.as_str());
    match found.iter().find(|row| key != Some(row.unique_key.as_str())) {
        None => Ok(()),
        Some(row) => {
            let (code, key) = (&cell.property.code, &row.unique_key);
            Err(Error::invalid(
                &cell.param,
                text!(
                    "{code} {key} identifies its record and stays: archive it and insert a new one",
                    "{code} {key} 为唯一键，不能修改，请归档后重新插入"
                ),
            ))
        }
    }
}

/// Archives; where keys are nested, what lies below too.
async fn archive(ctx: &Ctx, tx: &mut Tx, metadata: &Metadata, params: &WriteRecords) -> Result<Vec<Written>> {
    let mut found = affected(ctx, tx, metadata, params).await?;
    if metadata.prefix_nested && !found.is_empty() {
        let ids: Vec<i64> = found.iter().map(|row| row.id).collect();
        found = search::nested(tx, ctx.tenant_id(), metadata.id, &ids).await?;
    }
    let ids: Vec<i64> = found.iter().map(|row| row.id).collect();
    search::archive(tx, ctx.tenant_id(), &ids, ctx.now()).await?;
    Ok(written(found, 0))
}

fn written(found: Vec<RecordRow>, versions: i64) -> Vec<Written> {
    let written = found.into_iter().map(|row| Written {
        unique_key: row.unique_key,
        id: row.id,
        row_version: row.row_version + versions,
    });
    written.collect()
}

/// Records as a table, newest first (section 17.4). Archived ones are left out unless their ids are given or the
/// condition asks for `dap_status_`.
pub async fn query_records(ctx: &Ctx, params: QueryRecords) -> Result<RecordTable> {
    ctx.require(Area::MasterData, Access::Read)?;
    let page = Page::check(params.page_id, params.page_size, ("pageId", "pageSize"), MAX_PAGE_SIZE)?;
    let dap_ids = params.dap_ids.as_deref().filter(|ids| !ids.is_empty());
    if dap_ids.is_some_and(|ids| ids.len() > MAX_RECORDS) {
        return Err(Error::invalid(
            "dapIds",
            text!("holds more than {MAX_RECORDS} ids", "不能超过 {MAX_RECORDS} 个"),
        ));
    }
    let mut conn = ctx.read().await?;
    let name = params.meta_data_name.as_deref();
    let metadata =
        meant(&mut conn, ctx.tenant_id(), params.data_id, name, ("dataId", "metaDataName")).await?;
    let condition = read_condition(params.condition.as_ref(), &metadata)?;
    let archived_too = dap_ids.is_some() || condition.as_ref().is_some_and(Condition::asks_for_status);
    let wanted = Wanted { metadata_id: metadata.id, dap_ids, condition: condition.as_ref(), archived_too };
    let total = search::count(&mut conn, ctx.tenant_id(), &wanted).await?;
    let rows = search::list(&mut conn, ctx.tenant_id(), &wanted, page).await?;
    let mut cells = Cells::load(&mut conn, ctx.tenant_id(), &rows).await?;
    Ok(cells.table(&metadata, &rows, TablePage { size: page.size, to: page.number, total }))
}
