//! What callers say and hear about metadata (sections 17.2, 17.3, 17.5, 17.6 and 17.7).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Metadata, Property, PropertyLimit};
use crate::{Millis, Patch};

/// A property as a caller describes it (section 17.6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the contract's independent flags")]
pub struct PropertyParam {
    /// Identifier: the column name in records.
    pub property_code: String,
    /// Name for people.
    pub property_desc: String,
    /// `INTEGER`, `DOUBLE`, `STRING`, `ENUM`, `BOOLEAN`, `MASTERDATA`, `FACTORY`, `TECHNOLOGY` or `WAREHOUSE`.
    pub property_type: String,
    /// Whether a record may be without a value.
    pub is_null: bool,
    /// Whether this is what a record is shown by; one property is.
    pub display: bool,
    /// Whether this is the unique key; one property is.
    pub is_unique: bool,
    /// Whether a record may hold several values.
    pub array: bool,
    /// Value of a record that is inserted without one, as text; empty for none.
    pub default_value: String,
    /// What a value may be.
    pub property_limit: PropertyLimit,
    /// Place among the properties; without one, the place in this list.
    pub property_index: Option<i64>,
}

/// Parameters of section 17.7.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateMetadata {
    /// Name, unique in the tenant.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Whether a modification makes a new version of the record; absent: no.
    pub multi_version: Option<bool>,
    /// Whether a unique key that begins with another one lies below it; absent: no.
    pub prefix_nested: Option<bool>,
    /// All properties.
    pub properties: Vec<PropertyParam>,
    /// Whether the platform controls it; absent: no.
    pub platform_control: Option<bool>,
}

/// Parameters of section 17.6.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModifyMetadata {
    /// Name of the metadata meant.
    pub name: String,
    /// What it is.
    #[serde(default)]
    pub description: Patch<String>,
    /// Whether a modification makes a new version of the record; absent: as it was.
    pub multi_version: Option<bool>,
    /// Whether a unique key that begins with another one lies below it; absent: as it was.
    pub prefix_nested: Option<bool>,
    /// All properties: one that is not in the list is removed.
    pub properties: Vec<PropertyParam>,
    /// Whether the platform controls it; absent: as it was.
    pub platform_control: Option<bool>,
}

/// Parameters of section 17.5.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeleteMetadata {
    /// Id of the metadata; wins over the name.
    pub id: Option<i64>,
    /// Its name.
    pub name: Option<String>,
}

/// Parameters of section 17.2.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueryMetadata {
    /// Id of the metadata; wins over the name.
    pub id: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// Page number, from 1.
    pub page_id: Option<i64>,
    /// Rows per page.
    pub page_size: Option<i64>,
}

/// Parameters of section 17.3.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueryProperties {
    /// Id of the metadata; wins over the name. Without either, the properties of all metadata are meant.
    pub data_id: Option<i64>,
    /// Their name.
    pub meta_data_name: Option<String>,
    /// Page number, from 1.
    pub page_id: Option<i64>,
    /// Rows per page.
    pub page_size: Option<i64>,
}

/// Answer of section 17.2.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MetadataPage {
    /// The metadata, newest first.
    #[serde(rename = "metaDataDTOS")]
    pub metadata: Vec<MetadataReply>,
    /// Which part of the result this is.
    pub page: ReplyPage,
}

/// Paging of [`MetadataPage`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplyPage {
    /// Page number.
    pub page_id: i64,
    /// Rows per page.
    pub page_size: i64,
    /// Rows in all; the contract has it as a text.
    pub total: String,
}

/// Metadata in an answer (section 17.2).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetadataReply {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// 1 when records have versions, else 0.
    pub multi_version: i64,
    /// 1 when every tenant has it from the start, else 0.
    pub builtin: i64,
    /// When it was created: ISO 8601, UTC.
    pub gmt_create: String,
    /// When it was last modified: ISO 8601, UTC.
    pub gmt_modified: String,
    /// Whether the platform controls it.
    pub platform_control: bool,
    /// Whether unique keys are nested by their beginnings.
    pub prefix_nested: bool,
    /// The properties in order.
    pub properties: Vec<MetadataPropertyReply>,
}

/// A property in an answer of section 17.2.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetadataPropertyReply {
    /// Identifier.
    pub property_code: String,
    /// Name for people.
    pub property_desc: String,
    /// Type.
    pub property_type: String,
    /// Whether it is the unique key.
    pub is_unique: bool,
    /// Whether a record may be without a value.
    pub is_null: bool,
    /// Whether a record may hold several values.
    pub array: bool,
    /// `true` or `false`: whether a record is shown by it; a text here, unlike in section 17.3.
    pub display: String,
    /// Default value.
    pub default_value: String,
    /// What a value may be.
    pub property_limit: PropertyLimit,
}

/// Answer of section 17.3.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PropertyPage {
    /// The properties, in order.
    #[serde(rename = "propertyDTOList")]
    pub properties: Vec<PropertyReply>,
    /// Page number.
    pub page_id: i64,
    /// Rows per page.
    pub page_size: i64,
    /// Rows in all; the contract has it as a text.
    pub total: String,
}

/// A property in an answer of section 17.3.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the contract's independent flags")]
pub struct PropertyReply {
    /// Id.
    pub id: i64,
    /// Id of the metadata it belongs to.
    pub data_id: i64,
    /// Identifier.
    pub property_code: String,
    /// Name for people.
    pub property_desc: String,
    /// Type.
    pub property_type: String,
    /// Whether it is the unique key.
    pub is_unique: bool,
    /// Whether a record may be without a value.
    pub is_null: bool,
    /// Default value.
    pub default_value: String,
    /// Place among the properties.
    pub property_index: i64,
    /// What a value may be.
    pub property_limit: PropertyLimit,
    /// Whether a record may hold several values.
    pub array: bool,
    /// Whether a record is shown by it.
    pub display: bool,
    /// 1 when the program itself relies on it, else 0.
    pub builtin: i64,
    /// Always `effective`.
    pub status: String,
}

impl From<&Metadata> for MetadataReply {
    fn from(metadata: &Metadata) -> Self {
        Self {
            id: metadata.id,
            name: metadata.name.clone(),
            description: metadata.description.clone(),
            multi_version: metadata.multi_version.into(),
            builtin: metadata.builtin.into(),
            gmt_create: iso(metadata.created_at),
            gmt_modified: iso(metadata.modified_at),
            platform_control: metadata.platform_control,
            prefix_nested: metadata.prefix_nested,
            properties: metadata.properties.iter().map(MetadataPropertyReply::from).collect(),
        }
    }
}

impl From<&Property> for MetadataPropertyReply {
    fn from(property: &Property) -> Self {
        Self {
            property_code: property.code.clone(),
            property_desc: property.description.clone(),
            property_type: property.kind.as_str().into(),
            is_unique: property.is_unique,
            is_null: property.nullable,
            array: property.array,
            display: property.display.to_string(),
            default_value: property.default.clone().unwrap_or_default(),
            property_limit: property.limit.clone(),
        }
    }
}

impl PropertyReply {
    /// The answer about a property of the metadata with this id.
    pub fn new(data_id: i64, property: &Property) -> Self {
        Self {
            id: property.id,
            data_id,
            property_code: property.code.clone(),
            property_desc: property.description.clone(),
            property_type: property.kind.as_str().into(),
            is_unique: property.is_unique,
            is_null: property.nullable,
            default_value: property.default.clone().unwrap_or_default(),
            property_index: property.index,
            property_limit: property.limit.clone(),
            array: property.array,
            display: property.display,
            builtin: property.builtin.into(),
            status: "effective".into(),
        }
    }
}

/// `2019-02-22T02:25:29.000Z`.
fn iso(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at).map_or_else(|_| String::new(), |t| format!("{t:.3}"))
}
