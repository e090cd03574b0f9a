//! What applications sent to the log.

use domain::log::{Level, LogEntry};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, StreamingText, TextStream};
use serde::{Deserialize, Serialize};

use crate::api::{Answer, Data, Error, Result};

/// Entries on a page.
pub const PAGE: i64 = 50;

/// Which entries to show; what is empty does not matter. Times are wall times of the plant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogFilter {
    /// Exactly this application.
    pub application: String,
    /// Exactly this module.
    pub module: String,
    /// Number of the level, 1 to 4.
    pub level: String,
    /// Text in title or content.
    pub text: String,
    /// From this wall time on.
    pub begin: String,
    /// Before this wall time.
    pub end: String,
    /// Page, from 1.
    pub page: String,
}

/// A page of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogView {
    /// The entries with their wall times, the newest first.
    pub entries: Vec<(String, LogEntry)>,
    /// How many there are on all pages.
    pub total: i64,
    /// The page.
    pub page: i64,
    /// The plant's zone.
    pub zone: String,
}

/// A page of the log.
#[server(input = GetUrl, output = Data, endpoint = "logs")]
pub async fn get_logs(filter: LogFilter) -> Result<Answer<LogView>> {
    let ctx = crate::ssr::ctx()?;
    let page = filter.page.parse().unwrap_or(1).max(1);
    let params = server::params(&ctx, filter, (page, PAGE));
    let found = crate::ssr::respond(server::list(&ctx, params).await)?;
    let zone = &ctx.tenant.zone;
    let entries = found.entries.into_iter().map(|entry| (zone.format(entry.created_at), entry)).collect();
    Answer::of(Ok(LogView { entries, total: found.total, page, zone: zone.name().to_owned() }))
}

/// The entries that a filter leaves, as CSV.
#[server(input = GetUrl, output = StreamingText, endpoint = "logs.csv")]
pub async fn download_logs(filter: LogFilter) -> Result<TextStream<Error>> {
    let ctx = crate::ssr::ctx()?;
    let rows = crate::ssr::respond(server::rows(&ctx, filter).await)?;
    let head = ["time", "zone", "level", "application", "module", "title", "content"];
    Ok(super::csv::file("logs.csv", &head, rows))
}

/// The level with this number.
pub fn level(number: &str) -> Option<Level> {
    Level::ALL.into_iter().find(|level| level.number().to_string() == number)
}

#[cfg(feature = "ssr")]
mod server;
