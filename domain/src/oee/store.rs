//! SQL of machine states.

use std::collections::HashMap;

use super::figures::Production;
use super::state::{State, Status};
use crate::db::{Conn, Sql, Tx, sql};
use crate::masterdata::builtin::EQUIPMENT;
use crate::{Error, Interval, Millis, Result};

#[derive(sqlx::FromRow)]
struct Row {
    equipment_id: i64,
    begin_at: i64,
    end_at: i64,
    status: i64,
    cause: Option<String>,
    sequence: i64,
}

impl TryFrom<Row> for State {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let status = Status::from_number(row.status)
            .ok_or_else(|| Error::internal(format!("no machine status has the number {}", row.status)))?;
        Ok(Self { begin: row.begin_at, end: row.end_at, status, cause: row.cause, sequence: row.sequence })
    }
}

/// The id of the equipment in use with this asset number. One statement: every report of a state comes by here.
pub(super) async fn equipment_id(conn: &mut Conn, tenant_id: i64, asset_num: &str) -> Result<Option<i64>> {
    let row: Option<(i64,)> = sql("SELECT id FROM masterdata_record
         WHERE tenant_id = $1 AND metadata_id = $2 AND unique_key = $3 AND archived = $4")
    .bind(tenant_id)
    .bind(EQUIPMENT)
    .bind(asset_num)
    .bind(false)
    .optional(conn)
    .await?;
    Ok(row.map(|(id,)| id))
}

/// Waits like [`next_sequences`], but takes no number.
pub(super) async fn hold(tx: &mut Tx, tenant_id: i64, equipment_id: i64) -> Result<()> {
    sql("INSERT INTO state_sequence (tenant_id, equipment_id, last_sequence) VALUES ($1, $2, 0)
         ON CONFLICT (tenant_id, equipment_id) DO UPDATE SET last_sequence = state_sequence.last_sequence")
    .bind(tenant_id)
    .bind(equipment_id)
    .run(tx)
    .await?;
    Ok(())
}

/// The machines of the factory model that are not archived.
pub(super) async fn machine_ids(conn: &mut Conn, tenant_id: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = sql("SELECT id FROM factory_node
         WHERE tenant_id = $1 AND level = 5 AND flag <> 'archive' ORDER BY created_at DESC, id DESC")
    .bind(tenant_id)
    .all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Pieces reported on a line or on its machining centers instead of a machine, of reports that overlap a window.
pub(super) async fn pieces_of_line(
    conn: &mut Conn,
    tenant_id: i64,
    line_id: i64,
    window: Interval,
) -> Result<Vec<Production>> {
    let rows: Vec<(i64, i64, f64)> = sql("SELECT begin_at, end_at, out_put FROM production_report
         WHERE tenant_id = $1 AND begin_at < $2 AND end_at >= $3
             AND ((unit_type = 2 AND unit_id = $4) OR (unit_type = 3 AND unit_id IN
                 (SELECT id FROM factory_node WHERE tenant_id = $1 AND parent_id = $4)))
         ORDER BY begin_at, id")
    .bind(tenant_id)
    .bind(window.end)
    .bind(window.begin)
    .bind(line_id)
    .all(conn)
    .await?;
    let production = |(begin, end, total)| Production { begin, end, total, failed: 0.0, ideal_cycle: None };
    Ok(rows.into_iter().map(production).collect())
}

/// These attributes of these nodes: node, English name, value.
pub(super) async fn attributes(
    conn: &mut Conn,
    tenant_id: i64,
    node_ids: &[i64],
    en_names: &[&str],
) -> Result<Vec<(i64, String, String)>> {
    sql("SELECT node_id, en_name, value FROM node_attribute WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND value IS NOT NULL AND node_id IN ")
        .list(node_ids.iter().copied())
        .push(" AND en_name IN ")
        .list(en_names.iter().copied())
        .all(conn)
        .await
}

/// Takes the numbers of the next reports on a machine and answers the last of them. Another report on it waits here until
/// this write has ended.
pub(super) async fn next_sequences(
    tx: &mut Tx,
    tenant_id: i64,
    equipment_id: i64,
    reports: usize,
) -> Result<i64> {
    sql("INSERT INTO state_sequence (tenant_id, equipment_id, last_sequence) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, equipment_id) DO UPDATE SET last_sequence = state_sequence.last_sequence + $3
         RETURNING last_sequence")
    .bind(tenant_id)
    .bind(equipment_id)
    .bind(i64::try_from(reports).map_err(Error::internal)?)
    .count(tx)
    .await
}

/// Who reported a state, and when.
pub(super) struct Reporter<'a> {
    pub(super) at: Millis,
    pub(super) name: &'a str,
    pub(super) employee_id: Option<i64>,
}

/// Keeps reports, a bounded number of them to a statement.
pub(super) async fn insert_reports(
    tx: &mut Tx,
    tenant_id: i64,
    equipment_id: i64,
    reports: &[State],
    reporter: &Reporter<'_>,
) -> Result<()> {
    for reports in reports.chunks(1000) {
        let mut statement =
            sql("INSERT INTO state_report (tenant_id, equipment_id, sequence, status, begin_at,
             end_at, cause, reported_at, reported_by, employee_id) VALUES ");
        let mut separator = "(";
        for report in reports {
            statement = statement
                .push(separator)
                .arg(tenant_id)
                .push(", ")
                .arg(equipment_id)
                .push(", ")
                .arg(report.sequence)
                .push(", ")
                .arg(report.status.number())
                .push(", ")
                .arg(report.begin)
                .push(", ")
                .arg(report.end)
                .push(", ")
                .arg(report.cause.clone())
                .push(", ")
                .arg(reporter.at)
                .push(", ")
                .arg(reporter.name)
                .push(", ")
                .arg(reporter.employee_id)
                .push(")");
            separator = ", (";
        }
        statement.run(tx).await?;
    }
    Ok(())
}

/// All reports on a machine, in their sequence.
pub(super) async fn reports(conn: &mut Conn, tenant_id: i64, equipment_id: i64) -> Result<Vec<State>> {
    let rows: Vec<Row> =
        sql("SELECT equipment_id, begin_at, end_at, status, cause, sequence FROM state_report
         WHERE tenant_id = $1 AND equipment_id = $2 ORDER BY sequence")
        .bind(tenant_id)
        .bind(equipment_id)
        .all(conn)
        .await?;
    rows.into_iter().map(State::try_from).collect()
}

/// Who made which of these reports: sequence, name, instant.
pub(super) async fn reporters(
    conn: &mut Conn,
    tenant_id: i64,
    equipment_id: i64,
    sequences: &[i64],
) -> Result<HashMap<i64, (String, Millis)>> {
    let rows: Vec<(i64, String, i64)> =
        sql("SELECT sequence, reported_by, reported_at FROM state_report WHERE tenant_id = ")
            .arg(tenant_id)
            .push(" AND equipment_id = ")
            .arg(equipment_id)
            .push(" AND sequence IN ")
            .list(sequences.iter().copied())
            .all(conn)
            .await?;
    Ok(rows.into_iter().map(|(sequence, name, at)| (sequence, (name, at))).collect())
}

/// The states of these machines that overlap a window, by machine, in order of time, not clipped.
pub(super) async fn states(
    conn: &mut Conn,
    tenant_id: i64,
    equipment_ids: &[i64],
    window: Interval,
) -> Result<HashMap<i64, Vec<State>>> {
    // States do not overlap, so the last one that begins at or before the window is the earliest that can reach into it:
    // the search starts there and never reads older history.
    let rows: Vec<Row> = sql("SELECT s.equipment_id, s.begin_at, s.end_at, s.status, s.cause, s.sequence
         FROM state_sequence m JOIN machine_state s ON s.tenant_id = m.tenant_id AND s.equipment_id = m.equipment_id
             AND s.begin_at >= COALESCE((SELECT MAX(e.begin_at) FROM machine_state e WHERE e.tenant_id = m.tenant_id
                 AND e.equipment_id = m.equipment_id AND e.begin_at <= ")
    .arg(window.begin)
    .push("), ")
    .arg(window.begin)
    .push(") AND s.begin_at < ")
    .arg(window.end)
    .push(" WHERE m.tenant_id = ")
    .arg(tenant_id)
    .push(" AND m.equipment_id IN ")
    .list(equipment_ids.iter().copied())
    .push(" AND s.end_at > ")
    .arg(window.begin)
    .push(" ORDER BY s.equipment_id, s.begin_at")
    .all(conn)
    .await?;
    let mut states = HashMap::<i64, Vec<State>>::new();
    for row in rows {
        states.entry(row.equipment_id).or_default().push(row.try_into()?);
    }
    Ok(states)
}

/// The states of one machine that overlap a window, in order of time.
pub(super) async fn overlapping(
    conn: &mut Conn,
    tenant_id: i64,
    equipment_id: i64,
    window: Interval,
) -> Result<Vec<State>> {
    let rows: Vec<Row> =
        sql("SELECT equipment_id, begin_at, end_at, status, cause, sequence FROM machine_state
         WHERE tenant_id = $1 AND equipment_id = $2 AND begin_at < $3 AND end_at > $4
             AND begin_at >= COALESCE((SELECT MAX(begin_at) FROM machine_state
                 WHERE tenant_id = $1 AND equipment_id = $2 AND begin_at <= $4), $4)
         ORDER BY begin_at")
        .bind(tenant_id)
        .bind(equipment_id)
        .bind(window.end)
        .bind(window.begin)
        .all(conn)
        .await?;
    rows.into_iter().map(State::try_from).collect()
}

/// Takes the states away that begin in a window.
pub(super) async fn delete_states(
    tx: &mut Tx,
    tenant_id: i64,
    equipment_id: i64,
    begins: Interval,
) -> Result<()> {
    sql("DELETE FROM machine_state WHERE tenant_id = $1 AND equipment_id = $2 AND begin_at >= $3 AND begin_at < $4")
        .bind(tenant_id)
        .bind(equipment_id)
        .bind(begins.begin)
        .bind(begins.end)
        .run(tx)
        .await?;
    Ok(())
}

/// Enters states, a bounded number of them to a statement.
pub(super) async fn insert_states(
    tx: &mut Tx,
    tenant_id: i64,
    equipment_id: i64,
    states: &[State],
) -> Result<()> {
    for states in states.chunks(1000) {
        insert_statement(tenant_id, equipment_id, states).run(tx).await?;
    }
    Ok(())
}

fn insert_statement(tenant_id: i64, equipment_id: i64, states: &[State]) -> Sql {
    let mut statement = sql(
        "INSERT INTO machine_state (tenant_id, equipment_id, begin_at, end_at, status, cause, sequence) VALUES ",
    );
    let mut separator = "(";
    for state in states {
        statement = statement
            .push(separator)
            .arg(tenant_id)
            .push(", ")
            .arg(equipment_id)
            .push(", ")
            .arg(state.begin)
            .push(", ")
            .arg(state.end)
            .push(", ")
            .arg(state.status.number())
            .push(", ")
            .arg(state.cause.clone())
            .push(", ")
            .arg(state.sequence)
            .push(")");
        separator = ", (";
    }
    statement
}
