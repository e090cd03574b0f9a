//! The two models for the pages that show and edit them.

use std::collections::HashMap;

use crate::access::{Access, Area};
use crate::db::Conn;
use crate::modelling::store::{dependences, nodes, trees};
use crate::modelling::{
    FoundNode, GetNode, ListChildren, Model, Node, NodeDetail, Referrer, SearchNodes, TreeRow, references,
};
use crate::{Ctx, Error, Result, text};

use super::info::attributes_of;

/// One level of a tree, each node with the number of its children.
pub async fn list_children(ctx: &Ctx, params: ListChildren) -> Result<Vec<TreeRow>> {
    ctx.require(Area::Modelling, Access::Read)?;
    let ListChildren { model, parent_id, archived } = params;
    let mut conn = ctx.read().await?;
    let nodes = trees::children(&mut conn, ctx.tenant_id(), model, parent_id, archived).await?;
    let ids: Vec<i64> = nodes.iter().map(|node| node.id).collect();
    let counts = trees::count_children(&mut conn, ctx.tenant_id(), model, &ids, archived).await?;
    let counts: HashMap<i64, i64> = counts.into_iter().collect();
    let row = |node: Node| TreeRow { children: counts.get(&node.id).copied().unwrap_or(0), node };
    Ok(nodes.into_iter().map(row).collect())
}

/// Nodes by id, or by a part of code or name, each with the way to it.
pub async fn search_nodes(ctx: &Ctx, params: SearchNodes) -> Result<Vec<FoundNode>> {
    ctx.require(Area::Modelling, Access::Read)?;
    if !(1..=200).contains(&params.limit) {
        return Err(Error::invalid("limit", text!("must be 1 to 200", "应为 1 至 200")));
    }
    let text = params.text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut conn = ctx.read().await?;
    let wanted = (text, params.archived);
    let found = trees::search(&mut conn, ctx.tenant_id(), params.model, wanted, params.limit).await?;
    let ids: Vec<i64> = found.iter().map(|node| node.id).collect();
    let known = trees::with_ancestors(&mut conn, ctx.tenant_id(), params.model, &ids).await?;
    let known: HashMap<i64, Node> = known.into_iter().map(|node| (node.id, node)).collect();
    let with_path = |node: Node| {
        let parent = |node: &Node| known.get(&node.parent_id?);
        let mut path: Vec<Node> =
            std::iter::successors(parent(&node), |node| parent(node)).cloned().collect();
        path.reverse();
        FoundNode { node, path }
    };
    Ok(found.into_iter().map(with_path).collect())
}

/// Everything about one node.
pub async fn get_node(ctx: &Ctx, params: GetNode) -> Result<NodeDetail> {
    ctx.require(Area::Modelling, Access::Read)?;
    let mut conn = ctx.read().await?;
    let (node, mut path) = node_and_path(ctx, &mut conn, params).await?;
    path.reverse();
    let attributes = attributes_of(ctx, &mut conn, &node).await?;
    let dependences = dependences::list(&mut conn, ctx.tenant_id(), &node).await?;
    let referrers = references::referring_to(&mut conn, ctx.tenant_id(), &node).await?;
    Ok(NodeDetail { node, path, attributes, dependences, referrers })
}

/// What keeps a node from being deleted; nothing, when it can be.
pub async fn preview_delete(ctx: &Ctx, params: GetNode) -> Result<Vec<Referrer>> {
    ctx.require(Area::Modelling, Access::Read)?;
    let mut conn = ctx.read().await?;
    let (node, _) = node_and_path(ctx, &mut conn, params).await?;
    references::referring_to(&mut conn, ctx.tenant_id(), &node).await
}

/// The node, and its ancestors from its parent up.
async fn node_and_path(
    ctx: &Ctx,
    conn: &mut Conn,
    GetNode { model, id }: GetNode,
) -> Result<(Node, Vec<Node>)> {
    let mut chain = nodes::chain(conn, ctx.tenant_id(), model, id).await?.into_iter();
    let title = match model {
        Model::Factory => text!("node of the factory model", "工厂模型节点"),
        Model::Process => text!("node of the process model", "工艺模型节点"),
    };
    let node = chain.next().ok_or_else(|| Error::unknown("id", title))?;
    Ok((node, chain.collect()))
}
