//! What a device did and said over time.

use std::collections::BTreeMap;

use sqlx::FromRow;

use crate::db::{Conn, Sql, sql};
use crate::device::figures::Figure;
use crate::device::view::Before;
use crate::{Interval, Millis, Result};

#[derive(FromRow)]
pub(in crate::device::view) struct OnlineRow {
    pub(in crate::device::view) at: i64,
    pub(in crate::device::view) id: i64,
    pub(in crate::device::view) online: bool,
    pub(in crate::device::view) payload: String,
}

fn of_device(select: Sql, (tenant_id, id): (i64, i64), span: Interval) -> Sql {
    select
        .arg(tenant_id)
        .push(" AND device_id = ")
        .arg(id)
        .push(" AND at >= ")
        .arg(span.begin)
        .push(" AND at < ")
        .arg(span.end)
}

/// Entries of the online log, the newest first.
pub(in crate::device::view) async fn online(
    conn: &mut Conn,
    whose: (i64, i64),
    span: Interval,
    before: Option<Before>,
    most: i64,
) -> Result<Vec<OnlineRow>> {
    let select = sql("SELECT at, id, online, payload FROM device_online_log WHERE tenant_id = ");
    let mut query = of_device(select, whose, span);
    if let Some(before) = before {
        query = query.push(" AND (at < ").arg(before.at).push(" OR (at = ").arg(before.at);
        query = query.push(" AND id < ").arg(before.entry.0).push("))");
    }
    query.push(" ORDER BY at DESC, id DESC LIMIT ").arg(most).all(conn).await
}

#[derive(FromRow)]
pub(in crate::device::view) struct MessageRow {
    pub(in crate::device::view) ts: i64,
    pub(in crate::device::view) seq: i64,
    pub(in crate::device::view) at: i64,
    pub(in crate::device::view) direction: i64,
    pub(in crate::device::view) payload: String,
    pub(in crate::device::view) attrs: Option<String>,
    pub(in crate::device::view) trouble: Option<String>,
}

/// Messages, the one that came or left last first.
pub(in crate::device::view) async fn messages(
    conn: &mut Conn,
    whose: (i64, i64),
    span: Interval,
    before: Option<Before>,
    most: i64,
) -> Result<Vec<MessageRow>> {
    let select =
        sql("SELECT ts, seq, at, direction, payload, attrs, trouble FROM device_message WHERE tenant_id = ");
    let mut query = of_device(select, whose, span);
    if let Some(Before { at, entry: (ts, seq) }) = before {
        query = query.push(" AND (at < ").arg(at).push(" OR (at = ").arg(at).push(" AND (ts < ").arg(ts);
        query = query.push(" OR (ts = ").arg(ts).push(" AND seq < ").arg(seq).push("))))");
    }
    query.push(" ORDER BY at DESC, ts DESC, seq DESC LIMIT ").arg(most).all(conn).await
}

/// Time and datapoints of the newest messages of a span that name a datapoint, the newest first.
pub(in crate::device::view) async fn reports(
    conn: &mut Conn,
    (tenant_id, id): (i64, i64),
    name: &str,
    span: Interval,
    most: i64,
) -> Result<Vec<(i64, String)>> {
    sql("SELECT ts, attrs FROM device_message WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND device_id = ")
        .arg(id)
        .push(" AND ts >= ")
        .arg(span.begin)
        .push(" AND ts < ")
        .arg(span.end)
        .push(" AND direction = 1 AND attrs IS NOT NULL AND ")
        .contains("attrs", &format!("\"{name}\""))
        .push(" ORDER BY ts DESC, seq DESC LIMIT ")
        .arg(most)
        .all(conn)
        .await
}

#[derive(FromRow)]
struct FigureRow {
    begin_at: i64,
    #[sqlx(flatten)]
    figure: Figure,
}

/// Kept figures of a datapoint by their beginning: hours (`kind` 1) or days (2).
pub(in crate::device::view) async fn figures(
    conn: &mut Conn,
    (tenant_id, id): (i64, i64),
    name: &str,
    kind: i64,
    span: Interval,
) -> Result<BTreeMap<Millis, Figure>> {
    let rows: Vec<FigureRow> =
        sql("SELECT begin_at, samples, minimum, maximum, total, first, last FROM device_figure
             WHERE tenant_id = $1 AND device_id = $2 AND name = $3 AND span = $4 AND begin_at >= $5 AND begin_at < $6")
        .bind(tenant_id)
        .bind(id)
        .bind(name)
        .bind(kind)
        .bind(span.begin)
        .bind(span.end)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.begin_at, row.figure)).collect())
}
