//! Production reports: parameters and answers (sections 11.17 to 11.21).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::PageInfo;
use crate::Patch;

/// Parameters of reporting production (section 11.17).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AddReport {
    /// Code of the material that was made.
    pub material_code: String,
    /// Unique code: a work order or a batch.
    pub unique_code: String,
    /// Code of the process step.
    pub step_code: String,
    /// Begin, plant time.
    pub start_time: String,
    /// End, plant time.
    pub end_time: String,
    /// Pieces made.
    pub out_put: f64,
    /// Production unit: 0 factory, 1 workshop, 2 production line, 3 machining center, 4 equipment.
    pub unit_type: Option<i64>,
    /// Its code; of an equipment the asset number.
    pub unit_type_code: Option<String>,
    /// Key parameters: the metadata; must be those bound to the step.
    pub data_id: Option<i64>,
    /// Key parameters: an existing record, when no `columns` are given.
    pub dap_id: Option<i64>,
    /// Key parameters: names of the columns.
    pub columns: Option<Vec<String>>,
    /// Key parameters: a value for each of the columns.
    pub column_data: Option<Vec<Value>>,
}

/// Parameters of correcting a production report (section 11.18).
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpdateReport {
    /// The report.
    pub id: i64,
    /// Code of the material.
    #[serde(default)]
    pub material_code: Patch<String>,
    /// Unique code.
    #[serde(default)]
    pub unique_code: Patch<String>,
    /// Code of the process step.
    #[serde(default)]
    pub step_code: Patch<String>,
    /// Asset number of an equipment: short for `unitType` 4 and this `unitTypeCode`.
    #[serde(default)]
    pub asset_num: Patch<String>,
    /// Begin, plant time.
    #[serde(default)]
    pub start_time: Patch<String>,
    /// End, plant time.
    #[serde(default)]
    pub end_time: Patch<String>,
    /// Pieces made.
    #[serde(default)]
    pub out_put: Patch<f64>,
    /// Production unit: 0 factory, 1 workshop, 2 production line, 3 machining center, 4 equipment.
    #[serde(default)]
    pub unit_type: Patch<i64>,
    /// Its code; of an equipment the asset number.
    #[serde(default)]
    pub unit_type_code: Patch<String>,
    /// Key parameters: the metadata; must be those bound to the step.
    pub data_id: Option<i64>,
    /// Key parameters: an existing record, when no `columns` are given.
    #[serde(default)]
    pub dap_id: Patch<i64>,
    /// Key parameters: names of the columns.
    #[serde(default)]
    pub columns: Patch<Vec<String>>,
    /// Key parameters: a value for each of the columns.
    #[serde(default)]
    pub column_data: Patch<Vec<Value>>,
}

/// Parameters of deleting production reports (section 11.19): all of them or none.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeleteReports {
    /// The reports.
    pub report_ids: Vec<i64>,
}

/// Parameters of reading one production report (section 11.20).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GetReport {
    /// The report.
    pub report_id: i64,
}

/// Parameters of listing production reports (section 11.21): those that match everything given.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueryReports {
    /// Text in the material code or the unique code.
    pub key_word: Option<String>,
    /// Exactly this unique code.
    pub unique_code: Option<String>,
    /// Reports that end then or later, plant time.
    pub start_time: Option<String>,
    /// Reports that begin then or earlier, plant time.
    pub end_time: Option<String>,
    /// Page, from 1.
    pub page_id: Option<i64>,
    /// Reports per page.
    pub page_size: Option<i64>,
}

/// A production report as answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Its id.
    pub id: i64,
    /// Code of the material, as reported.
    pub material_code: String,
    /// Name of the material.
    pub material_name: Option<String>,
    /// Unique code.
    pub unique_code: String,
    /// Code of the step, as reported.
    pub step_code: String,
    /// Name of the step.
    pub step_name: Option<String>,
    /// Begin, plant time.
    pub start_time: String,
    /// End, plant time.
    pub end_time: String,
    /// Pieces made.
    pub out_put: f64,
    /// Production unit: 0 factory, 1 workshop, 2 production line, 3 machining center, 4 equipment.
    pub unit_type: Option<i64>,
    /// Code of the unit, as reported; of an equipment the asset number.
    pub unit_type_code: Option<String>,
    /// Name of the unit.
    pub unit_type_name: Option<String>,
    /// Asset number, when the unit is an equipment (the example of section 11.20 has it, its table does not).
    pub asset_num: Option<String>,
    /// Key parameters.
    #[serde(rename = "recordDTO")]
    pub record_dto: Option<KeyRecord>,
}

/// Key parameters of a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyRecord {
    /// The metadata.
    pub data_id: i64,
    /// The record.
    pub dap_id: i64,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// A value for each of them.
    pub column_data: Vec<Value>,
}

/// A page of production reports, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportPage {
    /// Paging.
    pub page: PageInfo,
    /// The reports.
    #[serde(rename = "reportDTOs")]
    pub report_dtos: Vec<Report>,
}
