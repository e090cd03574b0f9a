//! From the filter's texts to the service's parameters.

use domain::Ctx;
use domain::log::{ListLogs, LogPage, service};
use domain::page::MAX_PAGE_SIZE;

use super::LogFilter;

/// Most rows of a file.
const ROWS: i64 = 100_000;

pub(super) fn params(ctx: &Ctx, filter: LogFilter, (page, size): (i64, i64)) -> domain::Result<ListLogs> {
    let given = |text: String| (!text.trim().is_empty()).then_some(text);
    let instant = |param: &str, text: String| {
        let text = given(text).map(|text| text.replacen('T', " ", 1));
        text.map(|text| ctx.tenant.zone.parse(param, &text)).transpose()
    };
    Ok(ListLogs {
        level: super::level(&filter.level),
        begin: instant("begin", filter.begin)?,
        end: instant("end", filter.end)?,
        application: given(filter.application),
        module: given(filter.module),
        text: given(filter.text),
        page_id: Some(page),
        page_size: Some(size),
    })
}

pub(super) async fn list(ctx: &Ctx, params: domain::Result<ListLogs>) -> domain::Result<LogPage> {
    service::list_logs(ctx, params?).await
}

pub(super) async fn rows(ctx: &Ctx, filter: LogFilter) -> domain::Result<Vec<Vec<String>>> {
    let zone = &ctx.tenant.zone;
    let mut rows = Vec::new();
    for page in 1..=ROWS / MAX_PAGE_SIZE {
        let found = service::list_logs(ctx, params(ctx, filter.clone(), (page, MAX_PAGE_SIZE))?).await?;
        rows.extend(found.entries.into_iter().map(|entry| {
            vec![
                zone.format(entry.created_at),
                zone.name().to_owned(),
                entry.level.label().en,
                entry.application,
                entry.module,
                entry.title,
                entry.content.unwrap_or_default(),
            ]
        }));
        if page * MAX_PAGE_SIZE >= found.total {
            break;
        }
    }
    Ok(rows)
}
