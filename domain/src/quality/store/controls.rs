//! Quality controls.

use std::collections::HashMap;

use sqlx::FromRow;

use crate::db::{Conn, Sql, sql};
use crate::time::Millis;
use crate::{Page, Result};

/// A quality control as stored.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub(in crate::quality) struct ControlRow {
    pub(in crate::quality) id: i64,
    pub(in crate::quality) unique_code: String,
    pub(in crate::quality) step_id: i64,
    pub(in crate::quality) step_code: String,
    pub(in crate::quality) begin_at: Millis,
    pub(in crate::quality) end_at: Millis,
    pub(in crate::quality) checker_id: i64,
    pub(in crate::quality) out_put: f64,
    pub(in crate::quality) created_at: Millis,
    pub(in crate::quality) modified_at: Millis,
}

const COLUMNS: &str =
    "c.id, c.unique_code, c.step_id, c.step_code, c.begin_at, c.end_at, c.checker_id, c.out_put,
    c.created_at, c.modified_at";

/// Which controls to list.
#[derive(Clone, Debug, Default)]
pub(in crate::quality) struct ControlFilter {
    pub(in crate::quality) search: Option<String>,
    pub(in crate::quality) range: Option<(Millis, Millis)>,
}

/// What is reported and what is inspected for one code and step.
#[derive(Clone, Copy, Debug, PartialEq, FromRow)]
pub(in crate::quality) struct Group {
    /// How many production reports there are.
    pub(in crate::quality) reports: i64,
    /// Their pieces.
    pub(in crate::quality) reported: f64,
    /// How many quality controls there are.
    pub(in crate::quality) controls: i64,
    /// The amounts they inspected.
    pub(in crate::quality) controlled: f64,
}

pub(in crate::quality) async fn group(
    conn: &mut Conn,
    tenant_id: i64,
    unique_code: &str,
    step_id: i64,
) -> Result<Group> {
    sql("SELECT r.n AS reports, r.amount AS reported, c.n AS controls, c.amount AS controlled
         FROM (SELECT CAST(COUNT(*) AS BIGINT) AS n, CAST(COALESCE(SUM(out_put), 0) AS DOUBLE PRECISION) AS amount
               FROM production_report WHERE tenant_id = $1 AND unique_code = $2 AND step_id = $3) r,
              (SELECT CAST(COUNT(*) AS BIGINT) AS n, CAST(COALESCE(SUM(out_put), 0) AS DOUBLE PRECISION) AS amount
               FROM quality_control WHERE tenant_id = $1 AND unique_code = $2 AND step_id = $3) c")
    .bind(tenant_id)
    .bind(unique_code)
    .bind(step_id)
    .one(conn)
    .await
}

pub(in crate::quality) async fn insert(conn: &mut Conn, tenant_id: i64, row: &ControlRow) -> Result<()> {
    sql("INSERT INTO quality_control
           (tenant_id, id, unique_code, step_id, step_code, begin_at, end_at, checker_id, out_put, created_at,
            modified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
    .bind(tenant_id)
    .bind(row.id)
    .bind(&row.unique_code)
    .bind(row.step_id)
    .bind(&row.step_code)
    .bind(row.begin_at)
    .bind(row.end_at)
    .bind(row.checker_id)
    .bind(row.out_put)
    .bind(row.created_at)
    .bind(row.modified_at)
    .run(conn)
    .await?;
    Ok(())
}

/// Writes everything but id and creation time.
pub(in crate::quality) async fn update(conn: &mut Conn, tenant_id: i64, row: &ControlRow) -> Result<()> {
    sql("UPDATE quality_control SET unique_code = $3, step_id = $4, step_code = $5, begin_at = $6, end_at = $7,
            checker_id = $8, out_put = $9, modified_at = $10
         WHERE tenant_id = $1 AND id = $2")
    .bind(tenant_id)
    .bind(row.id)
    .bind(&row.unique_code)
    .bind(row.step_id)
    .bind(&row.step_code)
    .bind(row.begin_at)
    .bind(row.end_at)
    .bind(row.checker_id)
    .bind(row.out_put)
    .bind(row.modified_at)
    .run(conn)
    .await?;
    Ok(())
}

pub(in crate::quality) async fn delete(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<u64> {
    sql("DELETE FROM quality_control WHERE tenant_id = $1 AND id = $2")
        .bind(tenant_id)
        .bind(id)
        .run(conn)
        .await
}

pub(in crate::quality) async fn by_id(
    conn: &mut Conn,
    tenant_id: i64,
    id: i64,
) -> Result<Option<ControlRow>> {
    select().push(" WHERE c.tenant_id = ").arg(tenant_id).push(" AND c.id = ").arg(id).optional(conn).await
}

/// The newest control of a code and step. The sum in the order keeps SQLite from walking all controls by creation.
pub(in crate::quality) async fn newest(
    conn: &mut Conn,
    tenant_id: i64,
    unique_code: &str,
    step_id: i64,
) -> Result<Option<ControlRow>> {
    select()
        .push(" WHERE c.tenant_id = ")
        .arg(tenant_id)
        .push(" AND c.unique_code = ")
        .arg(unique_code)
        .push(" AND c.step_id = ")
        .arg(step_id)
        .push(" ORDER BY c.created_at + 0 DESC, c.id DESC LIMIT 1")
        .optional(conn)
        .await
}

pub(in crate::quality) async fn count(
    conn: &mut Conn,
    tenant_id: i64,
    filter: &ControlFilter,
) -> Result<i64> {
    let count = sql("SELECT CAST(COUNT(*) AS BIGINT) FROM quality_control c");
    filtered(count, tenant_id, filter).count(conn).await
}

pub(in crate::quality) async fn page(
    conn: &mut Conn,
    tenant_id: i64,
    filter: &ControlFilter,
    page: Page,
) -> Result<Vec<ControlRow>> {
    filtered(select(), tenant_id, filter)
        .push(" ORDER BY c.created_at DESC, c.id DESC")
        .page(page)
        .all(conn)
        .await
}

/// Id and code of the material of the newest report for the code and step of each of these controls.
pub(in crate::quality) async fn materials(
    conn: &mut Conn,
    tenant_id: i64,
    ids: &[i64],
) -> Result<HashMap<i64, (i64, String)>> {
    let rows: Vec<(i64, i64, String)> = sql("SELECT c.id, r.material_id, r.material_code
         FROM quality_control c JOIN production_report r ON r.tenant_id = c.tenant_id AND r.id = (
             SELECT n.id FROM production_report n
             WHERE n.tenant_id = c.tenant_id AND n.unique_code = c.unique_code AND n.step_id = c.step_id
             ORDER BY n.created_at + 0 DESC, n.id DESC LIMIT 1)
         WHERE c.tenant_id = ")
    .arg(tenant_id)
    .push(" AND c.id IN ")
    .list(ids.iter().copied())
    .all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id, material_id, code)| (id, (material_id, code))).collect())
}

fn select() -> Sql {
    sql("SELECT ").push(COLUMNS).push(" FROM quality_control c")
}

fn filtered(select: Sql, tenant_id: i64, filter: &ControlFilter) -> Sql {
    let mut query = select.push(" WHERE c.tenant_id = ").arg(tenant_id);
    if let Some(search) = &filter.search {
        query = query
            .push(" AND (")
            .contains("c.unique_code", search)
            .push(
                " OR EXISTS (SELECT 1 FROM production_report r WHERE r.tenant_id = c.tenant_id
                    AND r.unique_code = c.unique_code AND r.step_id = c.step_id AND ",
            )
            .contains("r.material_code", search)
            .push("))");
    }
    if let Some((begin, end)) = filter.range {
        query = query.push(" AND c.end_at >= ").arg(begin).push(" AND c.begin_at <= ").arg(end);
    }
    query
}
