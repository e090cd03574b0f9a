//! When a device was on line, and what was said.

use serde_json::Value;

use super::{check, no_device};
use crate::access::{Access, Area};
use crate::db::Conn;
use crate::device::Definition;
use crate::device::datapoint::from_hex;
use crate::device::payload::explain;
use crate::device::view::store::fleet::{self, DeviceRow};
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
    let whose = (ctx.tenant_id(), known(&mut conn, ctx.tenant_id(), id).await?.id);
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
    let device = known(&mut conn, ctx.tenant_id(), id).await?;
    let whose = (ctx.tenant_id(), device.id);
    let rows = logs::messages(&mut conn, whose, span, before, size + 1).await?;
    let products = fleet::products(&mut conn, ctx.tenant_id()).await?;
    drop(conn);
    let product = products.into_iter().find(|product| product.id == device.product_id);
    let definition = product.and_then(|product| Definition::parse(&product.definition).ok());
    let next = |row: &MessageRow| Before { at: row.at, entry: (row.ts, row.seq) };
    Ok(page(rows, size, next, |row| message_entry(row, definition.as_ref())))
}

async fn known(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<DeviceRow> {
    fleet::by_ids(conn, tenant_id, &[id]).await?.pop().ok_or_else(no_device)
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

/// What was stored of a message, and what its bytes say: a message to a device was not taken apart when it was stored.
fn message_entry(row: MessageRow, definition: Option<&Definition>) -> MessageEntry {
    let explained =
        definition.zip(from_hex(&row.payload)).map(|(definition, bytes)| explain(definition, &bytes));
    let stored = row.attrs.and_then(|json| serde_json::from_str(&json).ok());
    let (what, serial, data, decoded) = match explained {
        Some(explained) => (Some(explained.what), explained.serial, explained.data, explained.attrs),
        None => Default::default(),
    };
    MessageEntry {
        at: row.at,
        ts: row.ts,
        up: row.direction == 1,
        payload: row.payload,
        what,
        serial,
        attrs: stored.unwrap_or(decoded),
        data,
        trouble: row.trouble,
    }
}
