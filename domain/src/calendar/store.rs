//! Shifts, their pauses and planned shutdowns in the database.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::{Date, Time};

use super::{Break, Shift, Shutdown, ShutdownRule};
use crate::db::{Conn, Sql, sql};
use crate::time::Millis;
use crate::{Error, Interval, Page, Result};

const SHIFT: &str =
    "SELECT id, node_id, node_level, name, description, begin_time, end_time, first_date, last_date
     FROM calendar_shift WHERE tenant_id = ";
const SHUTDOWN: &str =
    "SELECT id, node_id, node_level, name, description, begin_at, end_at, day_of_week, begin_time, end_time
     FROM planned_shutdown WHERE tenant_id = ";
const NEWEST_FIRST: &str = " ORDER BY created_at DESC, id DESC";

#[derive(sqlx::FromRow)]
struct StoredShift {
    id: i64,
    node_id: i64,
    node_level: i64,
    name: String,
    description: Option<String>,
    begin_time: String,
    end_time: String,
    first_date: Option<String>,
    last_date: Option<String>,
}

#[derive(sqlx::FromRow)]
struct StoredBreak {
    id: i64,
    shift_id: i64,
    kind: i64,
    begin_time: String,
    end_time: String,
}

#[derive(sqlx::FromRow)]
struct StoredShutdown {
    id: i64,
    node_id: i64,
    node_level: i64,
    name: String,
    description: Option<String>,
    begin_at: Option<i64>,
    end_at: Option<i64>,
    day_of_week: Option<i64>,
    begin_time: Option<String>,
    end_time: Option<String>,
}

fn time(stored: &str) -> Result<Time> {
    stored.parse().map_err(Error::internal)
}

fn date(stored: Option<&String>) -> Result<Option<Date>> {
    stored.map(|stored| stored.parse().map_err(Error::internal)).transpose()
}

impl StoredShift {
    fn read(self, mut breaks: Vec<Break>) -> Result<Shift> {
        let (begin, end) = (time(&self.begin_time)?, time(&self.end_time)?);
        // In their order of time: those after midnight of a night shift come last.
        breaks.sort_by_key(|pause| (pause.begin < begin, pause.begin));
        Ok(Shift {
            id: self.id,
            node_id: self.node_id,
            node_level: self.node_level,
            name: self.name,
            description: self.description,
            begin,
            end,
            first_date: date(self.first_date.as_ref())?,
            last_date: date(self.last_date.as_ref())?,
            breaks,
        })
    }
}

impl TryFrom<StoredShutdown> for Shutdown {
    type Error = Error;

    fn try_from(stored: StoredShutdown) -> Result<Self> {
        let rule =
            match (stored.begin_at, stored.end_at, stored.day_of_week, stored.begin_time, stored.end_time) {
                (Some(begin), Some(end), ..) => ShutdownRule::Period(Interval::new(begin, end)),
                (_, _, Some(day), Some(begin), Some(end)) => ShutdownRule::Weekly {
                    day_of_week: i8::try_from(day).map_err(Error::internal)?,
                    begin: time(&begin)?,
                    end: time(&end)?,
                },
                _ => return Err(Error::internal(format!("planned shutdown {} has no time", stored.id))),
            };
        Ok(Self {
            id: stored.id,
            node_id: stored.node_id,
            node_level: stored.node_level,
            name: stored.name,
            description: stored.description,
            rule,
        })
    }
}

/// The shifts that a statement finds, with their pauses: two statements in all.
async fn shifts(conn: &mut Conn, tenant_id: i64, statement: Sql) -> Result<Vec<Shift>> {
    let found: Vec<StoredShift> = statement.all(conn).await?;
    let ids: Vec<i64> = found.iter().map(|shift| shift.id).collect();
    let pauses: Vec<StoredBreak> =
        sql("SELECT id, shift_id, kind, begin_time, end_time FROM calendar_break WHERE tenant_id = ")
            .arg(tenant_id)
            .push(" AND shift_id IN ")
            .list(ids)
            .all(conn)
            .await?;
    let mut by_shift: HashMap<i64, Vec<Break>> = HashMap::new();
    for StoredBreak { id, shift_id, kind, begin_time, end_time } in pauses {
        let pause = Break { id, kind, begin: time(&begin_time)?, end: time(&end_time)? };
        by_shift.entry(shift_id).or_default().push(pause);
    }
    let read = |shift: StoredShift| {
        let breaks = by_shift.remove(&shift.id).unwrap_or_default();
        shift.read(breaks)
    };
    found.into_iter().map(read).collect()
}

/// All shifts of these nodes.
pub(super) async fn shifts_of_nodes(
    conn: &mut Conn,
    tenant_id: i64,
    node_ids: &[i64],
) -> Result<Vec<Arc<Shift>>> {
    let statement =
        sql(SHIFT).arg(tenant_id).push(" AND node_id IN ").list(node_ids.iter().copied()).push(NEWEST_FIRST);
    Ok(shifts(conn, tenant_id, statement).await?.into_iter().map(Arc::new).collect())
}

/// A page of a node's own shifts and how many there are.
pub(super) async fn page_of_shifts(
    conn: &mut Conn,
    tenant_id: i64,
    node_id: i64,
    page: Page,
) -> Result<(i64, Vec<Shift>)> {
    let total =
        sql("SELECT CAST(COUNT(*) AS BIGINT) FROM calendar_shift WHERE tenant_id = $1 AND node_id = $2")
            .bind(tenant_id)
            .bind(node_id)
            .count(conn)
            .await?;
    let statement =
        sql(SHIFT).arg(tenant_id).push(" AND node_id = ").arg(node_id).push(NEWEST_FIRST).page(page);
    Ok((total, shifts(conn, tenant_id, statement).await?))
}

/// One shift.
pub(super) async fn shift(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<Option<Shift>> {
    let statement = sql(SHIFT).arg(tenant_id).push(" AND id = ").arg(id);
    Ok(shifts(conn, tenant_id, statement).await?.pop())
}

/// Stores a new shift without its pauses.
pub(super) async fn insert_shift(conn: &mut Conn, tenant_id: i64, shift: &Shift, now: Millis) -> Result<()> {
    sql("INSERT INTO calendar_shift (tenant_id, id, node_id, node_level, name, description, begin_time, end_time,
         first_date, last_date, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
    .bind(tenant_id)
    .bind(shift.id)
    .bind(shift.node_id)
    .bind(shift.node_level)
    .bind(&shift.name)
    .bind(shift.description.clone())
    .bind(shift.begin.to_string())
    .bind(shift.end.to_string())
    .bind(shift.first_date.map(|date| date.to_string()))
    .bind(shift.last_date.map(|date| date.to_string()))
    .bind(now)
    .run(conn)
    .await?;
    Ok(())
}

/// Replaces a shift but for its pauses.
pub(super) async fn update_shift(conn: &mut Conn, tenant_id: i64, shift: &Shift) -> Result<u64> {
    sql("UPDATE calendar_shift SET node_id = $3, node_level = $4, name = $5, description = $6, begin_time = $7,
         end_time = $8, first_date = $9, last_date = $10 WHERE tenant_id = $1 AND id = $2")
    .bind(tenant_id)
    .bind(shift.id)
    .bind(shift.node_id)
    .bind(shift.node_level)
    .bind(&shift.name)
    .bind(shift.description.clone())
    .bind(shift.begin.to_string())
    .bind(shift.end.to_string())
    .bind(shift.first_date.map(|date| date.to_string()))
    .bind(shift.last_date.map(|date| date.to_string()))
    .run(conn)
    .await
}

/// Replaces the pauses of a shift.
pub(super) async fn replace_breaks(conn: &mut Conn, tenant_id: i64, shift: &Shift) -> Result<()> {
    sql("DELETE FROM calendar_break WHERE tenant_id = $1 AND shift_id = $2")
        .bind(tenant_id)
        .bind(shift.id)
        .run(conn)
        .await?;
    if shift.breaks.is_empty() {
        return Ok(());
    }
    let mut statement =
        sql("INSERT INTO calendar_break (tenant_id, id, shift_id, kind, begin_time, end_time) VALUES ");
    for (index, pause) in shift.breaks.iter().enumerate() {
        if index > 0 {
            statement = statement.push(", ");
        }
        statement = statement
            .push("(")
            .arg(tenant_id)
            .push(", ")
            .arg(pause.id)
            .push(", ")
            .arg(shift.id)
            .push(", ")
            .arg(pause.kind)
            .push(", ")
            .arg(pause.begin.to_string())
            .push(", ")
            .arg(pause.end.to_string())
            .push(")");
    }
    statement.run(conn).await?;
    Ok(())
}

/// Deletes a shift and its pauses.
pub(super) async fn delete_shift(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<u64> {
    sql("DELETE FROM calendar_shift WHERE tenant_id = $1 AND id = $2")
        .bind(tenant_id)
        .bind(id)
        .run(conn)
        .await
}

/// All planned shutdowns of these nodes.
pub(super) async fn shutdowns_of_nodes(
    conn: &mut Conn,
    tenant_id: i64,
    node_ids: &[i64],
) -> Result<Vec<Arc<Shutdown>>> {
    let found: Vec<StoredShutdown> = sql(SHUTDOWN)
        .arg(tenant_id)
        .push(" AND node_id IN ")
        .list(node_ids.iter().copied())
        .push(NEWEST_FIRST)
        .all(conn)
        .await?;
    found.into_iter().map(|stored| stored.try_into().map(Arc::new)).collect()
}

/// A page of a node's own planned shutdowns and how many there are.
pub(super) async fn page_of_shutdowns(
    conn: &mut Conn,
    tenant_id: i64,
    node_id: i64,
    page: Page,
) -> Result<(i64, Vec<Shutdown>)> {
    let total =
        sql("SELECT CAST(COUNT(*) AS BIGINT) FROM planned_shutdown WHERE tenant_id = $1 AND node_id = $2")
            .bind(tenant_id)
            .bind(node_id)
            .count(conn)
            .await?;
    let found: Vec<StoredShutdown> = sql(SHUTDOWN)
        .arg(tenant_id)
        .push(" AND node_id = ")
        .arg(node_id)
        .push(NEWEST_FIRST)
        .page(page)
        .all(conn)
        .await?;
    Ok((total, found.into_iter().map(Shutdown::try_from).collect::<Result<_>>()?))
}

/// One planned shutdown.
pub(super) async fn shutdown(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<Option<Shutdown>> {
    let found: Option<StoredShutdown> =
        sql(SHUTDOWN).arg(tenant_id).push(" AND id = ").arg(id).optional(conn).await?;
    found.map(Shutdown::try_from).transpose()
}

/// The columns of a rule: instants of a period, or weekday and wall times.
type RuleColumns = (Option<i64>, Option<i64>, Option<i64>, Option<String>, Option<String>);

fn columns(rule: &ShutdownRule) -> RuleColumns {
    match rule {
        ShutdownRule::Period(period) => (Some(period.begin), Some(period.end), None, None, None),
        ShutdownRule::Weekly { day_of_week, begin, end } => {
            (None, None, Some((*day_of_week).into()), Some(begin.to_string()), Some(end.to_string()))
        }
    }
}

/// Stores a new planned shutdown.
pub(super) async fn insert_shutdown(
    conn: &mut Conn,
    tenant_id: i64,
    shutdown: &Shutdown,
    now: Millis,
) -> Result<()> {
    let (begin_at, end_at, day_of_week, begin_time, end_time) = columns(&shutdown.rule);
    sql("INSERT INTO planned_shutdown (tenant_id, id, node_id, node_level, name, description, begin_at, end_at,
         day_of_week, begin_time, end_time, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
    .bind(tenant_id)
    .bind(shutdown.id)
    .bind(shutdown.node_id)
    .bind(shutdown.node_level)
    .bind(&shutdown.name)
    .bind(shutdown.description.clone())
    .bind(begin_at)
    .bind(end_at)
    .bind(day_of_week)
    .bind(begin_time)
    .bind(end_time)
    .bind(now)
    .run(conn)
    .await?;
    Ok(())
}

/// Replaces a planned shutdown.
pub(super) async fn update_shutdown(conn: &mut Conn, tenant_id: i64, shutdown: &Shutdown) -> Result<u64> {
    let (begin_at, end_at, day_of_week, begin_time, end_time) = columns(&shutdown.rule);
    sql("UPDATE planned_shutdown SET node_id = $3, node_level = $4, name = $5, description = $6, begin_at = $7,
         end_at = $8, day_of_week = $9, begin_time = $10, end_time = $11 WHERE tenant_id = $1 AND id = $2")
    .bind(tenant_id)
    .bind(shutdown.id)
    .bind(shutdown.node_id)
    .bind(shutdown.node_level)
    .bind(&shutdown.name)
    .bind(shutdown.description.clone())
    .bind(begin_at)
    .bind(end_at)
    .bind(day_of_week)
    .bind(begin_time)
    .bind(end_time)
    .run(conn)
    .await
}

/// Deletes a planned shutdown.
pub(super) async fn delete_shutdown(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<u64> {
    sql("DELETE FROM planned_shutdown WHERE tenant_id = $1 AND id = $2")
        .bind(tenant_id)
        .bind(id)
        .run(conn)
        .await
}
