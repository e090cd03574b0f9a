//! Attributes of nodes.

use crate::db::{Conn, sql};
use crate::{Millis, Page, Result};

/// A stored attribute.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::modelling) struct Attribute {
    pub(in crate::modelling) id: i64,
    pub(in crate::modelling) name: String,
    pub(in crate::modelling) en_name: String,
    pub(in crate::modelling) value: Option<String>,
    pub(in crate::modelling) created_at: Millis,
    pub(in crate::modelling) modified_at: Millis,
}

pub(in crate::modelling) async fn list(
    conn: &mut Conn,
    tenant_id: i64,
    node_id: i64,
    page: Option<Page>,
) -> Result<Vec<Attribute>> {
    let statement = sql("SELECT id, name, en_name, value, created_at, modified_at FROM node_attribute
                         WHERE tenant_id = ")
    .arg(tenant_id)
    .push(" AND node_id = ")
    .arg(node_id)
    .push(" ORDER BY created_at DESC, id DESC");
    match page {
        Some(page) => statement.page(page),
        None => statement,
    }
    .all(conn)
    .await
}

pub(in crate::modelling) async fn count(conn: &mut Conn, tenant_id: i64, node_id: i64) -> Result<i64> {
    sql("SELECT CAST(COUNT(*) AS BIGINT) FROM node_attribute WHERE tenant_id = $1 AND node_id = $2")
        .bind(tenant_id)
        .bind(node_id)
        .count(conn)
        .await
}

/// Names and identifiers of the node's attributes that equal one of these.
pub(in crate::modelling) async fn taken(
    conn: &mut Conn,
    tenant_id: i64,
    node_id: i64,
    name: &str,
    en_name: &str,
) -> Result<Vec<(String, String)>> {
    sql("SELECT name, en_name FROM node_attribute
         WHERE tenant_id = $1 AND node_id = $2 AND (name = $3 OR en_name = $4)")
    .bind(tenant_id)
    .bind(node_id)
    .bind(name)
    .bind(en_name)
    .all(conn)
    .await
}

pub(in crate::modelling) async fn insert(
    conn: &mut Conn,
    tenant_id: i64,
    node_id: i64,
    attribute: &Attribute,
) -> Result<()> {
    sql("INSERT INTO node_attribute (tenant_id, id, node_id, name, en_name, value, created_at, modified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(tenant_id)
    .bind(attribute.id)
    .bind(node_id)
    .bind(&attribute.name)
    .bind(&attribute.en_name)
    .bind(attribute.value.clone())
    .bind(attribute.created_at)
    .bind(attribute.modified_at)
    .run(conn)
    .await?;
    Ok(())
}

/// Deletes one attribute and says whether there was one.
pub(in crate::modelling) async fn delete(
    conn: &mut Conn,
    tenant_id: i64,
    node_id: i64,
    en_name: &str,
) -> Result<bool> {
    let deleted = sql("DELETE FROM node_attribute WHERE tenant_id = $1 AND node_id = $2 AND en_name = $3")
        .bind(tenant_id)
        .bind(node_id)
        .bind(en_name)
        .run(conn)
        .await?;
    Ok(deleted > 0)
}

/// Deletes all attributes of a node, with the node.
pub(in crate::modelling) async fn delete_of_node(
    conn: &mut Conn,
    tenant_id: i64,
    node_id: i64,
) -> Result<()> {
    sql("DELETE FROM node_attribute WHERE tenant_id = $1 AND node_id = $2")
        .bind(tenant_id)
        .bind(node_id)
        .run(conn)
        .await?;
    Ok(())
}
