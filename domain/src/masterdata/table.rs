//! What callers say and hear about records (sections 17.1 and 17.4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::condition::ConditionParam;

/// Parameters of section 17.1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WriteRecords {
    /// Id of the metadata; wins over the name.
    pub data_id: Option<i64>,
    /// Their name.
    pub meta_data_name: Option<String>,
    /// `INSERT`, `MODIFY` or `ARCHIVE`.
    pub action: String,
    /// The columns of `data`.
    pub nodes: Option<Vec<String>>,
    /// JSON text. INSERT: an array of rows; MODIFY: one row.
    pub data: Option<String>,
    /// Which records are modified or archived.
    pub condition: Option<ConditionParam>,
}

/// A record that was written (section 17.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WrittenRecord {
    /// Unique key.
    pub code: String,
    /// Id of the record.
    pub dap_id: i64,
    /// Its version, `V1.0` and up.
    pub dap_row_version: String,
}

/// Parameters of section 17.4.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueryRecords {
    /// Id of the metadata; wins over the name.
    pub data_id: Option<i64>,
    /// Their name.
    pub meta_data_name: Option<String>,
    /// Only these records, archived ones included.
    pub dap_ids: Option<Vec<i64>>,
    /// Only records for which this holds.
    pub condition: Option<ConditionParam>,
    /// Page number, from 1.
    pub page_id: Option<i64>,
    /// Rows per page.
    pub page_size: Option<i64>,
}

/// Records as a table (section 17.4): cells are texts or null.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecordTable {
    /// Column names: the properties, then the columns that every record has.
    pub nodes: Vec<String>,
    /// The rows, in the order of the columns.
    pub data: Vec<Vec<Option<String>>>,
    /// Which part of the result this is.
    pub page: TablePage,
}

/// One record as the key parameters of another area show it (`dapStr`).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecordDetail {
    /// Column names.
    pub nodes: Vec<String>,
    /// The one row.
    pub data: Vec<Vec<Option<String>>>,
    /// Always one row of one.
    pub page: TablePage,
    /// Names of the columns for people.
    pub extra: TableExtra,
}

/// Paging of a [`RecordTable`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TablePage {
    /// Rows per page.
    pub size: i64,
    /// Page number, from 1.
    pub to: i64,
    /// Rows in all.
    pub total: i64,
}

/// What else a [`RecordDetail`] says.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TableExtra {
    /// Column name to its name for people.
    pub headers: serde_json::Map<String, Json>,
}
