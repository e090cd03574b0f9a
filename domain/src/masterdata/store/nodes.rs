//! References to nodes of the two models.

use crate::Result;
use crate::db::{Conn, Tx, sql};
use crate::masterdata::cell;

/// A node that may be referred to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct NodeRow {
    pub(crate) id: i64,
    pub(crate) level: i64,
    pub(crate) code: String,
}

/// The nodes of the factory model with these codes, archived ones left out.
pub(crate) async fn factory(conn: &mut Conn, tenant_id: i64, codes: &[&str]) -> Result<Vec<NodeRow>> {
    sql("SELECT id, level, code FROM factory_node WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND flag <> 'archive' AND code IN ")
        .list(codes.iter().copied())
        .all(conn)
        .await
}

/// The nodes of the process model with these codes, archived ones left out.
pub(crate) async fn process(conn: &mut Conn, tenant_id: i64, codes: &[&str]) -> Result<Vec<NodeRow>> {
    sql("SELECT id, level, code FROM process_node WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND flag <> 'archive' AND code IN ")
        .list(codes.iter().copied())
        .all(conn)
        .await
}

/// Writes the new code of a node wherever it is referred to.
pub(crate) async fn renamed(tx: &mut Tx, tenant_id: i64, node_id: i64, code: &str) -> Result<()> {
    sql("UPDATE masterdata_value SET value_text = ")
        .arg(code)
        .push(", text_key = ")
        .arg(cell::key_of(code))
        .push(" WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND ref_id = ")
        .arg(node_id)
        .run(tx)
        .await?;
    Ok(())
}

/// A process step that keeps its key parameters as records of this metadata, and the attribute that says so.
pub(crate) async fn bound_to(
    conn: &mut Conn,
    tenant_id: i64,
    metadata_id: i64,
    name: &str,
) -> Result<Option<(String, String)>> {
    sql("SELECT n.code, a.en_name FROM node_attribute a
         JOIN process_node n ON n.tenant_id = a.tenant_id AND n.id = a.node_id
         WHERE a.tenant_id = $1 AND a.en_name IN ('TechnocsParam', 'QualityControl') AND TRIM(a.value) IN ($2, $3)
         ORDER BY n.code, a.en_name LIMIT 1")
    .bind(tenant_id)
    .bind(name)
    .bind(metadata_id.to_string())
    .optional(conn)
    .await
}
