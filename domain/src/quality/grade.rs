//! Grades of a quality control: parameters and answers (sections 11.1 to 11.4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PageInfo;
use crate::Patch;

/// Parameters of adding a grade to a quality control (section 11.1).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateGrade {
    /// The control; without it the newest one of `uniqueCode` and `stepCode`.
    pub parent_id: Option<i64>,
    /// Grade, 0 to 5.
    pub grade: i64,
    /// 0 failed, 1 passed; passed when absent.
    pub is_passed: Option<i64>,
    /// Batch number.
    pub batch_number: String,
    /// Amount of this grade.
    pub out_put: f64,
    /// Quality indicators: names of the columns.
    pub columns: Option<Vec<String>>,
    /// Quality indicators: a value for each of the columns.
    pub column_data: Option<Vec<Option<String>>>,
    /// Unique code of the control.
    pub unique_code: Option<String>,
    /// Code of its step.
    pub step_code: Option<String>,
}

/// Parameters of correcting a grade (section 11.3).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpdateGrade {
    /// The grade record.
    pub id: i64,
    /// The control it hangs on, when it moves to another; or `uniqueCode` and `stepCode`.
    pub parent_id: Option<i64>,
    /// Grade, 0 to 5.
    pub grade: i64,
    /// 0 failed, 1 passed.
    pub is_passed: i64,
    /// Batch number.
    pub batch_number: String,
    /// Amount of this grade.
    pub out_put: f64,
    /// Quality indicators: names of the columns.
    #[serde(default)]
    pub columns: Patch<Vec<String>>,
    /// Quality indicators: a value for each of the columns.
    #[serde(default)]
    pub column_data: Patch<Vec<Option<String>>>,
    /// Unique code of the control.
    pub unique_code: Option<String>,
    /// Code of its step.
    pub step_code: Option<String>,
}

/// Parameters of deleting a grade (section 11.4).
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeleteGrade {
    /// The grade record.
    pub id: i64,
}

/// Parameters of listing grades (section 11.2): those that match everything given.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueryGrades {
    /// The control; with it `uniqueCode` and `stepCode` do not count.
    pub parent_id: Option<i64>,
    /// Page, from 1.
    pub page_id: Option<i64>,
    /// Grades per page.
    pub page_size: Option<i64>,
    /// Unique code of the control.
    pub unique_code: Option<String>,
    /// Code of its step.
    pub step_code: Option<String>,
}

/// A grade as answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Grade {
    /// Its id.
    pub id: i64,
    /// Grade, 0 to 5.
    pub grade: i64,
    /// 0 failed, 1 passed.
    pub is_passed: i64,
    /// Batch number.
    pub batch_number: String,
    /// Amount of this grade.
    pub out_put: f64,
    /// When it was added, plant time.
    pub create_time: String,
    /// When it was last changed, plant time.
    pub modify_time: String,
    /// The control it hangs on.
    pub parent_id: i64,
    /// Metadata of the quality indicators.
    pub data_id: Option<i64>,
    /// The record with the quality indicators.
    pub dap_id: Option<i64>,
    /// That record as section 17.4 answers it: JSON in a text.
    pub dap_str: Option<String>,
}

/// A page of grades, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GradePage {
    /// The grades.
    pub grade: Vec<Grade>,
    /// Paging.
    pub page: PageInfo,
}
