//! Production reports.

use sqlx::FromRow;

use crate::db::{Conn, Sql, sql};
use crate::time::Millis;
use crate::{Page, Result};

/// A production report as stored.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub(in crate::quality) struct ReportRow {
    pub(in crate::quality) id: i64,
    pub(in crate::quality) unique_code: String,
    pub(in crate::quality) material_id: i64,
    pub(in crate::quality) material_code: String,
    pub(in crate::quality) step_id: i64,
    pub(in crate::quality) step_code: String,
    pub(in crate::quality) begin_at: Millis,
    pub(in crate::quality) end_at: Millis,
    pub(in crate::quality) out_put: f64,
    pub(in crate::quality) unit_type: Option<i64>,
    pub(in crate::quality) unit_id: Option<i64>,
    pub(in crate::quality) unit_code: Option<String>,
    pub(in crate::quality) data_id: Option<i64>,
    pub(in crate::quality) dap_id: Option<i64>,
    pub(in crate::quality) created_at: Millis,
    pub(in crate::quality) modified_at: Millis,
}

const COLUMNS: &str =
    "id, unique_code, material_id, material_code, step_id, step_code, begin_at, end_at, out_put,
    unit_type, unit_id, unit_code, data_id, dap_id, created_at, modified_at";

/// Which reports to list.
#[derive(Clone, Debug, Default)]
pub(in crate::quality) struct ReportFilter {
    pub(in crate::quality) key_word: Option<String>,
    pub(in crate::quality) unique_code: Option<String>,
    pub(in crate::quality) begin: Option<Millis>,
    pub(in crate::quality) end: Option<Millis>,
}

pub(in crate::quality) async fn insert(conn: &mut Conn, tenant_id: i64, row: &ReportRow) -> Result<()> {
    sql("INSERT INTO production_report
           (tenant_id, id, unique_code, material_id, material_code, step_id, step_code, begin_at, end_at, out_put,
            unit_type, unit_id, unit_code, data_id, dap_id, created_at, modified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)")
    .bind(tenant_id)
    .bind(row.id)
    .bind(&row.unique_code)
    .bind(row.material_id)
    .bind(&row.material_code)
    .bind(row.step_id)
    .bind(&row.step_code)
    .bind(row.begin_at)
    .bind(row.end_at)
    .bind(row.out_put)
    .bind(row.unit_type)
    .bind(row.unit_id)
    .bind(row.unit_code.clone())
    .bind(row.data_id)
    .bind(row.dap_id)
    .bind(row.created_at)
    .bind(row.modified_at)
    .run(conn)
    .await?;
    Ok(())
}

/// Writes everything but id and creation time.
pub(in crate::quality) async fn update(conn: &mut Conn, tenant_id: i64, row: &ReportRow) -> Result<()> {
    sql("UPDATE production_report SET unique_code = $3, material_id = $4, material_code = $5, step_id = $6,
            step_code = $7, begin_at = $8, end_at = $9, out_put = $10, unit_type = $11, unit_id = $12,
            unit_code = $13, data_id = $14, dap_id = $15, modified_at = $16
         WHERE tenant_id = $1 AND id = $2")
    .bind(tenant_id)
    .bind(row.id)
    .bind(&row.unique_code)
    .bind(row.material_id)
    .bind(&row.material_code)
    .bind(row.step_id)
    .bind(&row.step_code)
    .bind(row.begin_at)
    .bind(row.end_at)
    .bind(row.out_put)
    .bind(row.unit_type)
    .bind(row.unit_id)
    .bind(row.unit_code.clone())
    .bind(row.data_id)
    .bind(row.dap_id)
    .bind(row.modified_at)
    .run(conn)
    .await?;
    Ok(())
}

pub(in crate::quality) async fn by_id(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<Option<ReportRow>> {
    select().push(" WHERE tenant_id = ").arg(tenant_id).push(" AND id = ").arg(id).optional(conn).await
}

/// The ids among these that exist, each with whether its code and step have a quality control.
pub(in crate::quality) async fn with_controls(
    conn: &mut Conn,
    tenant_id: i64,
    ids: &[i64],
) -> Result<Vec<(i64, bool)>> {
    sql("SELECT r.id, EXISTS (SELECT 1 FROM quality_control c WHERE c.tenant_id = r.tenant_id
            AND c.unique_code = r.unique_code AND c.step_id = r.step_id)
         FROM production_report r WHERE r.tenant_id = ")
    .arg(tenant_id)
    .push(" AND r.id IN ")
    .list(ids.iter().copied())
    .all(conn)
    .await
}

pub(in crate::quality) async fn delete(conn: &mut Conn, tenant_id: i64, ids: &[i64]) -> Result<u64> {
    sql("DELETE FROM production_report WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND id IN ")
        .list(ids.iter().copied())
        .run(conn)
        .await
}

pub(in crate::quality) async fn count(conn: &mut Conn, tenant_id: i64, filter: &ReportFilter) -> Result<i64> {
    let count = sql("SELECT CAST(COUNT(*) AS BIGINT) FROM production_report");
    filtered(count, tenant_id, filter).count(conn).await
}

pub(in crate::quality) async fn page(
    conn: &mut Conn,
    tenant_id: i64,
    filter: &ReportFilter,
    page: Page,
) -> Result<Vec<ReportRow>> {
    // The sum keeps SQLite from walking all reports in order of creation to find the few of one code.
    let order = match filter.unique_code {
        Some(_) => " ORDER BY created_at + 0 DESC, id DESC",
        None => " ORDER BY created_at DESC, id DESC",
    };
    filtered(select(), tenant_id, filter).push(order).page(page).all(conn).await
}

fn select() -> Sql {
    sql("SELECT ").push(COLUMNS).push(" FROM production_report")
}

fn filtered(select: Sql, tenant_id: i64, filter: &ReportFilter) -> Sql {
    let mut query = select.push(" WHERE tenant_id = ").arg(tenant_id);
    if let Some(word) = &filter.key_word {
        query = query
            .push(" AND (")
            .contains("material_code", word)
            .push(" OR ")
            .contains("unique_code", word)
            .push(")");
    }
    if let Some(code) = &filter.unique_code {
        query = query.push(" AND unique_code = ").arg(code);
    }
    if let Some(begin) = filter.begin {
        query = query.push(" AND end_at >= ").arg(begin);
    }
    if let Some(end) = filter.end {
        query = query.push(" AND begin_at <= ").arg(end);
    }
    query
}
