//! SQL of products.

use crate::Result;
use crate::db::{Conn, Sql, sql};
use crate::device::Product;

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    product_key: String,
    secret_hash: String,
    definition: String,
    published: bool,
    logs_enabled: bool,
    api_enabled: bool,
    retention_days: i64,
    machine_rule: Option<String>,
    position_rule: Option<String>,
    created_at: i64,
    modified_at: i64,
}

impl From<Row> for Product {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            product_key: row.product_key,
            secret_hash: row.secret_hash,
            definition: row.definition,
            published: row.published,
            logs_enabled: row.logs_enabled,
            api_enabled: row.api_enabled,
            retention_days: row.retention_days,
            machine_rule: row.machine_rule,
            position_rule: row.position_rule,
            created_at: row.created_at,
            modified_at: row.modified_at,
        }
    }
}

fn select(tenant_id: i64) -> Sql {
    sql("SELECT id, name, product_key, secret_hash, definition, published, logs_enabled, api_enabled, retention_days,
           machine_rule, position_rule, created_at, modified_at
         FROM product WHERE tenant_id = ")
    .arg(tenant_id)
}

pub(crate) async fn by_key(conn: &mut Conn, tenant_id: i64, product_key: &str) -> Result<Option<Product>> {
    // The key alone leads to one row; the tenant then says whether it is one of its own.
    let row: Option<Row> = select(tenant_id)
        .push(" AND id = (SELECT product_id FROM product_key WHERE product_key = ")
        .arg(product_key)
        .push(" AND tenant_id = ")
        .arg(tenant_id)
        .push(")")
        .optional(conn)
        .await?;
    Ok(row.map(Into::into))
}

pub(crate) async fn by_secret(conn: &mut Conn, tenant_id: i64, secret_hash: &str) -> Result<Option<Product>> {
    let row: Option<Row> = select(tenant_id)
        .push(" AND secret_hash = ")
        .arg(secret_hash)
        .push(" ORDER BY id")
        .optional(conn)
        .await?;
    Ok(row.map(Into::into))
}

pub(crate) async fn list(conn: &mut Conn, tenant_id: i64) -> Result<Vec<Product>> {
    let rows: Vec<Row> = select(tenant_id).push(" ORDER BY created_at DESC, id DESC").all(conn).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

pub(crate) async fn insert(conn: &mut Conn, tenant_id: i64, product: &Product) -> Result<()> {
    sql("INSERT INTO product (tenant_id, id, name, product_key, secret_hash, definition, published, logs_enabled,
           api_enabled, retention_days, machine_rule, created_at, modified_at, position_rule)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)")
    .bind(tenant_id)
    .bind(product.id)
    .bind(&product.name)
    .bind(&product.product_key)
    .bind(&product.secret_hash)
    .bind(&product.definition)
    .bind(product.published)
    .bind(product.logs_enabled)
    .bind(product.api_enabled)
    .bind(product.retention_days)
    .bind(product.machine_rule.clone())
    .bind(product.created_at)
    .bind(product.modified_at)
    .bind(product.position_rule.clone())
    .run(conn)
    .await?;
    sql("INSERT INTO product_key (product_key, tenant_id, product_id) VALUES ($1, $2, $3)")
        .bind(&product.product_key)
        .bind(tenant_id)
        .bind(product.id)
        .run(conn)
        .await?;
    Ok(())
}

pub(crate) async fn update(conn: &mut Conn, tenant_id: i64, product: &Product) -> Result<()> {
    sql("UPDATE product SET name = $3, secret_hash = $4, definition = $5, published = $6, logs_enabled = $7,
           api_enabled = $8, retention_days = $9, machine_rule = $10, modified_at = $11, position_rule = $12
         WHERE tenant_id = $1 AND id = $2")
    .bind(tenant_id)
    .bind(product.id)
    .bind(&product.name)
    .bind(&product.secret_hash)
    .bind(&product.definition)
    .bind(product.published)
    .bind(product.logs_enabled)
    .bind(product.api_enabled)
    .bind(product.retention_days)
    .bind(product.machine_rule.clone())
    .bind(product.modified_at)
    .bind(product.position_rule.clone())
    .run(conn)
    .await?;
    Ok(())
}
