//! SQL that finds records by condition and changes them.

use super::conditions::compile;
use super::records::RecordRow;
use crate::db::{Conn, Sql, Tx, sql};
use crate::masterdata::condition::Condition;
use crate::{Millis, Page, Result};

/// Which records are meant.
pub(crate) struct Wanted<'a> {
    pub(crate) metadata_id: i64,
    pub(crate) dap_ids: Option<&'a [i64]>,
    pub(crate) condition: Option<&'a Condition>,
    pub(crate) archived_too: bool,
}

impl Wanted<'_> {
    fn filter(&self, tenant_id: i64, statement: Sql) -> Sql {
        let mut statement = statement
            .push(" FROM masterdata_record r WHERE r.tenant_id = ")
            .arg(tenant_id)
            .push(" AND r.metadata_id = ")
            .arg(self.metadata_id);
        if !self.archived_too {
            statement = statement.push(" AND r.archived = FALSE");
        }
        if let Some(ids) = self.dap_ids {
            statement = statement.push(" AND r.id IN ").list(ids.iter().copied());
        }
        if let Some(condition) = self.condition {
            statement = statement.push(" AND ").append(compile(tenant_id, condition));
        }
        statement
    }
}

pub(crate) async fn count(conn: &mut Conn, tenant_id: i64, wanted: &Wanted<'_>) -> Result<i64> {
    wanted.filter(tenant_id, sql("SELECT CAST(COUNT(*) AS BIGINT)")).count(conn).await
}

/// A page of them, newest first.
pub(crate) async fn list(
    conn: &mut Conn,
    tenant_id: i64,
    wanted: &Wanted<'_>,
    page: Page,
) -> Result<Vec<RecordRow>> {
    let columns = sql("SELECT r.id, r.metadata_id, r.unique_key, r.row_version, r.archived");
    wanted
        .filter(tenant_id, columns)
        .push(" ORDER BY r.created_at DESC, r.id DESC")
        .page(page)
        .all(conn)
        .await
}

/// The records, not archived, whose unique key begins with that of one of these records, themselves included.
pub(crate) async fn nested(
    conn: &mut Conn,
    tenant_id: i64,
    metadata_id: i64,
    ids: &[i64],
) -> Result<Vec<RecordRow>> {
    sql("SELECT r.id, r.metadata_id, r.unique_key, r.row_version, r.archived FROM masterdata_record r
        WHERE r.archived = FALSE AND r.tenant_id = ")
    .arg(tenant_id)
    .push(" AND r.metadata_id = ")
    .arg(metadata_id)
    .push(" AND EXISTS (SELECT 1 FROM masterdata_record p WHERE p.tenant_id = r.tenant_id AND p.id IN ")
    .list(ids.iter().copied())
    .push(
        " AND substr(r.unique_key, 1, LENGTH(p.unique_key)) = p.unique_key)
        ORDER BY r.created_at DESC, r.id DESC",
    )
    .all(conn)
    .await
}

/// Keeps the values of these records as an earlier version.
pub(crate) async fn keep_version(tx: &mut Tx, tenant_id: i64, ids: &[i64], now: Millis) -> Result<()> {
    sql("INSERT INTO masterdata_version
        (tenant_id, record_id, row_version, property_id, seq, value_text, replaced_at)
        SELECT v.tenant_id, v.record_id, r.row_version, v.property_id, v.seq, v.value_text, CAST(")
    .arg(now)
    .push(
        " AS BIGINT) FROM masterdata_value v
        JOIN masterdata_record r ON r.tenant_id = v.tenant_id AND r.id = v.record_id
        WHERE v.tenant_id = ",
    )
    .arg(tenant_id)
    .push(" AND v.record_id IN ")
    .list(ids.iter().copied())
    .run(tx)
    .await?;
    Ok(())
}

/// Marks these records as modified, and as of the next version where that is wanted.
pub(crate) async fn touch(
    tx: &mut Tx,
    tenant_id: i64,
    ids: &[i64],
    now: Millis,
    next_version: bool,
) -> Result<()> {
    let step = if next_version { ", row_version = row_version + 1" } else { "" };
    sql("UPDATE masterdata_record SET modified_at = ")
        .arg(now)
        .push(step)
        .push(" WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND id IN ")
        .list(ids.iter().copied())
        .run(tx)
        .await?;
    Ok(())
}

pub(crate) async fn archive(tx: &mut Tx, tenant_id: i64, ids: &[i64], now: Millis) -> Result<()> {
    sql("UPDATE masterdata_record SET archived = TRUE, modified_at = ")
        .arg(now)
        .push(" WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND id IN ")
        .list(ids.iter().copied())
        .run(tx)
        .await?;
    Ok(())
}

/// Removes the values of these properties from these records.
pub(crate) async fn clear(tx: &mut Tx, tenant_id: i64, ids: &[i64], property_ids: &[i64]) -> Result<()> {
    sql("DELETE FROM masterdata_value WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND record_id IN ")
        .list(ids.iter().copied())
        .push(" AND property_id IN ")
        .list(property_ids.iter().copied())
        .run(tx)
        .await?;
    Ok(())
}
