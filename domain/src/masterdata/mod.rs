//! Master data: metadata with typed properties, records, and the condition language (chapter 17).
//!
//! [`Metadata`] describe a kind of thing by typed [`Property`]s, one of which is the unique key; records are things of
//! that kind. Some metadata are [built in](builtin): every tenant has them from the start, and other areas stand on
//! them (equipment, materials, people).

pub mod builtin;
pub mod cell;
pub mod condition;
pub mod definition;
#[cfg(feature = "server")]
pub mod equipment;
#[cfg(feature = "server")]
pub mod lookup;
#[cfg(feature = "server")]
pub(crate) mod record;
pub mod rules;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
pub mod shown;
#[cfg(feature = "server")]
pub(crate) mod store;
pub mod table;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Millis;

/// The type of a property (section 17.6, `propertyType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum PropertyType {
    /// A whole number.
    Integer,
    /// A number.
    Double,
    /// A text.
    String,
    /// One of the listed texts.
    Enum,
    /// True or false.
    Boolean,
    /// A record of other metadata, written by its unique key.
    MasterData,
    /// A node of the factory model, written by its code.
    Factory,
    /// A node of the process model, written by its code.
    Technology,
    /// A warehouse, one of its areas or locations, written by its code.
    Warehouse,
}

impl PropertyType {
    /// All types.
    pub const ALL: [Self; 9] = [
        Self::Integer,
        Self::Double,
        Self::String,
        Self::Enum,
        Self::Boolean,
        Self::MasterData,
        Self::Factory,
        Self::Technology,
        Self::Warehouse,
    ];

    /// Its name on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Integer => "INTEGER",
            Self::Double => "DOUBLE",
            Self::String => "STRING",
            Self::Enum => "ENUM",
            Self::Boolean => "BOOLEAN",
            Self::MasterData => "MASTERDATA",
            Self::Factory => "FACTORY",
            Self::Technology => "TECHNOLOGY",
            Self::Warehouse => "WAREHOUSE",
        }
    }

    /// The type with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether values of this type are compared as numbers.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Double)
    }
}

/// A value of an enumeration or of a Boolean, with its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamedValue {
    /// The value as records hold it.
    pub value: Option<String>,
    /// What it means, for people.
    pub remark: Option<String>,
}

/// What a value of a property may be (section 17.6, `propertyLimit`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PropertyLimit {
    /// STRING: the largest number of characters.
    pub len: Option<i64>,
    /// INTEGER and DOUBLE: the smallest value.
    pub min: Option<f64>,
    /// INTEGER and DOUBLE: the largest value.
    pub max: Option<f64>,
    /// MASTERDATA: id of the metadata whose records are meant.
    pub data_id: Option<i64>,
    /// FACTORY: `FACTORY`, `WORKSHOP`, `BELTLINE` or `MACHINING_CENTER`.
    pub factory_type: Option<String>,
    /// TECHNOLOGY: `TECHNOLOGY`, `PROCESS` or `STEP`.
    pub technology_type: Option<String>,
    /// WAREHOUSE: `WAREHOUSE`, `AREA` or `LOCATION`.
    pub warehouse_type: Option<String>,
    /// ENUM: the values.
    pub enum_values: Option<Vec<NamedValue>>,
    /// BOOLEAN: what its values mean.
    pub boolean_values: Option<Vec<NamedValue>>,
}

/// A property of metadata.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "the contract's independent flags")]
pub struct Property {
    /// Its id.
    pub id: i64,
    /// Its identifier: the column name in records.
    pub code: String,
    /// Its name for people.
    pub description: String,
    /// The type of its values.
    pub kind: PropertyType,
    /// Whether it is the unique key.
    pub is_unique: bool,
    /// Whether a record may be without a value.
    pub nullable: bool,
    /// Whether a record may hold several values.
    pub array: bool,
    /// Whether it is what a record is shown by.
    pub display: bool,
    /// Value of a record that is inserted without one; written as text whatever the type.
    pub default: Option<String>,
    /// What a value may be.
    pub limit: PropertyLimit,
    /// Its place among the properties.
    pub index: i64,
    /// Whether the program itself relies on it.
    pub builtin: bool,
}

/// A kind of record.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "the contract's independent flags")]
pub struct Metadata {
    /// Its id (`dataId`). Ids below 1000 are built in and the same in every tenant.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What it is, for people.
    pub description: Option<String>,
    /// Whether a modification makes a new version of the record.
    pub multi_version: bool,
    /// Whether a unique key that begins with another one lies below it.
    pub prefix_nested: bool,
    /// Whether the platform controls it.
    pub platform_control: bool,
    /// Whether every tenant has it from the start.
    pub builtin: bool,
    /// When it was created.
    pub created_at: Millis,
    /// When it was last modified.
    pub modified_at: Millis,
    /// Its properties, in order.
    pub properties: Vec<Property>,
}

impl Metadata {
    /// The property with this code.
    pub fn property(&self, code: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.code == code)
    }

    /// The property that identifies a record.
    ///
    /// # Panics
    /// Never: metadata are only created with one.
    pub fn unique_key(&self) -> &Property {
        self.properties.iter().find(|property| property.is_unique).expect("metadata have a unique key")
    }
}

/// A machine, as the master data 生产设备 know it.
#[derive(Clone, Debug, PartialEq)]
pub struct Equipment {
    /// Id of the record: the `equipmentId` and the level-5 `ftyModelId` of all other areas.
    pub dap_id: i64,
    /// Fixed-asset number, the unique key.
    pub asset_num: String,
    /// Its name.
    pub name: Option<String>,
    /// Its short code.
    pub brevity_code: Option<String>,
    /// Its model: code and name.
    pub equipment_model: Option<CodeAndName>,
    /// The type of its model: code and name.
    pub equipment_type: Option<CodeAndName>,
    /// 1 new, 2 in use, 3 out of use, 4 scrapped.
    pub usable_condition: Option<i64>,
    /// Serial number.
    pub sn_code: Option<String>,
    /// Where it stands.
    pub location: Option<String>,
    /// The device bound to it.
    pub iot_device_id: Option<String>,
    /// Ideal cycle time in seconds a piece.
    pub ideal_cycle_time: Option<f64>,
    /// Whether it is archived.
    pub archived: bool,
}

/// A material, as the master data 物料 know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Material {
    /// Id of the record.
    pub dap_id: i64,
    /// Its code, the unique key.
    pub code: String,
    /// Its name.
    pub name: Option<String>,
    /// The unit it is counted in.
    pub unit: Option<String>,
    /// Whether it is archived.
    pub archived: bool,
}

/// A person, as the master data 人员 know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Id of the record.
    pub dap_id: i64,
    /// Work number, the unique key.
    pub work_number: String,
    /// Name.
    pub name: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Whether the record is archived.
    pub archived: bool,
}

/// A record of other metadata by its unique key and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CodeAndName {
    /// Its unique key.
    pub code: String,
    /// Its name, where it has one.
    pub name: Option<String>,
}
