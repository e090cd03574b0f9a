//! Grades of quality controls.

use std::collections::HashMap;

use sqlx::FromRow;

use crate::db::{Conn, Sql, sql};
use crate::time::Millis;
use crate::{Page, Result};

/// A grade as stored.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub(in crate::quality) struct GradeRow {
    pub(in crate::quality) id: i64,
    pub(in crate::quality) control_id: i64,
    pub(in crate::quality) grade: i64,
    pub(in crate::quality) is_passed: bool,
    pub(in crate::quality) batch_number: String,
    pub(in crate::quality) out_put: f64,
    pub(in crate::quality) data_id: Option<i64>,
    pub(in crate::quality) dap_id: Option<i64>,
    pub(in crate::quality) created_at: Millis,
    pub(in crate::quality) modified_at: Millis,
}

const COLUMNS: &str =
    "g.id, g.control_id, g.grade, g.is_passed, g.batch_number, g.out_put, g.data_id, g.dap_id,
    g.created_at, g.modified_at";

/// Which grades to list.
#[derive(Clone, Debug, Default)]
pub(in crate::quality) struct GradeFilter {
    pub(in crate::quality) control_id: Option<i64>,
    pub(in crate::quality) unique_code: Option<String>,
    pub(in crate::quality) step_id: Option<i64>,
}

/// Amount and number of the grades of one control.
pub(in crate::quality) async fn verified(
    conn: &mut Conn,
    tenant_id: i64,
    control_id: i64,
) -> Result<(f64, i64)> {
    sql("SELECT CAST(COALESCE(SUM(out_put), 0) AS DOUBLE PRECISION), CAST(COUNT(*) AS BIGINT)
         FROM quality_grade WHERE tenant_id = $1 AND control_id = $2")
    .bind(tenant_id)
    .bind(control_id)
    .one(conn)
    .await
}

/// Amounts of the grades of each of these controls; controls without grades are left out.
pub(in crate::quality) async fn verified_of(
    conn: &mut Conn,
    tenant_id: i64,
    control_ids: &[i64],
) -> Result<HashMap<i64, f64>> {
    let rows: Vec<(i64, f64)> = sql("SELECT control_id, CAST(SUM(out_put) AS DOUBLE PRECISION)
         FROM quality_grade WHERE tenant_id = ")
    .arg(tenant_id)
    .push(" AND control_id IN ")
    .list(control_ids.iter().copied())
    .push(" GROUP BY control_id")
    .all(conn)
    .await?;
    Ok(rows.into_iter().collect())
}

pub(in crate::quality) async fn insert(conn: &mut Conn, tenant_id: i64, row: &GradeRow) -> Result<()> {
    sql("INSERT INTO quality_grade
           (tenant_id, id, control_id, grade, is_passed, batch_number, out_put, data_id, dap_id, created_at,
            modified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
    .bind(tenant_id)
    .bind(row.id)
    .bind(row.control_id)
    .bind(row.grade)
    .bind(row.is_passed)
    .bind(&row.batch_number)
    .bind(row.out_put)
    .bind(row.data_id)
    .bind(row.dap_id)
    .bind(row.created_at)
    .bind(row.modified_at)
    .run(conn)
    .await?;
    Ok(())
}

/// Writes everything but id and creation time.
pub(in crate::quality) async fn update(conn: &mut Conn, tenant_id: i64, row: &GradeRow) -> Result<()> {
    sql("UPDATE quality_grade SET control_id = $3, grade = $4, is_passed = $5, batch_number = $6, out_put = $7,
            data_id = $8, dap_id = $9, modified_at = $10
         WHERE tenant_id = $1 AND id = $2")
    .bind(tenant_id)
    .bind(row.id)
    .bind(row.control_id)
    .bind(row.grade)
    .bind(row.is_passed)
    .bind(&row.batch_number)
    .bind(row.out_put)
    .bind(row.data_id)
    .bind(row.dap_id)
    .bind(row.modified_at)
    .run(conn)
    .await?;
    Ok(())
}

pub(in crate::quality) async fn delete(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<u64> {
    sql("DELETE FROM quality_grade WHERE tenant_id = $1 AND id = $2").bind(tenant_id).bind(id).run(conn).await
}

pub(in crate::quality) async fn by_id(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<Option<GradeRow>> {
    select().push(" WHERE g.tenant_id = ").arg(tenant_id).push(" AND g.id = ").arg(id).optional(conn).await
}

pub(in crate::quality) async fn count(conn: &mut Conn, tenant_id: i64, filter: &GradeFilter) -> Result<i64> {
    let count = sql("SELECT CAST(COUNT(*) AS BIGINT) FROM quality_grade g");
    filtered(count, tenant_id, filter).count(conn).await
}

pub(in crate::quality) async fn page(
    conn: &mut Conn,
    tenant_id: i64,
    filter: &GradeFilter,
    page: Page,
) -> Result<Vec<GradeRow>> {
    // The sum keeps SQLite from walking all grades in order of creation to find the few of one control.
    let all = filter.control_id.is_none() && filter.unique_code.is_none() && filter.step_id.is_none();
    let order = if all {
        " ORDER BY g.created_at DESC, g.id DESC"
    } else {
        " ORDER BY g.created_at + 0 DESC, g.id DESC"
    };
    filtered(select(), tenant_id, filter).push(order).page(page).all(conn).await
}

fn select() -> Sql {
    sql("SELECT ").push(COLUMNS).push(" FROM quality_grade g")
}

fn filtered(select: Sql, tenant_id: i64, filter: &GradeFilter) -> Sql {
    let mut query = select.push(" WHERE g.tenant_id = ").arg(tenant_id);
    if let Some(control_id) = filter.control_id {
        return query.push(" AND g.control_id = ").arg(control_id);
    }
    if filter.unique_code.is_none() && filter.step_id.is_none() {
        return query;
    }
    query = query
        .push(" AND g.control_id IN (SELECT c.id FROM quality_control c WHERE c.tenant_id = ")
        .arg(tenant_id);
    if let Some(code) = &filter.unique_code {
        query = query.push(" AND c.unique_code = ").arg(code);
    }
    if let Some(step_id) = filter.step_id {
        query = query.push(" AND c.step_id = ").arg(step_id);
    }
    query.push(")")
}
