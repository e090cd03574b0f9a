//! What the calendar's services take, in the names of chapter 1.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Patch;

/// A shift to add (section 1.2).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AddShift {
    /// The factory-model node it is for.
    pub fty_model_id: i64,
    /// That node's level: 1 factory, 2 workshop, 3 production line, 4 machining center, 5 equipment.
    pub fty_model_value: i64,
    /// Its name.
    pub name: String,
    /// When it begins, `HH:mm:ss` or `HH:mm`.
    pub begin_time: String,
    /// When it ends; at or before `beginTime` it ends on the next day.
    pub end_time: String,
    /// First date it is effective on, `yyyy-MM-dd`; none: since ever.
    pub begin_effective_date: Option<String>,
    /// Last date it is effective on, `yyyy-MM-dd`; none: until further notice.
    pub end_effective_date: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The pauses inside it.
    #[serde(rename = "nonProdTimeMgtDTOList")]
    pub breaks: Option<Vec<BreakParam>>,
}

/// A pause inside a shift, as a request gives it (sections 1.2 and 1.3).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BreakParam {
    /// 1 meeting, 2 rest, 3 meal.
    #[serde(rename = "type")]
    pub kind: i64,
    /// When it begins, `HH:mm:ss` or `HH:mm`.
    pub begin_time: String,
    /// When it ends.
    pub end_time: String,
}

/// A shift to change (section 1.3). An absent optional field stays as it is, null clears it, the list is replaced whole.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpdateShift {
    /// The shift.
    pub id: i64,
    /// The factory-model node it is for from now on.
    pub fty_model_id: i64,
    /// That node's level, 1 to 5.
    pub fty_model_value: i64,
    /// Its name.
    pub name: String,
    /// When it begins, `HH:mm:ss` or `HH:mm`.
    pub begin_time: String,
    /// When it ends; at or before `beginTime` it ends on the next day.
    pub end_time: String,
    /// First date it is effective on, `yyyy-MM-dd`.
    #[serde(default)]
    pub begin_effective_date: Patch<String>,
    /// Last date it is effective on, `yyyy-MM-dd`.
    #[serde(default)]
    pub end_effective_date: Patch<String>,
    /// What it is for.
    #[serde(default)]
    pub description: Patch<String>,
    /// The pauses inside it.
    #[serde(default, rename = "nonProdTimeMgtDTOList")]
    pub breaks: Patch<Vec<BreakParam>>,
}

/// The fields of a shift before they are checked, of a new or a changed one.
#[derive(Clone, Debug)]
pub struct ShiftFields {
    pub(crate) fty_model_id: i64,
    pub(crate) fty_model_value: i64,
    pub(crate) name: String,
    pub(crate) begin_time: String,
    pub(crate) end_time: String,
    pub(crate) begin_effective_date: Option<String>,
    pub(crate) end_effective_date: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) breaks: Vec<BreakParam>,
}

/// A planned shutdown to add (section 1.14). Type 1 needs `beginDatetime` and `endDatetime`, type 2 `dayOfWeek`,
/// `beginTime` and `endTime`; the fields of the other type are not read.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AddPlannedShutdown {
    /// The factory-model node that stands still, with everything below it.
    pub fty_model_id: i64,
    /// That node's level: 1 factory, 2 workshop, 3 production line, 4 machining center, 5 equipment.
    pub fty_model_value: i64,
    /// Its name.
    pub name: String,
    /// 1 fixed period, 2 weekly.
    #[serde(rename = "type")]
    pub kind: i64,
    /// Type 1: when it begins, `yyyy-MM-dd HH:mm:ss` or `yyyy-MM-dd HH:mm`.
    pub begin_datetime: Option<String>,
    /// Type 1: when it ends.
    pub end_datetime: Option<String>,
    /// Type 2: when it begins, `HH:mm:ss` or `HH:mm`.
    pub begin_time: Option<String>,
    /// Type 2: when it ends; at or before `beginTime` it ends on the next day.
    pub end_time: Option<String>,
    /// Type 2: the day on which it begins, 1 Monday to 7 Sunday.
    pub day_of_week: Option<i64>,
    /// Why.
    pub description: Option<String>,
}

/// A planned shutdown to change (section 1.7). An absent optional field stays as it is, null clears it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpdatePlannedShutdown {
    /// The planned shutdown.
    pub id: i64,
    /// The factory-model node that stands still from now on.
    pub fty_model_id: i64,
    /// That node's level, 1 to 5.
    pub fty_model_value: i64,
    /// Its name.
    pub name: String,
    /// 1 fixed period, 2 weekly.
    #[serde(rename = "type")]
    pub kind: i64,
    /// Type 1: when it begins, `yyyy-MM-dd HH:mm:ss` or `yyyy-MM-dd HH:mm`.
    #[serde(default)]
    pub begin_datetime: Patch<String>,
    /// Type 1: when it ends.
    #[serde(default)]
    pub end_datetime: Patch<String>,
    /// Type 2: when it begins, `HH:mm:ss` or `HH:mm`.
    #[serde(default)]
    pub begin_time: Patch<String>,
    /// Type 2: when it ends.
    #[serde(default)]
    pub end_time: Patch<String>,
    /// Type 2: the day on which it begins, 1 Monday to 7 Sunday.
    #[serde(default)]
    pub day_of_week: Patch<i64>,
    /// Why.
    #[serde(default)]
    pub description: Patch<String>,
}

/// The fields of a planned shutdown before they are checked, of a new or a changed one.
#[derive(Clone, Debug)]
pub struct ShutdownFields {
    pub(crate) fty_model_id: i64,
    pub(crate) fty_model_value: i64,
    pub(crate) name: String,
    pub(crate) kind: i64,
    pub(crate) begin_datetime: Option<String>,
    pub(crate) end_datetime: Option<String>,
    pub(crate) begin_time: Option<String>,
    pub(crate) end_time: Option<String>,
    pub(crate) day_of_week: Option<i64>,
    pub(crate) description: Option<String>,
}

/// A record by its id (sections 1.1, 1.6, 1.8 and 1.12).
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ById {
    /// The record.
    pub id: i64,
}

/// A week of a node's own records to copy, for the page that shows them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CopyWeek {
    /// The factory-model node.
    pub fty_model_id: i64,
    /// That node's level, 1 to 5.
    pub fty_model_value: i64,
    /// A date in the week to copy, `yyyy-MM-dd`.
    pub from_date: String,
    /// A date in the week it is copied to.
    pub to_date: String,
}

/// A page of a node's own records (sections 1.5 and 1.9).
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueryRecords {
    /// Page, from 1.
    pub page_no: i64,
    /// Rows on a page, at most 200.
    pub page_size: i64,
    /// The node's level, 1 to 5.
    pub fty_model_value: i64,
    /// The factory-model node.
    pub fty_model_id: i64,
}

/// The days of a node from one date to another, both included (section 1.4).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueryDays {
    /// The node's level, 1 to 5.
    pub fty_model_value: i64,
    /// The factory-model node.
    pub fty_model_id: i64,
    /// First date, `yyyy-MM-dd`.
    pub begin_date: String,
    /// Last date, at most 50 days after the first.
    pub end_date: String,
}

/// A node at a point in time (sections 1.10 and 1.11).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AtTime {
    /// The point in time, `yyyy-MM-dd HH:mm:ss`.
    pub datetime: String,
    /// The node's level, 1 to 5.
    pub fty_model_value: i64,
    /// The factory-model node.
    pub fty_model_id: i64,
}

/// A node on a date (section 1.13).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OnDate {
    /// The date, `yyyy-MM-dd`.
    pub date: String,
    /// The node's level, 1 to 5.
    pub fty_model_value: i64,
    /// The factory-model node.
    pub fty_model_id: i64,
}
