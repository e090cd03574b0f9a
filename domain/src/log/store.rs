//! SQL of the log.

use sqlx::FromRow;

use super::{Level, ListLogs, LogEntry};
use crate::db::{Conn, Sql, sql};
use crate::{Page, Result};

#[derive(FromRow)]
struct Row {
    id: i64,
    application: String,
    module: String,
    title: String,
    content: Option<String>,
    level: i64,
    created_at: i64,
    received_at: i64,
}

impl TryFrom<Row> for LogEntry {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            application: row.application,
            module: row.module,
            level: Level::from_number("level", row.level)?,
            title: row.title,
            content: row.content,
            created_at: row.created_at,
            received_at: row.received_at,
        })
    }
}

pub(super) async fn insert(conn: &mut Conn, tenant_id: i64, entry: &LogEntry) -> Result<()> {
    sql("INSERT INTO log_entry
           (tenant_id, id, application, module, title, content, level, created_at, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(tenant_id)
    .bind(entry.id)
    .bind(&entry.application)
    .bind(&entry.module)
    .bind(&entry.title)
    .bind(entry.content.clone())
    .bind(entry.level.number())
    .bind(entry.created_at)
    .bind(entry.received_at)
    .run(conn)
    .await?;
    Ok(())
}

pub(super) async fn count(conn: &mut Conn, tenant_id: i64, which: &ListLogs) -> Result<i64> {
    filtered(sql("SELECT CAST(COUNT(*) AS BIGINT)"), tenant_id, which).count(conn).await
}

pub(super) async fn list(
    conn: &mut Conn,
    tenant_id: i64,
    which: &ListLogs,
    page: Page,
) -> Result<Vec<LogEntry>> {
    let columns = sql("SELECT id, application, module, title, content, level, created_at, received_at");
    let rows: Vec<Row> = filtered(columns, tenant_id, which)
        .push(" ORDER BY created_at DESC, id DESC")
        .page(page)
        .all(conn)
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

fn filtered(select: Sql, tenant_id: i64, which: &ListLogs) -> Sql {
    let mut query = select.push(" FROM log_entry WHERE tenant_id = ").arg(tenant_id);
    if let Some(application) = &which.application {
        query = query.push(" AND application = ").arg(application);
    }
    if let Some(module) = &which.module {
        query = query.push(" AND module = ").arg(module);
    }
    if let Some(level) = which.level {
        query = query.push(" AND level = ").arg(level.number());
    }
    if let Some(text) = &which.text {
        query = query.push(" AND (").contains("title", text).push(" OR ").contains("content", text).push(")");
    }
    if let Some(begin) = which.begin {
        query = query.push(" AND created_at >= ").arg(begin);
    }
    if let Some(end) = which.end {
        query = query.push(" AND created_at < ").arg(end);
    }
    query
}
