//! Production reports as they are answered.

use std::collections::{BTreeSet, HashMap};

use super::refs::EQUIPMENT;
use crate::db::Conn;
use crate::masterdata::{record, shown};
use crate::modelling::lookup as model;
use crate::quality::store::reports::ReportRow;
use crate::quality::{KeyRecord, Report};
use crate::{Ctx, Result};

/// Rows with the names of what they refer to: a fixed number of statements for any number of rows.
pub(super) async fn answers(ctx: &Ctx, conn: &mut Conn, rows: Vec<ReportRow>) -> Result<Vec<Report>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let tenant_id = ctx.tenant_id();
    let on_machine = |row: &&ReportRow| row.unit_type == Some(EQUIPMENT);
    let shown_ids = rows.iter().map(|row| row.material_id);
    let shown_ids: BTreeSet<i64> =
        shown_ids.chain(rows.iter().filter(on_machine).filter_map(|row| row.unit_id)).collect();
    let names = shown::names(conn, tenant_id, &distinct(shown_ids)).await?;
    let steps: BTreeSet<i64> = rows.iter().map(|row| row.step_id).collect();
    let steps = model::process_nodes_by_ids(conn, tenant_id, &distinct(steps)).await?;
    let steps: HashMap<i64, String> = steps.into_iter().map(|node| (node.id, node.name)).collect();
    let units: BTreeSet<i64> =
        rows.iter().filter(|row| !on_machine(row)).filter_map(|row| row.unit_id).collect();
    let units = if units.is_empty() {
        Vec::new()
    } else {
        model::nodes_by_ids(conn, tenant_id, &distinct(units)).await?
    };
    let units: HashMap<i64, String> = units.into_iter().map(|node| (node.id, node.name)).collect();
    let records = key_records(conn, tenant_id, &rows).await?;
    let zone = &ctx.tenant.zone;
    let answer = |row: ReportRow| Report {
        id: row.id,
        material_code: row.material_code,
        material_name: names.get(&row.material_id).cloned(),
        unique_code: row.unique_code,
        step_code: row.step_code,
        step_name: steps.get(&row.step_id).cloned(),
        start_time: zone.format(row.begin_at),
        end_time: zone.format(row.end_at),
        out_put: row.out_put,
        unit_type: row.unit_type,
        unit_type_name: row.unit_id.and_then(|id| {
            if row.unit_type == Some(EQUIPMENT) { names.get(&id).cloned() } else { units.get(&id).cloned() }
        }),
        asset_num: row.unit_code.clone().filter(|_| row.unit_type == Some(EQUIPMENT)),
        unit_type_code: row.unit_code,
        record_dto: row.dap_id.and_then(|id| records.get(&id).cloned()),
    };
    Ok(rows.into_iter().map(answer).collect())
}

/// The key parameters of reports, by record.
async fn key_records(conn: &mut Conn, tenant_id: i64, rows: &[ReportRow]) -> Result<HashMap<i64, KeyRecord>> {
    let ids: BTreeSet<i64> = rows.iter().filter_map(|row| row.dap_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let tables = record::records_json(conn, tenant_id, &distinct(ids)).await?;
    let records = tables.into_iter().map(|(dap_id, (data_id, table))| {
        let values = table.data.into_iter().next().unwrap_or_default();
        // The columns that every record has follow the properties and say nothing about production.
        let cells = table.nodes.into_iter().zip(values).filter(|(name, _)| !name.starts_with("dap_"));
        let (columns, column_data) = cells.map(|(name, value)| (name, value.into())).unzip();
        (dap_id, KeyRecord { data_id, dap_id, columns, column_data })
    });
    Ok(records.collect())
}

fn distinct(ids: BTreeSet<i64>) -> Vec<i64> {
    ids.into_iter().collect()
}
