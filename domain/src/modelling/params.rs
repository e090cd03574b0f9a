//! Parameters of the modelling services, by the names of chapter 4.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Model, NodeKind};
use crate::Patch;

/// Creates a node of the factory model, or links an equipment (section 4.7).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateFactoryNode {
    /// Code, unique in the factory model; of an equipment its asset number.
    pub code: String,
    /// Name.
    pub name: String,
    /// Description; an equipment has none.
    pub desc: Option<String>,
    /// Id of the parent; 0 or absent for a factory.
    pub parent_id: Option<i64>,
    /// `factory`, `workshop`, `beltline`, `machiningCenter` or `equipment`.
    pub r#type: String,
    /// The master record to link, for an equipment; when absent the one with this asset number, made if need be.
    pub equipment_id: Option<i64>,
    /// Code of the parent, when `parentId` is absent.
    pub parent_code: Option<String>,
    /// `publish` publishes it, and its ancestors, at once.
    pub flag: Option<String>,
}

/// Changes, publishes or archives a node of the factory model (section 4.14).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpdateFactoryNode {
    /// Id of the node; when absent, `code` says which.
    pub id: Option<i64>,
    /// Code; with `id` the new one, which must not differ once the node was published.
    pub code: String,
    /// Name.
    pub name: String,
    /// Description; an equipment has none.
    #[serde(default)]
    pub desc: Patch<String>,
    /// Id of the new parent; 0 for a factory.
    pub parent_id: Option<i64>,
    /// Place among its siblings, smaller first.
    #[serde(default)]
    pub order_index: Patch<i64>,
    /// `publish` (with its ancestors), `publishSubNode` (with all descendants too) or `archive` (with all descendants).
    pub flag: Option<String>,
    /// `factory`, `workshop`, `beltline`, `machiningCenter` or `equipment`.
    pub r#type: String,
    /// Code of the new parent, when `parentId` is absent.
    pub parent_code: Option<String>,
}

/// Creates a node of the process model (section 4.13).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateProcessNode {
    /// Code, unique in the process model.
    pub code: String,
    /// Name.
    pub name: String,
    /// Description.
    pub desc: Option<String>,
    /// Id of the parent; 0 or absent for a technology.
    pub parent_id: Option<i64>,
    /// `technology`, `process` or `step`.
    pub r#type: String,
    /// Code of the parent, when `parentId` is absent.
    pub parent_code: Option<String>,
    /// `publish` publishes it, and its ancestors, at once.
    pub flag: Option<String>,
}

/// Changes, publishes or archives a node of the process model (section 4.12).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpdateProcessNode {
    /// Id of the node; when absent, `code` says which.
    pub id: Option<i64>,
    /// Code; with `id` the new one, which must not differ once the node was published.
    pub code: String,
    /// Name.
    pub name: String,
    /// Description.
    #[serde(default)]
    pub desc: Patch<String>,
    /// Id of the new parent; 0 for a technology.
    pub parent_id: Option<i64>,
    /// Place among its siblings, smaller first.
    #[serde(default)]
    pub order_index: Patch<i64>,
    /// `publish` (with its ancestors), `publishSubNode` (with all descendants too) or `archive` (with all descendants).
    pub flag: Option<String>,
    /// `technology`, `process` or `step`.
    pub r#type: String,
    /// Code of the new parent, when `parentId` is absent.
    pub parent_code: Option<String>,
}

/// Deletes a node to which nothing refers (sections 4.6 and 4.9).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeleteNode {
    /// Its id.
    pub id: Option<i64>,
    /// What it is.
    pub r#type: String,
    /// Its code, when `id` is absent.
    pub code: Option<String>,
}

/// Asks for one node by id or code (sections 4.2-4.4 and 4.31-4.34).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GetNodeInfo {
    /// Its id.
    pub id: Option<i64>,
    /// Its code, when `id` is absent.
    pub code: Option<String>,
}

/// Asks for trees (sections 4.1 and 4.18).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueryTree {
    /// Only the tree with this root.
    pub id: Option<i64>,
    /// Only the tree whose root has this code, when `id` is absent.
    pub code: Option<String>,
    /// Only trees with a node whose id is this or whose name contains it.
    pub search: Option<String>,
    /// Page of trees, from 1.
    pub pageid: Option<i64>,
    /// Trees on a page.
    pub page_size: Option<i64>,
}

/// Asks for the equipment below a node (section 4.17).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueryEquipment {
    /// Id of the node on that level; everything when neither it nor `code` is given.
    pub id: Option<i64>,
    /// 1 factory, 2 workshop, 3 production line, 4 machining center, 5 the equipment itself.
    pub level: i64,
    /// Code of the node on that level, when `id` is absent.
    pub code: Option<String>,
}

/// Creates an attribute of a node (section 4.11).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateAttribute {
    /// Name, at most 50 characters, unique on the node.
    pub name: String,
    /// Identifier, at most 50 letters, digits and underscores, a letter first, unique on the node.
    pub en_name: String,
    /// Value, at most 50 characters.
    pub value: String,
    /// Id of the node.
    pub parent_id: Option<i64>,
    /// What the node is: any kind but `equipment`.
    pub parent_type: String,
    /// Code of the node, when `parentId` is absent.
    pub parent_code: Option<String>,
}

/// Deletes an attribute of a node (section 4.8).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeleteAttribute {
    /// Its identifier.
    pub en_name: String,
    /// Id of the node.
    pub parent_id: Option<i64>,
    /// Code of the node, when `parentId` is absent.
    pub parent_code: Option<String>,
    /// What the node is: any kind but `equipment`.
    pub parent_type: String,
}

/// Lists the attributes of a node (section 4.10).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueryAttributes {
    /// Id of the node.
    pub parent_id: Option<i64>,
    /// What the node is: any kind but `equipment`.
    pub parent_type: String,
    /// Page, from 1.
    pub page_id: Option<i64>,
    /// Attributes on a page.
    pub page_size: Option<i64>,
    /// Code of the node, when `parentId` is absent.
    pub parent_code: Option<String>,
}

/// Links or unlinks a production line and a technology, or a machining center and a process (sections 4.15 and 4.16).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TechnicsDependence {
    /// Id of the technology or process.
    pub id: Option<i64>,
    /// `TECHNOLOGY` or `PROCESS`.
    pub id_type: String,
    /// Id of the production line or machining center.
    pub dep_id: Option<i64>,
    /// `BELTLINE` for a technology, `MACHIN_CENTER` for a process.
    pub dep_id_type: String,
    /// Code of the technology or process, when `id` is absent.
    pub code: Option<String>,
    /// Code of the production line or machining center, when `depId` is absent.
    pub dep_code: Option<String>,
}

/// Asks for one level of a tree, to show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListChildren {
    /// Which tree.
    pub model: Model,
    /// The node whose children are wanted; the roots when absent.
    pub parent_id: Option<i64>,
    /// Whether archived nodes are wanted too.
    pub archived: bool,
}

/// Looks for nodes by id, code or name, to show them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SearchNodes {
    /// Which tree.
    pub model: Model,
    /// An id, or a part of a code or name.
    pub text: String,
    /// Whether archived nodes are wanted too.
    pub archived: bool,
    /// At most so many, 1 to 200.
    pub limit: i64,
}

/// Names one node, to show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetNode {
    /// Which tree.
    pub model: Model,
    /// Its id.
    pub id: i64,
}

/// Asks for all nodes of a kind, to choose one or to save them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListKind {
    /// Which kind.
    pub kind: NodeKind,
    /// Whether archived nodes are wanted too.
    pub archived: bool,
}
