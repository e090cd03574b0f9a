//! The factory model and the process model, level by level.

use domain::modelling::{FoundNode, Model, Node, NodeDetail, NodeKind, RouteOperation, TreeRow};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, StreamingText, TextStream};
use serde::{Deserialize, Serialize};

use crate::api::{Answer, Data, Error, Result};

/// A node in a tree, with what is below it as far as that is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// The node and how many children it has.
    pub row: TreeRow,
    /// Its children, when its branch is open.
    pub below: Option<Vec<Branch>>,
}

/// The tree, open down to a node.
#[server(input = GetUrl, output = Data, endpoint = "model/tree")]
pub async fn get_tree(model: Model, node: String, archived: bool) -> Result<Answer<Vec<Branch>>> {
    Answer::of(server::tree(&crate::ssr::ctx()?, model, node.parse().ok(), archived).await)
}

/// What is below a node.
#[server(input = GetUrl, output = Data, endpoint = "model/children")]
pub async fn get_children(model: Model, parent: i64, archived: bool) -> Result<Vec<TreeRow>> {
    let params = domain::modelling::ListChildren { model, parent_id: Some(parent), archived };
    crate::ssr::respond(domain::modelling::service::list_children(&crate::ssr::ctx()?, params).await)
}

/// Most nodes that a search shows.
pub const FOUND: i64 = 100;

/// Nodes by id, or by a part of their code or name.
#[server(input = GetUrl, output = Data, endpoint = "model/search")]
pub async fn search_nodes(model: Model, text: String, archived: bool) -> Result<Vec<FoundNode>> {
    let params = domain::modelling::SearchNodes { model, text, archived, limit: FOUND };
    crate::ssr::respond(domain::modelling::service::search_nodes(&crate::ssr::ctx()?, params).await)
}

/// A node in full, for the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodePage {
    /// The node; `None` above the roots.
    pub detail: Option<NodeDetail>,
    /// Its children, the roots when there is no node.
    pub children: Vec<TreeRow>,
    /// When it was created and last changed, on the plant's clock.
    pub times: (String, String),
    /// Nodes of the other model that may be linked to it.
    pub linkable: Vec<Node>,
    /// The operations of the route it is part of.
    pub operations: Vec<RouteOperation>,
    /// Whether the person may change it.
    pub writable: bool,
}

/// A node in full; the roots when none is named.
#[server(input = GetUrl, output = Data, endpoint = "model/node")]
pub async fn get_node(model: Model, node: String, archived: bool) -> Result<Answer<NodePage>> {
    Answer::of(server::node_page(&crate::ssr::ctx()?, model, node.parse().ok(), archived).await)
}

/// A form of the page, and what it starts from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NodeDraft {
    /// A new node of a kind, below this one or at the top.
    New(NodeKind, Option<Node>),
    /// This node, and where it may be moved to.
    Change(Node, Vec<Node>),
    /// A new attribute of this node.
    Attribute(Node),
}

/// What the form named `edit` (`new`, `node`, `attribute`) starts from; nothing for who may not change anything.
#[server(input = GetUrl, output = Data, endpoint = "model/draft")]
pub async fn get_node_draft(model: Model, node: String, edit: String) -> Result<Answer<Option<NodeDraft>>> {
    Answer::of(server::draft(&crate::ssr::ctx()?, model, node.parse().ok(), &edit).await)
}

/// A whole model as CSV, level by level.
#[server(input = GetUrl, output = StreamingText, endpoint = "model.csv")]
pub async fn download_model(model: Model, archived: bool) -> Result<TextStream<Error>> {
    let rows = server::rows(&crate::ssr::ctx()?, model, archived).await?;
    let head =
        ["type", "code", "name", "parentCode", "flag", "orderIndex", "desc", "id", "modifyTime", "zone"];
    let name = if model == Model::Factory { "factory-model.csv" } else { "process-routes.csv" };
    Ok(super::csv::file(name, &head, rows))
}

/// The fields of the form for a node, by the names of chapter 4.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeForm {
    /// The node to change; empty for a new one.
    pub id: String,
    /// What it is.
    pub r#type: String,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Description.
    pub desc: String,
    /// Its parent.
    pub parent_id: String,
    /// Its place among its siblings.
    pub order_index: String,
    /// Where it is shown, without a query.
    pub page: String,
}

/// Creates or changes a node, and goes to it.
#[server(endpoint = "model/save")]
pub async fn save_node(#[server(flatten)] form: NodeForm) -> Result<()> {
    let page = form.page.clone();
    let id = crate::ssr::respond(server::save_node(&crate::ssr::ctx()?, form).await)?;
    server::go(&page, Some(id));
    Ok(())
}

/// Publishes (`publish`, `publishSubNode`) or archives (`archive`) a node.
#[server(endpoint = "model/flag")]
pub async fn set_flag(model: Model, id: i64, flag: String, page: String) -> Result<()> {
    crate::ssr::respond(server::set_flag(&crate::ssr::ctx()?, model, id, flag).await)?;
    server::go(&page, Some(id));
    Ok(())
}

/// Deletes a node to which nothing refers, and goes to its parent.
#[server(endpoint = "model/delete")]
pub async fn delete_node(model: Model, id: i64, page: String) -> Result<()> {
    let parent = crate::ssr::respond(server::delete_node(&crate::ssr::ctx()?, model, id).await)?;
    server::go(&page, parent);
    Ok(())
}

/// Adds an attribute to a node.
#[server(endpoint = "model/attribute/add")]
pub async fn add_attribute(
    #[server(rename = "parentId")] parent_id: i64,
    #[server(rename = "parentType")] parent_type: String,
    name: String,
    #[server(rename = "enName")] en_name: String,
    value: String,
    page: String,
) -> Result<()> {
    use domain::modelling::{CreateAttribute, service};
    let params =
        CreateAttribute { name, en_name, value, parent_id: Some(parent_id), parent_type, parent_code: None };
    crate::ssr::respond(service::create_attribute(&crate::ssr::ctx()?, params).await)?;
    server::go(&page, Some(parent_id));
    Ok(())
}

/// Removes an attribute from a node.
#[server(endpoint = "model/attribute/remove")]
pub async fn remove_attribute(
    #[server(rename = "parentId")] parent_id: i64,
    #[server(rename = "parentType")] parent_type: String,
    #[server(rename = "enName")] en_name: String,
    page: String,
) -> Result<()> {
    use domain::modelling::{DeleteAttribute, service};
    let params = DeleteAttribute { en_name, parent_id: Some(parent_id), parent_code: None, parent_type };
    crate::ssr::respond(service::delete_attribute(&crate::ssr::ctx()?, params).await)?;
    server::go(&page, Some(parent_id));
    Ok(())
}

/// Links a node to one of the other model, or takes the link away.
#[server(endpoint = "model/link")]
pub async fn link_nodes(model: Model, id: i64, other: i64, remove: bool, page: String) -> Result<()> {
    crate::ssr::respond(server::link(&crate::ssr::ctx()?, model, (id, other), remove).await)?;
    server::go(&page, Some(id));
    Ok(())
}

#[cfg(feature = "ssr")]
mod server;
