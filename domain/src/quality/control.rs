//! Quality controls: parameters and answers (sections 11.7, 11.9 to 11.12, 11.23).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PageInfo;
use crate::Patch;

/// Parameters of recording a quality control (section 11.7).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateControl {
    /// Unique code; must have been reported for the step.
    pub unique_code: String,
    /// Code of the process step.
    pub step_code: String,
    /// Begin of the inspection, plant time.
    pub start_time: String,
    /// End of the inspection, plant time.
    pub end_time: String,
    /// Who inspected: id of a record of 人员.
    pub checker_id: i64,
    /// Amount inspected; without it all that is still to be inspected.
    pub out_put: Option<f64>,
}

/// Parameters of correcting a quality control (section 11.9).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpdateControl {
    /// The control.
    pub id: i64,
    /// Unique code; must have been reported for the step.
    pub unique_code: String,
    /// Code of the process step.
    pub step_code: String,
    /// Begin of the inspection, plant time.
    pub start_time: String,
    /// End of the inspection, plant time.
    pub end_time: String,
    /// Who inspected: id of a record of 人员.
    pub checker_id: i64,
    /// Amount inspected; cleared, it becomes all that is still to be inspected.
    #[serde(default)]
    pub out_put: Patch<f64>,
}

/// Parameters of deleting a quality control (section 11.10).
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeleteControl {
    /// The control.
    pub id: i64,
}

/// Parameters of reading a quality control (section 11.12).
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GetControl {
    /// The control.
    pub id: i64,
}

/// Parameters of listing quality controls (section 11.11): those that match everything given.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueryControls {
    /// Text in the unique code or in the code of a material reported for it.
    pub search: Option<String>,
    /// Controls that end then or later, plant time; goes with `endTime`.
    pub start_time: Option<String>,
    /// Controls that begin then or earlier, plant time; goes with `startTime`.
    pub end_time: Option<String>,
    /// Page, from 1.
    pub page_id: Option<i64>,
    /// Controls per page.
    pub page_size: Option<i64>,
}

/// Parameters of asking what is still to be inspected (section 11.23).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CalcOutput {
    /// Unique code; must have been reported for the step.
    pub unique_code: String,
    /// Code of the process step.
    pub step_code: String,
}

/// A quality control as answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Control {
    /// Its id.
    pub id: i64,
    /// Unique code.
    pub unique_code: String,
    /// Code of the step, as recorded.
    pub step_code: String,
    /// Name of the step.
    pub step_name: Option<String>,
    /// Names of technology, process and step, with slashes between.
    pub step_tree: Option<String>,
    /// Begin, plant time.
    pub start_time: String,
    /// End, plant time.
    pub end_time: String,
    /// Amount inspected.
    pub out_put: f64,
    /// Of it, the amount that grades speak of.
    pub verified_out_put: f64,
    /// Who inspected: id of a record of 人员.
    pub checker_id: i64,
    /// Their name.
    pub checker_name: Option<String>,
    /// Code of the material of the newest report for this code and step.
    pub material_code: Option<String>,
    /// Name of that material.
    pub material_name: Option<String>,
    /// When it was recorded, plant time.
    pub create_time: String,
    /// When it was last changed, plant time.
    pub modify_time: String,
}

/// A page of quality controls, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ControlPage {
    /// The controls.
    pub record: Vec<Control>,
    /// Paging.
    pub page: PageInfo,
}
