//! SQL that writes metadata definitions and looks at what stands on them.

use crate::db::{Conn, Tx, sql};
use crate::masterdata::cell::Atom;
use crate::masterdata::{Metadata, Property};
use crate::{Error, Result};

pub(crate) async fn insert(tx: &mut Tx, tenant_id: i64, metadata: &Metadata) -> Result<()> {
    sql("INSERT INTO metadata (tenant_id, id, name, description, multi_version, prefix_nested, platform_control,
        created_at, modified_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(tenant_id)
    .bind(metadata.id)
    .bind(&metadata.name)
    .bind(metadata.description.clone())
    .bind(metadata.multi_version)
    .bind(metadata.prefix_nested)
    .bind(metadata.platform_control)
    .bind(metadata.created_at)
    .bind(metadata.modified_at)
    .run(tx)
    .await?;
    insert_properties(tx, tenant_id, metadata).await
}

/// Replaces the stored definition.
pub(crate) async fn replace(tx: &mut Tx, tenant_id: i64, metadata: &Metadata) -> Result<()> {
    delete(tx, tenant_id, metadata.id).await?;
    insert(tx, tenant_id, metadata).await
}

pub(crate) async fn delete(tx: &mut Tx, tenant_id: i64, id: i64) -> Result<()> {
    sql("DELETE FROM metadata_property WHERE tenant_id = $1 AND metadata_id = $2")
        .bind(tenant_id)
        .bind(id)
        .run(tx)
        .await?;
    sql("DELETE FROM metadata WHERE tenant_id = $1 AND id = $2").bind(tenant_id).bind(id).run(tx).await?;
    Ok(())
}

async fn insert_properties(tx: &mut Tx, tenant_id: i64, metadata: &Metadata) -> Result<()> {
    let mut statement =
        sql("INSERT INTO metadata_property (tenant_id, id, metadata_id, code, description, kind,
        is_unique, nullable, multiple, display, default_value, limits, target_id, sort_index) VALUES ");
    for (i, property) in metadata.properties.iter().enumerate() {
        statement = statement
            .push(if i == 0 { "(" } else { ", (" })
            .arg(tenant_id)
            .push(", ")
            .arg(property.id)
            .push(", ")
            .arg(metadata.id)
            .push(", ")
            .arg(&property.code)
            .push(", ")
            .arg(&property.description)
            .push(", ")
            .arg(property.kind.as_str())
            .push(", ")
            .arg(property.is_unique)
            .push(", ")
            .arg(property.nullable)
            .push(", ")
            .arg(property.array)
            .push(", ")
            .arg(property.display)
            .push(", ")
            .arg(property.default.clone())
            .push(", ")
            .arg(serde_json::to_string(&property.limit).map_err(Error::internal)?)
            .push(", ")
            .arg(property.limit.data_id)
            .push(", ")
            .arg(property.index)
            .push(")");
    }
    statement.run(tx).await?;
    Ok(())
}

/// How many records there are of these metadata, archived ones included.
pub(crate) async fn count_records(conn: &mut Conn, tenant_id: i64, metadata_id: i64) -> Result<i64> {
    sql("SELECT CAST(COUNT(*) AS BIGINT) FROM masterdata_record WHERE tenant_id = $1 AND metadata_id = $2")
        .bind(tenant_id)
        .bind(metadata_id)
        .count(conn)
        .await
}

/// How many records have a value of this property.
pub(crate) async fn count_holders(conn: &mut Conn, tenant_id: i64, property_id: i64) -> Result<i64> {
    sql("SELECT CAST(COUNT(DISTINCT record_id) AS BIGINT) FROM masterdata_value
        WHERE tenant_id = $1 AND property_id = $2")
    .bind(tenant_id)
    .bind(property_id)
    .count(conn)
    .await
}

/// The ids of records without a value of this property.
pub(crate) async fn without_value(
    conn: &mut Conn,
    tenant_id: i64,
    metadata_id: i64,
    property_id: i64,
) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> =
        sql("SELECT r.id FROM masterdata_record r WHERE r.tenant_id = $1 AND r.metadata_id = $2
        AND NOT EXISTS (SELECT 1 FROM masterdata_value v
            WHERE v.tenant_id = r.tenant_id AND v.record_id = r.id AND v.property_id = $3)")
        .bind(tenant_id)
        .bind(metadata_id)
        .bind(property_id)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A stored value that is outside the limits of its property, if there is one. The types have not changed.
pub(crate) async fn outside_limits(
    conn: &mut Conn,
    tenant_id: i64,
    property: &Property,
) -> Result<Option<String>> {
    let limit = &property.limit;
    let mut statement = sql("SELECT value_text FROM masterdata_value WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND property_id = ")
        .arg(property.id)
        .push(" AND (1 = 0");
    if let Some(len) = limit.len {
        statement = statement.push(" OR LENGTH(value_text) > ").arg(len);
    }
    if let Some(min) = limit.min {
        statement = statement.push(" OR value_number < ").arg(min);
    }
    if let Some(max) = limit.max {
        statement = statement.push(" OR value_number > ").arg(max);
    }
    if let Some(values) = &limit.enum_values {
        let known = values.iter().filter_map(|named| named.value.as_deref());
        statement = statement.push(" OR value_text NOT IN ").list(known);
    }
    let row: Option<(String,)> = statement.push(") LIMIT 1").optional(conn).await?;
    Ok(row.map(|(text,)| text))
}

/// Gives these records this value of a property they have none of.
pub(crate) async fn fill(
    tx: &mut Tx,
    tenant_id: i64,
    record_ids: &[i64],
    property_id: i64,
    atoms: &[(Atom, Option<i64>)],
) -> Result<()> {
    use super::records::{NewValue, insert_values};
    let values = record_ids.iter().flat_map(|record_id| {
        atoms.iter().zip(0_i64..).map(|((atom, ref_id), seq)| NewValue {
            record_id: *record_id,
            property_id,
            seq,
            atom: atom.clone(),
            ref_id: *ref_id,
        })
    });
    insert_values(tx, tenant_id, &values.collect::<Vec<_>>()).await
}

/// The metadata, other than itself, with a property that refers to this one: id of the metadata and code of the property.
pub(crate) async fn referrer(
    conn: &mut Conn,
    tenant_id: i64,
    target_id: i64,
) -> Result<Option<(i64, String)>> {
    sql("SELECT metadata_id, code FROM metadata_property
        WHERE tenant_id = $1 AND target_id = $2 AND metadata_id <> $3 ORDER BY id LIMIT 1")
    .bind(tenant_id)
    .bind(target_id)
    .bind(target_id)
    .optional(conn)
    .await
}
