//! Nodes: reading and writing rows of either model.

use crate::db::{Conn, Sql, sql};
use crate::modelling::{Flag, Model, Node};
use crate::{Millis, Result};

/// `SELECT <columns of a Node> FROM <table of the model> n`.
pub(in crate::modelling) fn select(model: Model) -> Sql {
    match model {
        Model::Factory => {
            sql("SELECT n.id, n.parent_id, n.level AS kind, n.code, n.name, n.description, n.order_index,
                                      n.flag, n.created_at, n.modified_at FROM factory_node n")
        }
        Model::Process => {
            sql("SELECT n.id, n.parent_id, n.level + 10 AS kind, n.code, n.name, n.description,
                                      n.order_index, n.flag, n.created_at, n.modified_at FROM process_node n")
        }
    }
}

/// The table of the model.
pub(in crate::modelling) fn table(model: Model) -> &'static str {
    match model {
        Model::Factory => "factory_node",
        Model::Process => "process_node",
    }
}

/// Sort keys of siblings: by order index, those without one last and newest first.
pub(in crate::modelling) const SIBLING_KEYS: &str =
    " n.order_index IS NULL, n.order_index, n.created_at DESC, n.id DESC";

pub(in crate::modelling) async fn by_id(
    conn: &mut Conn,
    tenant_id: i64,
    model: Model,
    id: i64,
) -> Result<Option<Node>> {
    select(model)
        .push(" WHERE n.tenant_id = ")
        .arg(tenant_id)
        .push(" AND n.id = ")
        .arg(id)
        .optional(conn)
        .await
}

pub(in crate::modelling) async fn by_code(
    conn: &mut Conn,
    tenant_id: i64,
    model: Model,
    code: &str,
) -> Result<Option<Node>> {
    select(model)
        .push(" WHERE n.tenant_id = ")
        .arg(tenant_id)
        .push(" AND n.code = ")
        .arg(code)
        .optional(conn)
        .await
}

pub(in crate::modelling) async fn by_ids(
    conn: &mut Conn,
    tenant_id: i64,
    model: Model,
    ids: &[i64],
) -> Result<Vec<Node>> {
    select(model)
        .push(" WHERE n.tenant_id = ")
        .arg(tenant_id)
        .push(" AND n.id IN ")
        .list(ids.iter().copied())
        .all(conn)
        .await
}

/// All nodes of one level.
pub(in crate::modelling) async fn on_level(
    conn: &mut Conn,
    tenant_id: i64,
    model: Model,
    level: i64,
) -> Result<Vec<Node>> {
    select(model)
        .push(" WHERE n.tenant_id = ")
        .arg(tenant_id)
        .push(" AND n.level = ")
        .arg(level)
        .all(conn)
        .await
}

/// The node itself, then its ancestors up to the root.
pub(in crate::modelling) async fn chain(
    conn: &mut Conn,
    tenant_id: i64,
    model: Model,
    id: i64,
) -> Result<Vec<Node>> {
    super::trees::with_ancestors(conn, tenant_id, model, &[id]).await
}

/// The node and everything below it, from the top down, siblings in their order.
pub(in crate::modelling) async fn subtree(
    conn: &mut Conn,
    tenant_id: i64,
    model: Model,
    id: i64,
) -> Result<Vec<Node>> {
    subtrees(conn, tenant_id, model, &[id]).await
}

/// The nodes and everything below them, from the top down, siblings in their order.
pub(in crate::modelling) async fn subtrees(
    conn: &mut Conn,
    tenant_id: i64,
    model: Model,
    ids: &[i64],
) -> Result<Vec<Node>> {
    sql("WITH RECURSIVE down (id) AS (SELECT id FROM ")
        .push(table(model))
        .push(" WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND id IN ")
        .list(ids.iter().copied())
        .push(" UNION ALL SELECT c.id FROM down JOIN ")
        .push(table(model))
        .push(" c ON c.tenant_id = ")
        .arg(tenant_id)
        .push(" AND c.parent_id = down.id) ")
        .append(select(model))
        .push(" WHERE n.tenant_id = ")
        .arg(tenant_id)
        .push(" AND n.id IN (SELECT id FROM down) ORDER BY n.level,")
        .push(SIBLING_KEYS)
        .all(conn)
        .await
}

pub(in crate::modelling) async fn insert(conn: &mut Conn, tenant_id: i64, node: &Node) -> Result<()> {
    sql("INSERT INTO ")
        .push(table(node.kind.model()))
        .push(
            " (tenant_id, id, parent_id, level, code, name, description, order_index, flag, created_at, modified_at)
             VALUES ",
        )
        .push("(")
        .arg(tenant_id)
        .push(", ")
        .arg(node.id)
        .push(", ")
        .arg(node.parent_id)
        .push(", ")
        .arg(node.level())
        .push(", ")
        .arg(&node.code)
        .push(", ")
        .arg(&node.name)
        .push(", ")
        .arg(node.description.clone())
        .push(", ")
        .arg(node.order_index)
        .push(", ")
        .arg(node.flag.as_str())
        .push(", ")
        .arg(node.created_at)
        .push(", ")
        .arg(node.modified_at)
        .push(")")
        .run(conn)
        .await?;
    Ok(())
}

/// Writes what an update may change: everything but id, level, publish state and creation time.
pub(in crate::modelling) async fn update(conn: &mut Conn, tenant_id: i64, node: &Node) -> Result<()> {
    sql("UPDATE ")
        .push(table(node.kind.model()))
        .push(" SET parent_id = ")
        .arg(node.parent_id)
        .push(", code = ")
        .arg(&node.code)
        .push(", name = ")
        .arg(&node.name)
        .push(", description = ")
        .arg(node.description.clone())
        .push(", order_index = ")
        .arg(node.order_index)
        .push(", modified_at = ")
        .arg(node.modified_at)
        .push(" WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND id = ")
        .arg(node.id)
        .run(conn)
        .await?;
    Ok(())
}

/// Which way from a node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::modelling) enum Way {
    Up,
    Down,
}

/// Sets the publish state of a node and of all nodes above or below it, where it is one of `from`.
pub(in crate::modelling) async fn set_flags(
    conn: &mut Conn,
    tenant_id: i64,
    node: &Node,
    way: Way,
    (from, to): (&[Flag], Flag),
    now: Millis,
) -> Result<()> {
    let table = table(node.kind.model());
    sql("UPDATE ")
        .push(table)
        .push(" SET flag = ")
        .arg(to.as_str())
        .push(", modified_at = ")
        .arg(now)
        .push(" WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND flag IN ")
        .list(from.iter().map(|flag| flag.as_str()))
        .push(" AND id IN (WITH RECURSIVE affected (id, parent_id) AS (SELECT id, parent_id FROM ")
        .push(table)
        .push(" WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND id = ")
        .arg(node.id)
        .push(" UNION ALL SELECT r.id, r.parent_id FROM affected a JOIN ")
        .push(table)
        .push(" r ON r.tenant_id = ")
        .arg(tenant_id)
        .push(match way {
            Way::Up => " AND r.id = a.parent_id",
            Way::Down => " AND r.parent_id = a.id",
        })
        .push(") SELECT id FROM affected)")
        .run(conn)
        .await?;
    Ok(())
}

pub(in crate::modelling) async fn delete(
    conn: &mut Conn,
    tenant_id: i64,
    model: Model,
    id: i64,
) -> Result<()> {
    sql("DELETE FROM ")
        .push(table(model))
        .push(" WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND id = ")
        .arg(id)
        .run(conn)
        .await?;
    Ok(())
}
