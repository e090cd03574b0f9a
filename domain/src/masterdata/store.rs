//! SQL of metadata definitions.

mod conditions;
pub(super) mod definitions;
pub(super) mod nodes;
pub(super) mod records;
pub(super) mod search;

use crate::db::{Conn, sql};
use crate::masterdata::{Metadata, Property, PropertyLimit, PropertyType, builtin};
use crate::{Error, Millis, Result};

#[derive(sqlx::FromRow)]
struct MetadataRow {
    id: i64,
    name: String,
    description: Option<String>,
    multi_version: bool,
    prefix_nested: bool,
    platform_control: bool,
    created_at: Millis,
    modified_at: Millis,
}

#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "the contract's independent flags")]
struct PropertyRow {
    id: i64,
    metadata_id: i64,
    code: String,
    description: String,
    kind: String,
    is_unique: bool,
    nullable: bool,
    multiple: bool,
    display: bool,
    default_value: Option<String>,
    limits: String,
    sort_index: i64,
}

impl PropertyRow {
    fn into_property(self) -> Result<Property> {
        let kind = PropertyType::from_name(&self.kind)
            .ok_or_else(|| Error::internal(format!("property {} has the type {}", self.id, self.kind)))?;
        Ok(Property {
            id: self.id,
            code: self.code,
            description: self.description,
            kind,
            is_unique: self.is_unique,
            nullable: self.nullable,
            array: self.multiple,
            display: self.display,
            default: self.default_value,
            limit: serde_json::from_str::<PropertyLimit>(&self.limits).map_err(Error::internal)?,
            index: self.sort_index,
            // Ids of built-in properties, like those of built-in metadata, are below all others.
            builtin: self.id < 1000,
        })
    }
}

/// All metadata of the tenant, the built-in ones included; newest created first.
pub(crate) async fn all(conn: &mut Conn, tenant_id: i64) -> Result<Vec<Metadata>> {
    let rows =
        sql("SELECT id, name, description, multi_version, prefix_nested, platform_control, created_at,
        modified_at FROM metadata WHERE tenant_id = $1")
        .bind(tenant_id)
        .all::<MetadataRow>(conn)
        .await?;
    let properties =
        sql("SELECT id, metadata_id, code, description, kind, is_unique, nullable, multiple, display,
        default_value, limits, sort_index FROM metadata_property WHERE tenant_id = $1")
        .bind(tenant_id)
        .all::<PropertyRow>(conn)
        .await?;
    let mut found = builtin::all(tenant_created(conn, tenant_id).await?);
    for row in rows {
        let stored = from_row(row);
        match found.iter_mut().find(|metadata| metadata.id == stored.id) {
            Some(metadata) => {
                *metadata = Metadata { properties: std::mem::take(&mut metadata.properties), ..stored }
            }
            None => found.push(stored),
        }
    }
    for row in properties {
        let owner = found.iter_mut().find(|metadata| metadata.id == row.metadata_id);
        let Some(owner) = owner else { continue };
        place(owner, row.into_property()?);
    }
    found.iter_mut().for_each(sort);
    found.sort_by_key(|metadata| std::cmp::Reverse((metadata.created_at, metadata.id)));
    Ok(found)
}

/// One of the tenant's metadata.
pub(crate) async fn by_id(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<Option<Metadata>> {
    let row = sql("SELECT id, name, description, multi_version, prefix_nested, platform_control, created_at,
        modified_at FROM metadata WHERE tenant_id = $1 AND id = $2")
    .bind(tenant_id)
    .bind(id)
    .optional::<MetadataRow>(conn)
    .await?;
    let built_in = if builtin::id_exists(id) {
        builtin::by_id(id, tenant_created(conn, tenant_id).await?)
    } else {
        None
    };
    let mut metadata = match (row, built_in) {
        (None, None) => return Ok(None),
        (None, Some(built_in)) => return Ok(Some(built_in)),
        (Some(row), None) => from_row(row),
        (Some(row), Some(built_in)) => Metadata { properties: built_in.properties, ..from_row(row) },
    };
    let properties =
        sql("SELECT id, metadata_id, code, description, kind, is_unique, nullable, multiple, display,
        default_value, limits, sort_index FROM metadata_property WHERE tenant_id = $1 AND metadata_id = $2")
        .bind(tenant_id)
        .bind(id)
        .all::<PropertyRow>(conn)
        .await?;
    for row in properties {
        place(&mut metadata, row.into_property()?);
    }
    sort(&mut metadata);
    Ok(Some(metadata))
}

/// The id of the metadata with this name, or with this other name of a built-in one.
pub(crate) async fn id_by_name(conn: &mut Conn, tenant_id: i64, name: &str) -> Result<Option<i64>> {
    if let Some(id) = builtin::id_of(name) {
        return Ok(Some(id));
    }
    let row = sql("SELECT id FROM metadata WHERE tenant_id = $1 AND name = $2")
        .bind(tenant_id)
        .bind(name)
        .optional::<(i64,)>(conn)
        .await?;
    Ok(row.map(|(id,)| id))
}

fn from_row(row: MetadataRow) -> Metadata {
    Metadata {
        id: row.id,
        name: row.name,
        description: row.description,
        multi_version: row.multi_version,
        prefix_nested: row.prefix_nested,
        platform_control: row.platform_control,
        builtin: builtin::id_exists(row.id),
        created_at: row.created_at,
        modified_at: row.modified_at,
        properties: Vec::new(),
    }
}

/// A stored property takes the place of the one the program defines.
fn place(metadata: &mut Metadata, property: Property) {
    match metadata.properties.iter_mut().find(|known| known.id == property.id) {
        Some(known) => *known = property,
        None => metadata.properties.push(property),
    }
}

fn sort(metadata: &mut Metadata) {
    metadata.properties.sort_by_key(|property| (property.index, property.id));
}

async fn tenant_created(conn: &mut Conn, tenant_id: i64) -> Result<Millis> {
    sql("SELECT created_at FROM tenant WHERE id = $1").bind(tenant_id).count(conn).await
}
