//! SQL of what a device did in a window: on line and off line, messages, history.

use crate::Result;
use crate::db::{Conn, Sql, sql};
use crate::time::Millis;

/// A window of a device's records, read from a place on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub device_id: i64,
    /// First and last millisecond.
    pub from: Millis,
    pub to: Millis,
    /// What arrived later does not count.
    pub known_at: Millis,
    pub ascending: bool,
    /// The last record that was answered, as the list is ordered.
    pub after: Option<(i64, i64, i64)>,
    /// Records to read.
    pub limit: i64,
}

#[derive(sqlx::FromRow)]
pub(crate) struct OnlineRow {
    pub at: i64,
    pub id: i64,
    pub online: bool,
    pub payload: String,
}

#[derive(sqlx::FromRow)]
pub(crate) struct MessageRow {
    pub at: i64,
    pub ts: i64,
    pub seq: i64,
    pub direction: i64,
    pub payload: String,
}

#[derive(sqlx::FromRow)]
pub(crate) struct HistoryRow {
    pub ts: i64,
    pub seq: i64,
    pub attrs: String,
}

const COUNT: &str = "SELECT CAST(COUNT(*) AS BIGINT)";

pub(crate) async fn count_online(conn: &mut Conn, tenant_id: i64, window: &Window) -> Result<i64> {
    online(sql(COUNT), tenant_id, window).count(conn).await
}

pub(crate) async fn list_online(conn: &mut Conn, tenant_id: i64, window: &Window) -> Result<Vec<OnlineRow>> {
    let query = online(sql("SELECT at, id, online, payload"), tenant_id, window);
    let query = match window.after {
        Some((at, id, _)) => {
            query.push(" AND (at, id)").push(beyond(window)).arg(at).push(", ").arg(id).push(")")
        }
        None => query,
    };
    ordered(query, window, [" ORDER BY at, id", " ORDER BY at DESC, id DESC"]).all(conn).await
}

fn online(select: Sql, tenant_id: i64, window: &Window) -> Sql {
    let query = select.push(" FROM device_online_log WHERE tenant_id = ").arg(tenant_id);
    within(query, window, " AND at >= ", " AND at <= ").push(" AND at <= ").arg(window.known_at)
}

pub(crate) async fn count_messages(conn: &mut Conn, tenant_id: i64, window: &Window) -> Result<i64> {
    messages(sql(COUNT), tenant_id, window).count(conn).await
}

pub(crate) async fn list_messages(
    conn: &mut Conn,
    tenant_id: i64,
    window: &Window,
) -> Result<Vec<MessageRow>> {
    let query = messages(sql("SELECT at, ts, seq, direction, payload"), tenant_id, window);
    let query = match window.after {
        Some((at, ts, seq)) => {
            let query = query.push(" AND (at, ts, seq)").push(beyond(window)).arg(at);
            query.push(", ").arg(ts).push(", ").arg(seq).push(")")
        }
        None => query,
    };
    ordered(query, window, [" ORDER BY at, ts, seq", " ORDER BY at DESC, ts DESC, seq DESC"]).all(conn).await
}

fn messages(select: Sql, tenant_id: i64, window: &Window) -> Sql {
    let query = select.push(" FROM device_message WHERE tenant_id = ").arg(tenant_id);
    within(query, window, " AND at >= ", " AND at <= ").push(" AND at <= ").arg(window.known_at)
}

/// How many records there are, from two indexes alone: all messages, without those that carry no data. What is known at the
/// moment of the call counts, so `known_at` says nothing.
pub(crate) async fn count_history(conn: &mut Conn, tenant_id: i64, window: &Window) -> Result<i64> {
    let counted = |begin| {
        let query = sql(begin).push(" FROM device_message WHERE tenant_id = ").arg(tenant_id);
        within(query, window, " AND ts >= ", " AND ts <= ")
    };
    counted("SELECT CAST((SELECT COUNT(*)")
        .append(counted(") - (SELECT COUNT(*)"))
        .push(" AND (direction = 2 OR attrs IS NULL)) AS BIGINT)")
        .count(conn)
        .await
}

pub(crate) async fn list_history(
    conn: &mut Conn,
    tenant_id: i64,
    window: &Window,
) -> Result<Vec<HistoryRow>> {
    let query = history(sql("SELECT ts, seq, attrs"), tenant_id, window);
    let query = match window.after {
        Some((ts, seq, _)) => {
            query.push(" AND (ts, seq)").push(beyond(window)).arg(ts).push(", ").arg(seq).push(")")
        }
        None => query,
    };
    ordered(query, window, [" ORDER BY ts, seq", " ORDER BY ts DESC, seq DESC"]).all(conn).await
}

fn history(select: Sql, tenant_id: i64, window: &Window) -> Sql {
    let query = select.push(" FROM device_message WHERE tenant_id = ").arg(tenant_id);
    within(query, window, " AND ts >= ", " AND ts <= ")
        .push(" AND at <= ")
        .arg(window.known_at)
        .push(" AND direction = 1 AND attrs IS NOT NULL")
}

fn within(query: Sql, window: &Window, from: &'static str, to: &'static str) -> Sql {
    // The records before the place to read on from are not looked at again.
    let (first, last) = match window.after {
        Some((at, _, _)) if window.ascending => (window.from.max(at), window.to),
        Some((at, _, _)) => (window.from, window.to.min(at)),
        None => (window.from, window.to),
    };
    query.push(" AND device_id = ").arg(window.device_id).push(from).arg(first).push(to).arg(last)
}

fn beyond(window: &Window) -> &'static str {
    if window.ascending { " > (" } else { " < (" }
}

fn ordered(query: Sql, window: &Window, [up, down]: [&'static str; 2]) -> Sql {
    query.push(if window.ascending { up } else { down }).push(" LIMIT ").arg(window.limit)
}
