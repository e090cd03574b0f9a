//! What the calendar's services answer, in the names of chapter 1.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A shift with its pauses (sections 1.10 and 1.12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ShiftRecord {
    /// Its id.
    pub id: i64,
    /// The factory-model node it is for.
    pub fty_model_id: i64,
    /// That node's level, 1 to 5.
    pub fty_model_value: i64,
    /// Its name.
    pub name: String,
    /// First date it is effective on, `yyyy-MM-dd`.
    pub begin_effective_date: Option<String>,
    /// Last date it is effective on, `yyyy-MM-dd`.
    pub end_effective_date: Option<String>,
    /// When it begins, `HH:mm:ss`.
    pub begin_time: String,
    /// When it ends, `HH:mm:ss`.
    pub end_time: String,
    /// What it is for.
    pub description: Option<String>,
    /// The pauses inside it.
    #[serde(rename = "nonProdTimeMgtDTOList")]
    pub breaks: Vec<BreakRecord>,
}

/// A pause inside a shift (sections 1.10 and 1.12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BreakRecord {
    /// Its id.
    pub id: i64,
    /// The shift it is in.
    pub shift_mgt_id: i64,
    /// 1 meeting, 2 rest, 3 meal.
    #[serde(rename = "type")]
    pub kind: i64,
    /// When it begins, `HH:mm:ss`.
    pub begin_time: String,
    /// When it ends, `HH:mm:ss`.
    pub end_time: String,
}

/// A shift in a list, with its node's name (sections 1.9 and 1.13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ShiftRow {
    /// Its id.
    pub id: i64,
    /// The factory-model node it is for.
    pub fty_model_id: i64,
    /// That node's level, 1 to 5.
    pub fty_model_value: i64,
    /// That node's name.
    pub fty_model_name: String,
    /// Its name.
    pub name: String,
    /// First date it is effective on, `yyyy-MM-dd`.
    pub begin_effective_date: Option<String>,
    /// Last date it is effective on, `yyyy-MM-dd`.
    pub end_effective_date: Option<String>,
    /// When it begins, `HH:mm:ss`.
    pub begin_time: String,
    /// When it ends, `HH:mm:ss`.
    pub end_time: String,
    /// What it is for.
    pub description: Option<String>,
}

/// A planned shutdown (section 1.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlannedShutdownRecord {
    /// Its id.
    pub id: i64,
    /// The factory-model node that stands still.
    pub fty_model_id: i64,
    /// That node's level, 1 to 5.
    pub fty_model_value: i64,
    /// Its name.
    pub name: String,
    /// 1 fixed period, 2 weekly.
    #[serde(rename = "type")]
    pub kind: i64,
    /// Type 2: the day on which it begins, 1 Monday to 7 Sunday.
    pub day_of_week: Option<i64>,
    /// Type 1: when it begins, `yyyy-MM-dd HH:mm:ss`.
    pub begin_datetime: Option<String>,
    /// Type 1: when it ends, `yyyy-MM-dd HH:mm:ss`.
    pub end_datetime: Option<String>,
    /// Type 2: when it begins, `HH:mm:ss`.
    pub begin_time: Option<String>,
    /// Type 2: when it ends, `HH:mm:ss`.
    pub end_time: Option<String>,
    /// Why.
    pub description: Option<String>,
}

/// A planned shutdown in a list, with its node's name (sections 1.5 and 1.13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlannedShutdownRow {
    /// Its id.
    pub id: i64,
    /// The factory-model node that stands still.
    pub fty_model_id: i64,
    /// That node's level, 1 to 5.
    pub fty_model_value: i64,
    /// That node's name.
    pub fty_model_name: String,
    /// Its name.
    pub name: String,
    /// 1 fixed period, 2 weekly.
    #[serde(rename = "type")]
    pub kind: i64,
    /// Type 2: the day on which it begins, 1 Monday to 7 Sunday.
    pub day_of_week: Option<i64>,
    /// Type 1: when it begins, `yyyy-MM-dd HH:mm:ss`.
    pub begin_datetime: Option<String>,
    /// Type 1: when it ends, `yyyy-MM-dd HH:mm:ss`.
    pub end_datetime: Option<String>,
    /// Type 2: when it begins, `HH:mm:ss`.
    pub begin_time: Option<String>,
    /// Type 2: when it ends, `HH:mm:ss`.
    pub end_time: Option<String>,
    /// Why.
    pub description: Option<String>,
}

/// A page of records and how many there are (sections 1.5 and 1.9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Records<T> {
    /// Records on all pages.
    pub total: i64,
    /// Those on this one.
    pub data: Vec<T>,
}

/// The kind of one day (section 1.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DayTypeRow {
    /// The date, `yyyy-MM-dd`.
    pub date: String,
    /// 1 workday, 2 rest day, 3 undefined.
    pub day_type: i64,
}

/// What is in force at a node on a date, own and inherited; each record names the node it comes from (section 1.13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CalendarOnDate {
    /// Its shifts.
    #[serde(rename = "shiftMgtDTOList")]
    pub shifts: Vec<ShiftRow>,
    /// Its planned shutdowns.
    #[serde(rename = "plannedShutdownMgtDTOList")]
    pub planned_shutdowns: Vec<PlannedShutdownRow>,
}
