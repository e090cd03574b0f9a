//! What a device did in a window of at most two days: on line and off line, messages, history of its datapoints.
//!
//! A first call fixes the window and what is known in it; the cursor it answers carries both, so that later calls read on
//! in the same list, whatever arrives meanwhile and whichever process answers.

use serde_json::{Map, Value};

use super::cursor::{self, Cursor};
use super::devices::device_of;
use super::products::product_by_key;
use crate::access::{Access, Area};
use crate::device::store::logs::{self as store, HistoryRow, MessageRow, OnlineRow, Window};
use crate::device::{
    Definition, Device, HistoryRecord, MessageRecord, OnlineRecord, Product, ReadLog, seconds,
};
use crate::enterprise::{Scroll, Slice};
use crate::time::{MINUTE, Millis};
use crate::{Code, Ctx, Error, Result, text};

/// Longest window, seconds.
const LONGEST: i64 = 2 * 24 * 3600;
/// How far back it may begin, seconds.
const REACH: i64 = 30 * 24 * 3600;
/// A client's clock may be off by this much, seconds.
const TOLERANCE: i64 = 60;
/// Records of a call.
const USUAL_LIMIT: i64 = 20;
/// Most records of a call.
const MAX_LIMIT: i64 = 100;

/// A kind of list, and the number it has in cursors.
#[derive(Clone, Copy)]
enum List {
    Online = 1,
    Messages = 2,
    History = 3,
}

/// When a device went on line and off line, and why.
pub async fn online_log(ctx: &Ctx, params: ReadLog) -> Result<Scroll<OnlineRecord>> {
    ctx.require(Area::Device, Access::Read)?;
    let (_, device) = readable(ctx, &params).await?;
    let reading = Reading::begin(ctx, List::Online, &device, &params).await?;
    let mut read = ctx.read().await?;
    let total = match reading.total {
        Some(total) => total,
        None => store::count_online(&mut read, ctx.tenant_id(), &reading.window).await?,
    };
    let rows = store::list_online(&mut read, ctx.tenant_id(), &reading.window).await?;
    drop(read);
    let records = |row: OnlineRow| {
        Ok(OnlineRecord {
            timestamp: row.at as f64 / 1000.0,
            r#type: if row.online { "dev_online" } else { "dev_offline" },
            payload: object(&row.payload)?,
        })
    };
    reading.end(ctx, total, rows, |row| (row.at, row.id, 0), records).await
}

/// Messages from and to a device, as bytes.
pub async fn message_log(ctx: &Ctx, params: ReadLog) -> Result<Scroll<MessageRecord>> {
    ctx.require(Area::Device, Access::Read)?;
    let (_, device) = readable(ctx, &params).await?;
    let reading = Reading::begin(ctx, List::Messages, &device, &params).await?;
    let mut read = ctx.read().await?;
    let total = match reading.total {
        Some(total) => total,
        None => store::count_messages(&mut read, ctx.tenant_id(), &reading.window).await?,
    };
    let rows = store::list_messages(&mut read, ctx.tenant_id(), &reading.window).await?;
    drop(read);
    let records = |row: MessageRow| {
        Ok(MessageRecord {
            timestamp: row.at as f64 / 1000.0,
            r#type: if row.direction == 1 { "dev2app" } else { "app2dev" },
            payload: row.payload,
        })
    };
    reading.end(ctx, total, rows, |row| (row.at, row.ts, row.seq), records).await
}

/// Values of a device's datapoints as it reported them.
pub async fn data_history(ctx: &Ctx, params: ReadLog) -> Result<Scroll<HistoryRecord>> {
    ctx.require(Area::Device, Access::Read)?;
    let (product, device) = readable(ctx, &params).await?;
    if Definition::parse(&product.definition)?.is_empty() {
        return Err(super::products::no_datapoints());
    }
    let reading = Reading::begin(ctx, List::History, &device, &params).await?;
    let mut read = ctx.read().await?;
    let total = match reading.total {
        Some(total) => total,
        None => store::count_history(&mut read, ctx.tenant_id(), &reading.window).await?,
    };
    let rows = store::list_history(&mut read, ctx.tenant_id(), &reading.window).await?;
    drop(read);
    let records = |row: HistoryRow| Ok(HistoryRecord { ts: seconds(row.ts), attrs: object(&row.attrs)? });
    reading.end(ctx, total, rows, |row| (row.ts, row.seq, 0), records).await
}

/// The device, if its product gives logs and history: while it is not published, or when that is switched on (5024).
async fn readable(ctx: &Ctx, params: &ReadLog) -> Result<(Product, Device)> {
    let product = product_by_key(ctx, &params.product_key).await?;
    let device = device_of(ctx, &product, &params.did).await?;
    if product.published && !product.logs_enabled {
        return Err(Error::Coded(
            Code::ApiDenyToVisit,
            text!("the product is published; have its logs switched on", "产品已发布，请开通其日志查询"),
        ));
    }
    Ok((product, device))
}

fn object(text: &str) -> Result<Map<String, Value>> {
    serde_json::from_str(text).map_err(Error::internal)
}

/// A call that reads a part of a list.
struct Reading {
    list: List,
    window: Window,
    slice: Slice,
    /// Records of the whole list, when a call before counted them.
    total: Option<i64>,
}

impl Reading {
    async fn begin(ctx: &Ctx, list: List, device: &Device, params: &ReadLog) -> Result<Self> {
        let limit = params.limit.unwrap_or(USUAL_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(Error::invalid("limit", text!("must be 1 to {MAX_LIMIT}", "应为 1 至 {MAX_LIMIT}")));
        }
        let ascending = match params.sort.as_deref() {
            None | Some("desc") => false,
            Some("asc") => true,
            Some(_) => return Err(Error::invalid("sort", text!("must be desc or asc", "应为 desc 或 asc"))),
        };
        // One more than asked for says whether there is more.
        let window = |(from, to), known_at, ascending, after| Window {
            device_id: device.id,
            from,
            to,
            known_at,
            ascending,
            after,
            limit: limit + 1,
        };
        let Some(context) = &params.context else {
            let now = ctx.now();
            let window = window(checked_window(now, params.start_ts, params.end_ts)?, now, ascending, None);
            return Ok(Self { list, window, slice: Slice { limit, skip: 0 }, total: None });
        };
        let cursor = Cursor::read(ctx, context).await?;
        if cursor.device_id != device.id || cursor.list != list as u8 {
            return Err(cursor::unknown());
        }
        let (total, skip) = cursor.counts;
        let window = window(cursor.window, cursor.known_at, cursor.ascending, cursor.after);
        Ok(Self { list, window, slice: Slice { limit, skip }, total: Some(total) })
    }

    async fn end<R, T>(
        self,
        ctx: &Ctx,
        total: i64,
        mut rows: Vec<R>,
        place: impl Fn(&R) -> (i64, i64, i64),
        record: impl Fn(R) -> Result<T>,
    ) -> Result<Scroll<T>> {
        let Slice { limit, skip } = self.slice;
        let asked = usize::try_from(limit).map_err(Error::internal)?;
        let more = rows.len() > asked;
        rows.truncate(asked);
        let context = match rows.last() {
            Some(last) if more => {
                let cursor = Cursor {
                    list: self.list as u8,
                    device_id: self.window.device_id,
                    window: (self.window.from, self.window.to),
                    known_at: self.window.known_at,
                    ascending: self.window.ascending,
                    counts: (total, skip + limit),
                    after: Some(place(last)),
                    expires_at: 0,
                };
                cursor.sign(ctx).await?
            }
            _ => String::new(),
        };
        let objects = rows.into_iter().map(record).collect::<Result<_>>()?;
        Ok(Scroll::new(self.slice, total, objects, context))
    }
}

/// The window in milliseconds, both ends included: any two days within the last thirty.
fn checked_window(now: Millis, start: Option<i64>, end: Option<i64>) -> Result<(Millis, Millis)> {
    let now = seconds(now);
    let earliest = now - REACH;
    let (start, end) = match (start, end) {
        (None, None) => (now - LONGEST, now),
        (Some(start), None) => (start, start.saturating_add(LONGEST).min(now.max(start))),
        (None, Some(end)) => (end.saturating_sub(LONGEST).max(earliest.min(end)), end),
        (Some(start), Some(end)) => (start, end),
    };
    if end < start {
        return Err(Error::invalid("end_ts", text!("must not be before start_ts", "不能早于 start_ts")));
    }
    if start < earliest - TOLERANCE {
        return Err(Error::invalid(
            "start_ts",
            text!("must be within the last 30 days, in seconds", "应在最近 30 天之内，单位为秒"),
        ));
    }
    if end > now + 5 * MINUTE / 1000 {
        return Err(Error::invalid(
            "end_ts",
            text!("must not lie in the future, in seconds", "不能晚于当前时间，单位为秒"),
        ));
    }
    if end - start > LONGEST {
        return Err(Error::invalid(
            "end_ts",
            text!("must be at most two days after start_ts", "与 start_ts 相距不能超过两天"),
        ));
    }
    Ok((start * 1000, end * 1000 + 999))
}
