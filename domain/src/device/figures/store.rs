//! SQL of figures.

use std::collections::HashSet;

use sqlx::FromRow;

use super::figure::Figure;
use super::roll::Made;
use crate::db::{Conn, Sql, Value, sql};
use crate::time::Millis;
use crate::{Interval, Result};

/// `span` of hours in the store.
pub(super) const HOURS: i64 = 1;
/// `span` of days in the store.
pub(super) const DAYS: i64 = 2;
/// Rows of a statement.
const CHUNK: usize = 100;

#[derive(FromRow)]
pub(super) struct DueHour {
    pub device_id: i64,
    pub hour_at: i64,
    pub turn: i64,
    pub product_id: i64,
}

/// Marked hours that began until then, the oldest first, from a place on.
pub(super) async fn due_hours(
    conn: &mut Conn,
    tenant_id: i64,
    until: Millis,
    (hour_at, device_id): (Millis, i64),
    most: i64,
) -> Result<Vec<DueHour>> {
    sql("SELECT h.device_id, h.hour_at, h.turn, d.product_id FROM device_dirty_hour h
         JOIN device d ON d.tenant_id = h.tenant_id AND d.id = h.device_id
         WHERE h.tenant_id = $1 AND h.hour_at <= $2 AND (h.hour_at, h.device_id) > ($3, $4)
         ORDER BY h.hour_at, h.device_id LIMIT $5")
    .bind(tenant_id)
    .bind(until)
    .bind(hour_at)
    .bind(device_id)
    .bind(most)
    .all(conn)
    .await
}

/// Takes the marks off hours for which nothing arrived since they were read, and answers which those are. One that is
/// being marked this moment is left for the next round: nobody who brings messages waits here.
pub(super) async fn take_hours(
    conn: &mut Conn,
    tenant_id: i64,
    lot: &[Made],
) -> Result<HashSet<(i64, Millis)>> {
    let mut taken = HashSet::new();
    for chunk in lot.chunks(CHUNK) {
        let mut query = sql("WITH v (device_id, hour_at, turn) AS (VALUES ");
        for (n, Made { due, .. }) in chunk.iter().enumerate() {
            let text = query.push(if n == 0 { "" } else { ", " });
            query = text.list([due.device_id, due.hour_at, due.turn]);
        }
        let rows: Vec<(i64, i64)> = query
            .push(
                ") SELECT h.device_id, h.hour_at FROM v JOIN device_dirty_hour h ON h.device_id = v.device_id
                     AND h.hour_at = v.hour_at AND h.turn = v.turn WHERE h.tenant_id = ",
            )
            .arg(tenant_id)
            .for_update_of_what_is_free()
            .all(conn)
            .await?;
        if rows.is_empty() {
            continue;
        }
        let mut query = sql("WITH v (device_id, hour_at) AS (VALUES ");
        for (n, (device_id, hour_at)) in rows.iter().enumerate() {
            query = query.push(if n == 0 { "" } else { ", " }).list([*device_id, *hour_at]);
        }
        query
            .push(") DELETE FROM device_dirty_hour WHERE tenant_id = ")
            .arg(tenant_id)
            .push(" AND (device_id, hour_at) IN (SELECT device_id, hour_at FROM v)")
            .run(conn)
            .await?;
        taken.extend(rows);
    }
    Ok(taken)
}

/// Time, number and datapoints of messages after one and before a time, in their order.
pub(super) async fn messages(
    conn: &mut Conn,
    (tenant_id, device_id): (i64, i64),
    (ts, seq): (Millis, i64),
    end: Millis,
    most: i64,
) -> Result<Vec<(i64, i64, String)>> {
    sql("SELECT ts, seq, attrs FROM device_message
         WHERE tenant_id = $1 AND device_id = $2 AND ts >= $3 AND ts < $5 AND (ts > $3 OR seq > $4)
           AND direction = 1 AND attrs IS NOT NULL
         ORDER BY ts, seq LIMIT $6")
    .bind(tenant_id)
    .bind(device_id)
    .bind(ts)
    .bind(seq)
    .bind(end)
    .bind(most)
    .all(conn)
    .await
}

/// Keeps figures (device, datapoint, beginning) in the place of those of fewer values.
pub(super) async fn keep(
    conn: &mut Conn,
    tenant_id: i64,
    span: i64,
    rows: &[(i64, &str, Millis, Figure)],
) -> Result<()> {
    for chunk in rows.chunks(CHUNK) {
        let mut query = sql("INSERT INTO device_figure
            (tenant_id, device_id, name, span, begin_at, samples, minimum, maximum, total, first, last) VALUES ");
        for (n, (device_id, name, begin_at, figure)) in chunk.iter().enumerate() {
            let Figure { samples, minimum, maximum, total, first, last } = *figure;
            let whose: [Value; 6] = [
                tenant_id.into(),
                (*device_id).into(),
                (*name).into(),
                span.into(),
                (*begin_at).into(),
                samples.into(),
            ];
            let values = [minimum, maximum, total, first, last].map(Value::from);
            query = query.push(if n == 0 { "" } else { ", " }).list(whose.into_iter().chain(values));
        }
        query
            .push(
                " ON CONFLICT (tenant_id, device_id, name, span, begin_at) DO UPDATE
                  SET samples = excluded.samples, minimum = excluded.minimum, maximum = excluded.maximum,
                      total = excluded.total, first = excluded.first, last = excluded.last
                  WHERE excluded.samples >= device_figure.samples",
            )
            .run(conn)
            .await?;
    }
    Ok(())
}

/// Marks days (device, beginning) whose figures are to be made.
pub(super) async fn mark_days(conn: &mut Conn, tenant_id: i64, days: &[(i64, Millis)]) -> Result<()> {
    for chunk in days.chunks(CHUNK) {
        let mut query = sql("INSERT INTO device_dirty_day (tenant_id, device_id, day_at) VALUES ");
        for (n, (device_id, day_at)) in chunk.iter().enumerate() {
            query = query.push(if n == 0 { "" } else { ", " }).list([tenant_id, *device_id, *day_at]);
        }
        query.push(" ON CONFLICT (tenant_id, device_id, day_at) DO NOTHING").run(conn).await?;
    }
    Ok(())
}

/// Takes the marks off a day of devices.
pub(super) async fn unmark_days(
    conn: &mut Conn,
    tenant_id: i64,
    day_at: Millis,
    devices: &[i64],
) -> Result<()> {
    sql("DELETE FROM device_dirty_day WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND day_at = ")
        .arg(day_at)
        .push(" AND device_id IN ")
        .list(devices.iter().copied())
        .run(conn)
        .await?;
    Ok(())
}

#[derive(FromRow)]
pub(super) struct DueDay {
    pub device_id: i64,
    pub day_at: i64,
    pub product_id: i64,
}

/// Marked days that began until then, the oldest first, from a place on.
pub(super) async fn due_days(
    conn: &mut Conn,
    tenant_id: i64,
    until: Millis,
    (day_at, device_id): (Millis, i64),
    most: i64,
) -> Result<Vec<DueDay>> {
    sql("SELECT h.device_id, h.day_at, d.product_id FROM device_dirty_day h
         JOIN device d ON d.tenant_id = h.tenant_id AND d.id = h.device_id
         WHERE h.tenant_id = $1 AND h.day_at <= $2 AND (h.day_at, h.device_id) > ($3, $4)
         ORDER BY h.day_at, h.device_id LIMIT $5")
    .bind(tenant_id)
    .bind(until)
    .bind(day_at)
    .bind(device_id)
    .bind(most)
    .all(conn)
    .await
}

#[derive(FromRow)]
pub(super) struct HourRow {
    pub device_id: i64,
    pub name: String,
    pub begin_at: i64,
    #[sqlx(flatten)]
    pub figure: Figure,
}

/// Figures of the hours that begin in a span, of each device and datapoint in order of time.
pub(super) async fn hours(
    conn: &mut Conn,
    tenant_id: i64,
    devices: &[i64],
    names: &[String],
    span: Interval,
) -> Result<Vec<HourRow>> {
    sql("SELECT device_id, name, begin_at, samples, minimum, maximum, total, first, last FROM device_figure
         WHERE tenant_id = ")
    .arg(tenant_id)
    .push(" AND device_id IN ")
    .list(devices.iter().copied())
    .push(" AND name IN ")
    .list(names)
    .push(" AND span = ")
    .arg(HOURS)
    .push(" AND begin_at >= ")
    .arg(span.begin)
    .push(" AND begin_at < ")
    .arg(span.end)
    .push(" ORDER BY device_id, name, begin_at")
    .all(conn)
    .await
}

/// The newest marked hours of a device that begin in a span.
pub(super) async fn dirty_hours(
    conn: &mut Conn,
    whose: (i64, i64),
    span: Interval,
    most: i64,
) -> Result<Vec<Millis>> {
    let select = sql("SELECT hour_at FROM device_dirty_hour WHERE tenant_id = $1 AND device_id = $2
         AND hour_at >= $3 AND hour_at < $4 ORDER BY hour_at DESC LIMIT $5");
    newest(select, conn, whose, span, most).await
}

/// The newest marked days of a device that begin in a span.
pub(super) async fn dirty_days(
    conn: &mut Conn,
    whose: (i64, i64),
    span: Interval,
    most: i64,
) -> Result<Vec<Millis>> {
    let select = sql("SELECT day_at FROM device_dirty_day WHERE tenant_id = $1 AND device_id = $2
         AND day_at >= $3 AND day_at < $4 ORDER BY day_at DESC LIMIT $5");
    newest(select, conn, whose, span, most).await
}

async fn newest(
    select: Sql,
    conn: &mut Conn,
    (tenant_id, device_id): (i64, i64),
    span: Interval,
    most: i64,
) -> Result<Vec<Millis>> {
    let rows: Vec<(i64,)> =
        select.bind(tenant_id).bind(device_id).bind(span.begin).bind(span.end).bind(most).all(conn).await?;
    Ok(rows.into_iter().map(|(at,)| at).collect())
}
