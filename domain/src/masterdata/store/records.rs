//! SQL of records and their values.

use crate::db::{Conn, Tx, sql};
use crate::masterdata::cell::Atom;
use crate::{Millis, Result};

/// Rows of one INSERT: few enough for the bound values that SQLite takes.
const ROWS: usize = 500;

/// A record without its values.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct RecordRow {
    pub(crate) id: i64,
    pub(crate) metadata_id: i64,
    pub(crate) unique_key: String,
    pub(crate) row_version: i64,
    pub(crate) archived: bool,
}

/// A value of a record.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct ValueRow {
    pub(crate) record_id: i64,
    pub(crate) property_id: i64,
    pub(crate) value_text: String,
    pub(crate) value_number: Option<f64>,
    pub(crate) ref_id: Option<i64>,
}

/// A value to be written.
#[derive(Clone, Debug)]
pub(crate) struct NewValue {
    pub(crate) record_id: i64,
    pub(crate) property_id: i64,
    pub(crate) seq: i64,
    pub(crate) atom: Atom,
    pub(crate) ref_id: Option<i64>,
}

/// A record to be written.
#[derive(Clone, Debug)]
pub(crate) struct NewRecord {
    pub(crate) id: i64,
    pub(crate) unique_key: String,
}

pub(crate) async fn by_ids(conn: &mut Conn, tenant_id: i64, ids: &[i64]) -> Result<Vec<RecordRow>> {
    sql("SELECT id, metadata_id, unique_key, row_version, archived FROM masterdata_record
        WHERE tenant_id = ")
    .arg(tenant_id)
    .push(" AND id IN ")
    .list(ids.iter().copied())
    .push(" ORDER BY created_at DESC, id DESC")
    .all(conn)
    .await
}

pub(crate) async fn by_keys(
    conn: &mut Conn,
    tenant_id: i64,
    metadata_id: i64,
    keys: &[&str],
) -> Result<Vec<RecordRow>> {
    sql("SELECT id, metadata_id, unique_key, row_version, archived FROM masterdata_record
        WHERE tenant_id = ")
    .arg(tenant_id)
    .push(" AND metadata_id = ")
    .arg(metadata_id)
    .push(" AND unique_key IN ")
    .list(keys.iter().copied())
    .push(" ORDER BY created_at DESC, id DESC")
    .all(conn)
    .await
}

/// The values of these records, those of one property in their order.
pub(crate) async fn values(conn: &mut Conn, tenant_id: i64, record_ids: &[i64]) -> Result<Vec<ValueRow>> {
    sql("SELECT record_id, property_id, value_text, value_number, ref_id FROM masterdata_value WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND record_id IN ")
        .list(record_ids.iter().copied())
        .push(" ORDER BY record_id, property_id, seq")
        .all(conn)
        .await
}

/// Ids of the records with this value of a property.
pub(crate) async fn ids_by_value(
    conn: &mut Conn,
    tenant_id: i64,
    property_id: i64,
    value: &Atom,
) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = sql("SELECT DISTINCT record_id FROM masterdata_value
         WHERE tenant_id = $1 AND property_id = $2 AND text_key = $3 AND value_text = $4")
    .bind(tenant_id)
    .bind(property_id)
    .bind(value.key())
    .bind(&value.text)
    .all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How many values refer to each of these records or nodes; those without any are left out.
pub(crate) async fn reference_counts(
    conn: &mut Conn,
    tenant_id: i64,
    ids: &[i64],
) -> Result<Vec<(i64, i64)>> {
    sql("SELECT ref_id, CAST(COUNT(*) AS BIGINT) FROM masterdata_value WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND ref_id IN ")
        .list(ids.iter().copied())
        .push(" GROUP BY ref_id")
        .all(conn)
        .await
}

pub(crate) async fn insert(
    tx: &mut Tx,
    tenant_id: i64,
    metadata_id: i64,
    now: Millis,
    records: &[NewRecord],
) -> Result<()> {
    for records in records.chunks(ROWS) {
        let mut statement = sql(
            "INSERT INTO masterdata_record
            (tenant_id, id, metadata_id, unique_key, row_version, archived, created_at, modified_at) VALUES ",
        );
        for (i, record) in records.iter().enumerate() {
            statement = statement
                .push(if i == 0 { "(" } else { ", (" })
                .arg(tenant_id)
                .push(", ")
                .arg(record.id)
                .push(", ")
                .arg(metadata_id)
                .push(", ")
                .arg(record.unique_key.as_str())
                .push(", 1, FALSE, ")
                .arg(now)
                .push(", ")
                .arg(now)
                .push(")");
        }
        statement.run(tx).await?;
    }
    Ok(())
}

pub(crate) async fn insert_values(tx: &mut Tx, tenant_id: i64, values: &[NewValue]) -> Result<()> {
    for values in values.chunks(ROWS) {
        let mut statement = sql("INSERT INTO masterdata_value
            (tenant_id, record_id, property_id, seq, value_text, text_key, value_number, ref_id) VALUES ");
        for (i, value) in values.iter().enumerate() {
            statement = statement
                .push(if i == 0 { "(" } else { ", (" })
                .arg(tenant_id)
                .push(", ")
                .arg(value.record_id)
                .push(", ")
                .arg(value.property_id)
                .push(", ")
                .arg(value.seq)
                .push(", ")
                .arg(value.atom.text.as_str())
                .push(", ")
                .arg(value.atom.key())
                .push(", ")
                .arg(value.atom.number)
                .push(", ")
                .arg(value.ref_id)
                .push(")");
        }
        statement.run(tx).await?;
    }
    Ok(())
}
