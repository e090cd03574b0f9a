//! Replies of the modelling services, by the names of chapter 4.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Node;
use crate::Text;

/// An attribute, as the info calls answer it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttributeInfo {
    /// Attribute id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Identifier.
    pub en_name: String,
    /// Value.
    pub value: Option<String>,
    /// When it was created, `yyyy-MM-dd HH:mm:ss` in the plant's zone.
    pub create_time: String,
    /// When it was last changed.
    pub modify_time: String,
}

/// A linked node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DependenceInfo {
    /// Node id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Code.
    pub code: String,
}

/// A technology (section 4.31).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TechnologyInfo {
    /// Technology id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Code.
    pub code: String,
    /// Description.
    pub desc: Option<String>,
    /// When it was created, `yyyy-MM-dd HH:mm:ss` in the plant's zone.
    pub create_time: String,
    /// When it was last changed.
    pub modify_time: String,
    /// Attributes.
    pub attrs: Vec<AttributeInfo>,
    /// Linked production lines.
    pub deps: Vec<DependenceInfo>,
    /// `unpublish`, `publish` or `archive`.
    pub flag: String,
}

/// A process (section 4.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessInfo {
    /// Process id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Code.
    pub code: String,
    /// Description.
    pub desc: Option<String>,
    /// When it was created, `yyyy-MM-dd HH:mm:ss` in the plant's zone.
    pub create_time: String,
    /// When it was last changed.
    pub modify_time: String,
    /// Id of the technology it belongs to.
    pub parent_id: Option<i64>,
    /// `technology`.
    pub parent_type: Option<String>,
    /// Attributes.
    pub attrs: Vec<AttributeInfo>,
    /// Linked machining centers.
    pub deps: Vec<DependenceInfo>,
    /// `unpublish`, `publish` or `archive`.
    pub flag: String,
}

/// A node below a root, without links: a step, workshop, production line or machining center (sections 4.3, 4.4, 4.33
/// and 4.34).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodeInfo {
    /// Node id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Code.
    pub code: String,
    /// Description.
    pub desc: Option<String>,
    /// When it was created, `yyyy-MM-dd HH:mm:ss` in the plant's zone.
    pub create_time: String,
    /// When it was last changed.
    pub modify_time: String,
    /// Id of the parent node.
    pub parent_id: Option<i64>,
    /// Kind of the parent node.
    pub parent_type: Option<String>,
    /// Attributes.
    pub attrs: Vec<AttributeInfo>,
    /// `unpublish`, `publish` or `archive`.
    pub flag: String,
}

/// A factory (section 4.32).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FactoryInfo {
    /// Factory id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Code.
    pub code: String,
    /// Description.
    pub desc: Option<String>,
    /// When it was created, `yyyy-MM-dd HH:mm:ss` in the plant's zone.
    pub create_time: String,
    /// When it was last changed.
    pub modify_time: String,
    /// Attributes.
    pub attrs: Vec<AttributeInfo>,
    /// `unpublish`, `publish` or `archive`.
    pub flag: String,
}

/// The process model (section 4.1): all that is not archived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessTree {
    /// Technologies of this page.
    pub technologies: Vec<TechnologyBranch>,
}

/// A technology with its processes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TechnologyBranch {
    /// Technology id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Code.
    pub code: String,
    /// Its processes.
    pub processes: Vec<ProcessBranch>,
}

/// A process with its steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessBranch {
    /// Process id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Code.
    pub code: String,
    /// Its steps.
    pub steps: Vec<Leaf>,
}

/// A step or an equipment in a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Leaf {
    /// Node id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Code; of an equipment its asset number.
    pub code: String,
}

/// The factory model (section 4.18): all that is not archived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FactoryTree {
    /// Factories of this page.
    pub factories: Vec<FactoryBranch>,
    /// Which page it is.
    pub page: TreePage,
}

/// Paging of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TreePage {
    /// How many trees there are.
    pub total: i64,
    /// Trees on a page.
    pub size: i64,
    /// Page number, from 1.
    pub to: i64,
}

/// A factory with its workshops.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FactoryBranch {
    /// Factory id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Code.
    pub code: String,
    /// Its workshops.
    pub work_shops: Vec<WorkshopBranch>,
}

/// A workshop with its production lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkshopBranch {
    /// Workshop id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Code.
    pub code: String,
    /// Its production lines.
    pub beltlines: Vec<BeltlineBranch>,
}

/// A production line with its machining centers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BeltlineBranch {
    /// Line id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Code.
    pub code: String,
    /// Its machining centers.
    pub machining_centers: Vec<MachiningCenterBranch>,
}

/// A machining center with its equipment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MachiningCenterBranch {
    /// Machining-center id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Code.
    pub code: String,
    /// Its equipment.
    pub equipments: Vec<Leaf>,
}

/// The equipment below a node (section 4.17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EquipmentList {
    /// The equipment that is not archived.
    pub equipments: Vec<EquipmentInfo>,
}

/// An equipment with what its master record says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EquipmentInfo {
    /// Equipment id: node and master record alike.
    pub id: i64,
    /// Asset number.
    pub asset_num: String,
    /// Short code.
    pub brevity_code: Option<String>,
    /// Code of the equipment model.
    pub equipment_model: Option<String>,
    /// Name of the equipment model.
    pub equipment_model_name: Option<String>,
    /// The device that is bound to it.
    pub iot_device_id: Option<String>,
    /// State of use in Chinese: 新建 new, 使用中 in use, 已停用 out of use, 已报废 scrapped.
    pub usable_condition: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Id of the machining center.
    pub parent_id: Option<i64>,
    /// `machiningCenter`.
    pub parent_type: Option<String>,
    /// Name.
    pub name: String,
}

/// A page of attributes (section 4.10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttributePage {
    /// The attributes.
    pub attrs: Vec<NodeAttribute>,
    /// Which page it is.
    pub page: AttributePaging,
}

/// An attribute with its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodeAttribute {
    /// Attribute id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Identifier.
    pub en_name: String,
    /// Value.
    pub value: Option<String>,
    /// Id of the node.
    pub parent_id: i64,
    /// Kind of the node.
    pub parent_type: String,
    /// When it was created, `yyyy-MM-dd HH:mm:ss` in the plant's zone.
    pub create_time: String,
    /// When it was last changed.
    pub modify_time: String,
}

/// Paging of attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttributePaging {
    /// Page number, from 1.
    pub page_id: i64,
    /// Attributes on a page.
    pub page_size: i64,
    /// How many attributes there are.
    pub total: i64,
}

/// A node of a tree that is shown level by level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TreeRow {
    /// The node.
    pub node: Node,
    /// How many children it has.
    pub children: i64,
}

/// A node that was looked for, and the way to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundNode {
    /// The node.
    pub node: Node,
    /// Its ancestors, the root first.
    pub path: Vec<Node>,
}

/// Everything about one node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeDetail {
    /// The node.
    pub node: Node,
    /// Its ancestors, the root first.
    pub path: Vec<Node>,
    /// Its attributes.
    pub attributes: Vec<AttributeInfo>,
    /// Nodes of the other model that are linked to it.
    pub dependences: Vec<Node>,
    /// What refers to it and keeps it from being deleted.
    pub referrers: Vec<Referrer>,
}

/// How many records of one kind refer to a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Referrer {
    /// What they are, in the plural.
    pub what: Text,
    /// How many.
    pub count: i64,
}
