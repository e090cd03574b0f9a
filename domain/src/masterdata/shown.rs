//! What other areas show of records that they keep the ids of.

use std::collections::HashMap;

use super::builtin::property;
use super::store::records;
use crate::Result;
use crate::db::{Conn, sql};

/// The names of materials, people and equipment among these records, in one statement; records without a name are
/// left out.
pub async fn names(conn: &mut Conn, tenant_id: i64, dap_ids: &[i64]) -> Result<HashMap<i64, String>> {
    let named = [property::MATERIAL_NAME, property::PERSON_NAME, property::EQUIPMENT_NAME];
    let rows: Vec<(i64, String)> =
        sql("SELECT record_id, value_text FROM masterdata_value WHERE tenant_id = ")
            .arg(tenant_id)
            .push(" AND record_id IN ")
            .list(dap_ids.iter().copied())
            .push(" AND property_id IN ")
            .list(named)
            .push(" AND seq = 0")
            .all(conn)
            .await?;
    Ok(rows.into_iter().collect())
}

/// A record by itself: of which metadata it is, and whether it is archived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordKind {
    /// The metadata.
    pub metadata_id: i64,
    /// Whether the record is archived.
    pub archived: bool,
}

/// Of which metadata a record is; none when there is no such record.
pub async fn record_kind(conn: &mut Conn, tenant_id: i64, dap_id: i64) -> Result<Option<RecordKind>> {
    let row = records::by_ids(conn, tenant_id, &[dap_id]).await?.pop();
    Ok(row.map(|row| RecordKind { metadata_id: row.metadata_id, archived: row.archived }))
}
