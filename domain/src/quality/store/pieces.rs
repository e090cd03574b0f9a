//! What machines made, for OEE.

use std::collections::{HashMap, HashSet};

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
    /// Of all reports of the code and step; these three stand in one row of each code and step.
    total: Option<f64>,
    failed: Option<f64>,
    verified: Option<f64>,
}

/// What all reports of a code and step made, and what their grades say.
#[derive(Clone, Copy, Default)]
struct Graded {
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
    let wanted: HashSet<i64> = if named { HashSet::new() } else { equipment_ids.iter().copied().collect() };
    let graded: HashMap<(&str, i64), Graded> = rows
        .iter()
        .filter_map(|row| {
            let graded = Graded {
                total: row.total?,
                failed: row.failed.unwrap_or_default(),
                verified: row.verified.unwrap_or_default(),
            };
            Some(((row.unique_code.as_str(), row.step_id), graded))
        })
        .collect();
    let pieces = rows.iter().filter(|row| named || wanted.contains(&row.unit_id)).map(|row| {
        let all = graded.get(&(row.unique_code.as_str(), row.step_id)).copied().unwrap_or_default();
        MachineOutput {
            equipment_id: row.unit_id,
            report_id: row.id,
            step_id: row.step_id,
            step_code: row.step_code.clone(),
            unique_code: row.unique_code.clone(),
            begin: row.begin_at,
            end: row.end_at,
            out_put: row.out_put,
            failed: share(all.failed, row.out_put, all.total),
            verified: share(all.verified, row.out_put, all.total),
        }
    });
    Ok(pieces.collect())
}

/// Each code and step is summed once, by its index, in the first of its rows: a join would leave the order to the
/// planner, which without statistics reads everything the tenant ever reported.
fn statement(tenant_id: i64, machines: Option<&[i64]>, begin: Millis, end: Millis) -> Sql {
    let grades =
        " FROM quality_control c JOIN quality_grade g ON g.tenant_id = c.tenant_id AND g.control_id = c.id
            WHERE c.tenant_id = p.tenant_id AND c.unique_code = p.unique_code AND c.step_id = p.step_id) END";
    let mut picked = sql("SELECT p.unit_id, p.id, p.step_id, p.step_code, p.unique_code, p.begin_at, p.end_at, p.out_put,
            CASE WHEN p.nth = 1 THEN (SELECT CAST(SUM(r.out_put) AS DOUBLE PRECISION) FROM production_report r
                WHERE r.tenant_id = p.tenant_id AND r.unique_code = p.unique_code AND r.step_id = p.step_id
            ) END AS total,
            CASE WHEN p.nth = 1 THEN (SELECT CAST(SUM(CASE WHEN g.is_passed THEN 0 ELSE g.out_put END) AS DOUBLE PRECISION)")
        .push(grades)
        .push(" AS failed,
            CASE WHEN p.nth = 1 THEN (SELECT CAST(SUM(g.out_put) AS DOUBLE PRECISION)")
        .push(grades)
        .push(" AS verified
        FROM (
            SELECT tenant_id, unit_id, id, step_id, step_code, unique_code, begin_at, end_at, out_put,
                ROW_NUMBER() OVER (PARTITION BY unique_code, step_id ORDER BY id) AS nth
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
        .push(" OR begin_at = end_at)) p ORDER BY p.begin_at, p.id")
}
