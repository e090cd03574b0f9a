//! When a device was on line, and what was said.

use serde_json::Value;

use super::{check, no_device};
use crate::access::{Access, Area};
use crate::db::Conn;
use crate::device::view::store::fleet;
use crate::device::view::store::logs::{self, MessageRow, OnlineRow};
use crate::device::view::{Before, LogPage, MessageEntry, OnlineEntry};
use crate::{Ctx, Interval, Result};

/// When a device went on and off line in a span, the newest first.
pub async fn online_log(
    ctx: &Ctx,
    id: i64,
    span: Interval,
    before: Option<Before>,
    size: i64,
) -> Result<LogPage<OnlineEntry>> {
    ctx.require(Area::Device, Access::Read)?;
    let span = check(span)?;
    let mut conn = ctx.read().await?;
    let whose = known(&mut conn, ctx.tenant_id(), id).await?;
    let rows = logs::online(&mut conn, whose, span, before, size + 1).await?;
    let next = |row: &OnlineRow| Before { at: row.at, entry: (row.id, 0) };
    Ok(page(rows, size, next, online_entry))
}

/// What came from a device and went to it in a span, the newest first.
pub async fn message_log(
    ctx: &Ctx,
    id: i64,
    span: Interval,
    before: Option<Before>,
    size: i64,
) -> Result<LogPage<MessageEntry>> {
    ctx.require(Area::Device, Access::Read)?;
    let span = check(span)?;
    let mut conn = ctx.read().await?;
    let whose = known(&mut conn, ctx.tenant_id(), id).await?;
    let rows = logs::messages(&mut conn, whose, span, before, size + 1).await?;
    let next = |row: &MessageRow| Before { at: row.at, entry: (row.ts, row.seq) };
    Ok(page(rows, size, next, message_entry))
}

async fn known(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<(i64, i64)> {
    let device = fleet::by_ids(conn, tenant_id, &[id]).await?.pop().ok_or_else(no_device)?;
    Ok((tenant_id, device.id))
}

fn page<R, T>(
    mut rows: Vec<R>,
    size: i64,
    next: impl Fn(&R) -> Before,
    entry: impl Fn(R) -> T,
) -> LogPage<T> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    let older = rows.last().filter(|_| more).map(next);
    LogPage { entries: rows.into_iter().map(entry).collect(), older }
}

fn online_entry(row: OnlineRow) -> OnlineEntry {
    let payload: Value = serde_json::from_str(&row.payload).unwrap_or_default();
    let beats = payload.get("heartbeat");
    let beat = |name: &str| beats.and_then(|beats| beats.get(name)).and_then(Value::as_f64);
    OnlineEntry {
        at: row.at,
        online: row.online,
        keep_alive: payload.get("keep_alive").and_then(Value::as_i64),
        duration: payload.get("duration").and_then(Value::as_f64).and_then(whole),
        reason: payload.get("reason").and_then(Value::as_str).map(str::to_owned),
        beats: beats.and_then(|beats| beats.get("count")).and_then(Value::as_i64),
        distance: beat("min").zip(beat("avg")).zip(beat("max")).map(|((min, avg), max)| (min, avg, max)),
    }
}

/// Whole seconds.
#[expect(clippy::cast_possible_truncation, reason = "checked to be within a few thousand years")]
fn whole(seconds: f64) -> Option<i64> {
    (seconds.is_finite() && seconds.abs() < 1e11).then(|| seconds.round() as i64)
}

fn message_entry(row: MessageRow) -> MessageEntry {
    MessageEntry {
        at: row.at,
        ts: row.ts,
        up: row.direction == 1,
        payload: row.payload,
        attrs: row.attrs.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default(),
        trouble: row.trouble,
    }
}
