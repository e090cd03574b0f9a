//! Trees: roots of a page, levels with counts, search.

use crate::db::{Conn, Sql, sql};
use crate::modelling::{Model, Node};
use crate::{Page, Result};

use super::nodes::{SIBLING_KEYS, select, table};

/// Which trees are asked for.
pub(in crate::modelling) struct Roots<'a> {
    pub(in crate::modelling) model: Model,
    pub(in crate::modelling) id: Option<i64>,
    pub(in crate::modelling) code: Option<&'a str>,
    pub(in crate::modelling) search: Option<&'a str>,
}

impl Roots<'_> {
    /// ` WHERE …` over the roots `n`; a search also finds the trees in which a node below matches.
    fn filter(&self, statement: Sql, tenant_id: i64) -> Sql {
        let mut statement = statement
            .push(" WHERE n.tenant_id = ")
            .arg(tenant_id)
            .push(" AND n.level = 1 AND n.flag <> 'archive'");
        if let Some(id) = self.id {
            statement = statement.push(" AND n.id = ").arg(id);
        } else if let Some(code) = self.code {
            statement = statement.push(" AND n.code = ").arg(code);
        }
        if self.search.is_some() {
            statement = statement.push(" AND n.id IN (SELECT id FROM up)");
        }
        statement
    }

    /// The ids of matching nodes and all their ancestors, as `up`.
    fn matching(&self, tenant_id: i64) -> Sql {
        let Some(search) = self.search else { return sql("") };
        sql("WITH RECURSIVE up (id, parent_id) AS (SELECT id, parent_id FROM ")
            .push(table(self.model))
            .push(" WHERE tenant_id = ")
            .arg(tenant_id)
            .push(" AND flag <> 'archive' AND (id = ")
            .arg(search.trim().parse::<i64>().ok())
            .push(" OR ")
            .contains("name", search)
            .push(") UNION SELECT p.id, p.parent_id FROM up JOIN ")
            .push(table(self.model))
            .push(" p ON p.id = up.parent_id AND p.tenant_id = ")
            .arg(tenant_id)
            .push(") ")
    }
}

pub(in crate::modelling) async fn count_roots(
    conn: &mut Conn,
    tenant_id: i64,
    roots: &Roots<'_>,
) -> Result<i64> {
    let statement = roots
        .matching(tenant_id)
        .push("SELECT CAST(COUNT(*) AS BIGINT) FROM ")
        .push(table(roots.model))
        .push(" n");
    roots.filter(statement, tenant_id).count(conn).await
}

pub(in crate::modelling) async fn page_of_roots(
    conn: &mut Conn,
    tenant_id: i64,
    roots: &Roots<'_>,
    page: Page,
) -> Result<Vec<Node>> {
    let statement = roots.matching(tenant_id).append(select(roots.model));
    roots.filter(statement, tenant_id).push(" ORDER BY").push(SIBLING_KEYS).page(page).all(conn).await
}

/// One level of a tree: the children of a node, or the roots.
pub(in crate::modelling) async fn children(
    conn: &mut Conn,
    tenant_id: i64,
    model: Model,
    parent_id: Option<i64>,
    archived: bool,
) -> Result<Vec<Node>> {
    let statement = select(model).push(" WHERE n.tenant_id = ").arg(tenant_id);
    let statement = match parent_id {
        Some(parent_id) => statement.push(" AND n.parent_id = ").arg(parent_id),
        None => statement.push(" AND n.level = 1"),
    };
    let statement = if archived { statement } else { statement.push(" AND n.flag <> 'archive'") };
    statement.push(" ORDER BY").push(SIBLING_KEYS).all(conn).await
}

/// How many children each of these nodes has; nodes without any are left out.
pub(in crate::modelling) async fn count_children(
    conn: &mut Conn,
    tenant_id: i64,
    model: Model,
    ids: &[i64],
    archived: bool,
) -> Result<Vec<(i64, i64)>> {
    let statement = sql("SELECT parent_id, CAST(COUNT(*) AS BIGINT) FROM ")
        .push(table(model))
        .push(" WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND parent_id IN ")
        .list(ids.iter().copied());
    let statement = if archived { statement } else { statement.push(" AND flag <> 'archive'") };
    statement.push(" GROUP BY parent_id").all(conn).await
}

/// Nodes whose id is this, or whose code or name contains it: upper levels first.
pub(in crate::modelling) async fn search(
    conn: &mut Conn,
    tenant_id: i64,
    model: Model,
    (text, archived): (&str, bool),
    limit: i64,
) -> Result<Vec<Node>> {
    let statement = select(model)
        .push(" WHERE n.tenant_id = ")
        .arg(tenant_id)
        .push(" AND (n.id = ")
        .arg(text.trim().parse::<i64>().ok())
        .push(" OR ")
        .contains("n.code", text)
        .push(" OR ")
        .contains("n.name", text)
        .push(")");
    let statement = if archived { statement } else { statement.push(" AND n.flag <> 'archive'") };
    statement.push(" ORDER BY n.level, n.created_at DESC, n.id DESC LIMIT ").arg(limit).all(conn).await
}

/// The nodes with these ids and all their ancestors.
pub(in crate::modelling) async fn with_ancestors(
    conn: &mut Conn,
    tenant_id: i64,
    model: Model,
    ids: &[i64],
) -> Result<Vec<Node>> {
    sql("WITH RECURSIVE up (id, parent_id) AS (SELECT id, parent_id FROM ")
        .push(table(model))
        .push(" WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND id IN ")
        .list(ids.iter().copied())
        .push(" UNION SELECT p.id, p.parent_id FROM up JOIN ")
        .push(table(model))
        .push(" p ON p.id = up.parent_id AND p.tenant_id = ")
        .arg(tenant_id)
        .push(") ")
        .append(select(model))
        .push(" WHERE n.tenant_id = ")
        .arg(tenant_id)
        .push(" AND n.id IN (SELECT id FROM up) ORDER BY n.level DESC")
        .all(conn)
        .await
}
