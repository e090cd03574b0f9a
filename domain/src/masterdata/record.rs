//! Records: written in sets, all or none, and answered in the form of section 17.4.

mod references;

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use super::cell::{self, Atom};
use super::store::records::{self, NewRecord, RecordRow};
use super::table::{RecordDetail, RecordTable, TableExtra, TablePage};
use super::{Metadata, Property, condition, store};
use crate::db::{Conn, Tx};
use crate::{Ctx, Error, Result, text};

pub(crate) use references::{Resolved, node_renamed};

/// Lock of all writes to master data.
pub(crate) const LOCK: &str = "masterdata";
/// Records of one call.
pub(crate) const MAX_RECORDS: usize = 2000;
/// Values of one call.
const MAX_WRITTEN_VALUES: usize = 100_000;
/// The columns after the properties of section 17.4.
const SYSTEM_COLUMNS: [(&str, &str); 4] =
    [("dap_id_", ""), ("dap_status_", "状态"), ("dap_refcnt_", ""), ("dap_row_version_", "版本号")];

/// Metadata by id.
pub(crate) async fn metadata_by_id(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<Option<Metadata>> {
    store::by_id(conn, tenant_id, id).await
}

/// Metadata by name, or by any of the names of built-in ones.
pub(crate) async fn metadata_by_name(
    conn: &mut Conn,
    tenant_id: i64,
    name: &str,
) -> Result<Option<Metadata>> {
    match store::id_by_name(conn, tenant_id, name).await? {
        Some(id) => store::by_id(conn, tenant_id, id).await,
        None => Ok(None),
    }
}

/// The one record with this id in the form of section 17.4 (`dapStr`), and the id of its metadata.
pub(crate) async fn record_json(
    conn: &mut Conn,
    tenant_id: i64,
    dap_id: i64,
) -> Result<Option<(i64, RecordDetail)>> {
    Ok(records_json(conn, tenant_id, &[dap_id]).await?.remove(&dap_id))
}

/// Several records, each in the form of section 17.4 with the id of its metadata; unknown ids are left out.
pub(crate) async fn records_json(
    conn: &mut Conn,
    tenant_id: i64,
    dap_ids: &[i64],
) -> Result<HashMap<i64, (i64, RecordDetail)>> {
    let rows = records::by_ids(conn, tenant_id, dap_ids).await?;
    let known: HashMap<i64, Metadata> =
        if rows.is_empty() { HashMap::new() } else { by_id_map(store::all(conn, tenant_id).await?) };
    let mut cells = Cells::load(conn, tenant_id, &rows).await?;
    let tables = rows.iter().filter_map(|row| {
        let metadata = known.get(&row.metadata_id)?;
        let page = TablePage { size: 1, to: 1, total: 1 };
        let RecordTable { nodes, data, page } = cells.table(metadata, std::slice::from_ref(row), page);
        Some((row.id, (row.metadata_id, RecordDetail { nodes, data, page, extra: headers(metadata) })))
    });
    Ok(tables.collect())
}

fn by_id_map(all: Vec<Metadata>) -> HashMap<i64, Metadata> {
    all.into_iter().map(|metadata| (metadata.id, metadata)).collect()
}

fn headers(metadata: &Metadata) -> TableExtra {
    let own = metadata.properties.iter().map(|p| (p.code.clone(), Json::from(p.description.as_str())));
    let system = SYSTEM_COLUMNS.iter().map(|(code, name)| ((*code).to_owned(), Json::from(*name)));
    TableExtra { headers: own.chain(system).collect() }
}

/// The values of some records, ready to be shown.
pub(crate) struct Cells {
    values: HashMap<(i64, i64), Vec<String>>,
    references: HashMap<i64, i64>,
}

impl Cells {
    pub(crate) async fn load(conn: &mut Conn, tenant_id: i64, rows: &[RecordRow]) -> Result<Self> {
        if rows.is_empty() {
            return Ok(Self { values: HashMap::new(), references: HashMap::new() });
        }
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let mut values: HashMap<_, Vec<String>> = HashMap::new();
        for value in records::values(conn, tenant_id, &ids).await? {
            values.entry((value.record_id, value.property_id)).or_default().push(value.value_text);
        }
        let references = records::reference_counts(conn, tenant_id, &ids).await?.into_iter().collect();
        Ok(Self { values, references })
    }

    pub(crate) fn table(&mut self, metadata: &Metadata, rows: &[RecordRow], page: TablePage) -> RecordTable {
        let own = metadata.properties.iter().map(|property| property.code.as_str());
        let nodes = own.chain(SYSTEM_COLUMNS.iter().map(|(code, _)| *code)).map(str::to_owned).collect();
        RecordTable { nodes, data: rows.iter().map(|row| self.row(metadata, row)).collect(), page }
    }

    fn row(&mut self, metadata: &Metadata, row: &RecordRow) -> Vec<Option<String>> {
        let own = metadata.properties.iter().map(|property| {
            let values = self.values.remove(&(row.id, property.id))?;
            if property.array { Some(Json::from(values).to_string()) } else { values.into_iter().next() }
        });
        let mut cells: Vec<Option<String>> = own.collect();
        let count = self.references.get(&row.id).copied().unwrap_or_default();
        cells.extend([
            Some(row.id.to_string()),
            Some(condition::status(row.archived).to_owned()),
            Some(count.to_string()),
            Some(condition::version(row.row_version)),
        ]);
        cells
    }
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) unique_key: String,
    pub(crate) id: i64,
    pub(crate) row_version: i64,
}

/// The columns and rows of a call, and how its parameters are called in a refusal.
pub(crate) struct Input<'a> {
    pub(crate) columns: &'a [String],
    pub(crate) columns_param: &'a str,
    pub(crate) rows: &'a [Vec<Json>],
    pub(crate) rows_param: &'a str,
}

/// Inserts records with key parameters of another area (`columns`, `columnData`); answers their ids in the order of the
/// rows. The rights are the caller's.
pub(crate) async fn insert_values(
    ctx: &Ctx,
    tx: &mut Tx,
    metadata_id: i64,
    columns: &[String],
    rows: &[Vec<Json>],
) -> Result<Vec<i64>> {
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let metadata = metadata_by_id(tx, ctx.tenant_id(), metadata_id)
        .await?
        .ok_or_else(|| Error::unknown("dataId", text!("metadata {metadata_id}", "元数据 {metadata_id} ")))?;
    let input = Input { columns, columns_param: "columns", rows, rows_param: "columnData" };
    let written = insert(ctx, tx, &metadata, &input).await?;
    Ok(written.into_iter().map(|record| record.id).collect())
}

/// Inserts records; the caller holds [`LOCK`].
pub(crate) async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    metadata: &Metadata,
    input: &Input<'_>,
) -> Result<Vec<Written>> {
    if input.rows.len() > MAX_RECORDS {
        return Err(Error::invalid(
            input.rows_param,
            text!("holds more than {MAX_RECORDS} records", "记录不能超过 {MAX_RECORDS} 条"),
        ));
    }
    let properties = columns(metadata, input.columns, input.columns_param)?;
    let mut rows = Vec::with_capacity(input.rows.len());
    for (i, row) in input.rows.iter().enumerate() {
        rows.push(read_row(metadata, &properties, row, &format!("{}[{i}]", input.rows_param))?);
    }
    let values = rows.iter().flat_map(|row| &row.cells).map(|cell| cell.atoms.len()).sum();
    check_amount(values, input.rows_param)?;
    refuse_taken(tx, ctx.tenant_id(), metadata, &rows, input.rows_param).await?;
    let references = Resolved::of_cells(tx, ctx.tenant_id(), rows.iter().flat_map(|row| &row.cells)).await?;
    let mut written = Vec::new();
    let mut new_records = Vec::new();
    let mut new_values = Vec::new();
    for row in &rows {
        let id = ctx.next_id();
        new_records.push(NewRecord { id, unique_key: row.unique_key.clone() });
        written.push(Written { unique_key: row.unique_key.clone(), id, row_version: 1 });
        for cell in &row.cells {
            new_values.extend(references.values(id, cell)?);
        }
    }
    records::insert(tx, ctx.tenant_id(), metadata.id, ctx.now(), &new_records).await?;
    records::insert_values(tx, ctx.tenant_id(), &new_values).await?;
    Ok(written)
}

/// Refuses a call that would write too many values at once.
pub(crate) fn check_amount(values: usize, param: &str) -> Result<()> {
    if values <= MAX_WRITTEN_VALUES {
        return Ok(());
    }
    Err(Error::invalid(
        param,
        text!(
            "writes more than {MAX_WRITTEN_VALUES} values: make several calls of it",
            "一次写入的值不能超过 {MAX_WRITTEN_VALUES} 个，请分多次调用"
        ),
    ))
}

/// The properties that columns name, each once.
pub(crate) fn columns<'m>(
    metadata: &'m Metadata,
    codes: &[String],
    param: &str,
) -> Result<Vec<&'m Property>> {
    let mut seen = HashSet::new();
    let properties = codes.iter().enumerate().map(|(i, code)| {
        let name = &metadata.name;
        let property = metadata.property(code).ok_or_else(|| {
            let code: String = code.chars().take(64).collect();
            Error::invalid(
                format!("{param}[{i}]"),
                text!("{name} has no property {code}", "{name} 没有属性 {code}"),
            )
        })?;
        if seen.insert(property.id) {
            return Ok(property);
        }
        Err(Error::invalid(format!("{param}[{i}]"), text!("{code} is given twice", "{code} 重复")))
    });
    properties.collect()
}

/// The values of one property of one record, references not yet found.
pub(crate) struct Cell<'m> {
    pub(crate) property: &'m Property,
    pub(crate) atoms: Vec<Atom>,
    pub(crate) param: String,
}

struct Row<'m> {
    unique_key: String,
    cells: Vec<Cell<'m>>,
}

/// Reads the cells of one row, as many as there are columns.
pub(crate) fn read_cells<'m>(
    properties: &[&'m Property],
    row: &[Json],
    param: &str,
) -> Result<Vec<Cell<'m>>> {
    if row.len() != properties.len() {
        let (has, wanted) = (row.len(), properties.len());
        return Err(Error::invalid(
            param,
            text!("has {has} values for {wanted} columns", "有 {has} 个值，列数为 {wanted}"),
        ));
    }
    let cells = properties.iter().zip(row).enumerate().map(|(i, (property, value))| {
        let param = format!("{param}[{i}] ({})", property.code);
        Ok(Cell { property, atoms: cell::read(property, value, &param)?, param })
    });
    cells.collect()
}

fn read_row<'m>(
    metadata: &'m Metadata,
    properties: &[&'m Property],
    row: &[Json],
    param: &str,
) -> Result<Row<'m>> {
    let mut cells = read_cells(properties, row, param)?;
    for property in &metadata.properties {
        let given = cells.iter().position(|cell| cell.property.id == property.id);
        if given.is_some_and(|i| !cells[i].atoms.is_empty()) {
            continue;
        }
        let param = format!("{param} ({})", property.code);
        let default = property.default.as_deref().unwrap_or_default();
        let atoms = cell::read(property, &Json::from(default), &param)?;
        if atoms.is_empty() && !property.nullable {
            return Err(Error::missing(param));
        }
        if let Some(i) = given {
            cells.swap_remove(i);
        }
        cells.push(Cell { property, atoms, param });
    }
    let key = cells.iter().find(|cell| cell.property.is_unique).and_then(|cell| cell.atoms.first());
    let unique_key = key.map(|atom| atom.text.clone()).ok_or_else(|| {
        let code = &metadata.unique_key().code;
        Error::missing(format!("{param} ({code})"))
    })?;
    Ok(Row { unique_key, cells })
}

async fn refuse_taken(
    tx: &mut Tx,
    tenant_id: i64,
    metadata: &Metadata,
    rows: &[Row<'_>],
    param: &str,
) -> Result<()> {
    let code = &metadata.unique_key().code;
    let taken = |i: usize, key: &str| {
        Error::invalid(
            format!("{param}[{i}] ({code})"),
            text!("{code} {key} is taken already", "{code} {key} 已存在"),
        )
    };
    let mut seen = HashSet::new();
    for (i, row) in rows.iter().enumerate() {
        if !seen.insert(row.unique_key.as_str()) {
            return Err(taken(i, &row.unique_key));
        }
    }
    let keys: Vec<&str> = rows.iter().map(|row| row.unique_key.as_str()).collect();
    let found = records::by_keys(tx, tenant_id, metadata.id, &keys).await?;
    let known: HashSet<&str> = found.iter().map(|row| row.unique_key.as_str()).collect();
    match rows.iter().enumerate().find(|(_, row)| known.contains(row.unique_key.as_str())) {
        Some((i, row)) => Err(taken(i, &row.unique_key)),
        None => Ok(()),
    }
}
