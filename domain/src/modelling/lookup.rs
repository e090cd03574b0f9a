//! What other areas look up in the two models. Every function sees one tenant, archived nodes included: whoever must
//! not use those asks [`Node::usable`].

use std::collections::HashMap;

use crate::Result;
use crate::db::{Conn, sql};

use super::store::{nodes, trees};
use super::{Model, Node};

/// English name of the attribute that holds seconds per piece, on steps and machining centers.
pub const IDEAL_CYCLE_TIME: &str = "idealCycleTime";

/// The factory node on this level itself first, then its ancestors up to the factory; empty when there is none.
pub async fn chain(conn: &mut Conn, tenant_id: i64, level: i64, id: i64) -> Result<Vec<Node>> {
    let chain = nodes::chain(conn, tenant_id, Model::Factory, id).await?;
    Ok(if chain.first().is_some_and(|node| node.level() == level) { chain } else { Vec::new() })
}

/// [`chain`] of many factory nodes in one statement, by node id. Unknown ids are left out.
pub async fn chains(conn: &mut Conn, tenant_id: i64, ids: &[i64]) -> Result<HashMap<i64, Vec<Node>>> {
    let found = trees::with_ancestors(conn, tenant_id, Model::Factory, ids).await?;
    let by_id: HashMap<i64, Node> = found.into_iter().map(|node| (node.id, node)).collect();
    let chain_of = |id: &i64| {
        let first = by_id.get(id)?;
        let up = std::iter::successors(Some(first), |node| by_id.get(&node.parent_id?));
        Some((*id, up.cloned().collect()))
    };
    Ok(ids.iter().filter_map(chain_of).collect())
}

/// The factory node on this level with this id.
pub async fn node_by_id(conn: &mut Conn, tenant_id: i64, level: i64, id: i64) -> Result<Option<Node>> {
    let node = nodes::by_id(conn, tenant_id, Model::Factory, id).await?;
    Ok(node.filter(|node| node.level() == level))
}

/// The factory node on this level with this code.
pub async fn node_by_code(conn: &mut Conn, tenant_id: i64, level: i64, code: &str) -> Result<Option<Node>> {
    let node = nodes::by_code(conn, tenant_id, Model::Factory, code).await?;
    Ok(node.filter(|node| node.level() == level))
}

/// The factory nodes with these ids, whatever their level, in no particular order.
pub async fn nodes_by_ids(conn: &mut Conn, tenant_id: i64, ids: &[i64]) -> Result<Vec<Node>> {
    nodes::by_ids(conn, tenant_id, Model::Factory, ids).await
}

/// What stands below a factory node down to a level, the node itself left out, from the top down in sibling order.
pub async fn descendants(conn: &mut Conn, tenant_id: i64, id: i64, down_to_level: i64) -> Result<Vec<Node>> {
    let below = nodes::subtree(conn, tenant_id, Model::Factory, id).await?;
    Ok(below.into_iter().filter(|node| node.id != id && node.level() <= down_to_level).collect())
}

/// The equipment below a factory node; of an equipment the node itself.
pub async fn equipment_under(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<Vec<Node>> {
    let below = nodes::subtree(conn, tenant_id, Model::Factory, id).await?;
    Ok(below.into_iter().filter(|node| node.level() == 5).collect())
}

/// The step of the process model with this code.
pub async fn step_by_code(conn: &mut Conn, tenant_id: i64, code: &str) -> Result<Option<Node>> {
    let node = nodes::by_code(conn, tenant_id, Model::Process, code).await?;
    Ok(node.filter(|node| node.level() == 3))
}

/// The step of the process model with this id.
pub async fn step_by_id(conn: &mut Conn, tenant_id: i64, id: i64) -> Result<Option<Node>> {
    let node = nodes::by_id(conn, tenant_id, Model::Process, id).await?;
    Ok(node.filter(|node| node.level() == 3))
}

/// The nodes of the process model with these ids, in no particular order.
pub async fn process_nodes_by_ids(conn: &mut Conn, tenant_id: i64, ids: &[i64]) -> Result<Vec<Node>> {
    nodes::by_ids(conn, tenant_id, Model::Process, ids).await
}

/// The value of one attribute of one node of either model: node ids are unique across both.
pub async fn attribute_value(
    conn: &mut Conn,
    tenant_id: i64,
    node_id: i64,
    en_name: &str,
) -> Result<Option<String>> {
    Ok(attribute_values(conn, tenant_id, &[node_id], en_name).await?.remove(&node_id))
}

/// The values of one attribute of many nodes, by node id; nodes without it are left out.
pub async fn attribute_values(
    conn: &mut Conn,
    tenant_id: i64,
    node_ids: &[i64],
    en_name: &str,
) -> Result<HashMap<i64, String>> {
    let rows: Vec<(i64, String)> = sql("SELECT node_id, value FROM node_attribute WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND en_name = ")
        .arg(en_name)
        .push(" AND value IS NOT NULL AND node_id IN ")
        .list(node_ids.iter().copied())
        .all(conn)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Seconds per piece of steps and machining centers, by node id: their attribute `idealCycleTime`. Nodes without it, or
/// whose value is no positive number, are left out.
pub async fn ideal_cycle_times(
    conn: &mut Conn,
    tenant_id: i64,
    node_ids: &[i64],
) -> Result<HashMap<i64, f64>> {
    let values = attribute_values(conn, tenant_id, node_ids, IDEAL_CYCLE_TIME).await?;
    let seconds = |value: &str| value.trim().parse().ok().filter(|s: &f64| s.is_finite() && *s > 0.0);
    Ok(values.into_iter().filter_map(|(id, value)| Some((id, seconds(&value)?))).collect())
}
