//! Links between the process model and the factory model.

use crate::db::{Conn, sql};
use crate::modelling::{Model, Node};
use crate::{Millis, Result};

use super::nodes;

/// The factory nodes linked to a process-model node, or the other way round: newest link first.
pub(in crate::modelling) async fn list(conn: &mut Conn, tenant_id: i64, node: &Node) -> Result<Vec<Node>> {
    let (other, on) = match node.kind.model() {
        Model::Process => (
            Model::Factory,
            " JOIN node_dependence d ON d.tenant_id = n.tenant_id AND d.factory_node_id = n.id AND d.process_node_id = ",
        ),
        Model::Factory => (
            Model::Process,
            " JOIN node_dependence d ON d.tenant_id = n.tenant_id AND d.process_node_id = n.id AND d.factory_node_id = ",
        ),
    };
    nodes::select(other)
        .push(on)
        .arg(node.id)
        .push(" WHERE n.tenant_id = ")
        .arg(tenant_id)
        .push(" ORDER BY d.created_at DESC, d.id DESC")
        .all(conn)
        .await
}

/// Process and machining center of each link of these processes, the oldest first.
pub(in crate::modelling) async fn of_processes(
    conn: &mut Conn,
    tenant_id: i64,
    process_ids: &[i64],
) -> Result<Vec<(i64, i64)>> {
    sql("SELECT process_node_id, factory_node_id FROM node_dependence WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND process_node_id IN ")
        .list(process_ids.iter().copied())
        .push(" ORDER BY created_at, id")
        .all(conn)
        .await
}

pub(in crate::modelling) async fn exists(
    conn: &mut Conn,
    tenant_id: i64,
    process_node_id: i64,
    factory_node_id: i64,
) -> Result<bool> {
    let found = sql("SELECT CAST(COUNT(*) AS BIGINT) FROM node_dependence
                     WHERE tenant_id = $1 AND process_node_id = $2 AND factory_node_id = $3")
    .bind(tenant_id)
    .bind(process_node_id)
    .bind(factory_node_id)
    .count(conn)
    .await?;
    Ok(found > 0)
}

pub(in crate::modelling) async fn insert(
    conn: &mut Conn,
    tenant_id: i64,
    id: i64,
    (process_node_id, factory_node_id): (i64, i64),
    now: Millis,
) -> Result<()> {
    sql("INSERT INTO node_dependence (tenant_id, id, process_node_id, factory_node_id, created_at)
         VALUES ($1, $2, $3, $4, $5)")
    .bind(tenant_id)
    .bind(id)
    .bind(process_node_id)
    .bind(factory_node_id)
    .bind(now)
    .run(conn)
    .await?;
    Ok(())
}

/// Deletes a link and says whether there was one.
pub(in crate::modelling) async fn delete(
    conn: &mut Conn,
    tenant_id: i64,
    process_node_id: i64,
    factory_node_id: i64,
) -> Result<bool> {
    let deleted = sql("DELETE FROM node_dependence
                       WHERE tenant_id = $1 AND process_node_id = $2 AND factory_node_id = $3")
    .bind(tenant_id)
    .bind(process_node_id)
    .bind(factory_node_id)
    .run(conn)
    .await?;
    Ok(deleted > 0)
}

/// Deletes all links that a process-model node has, with the node.
pub(in crate::modelling) async fn delete_of_process_node(
    conn: &mut Conn,
    tenant_id: i64,
    process_node_id: i64,
) -> Result<()> {
    sql("DELETE FROM node_dependence WHERE tenant_id = $1 AND process_node_id = $2")
        .bind(tenant_id)
        .bind(process_node_id)
        .run(conn)
        .await?;
    Ok(())
}
