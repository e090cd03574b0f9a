//! What machines made, for OEE.

use crate::Result;
use crate::db::{Conn, Sql, sql};
use crate::quality::{MachineOutput, share};
use crate::time::Millis;

/// Up to this many machines are named in the statement; for more, all are read and sorted out here, so that the number
/// of statements and of bound values stays bounded.
const NAMED: usize = 5_000;

#[derive(sqlx::FromRow)]
struct Row {
    unit_id: i64,
    id: i64,
    step_id: i64,
    step_code: String,
    unique_code: String,
    begin_at: i64,
    end_at: i64,
    out_put: f64,
    total: f64,
    failed: f64,
    verified: f64,
}

/// The production reports on these machines that overlap `[begin, end)`, oldest first, each with its share of what the
/// grades of its code and step say. One statement, so that amounts and shares are of one moment.
pub(crate) async fn pieces(
    conn: &mut Conn,
    tenant_id: i64,
    equipment_ids: &[i64],
    begin: Millis,
    end: Millis,
) -> Result<Vec<MachineOutput>> {
    if equipment_ids.is_empty() {
        return Ok(Vec::new());
    }
    let named = equipment_ids.len() <= NAMED;
    let rows: Vec<Row> = statement(tenant_id, named.then_some(equipment_ids), begin, end).all(conn).await?;
    let wanted: std::collections::HashSet<i64> =
        if named { std::collections::HashSet::new() } else { equipment_ids.iter().copied().collect() };
    Ok(rows
        .into_iter()
        .filter(|row| named || wanted.contains(&row.unit_id))
        .map(|row| MachineOutput {
            equipment_id: row.unit_id,
            report_id: row.id,
            step_id: row.step_id,
            step_code: row.step_code,
            unique_code: row.unique_code,
            begin: row.begin_at,
            end: row.end_at,
            out_put: row.out_put,
            failed: share(row.failed, row.out_put, row.total),
            verified: share(row.verified, row.out_put, row.total),
        })
        .collect())
}

fn statement(tenant_id: i64, machines: Option<&[i64]>, begin: Millis, end: Millis) -> Sql {
    let mut picked = sql("WITH picked AS (
            SELECT unit_id, id, step_id, step_code, unique_code, begin_at, end_at, out_put
            FROM production_report WHERE tenant_id = ")
    .arg(tenant_id)
    .push(" AND unit_type = 4");
    if let Some(machines) = machines {
        picked = picked.push(" AND unit_id IN ").list(machines.iter().copied());
    }
    // A report without duration lies in the window that holds its instant.
    picked
        .push(" AND begin_at < ")
        .arg(end)
        .push(" AND end_at >= ")
        .arg(begin)
        .push(" AND (end_at > ")
        .arg(begin)
        .push(" OR begin_at = end_at)")
        .push(
            "), graded AS (
            SELECT c.unique_code, c.step_id, SUM(CASE WHEN g.is_passed THEN 0 ELSE g.out_put END) AS failed,
                SUM(g.out_put) AS verified
            FROM (SELECT DISTINCT unique_code, step_id FROM picked) p
            JOIN quality_control c ON c.unique_code = p.unique_code AND c.step_id = p.step_id AND c.tenant_id = ",
        )
        .arg(tenant_id)
        .push(
            " JOIN quality_grade g ON g.tenant_id = c.tenant_id AND g.control_id = c.id
            GROUP BY c.unique_code, c.step_id
        ), totals AS (
            SELECT d.unique_code, d.step_id, d.failed, d.verified, SUM(r.out_put) AS total
            FROM graded d
            JOIN production_report r ON r.unique_code = d.unique_code AND r.step_id = d.step_id
                AND r.tenant_id = ",
        )
        .arg(tenant_id)
        .push(
            " GROUP BY d.unique_code, d.step_id, d.failed, d.verified
        )
        SELECT p.unit_id, p.id, p.step_id, p.step_code, p.unique_code, p.begin_at, p.end_at, p.out_put,
            CAST(COALESCE(t.total, 0) AS DOUBLE PRECISION) AS total,
            CAST(COALESCE(t.failed, 0) AS DOUBLE PRECISION) AS failed,
            CAST(COALESCE(t.verified, 0) AS DOUBLE PRECISION) AS verified
        FROM picked p LEFT JOIN totals t ON t.unique_code = p.unique_code AND t.step_id = p.step_id
        ORDER BY p.begin_at, p.id",
        )
}
