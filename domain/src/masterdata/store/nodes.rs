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
