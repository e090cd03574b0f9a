//! The schema as the database itself tells it, for what must miss no table.

use std::collections::{BTreeMap, BTreeSet};

use super::{Conn, Kind, sql};
use crate::Result;

/// Column that says whose a row is.
const TENANT: &str = "tenant_id";

/// All tables with their columns.
pub(crate) async fn columns(conn: &mut Conn) -> Result<BTreeMap<String, Vec<String>>> {
    let rows: Vec<(String, String)> = sql("")
        .dialect(|kind| match kind {
            Kind::Sqlite => {
                "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c ON TRUE
                 WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY t.name, c.cid"
            }
            Kind::Postgres => {
                "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
                 WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
            }
        })
        .all(conn)
        .await?;
    let mut tables = BTreeMap::<String, Vec<String>>::new();
    for (table, column) in rows {
        tables.entry(table).or_default().push(column);
    }
    Ok(tables)
}

/// The tables with rows of tenants, each before the ones that its foreign keys point to: the order to delete in.
pub(crate) async fn tenant_tables(conn: &mut Conn) -> Result<Vec<String>> {
    let columns = columns(conn).await?;
    let mut left: BTreeSet<String> = columns
        .into_iter()
        .filter(|(_, columns)| columns.iter().any(|column| column == TENANT))
        .map(|(table, _)| table)
        .collect();
    let references = references(conn).await?;
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let waits_for = |table: &String| {
            references.iter().any(|(child, parent)| parent == table && child != table && left.contains(child))
        };
        let next: Vec<String> = left.iter().filter(|table| !waits_for(table)).cloned().collect();
        if next.is_empty() {
            return Err(crate::Error::internal("foreign keys in a circle leave no order to delete in"));
        }
        for table in next {
            left.remove(&table);
            ordered.push(table);
        }
    }
    Ok(ordered)
}

/// Foreign keys: the table that has one, and the table it points to.
async fn references(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    sql("")
        .dialect(|kind| match kind {
            Kind::Sqlite => {
                "SELECT t.name, f.\"table\" FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f ON TRUE
                 WHERE t.type = 'table'"
            }
            Kind::Postgres => {
                "SELECT CAST(c.relname AS TEXT), CAST(p.relname AS TEXT) FROM pg_constraint k
                 JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
                 JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE k.contype = 'f' AND n.nspname = current_schema()"
            }
        })
        .all(conn)
        .await
}

/// How many rows of a tenant a table has.
pub(crate) async fn count_of(conn: &mut Conn, table: &str, tenant_id: i64) -> Result<i64> {
    sql("SELECT COUNT(*) FROM ").name(table).push(" WHERE tenant_id = ").arg(tenant_id).count(conn).await
}

/// Takes a tenant's rows out of a table.
pub(crate) async fn delete_of(conn: &mut Conn, table: &str, tenant_id: i64) -> Result<u64> {
    sql("DELETE FROM ").name(table).push(" WHERE tenant_id = ").arg(tenant_id).run(conn).await
}

/// A tenant's rows as texts, by table, sorted: to see whether anything in them changed.
#[cfg(any(test, feature = "testing"))]
pub(super) async fn rows_of(conn: &mut Conn, tenant_id: i64) -> Result<BTreeMap<String, Vec<Vec<String>>>> {
    let mut rows = BTreeMap::new();
    for (table, columns) in columns(conn).await? {
        if !columns.iter().any(|column| column == TENANT) {
            continue;
        }
        let mut statement = sql("SELECT ''");
        for column in &columns {
            statement = statement.push(" || '\u{1f}' || COALESCE(CAST(").name(column).push(" AS TEXT), '')");
        }
        let statement = statement
            .push(" FROM ")
            .name(&table)
            .push(" WHERE tenant_id = ")
            .arg(tenant_id)
            .push(" ORDER BY 1");
        let found: Vec<(String,)> = statement.all(conn).await?;
        let cells = |(row,): (String,)| row.split('\u{1f}').skip(1).map(str::to_owned).collect();
        rows.insert(table, found.into_iter().map(cells).collect());
    }
    Ok(rows)
}
