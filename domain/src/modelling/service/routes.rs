//! Process routes for the page that shows them: operations with their machines, steps with their ideal cycle.

use std::collections::HashMap;

use crate::access::{Access, Area};
use crate::modelling::store::{dependences, nodes};
use crate::modelling::{
    GetNode, ListKind, Model, Node, NodeKind, RouteCenter, RouteOperation, RouteStep, lookup,
};
use crate::{Ctx, Result};

/// The operations of a route, or the one operation asked for (also by one of its steps), in order.
pub async fn list_operations(ctx: &Ctx, params: GetNode) -> Result<Vec<RouteOperation>> {
    ctx.require(Area::Modelling, Access::Read)?;
    let tenant_id = ctx.tenant_id();
    let mut conn = ctx.read().await?;
    let chain = nodes::chain(&mut conn, tenant_id, Model::Process, params.id).await?;
    let Some(top) = chain.iter().find(|node| node.kind != NodeKind::Step) else { return Ok(Vec::new()) };
    let below = nodes::subtree(&mut conn, tenant_id, Model::Process, top.id).await?;
    let below: Vec<Node> = below.into_iter().filter(Node::usable).collect();
    let of_kind = |kind| below.iter().filter(move |node| node.kind == kind);
    let ids = |kind| of_kind(kind).map(|node| node.id).collect::<Vec<_>>();
    let (operations, steps) = (ids(NodeKind::Process), ids(NodeKind::Step));
    let cycles = lookup::ideal_cycle_times(&mut conn, tenant_id, &steps).await?;
    let links = dependences::of_processes(&mut conn, tenant_id, &operations).await?;
    let linked: Vec<i64> = links.iter().map(|(_, center)| *center).collect();
    let places = nodes::subtrees(&mut conn, tenant_id, Model::Factory, &linked).await?;
    let places: HashMap<i64, Node> = places.into_iter().map(|node| (node.id, node)).collect();
    let center = |id: &i64| {
        let center = places.get(id)?.clone();
        let mut equipment: Vec<Node> =
            places.values().filter(|node| node.parent_id == Some(*id) && node.usable()).cloned().collect();
        equipment.sort_by(|a, b| a.code.cmp(&b.code));
        Some(RouteCenter { center, equipment })
    };
    let step =
        |node: &Node| RouteStep { ideal_cycle_time: cycles.get(&node.id).copied(), step: node.clone() };
    let operation = |node: &Node| RouteOperation {
        steps: of_kind(NodeKind::Step).filter(|step| step.parent_id == Some(node.id)).map(step).collect(),
        centers: links.iter().filter(|(id, _)| *id == node.id).filter_map(|(_, id)| center(id)).collect(),
        operation: node.clone(),
    };
    Ok(of_kind(NodeKind::Process).map(operation).collect())
}

/// All nodes of a kind that are in use, by code.
pub async fn list_kind(ctx: &Ctx, params: ListKind) -> Result<Vec<Node>> {
    ctx.require(Area::Modelling, Access::Read)?;
    let ListKind { kind, archived } = params;
    let mut conn = ctx.read().await?;
    let found = nodes::on_level(&mut conn, ctx.tenant_id(), kind.model(), kind.level()).await?;
    let mut found: Vec<Node> = found.into_iter().filter(|node| archived || node.usable()).collect();
    found.sort_by(|a, b| a.code.cmp(&b.code).then(a.id.cmp(&b.id)));
    Ok(found)
}
