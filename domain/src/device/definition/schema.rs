//! The form of a definition document, for the description of the API. Programs read [`Definition`](super::Definition).

use schemars::JsonSchema;
use serde::Serialize;

/// Datapoints of a product and how a phone shows them.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DatapointDefinition")]
pub struct DefinitionForm {
    /// Name of the product.
    pub name: String,
    /// Its one entity.
    pub entities: Vec<EntityForm>,
    /// `standard` (all datapoints in each message) or `var_len` (those that are flagged).
    #[serde(rename = "protocolType")]
    pub protocol_type: String,
    /// Key of the product.
    pub product_key: String,
    /// Version of the packets: 0x00000004.
    #[serde(rename = "packetVersion")]
    pub packet_version: String,
    /// What a phone draws.
    pub ui: UiForm,
}

/// The entity that has the datapoints.
#[derive(Serialize, JsonSchema)]
pub struct EntityForm {
    /// Its id: 0.
    pub id: u32,
    /// Its name: entity0.
    pub name: String,
    /// Its name for people.
    pub display_name: String,
    /// The datapoints.
    pub attrs: Vec<AttrForm>,
}

/// A datapoint.
#[derive(Serialize, JsonSchema)]
pub struct AttrForm {
    /// Its number.
    pub id: u32,
    /// What programs call it.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// A remark.
    pub desc: String,
    /// `status_writable` (W), `status_readonly` (R), `alert` (N) or `fault` (E).
    pub r#type: String,
    /// bool, uint8, uint16, uint32, enum or binary.
    pub data_type: String,
    /// Limits of a number; only there for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uint_spec: Option<UintSpecForm>,
    /// Texts of an enumeration; only there for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#enum: Option<Vec<String>>,
    /// Where its value lies.
    pub position: PositionForm,
}

/// Limits of a number: shown = raw × ratio + addition.
#[derive(Serialize, JsonSchema)]
pub struct UintSpecForm {
    /// Least raw value.
    pub min: u32,
    /// Greatest raw value.
    pub max: u32,
    /// What one step is.
    pub ratio: f64,
    /// What is added.
    pub addition: f64,
}

/// Where a value lies in a device's status; offsets are 0 in products of variable length.
#[derive(Serialize, JsonSchema)]
pub struct PositionForm {
    /// Bit in the byte.
    pub bit_offset: u32,
    /// Length in the unit.
    pub len: u32,
    /// bit or byte.
    pub unit: String,
    /// Byte in the status.
    pub byte_offset: u32,
}

/// What a phone draws.
#[derive(Serialize, JsonSchema)]
pub struct UiForm {
    /// Its head.
    pub object: UiHeadForm,
    /// Its sections.
    pub sections: Vec<SectionForm>,
}

/// Head of what a phone draws.
#[derive(Serialize, JsonSchema)]
pub struct UiHeadForm {
    /// Version: 4.
    pub version: u32,
    /// Whether it may be edited.
    #[serde(rename = "showEditButton")]
    pub show_edit_button: bool,
}

/// Elements that are drawn together.
#[derive(Serialize, JsonSchema)]
pub struct SectionForm {
    /// The elements.
    pub elements: Vec<ElementForm>,
}

/// An element for one datapoint.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ElementForm {
    /// Name of the datapoint for people.
    pub title: String,
    /// `entity0.` and the name of the datapoint.
    pub key: String,
    /// `QBooleanElement`, `QFloatElement`, `QRadioElement`, `QMultilineElement` or `QLabelElement`.
    pub r#type: String,
    /// Kind of keyboard; for what is typed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keyboard_type: Option<String>,
    /// Most hexadecimal digits; for a `QMultilineElement`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// Texts to choose from; for a `QRadioElement`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<String>>,
    /// Value at the start; for a `QBooleanElement`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bool_value: Option<bool>,
    /// How the value is bound; for a `QFloatElement`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bind: Option<String>,
    /// Greatest shown value; for a `QFloatElement`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_value: Option<f64>,
    /// Least shown value; for a `QFloatElement`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_value: Option<f64>,
    /// Value at the start; for a `QFloatElement`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// What it is bound to.
    pub object: BindingForm,
}

/// What an element is bound to.
#[derive(Serialize, JsonSchema)]
pub struct BindingForm {
    /// Name of the entity.
    pub action: String,
    /// `entity0.` and the name of the datapoint.
    pub bind: Vec<String>,
    /// W where it can be written, else N.
    pub perm: String,
    /// Range of a number in shown units, as the documentation spells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_spec: Option<RangeForm>,
    /// The same, as real definitions spell it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uint_spec: Option<RangeForm>,
}

/// Range of a number in shown units.
#[derive(Serialize, JsonSchema)]
pub struct RangeForm {
    /// Greatest value.
    pub max: f64,
    /// Distance of neighbours.
    pub step: f64,
    /// Least value.
    pub min: f64,
}
