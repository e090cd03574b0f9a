//! The calendar of a node: what is in force on its days, and the records behind it.

use domain::Millis;
use domain::calendar::{
    CalendarNode, MonthView, PlannedShutdownRecord, PlannedShutdownRow, ShiftRecord, ShiftRow,
};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, StreamingText, TextStream};
use serde::{Deserialize, Serialize};

use crate::api::{Answer, Data, Error, Result};

/// How the days are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layout {
    /// The weeks of a month.
    #[default]
    Month,
    /// One week.
    Week,
    /// The node's own records.
    List,
}

/// A node's calendar around a date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalendarView {
    /// Today on the plant's clock.
    pub today: Date,
    /// The date shown in full.
    pub date: Date,
    /// The weeks around it, from Monday to Sunday.
    pub days: MonthView,
    /// When each of these days begins.
    pub midnights: Vec<Millis>,
    /// The node's own shifts, of all dates.
    pub shifts: Vec<ShiftRow>,
    /// The node's own planned shutdowns, of all dates.
    pub shutdowns: Vec<PlannedShutdownRow>,
    /// Whether the person may change it.
    pub writable: bool,
}

impl CalendarView {
    /// The node whose calendar it is.
    pub fn node(&self) -> Option<&CalendarNode> {
        self.days.chain.first()
    }
}

/// The calendar of a node, of the first factory when none is named; nothing when there is no factory yet.
#[server(input = GetUrl, output = Data, endpoint = "calendar")]
pub async fn get_calendar(
    node: String,
    date: String,
    layout: Layout,
) -> Result<Answer<Option<CalendarView>>> {
    use domain::access::{Access, Area};
    use domain::calendar::service::{month_view, query_planned_shutdowns, query_shifts};
    let ctx = crate::ssr::ctx()?;
    let Some(node) = server::node(&ctx, &node).await? else { return Ok(Answer::none()) };
    let today = ctx.tenant.zone.date(ctx.now());
    let date = date.parse().unwrap_or(today);
    let days = crate::ssr::respond(month_view(&ctx, server::weeks(&node, date, layout)).await)?;
    let midnights = server::midnights(&days, &ctx.tenant.zone);
    let own = || domain::calendar::QueryRecords {
        page_no: 1,
        page_size: domain::calendar::MAX_PAGE,
        fty_model_value: node.level,
        fty_model_id: node.id,
    };
    let shifts = crate::ssr::respond(query_shifts(&ctx, own()).await)?.data;
    let shutdowns = crate::ssr::respond(query_planned_shutdowns(&ctx, own()).await)?.data;
    let writable = ctx.actor.may(Area::Calendar, Access::Write);
    Answer::of(Ok(Some(CalendarView { today, date, days, midnights, shifts, shutdowns, writable })))
}

/// The same days as CSV.
#[server(input = GetUrl, output = StreamingText, endpoint = "calendar.csv")]
pub async fn download_calendar(node: String, date: String, layout: Layout) -> Result<TextStream<Error>> {
    let ctx = crate::ssr::ctx()?;
    let Some(node) = server::node(&ctx, &node).await? else {
        return Ok(super::csv::file("calendar.csv", &[], Vec::new()));
    };
    let date = date.parse().unwrap_or_else(|_| ctx.tenant.zone.date(ctx.now()));
    let params = server::weeks(&node, date, layout);
    let view = crate::ssr::respond(domain::calendar::service::month_view(&ctx, params).await)?;
    let rows = server::rows(&view, &ctx.tenant.zone);
    let head =
        ["date", "dayType", "kind", "name", "begin", "end", "plannedMinutes", "origin", "inherited", "zone"];
    Ok(super::csv::file("calendar.csv", &head, rows))
}

/// What a form of the calendar starts from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The node it is for.
    pub node: CalendarNode,
    /// The day it was begun on.
    pub date: Date,
    /// The record to change; a new one otherwise.
    pub record: Record,
}

/// A record of the calendar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Record {
    /// A shift, or a new one.
    Shift(Option<ShiftRecord>),
    /// A planned shutdown, or a new one.
    Shutdown(Option<PlannedShutdownRecord>),
    /// The week around the day, to be copied.
    Week,
}

/// What the form named `edit` starts from: `shift`, `shutdown`, or one of them with `-` and the record's id; `week`.
/// Nothing for who may not change anything.
#[server(input = GetUrl, output = Data, endpoint = "calendar/draft")]
pub async fn get_draft(node: String, date: String, edit: String) -> Result<Answer<Option<Draft>>> {
    use domain::access::{Access, Area};
    use domain::calendar::{ById, service};
    let ctx = crate::ssr::ctx()?;
    if !ctx.actor.may(Area::Calendar, Access::Write) {
        return Ok(Answer::none());
    }
    let Some(node) = server::node(&ctx, &node).await? else { return Ok(Answer::none()) };
    let date = date.parse().unwrap_or_else(|_| ctx.tenant.zone.date(ctx.now()));
    let (kind, id) = edit.split_once('-').unwrap_or((&edit, ""));
    let id = id.parse().ok().map(|id| ById { id });
    let record = match (kind, id) {
        ("week", None) => Record::Week,
        ("shift", None) => Record::Shift(None),
        ("shutdown", None) => Record::Shutdown(None),
        ("shift", Some(id)) => Record::Shift(Some(crate::ssr::respond(service::get_shift(&ctx, id).await)?)),
        ("shutdown", Some(id)) => {
            Record::Shutdown(Some(crate::ssr::respond(service::get_planned_shutdown(&ctx, id).await)?))
        }
        _ => return Ok(Answer::none()),
    };
    Answer::of(Ok(Some(Draft { node, date, record })))
}

/// The fields of the form for a shift, by the names of section 1.2.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ShiftForm {
    /// The record to change; empty for a new one.
    pub id: String,
    /// The node.
    pub fty_model_id: String,
    /// Its level.
    pub fty_model_value: String,
    /// Name.
    pub name: String,
    /// Begin.
    pub begin_time: String,
    /// End.
    pub end_time: String,
    /// First date.
    pub begin_effective_date: String,
    /// Last date.
    pub end_effective_date: String,
    /// Description.
    pub description: String,
    /// Pauses; those without times are left out.
    pub pauses: Vec<PauseForm>,
    /// Where to go when it is done.
    pub back: String,
}

/// The fields of one pause.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PauseForm {
    /// Kind, 1 to 3.
    pub kind: String,
    /// Begin.
    pub begin: String,
    /// End.
    pub end: String,
}

/// Adds or changes a shift.
#[server(endpoint = "calendar/shift/save")]
pub async fn save_shift(#[server(flatten)] form: ShiftForm) -> Result<()> {
    let ctx = crate::ssr::ctx()?;
    let back = form.back.clone();
    crate::ssr::respond(server::save_shift(&ctx, form).await)?;
    leptos_axum::redirect(crate::ssr::session::safe_path(Some(&back)));
    Ok(())
}

/// The fields of the form for a planned shutdown, by the names of section 1.14.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ShutdownForm {
    /// The record to change; empty for a new one.
    pub id: String,
    /// The node.
    pub fty_model_id: String,
    /// Its level.
    pub fty_model_value: String,
    /// Name.
    pub name: String,
    /// 1 fixed period, 2 weekly.
    pub r#type: String,
    /// Begin of a fixed period.
    pub begin_datetime: String,
    /// Its end.
    pub end_datetime: String,
    /// Begin of a weekly one.
    pub begin_time: String,
    /// Its end.
    pub end_time: String,
    /// Day of the week of a weekly one.
    pub day_of_week: String,
    /// Why.
    pub description: String,
    /// Where to go when it is done.
    pub back: String,
}

/// Adds or changes a planned shutdown.
#[server(endpoint = "calendar/shutdown/save")]
pub async fn save_shutdown(#[server(flatten)] form: ShutdownForm) -> Result<()> {
    let ctx = crate::ssr::ctx()?;
    let back = form.back.clone();
    crate::ssr::respond(server::save_shutdown(&ctx, form).await)?;
    leptos_axum::redirect(crate::ssr::session::safe_path(Some(&back)));
    Ok(())
}

/// Copies what is a node's own in a week to another one.
#[server(endpoint = "calendar/week/copy")]
pub async fn copy_week(
    #[server(rename = "ftyModelId")] fty_model_id: i64,
    #[server(rename = "ftyModelValue")] fty_model_value: i64,
    #[server(rename = "fromDate")] from_date: String,
    #[server(rename = "toDate")] to_date: String,
    back: String,
) -> Result<()> {
    let ctx = crate::ssr::ctx()?;
    let to = to_date.clone();
    let params = domain::calendar::CopyWeek { fty_model_id, fty_model_value, from_date, to_date };
    crate::ssr::respond(domain::calendar::service::copy_week(&ctx, params).await)?;
    leptos_axum::redirect(&server::on_date(crate::ssr::session::safe_path(Some(&back)), &to));
    Ok(())
}

/// Deletes a record: a `shift` or a `shutdown`.
#[server(endpoint = "calendar/delete")]
pub async fn delete_record(kind: String, id: i64, back: String) -> Result<()> {
    use domain::calendar::{ById, service};
    let ctx = crate::ssr::ctx()?;
    let deleted = match kind.as_str() {
        "shutdown" => service::delete_planned_shutdown(&ctx, ById { id }).await,
        _ => service::delete_shift(&ctx, ById { id }).await,
    };
    crate::ssr::respond(deleted)?;
    leptos_axum::redirect(crate::ssr::session::safe_path(Some(&back)));
    Ok(())
}

#[cfg(feature = "ssr")]
mod server;
