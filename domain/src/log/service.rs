//! Use cases of the log.

use super::{Level, ListLogs, LogEntry, LogPage, SendLog, SentLog, required, store};
use crate::access::{Access, Area};
use crate::events::Topic;
use crate::page::MAX_PAGE_SIZE;
use crate::{Ctx, Error, Page, Result, text};

/// Keeps an entry (section 2.1).
pub async fn send_log(ctx: &Ctx, params: SendLog) -> Result<SentLog> {
    ctx.require(Area::Log, Access::Write)?;
    let level = Level::from_number("type", params.r#type)?;
    let now = ctx.now();
    let created_at = match &params.create_time {
        Some(text) => ctx.tenant.zone.parse("createTime", text)?,
        None => now,
    };
    let entry = LogEntry {
        id: ctx.next_id(),
        application: required("application", &params.application)?.to_owned(),
        module: required("module", &params.module)?.to_owned(),
        level,
        title: required("title", &params.title)?.to_owned(),
        content: params.content,
        created_at,
        received_at: now,
    };
    let mut tx = ctx.begin().await?;
    store::insert(&mut tx, ctx.tenant_id(), &entry).await?;
    tx.commit().await?;
    ctx.changed(Topic::Log);
    Ok(SentLog {
        id: entry.id,
        application: entry.application,
        module: entry.module,
        r#type: level.label().zh,
        title: entry.title,
        content: entry.content,
        gmt_create: entry.received_at,
    })
}

/// Entries for the page that shows them.
pub async fn list_logs(ctx: &Ctx, params: ListLogs) -> Result<LogPage> {
    ctx.require(Area::Log, Access::Read)?;
    let page = Page::check(params.page_id, params.page_size, ("pageId", "pageSize"), MAX_PAGE_SIZE)?;
    if let (Some(begin), Some(end)) = (params.begin, params.end)
        && begin >= end
    {
        return Err(Error::invalid("end", text!("must be after the beginning", "应晚于开始时间")));
    }
    let mut conn = ctx.read().await?;
    let total = store::count(&mut conn, ctx.tenant_id(), &params).await?;
    let entries = store::list(&mut conn, ctx.tenant_id(), &params, page).await?;
    Ok(LogPage { entries, total })
}
