//! Products.

use std::collections::HashMap;

use crate::access::{Access, Area};
use crate::db::Conn;
use crate::device::Definition;
use crate::device::view::store::fleet::{self, ProductRow};
use crate::device::view::{DeviceFilter, ProductDetail, ProductLine, Stock, point};
use crate::{Ctx, Error, Result, text};

/// All products, the newest first.
pub async fn list_products(ctx: &Ctx) -> Result<Vec<ProductLine>> {
    ctx.require(Area::Device, Access::Read)?;
    let mut conn = ctx.read().await?;
    let rows = fleet::products(&mut conn, ctx.tenant_id()).await?;
    let stocks = stocks(&mut conn, ctx.tenant_id()).await?;
    Ok(rows.iter().map(|row| line(row, &stocks)).collect())
}

/// A product in full.
pub async fn get_product(ctx: &Ctx, id: i64) -> Result<ProductDetail> {
    ctx.require(Area::Device, Access::Read)?;
    let mut conn = ctx.read().await?;
    let rows = fleet::products(&mut conn, ctx.tenant_id()).await?;
    let row = rows.into_iter().find(|row| row.id == id);
    let row = row.ok_or_else(|| Error::invalid("id", text!("There is no such product", "没有此产品")))?;
    let stocks = stocks(&mut conn, ctx.tenant_id()).await?;
    Ok(ProductDetail {
        line: line(&row, &stocks),
        points: point::points(&row.definition),
        logs_enabled: row.logs_enabled,
        machine: row.machine_rule.as_deref().and_then(|rule| serde_json::from_str(rule).ok()),
        protocol: Definition::parse(&row.definition)
            .map(|one| one.protocol().word().to_owned())
            .unwrap_or_default(),
        position: row.position_rule.as_deref().and_then(|rule| serde_json::from_str(rule).ok()),
        definition: row.definition,
    })
}

async fn stocks(conn: &mut Conn, tenant_id: i64) -> Result<HashMap<i64, Stock>> {
    let mut stocks: HashMap<i64, Stock> = HashMap::new();
    for cell in fleet::cells(conn, tenant_id, &DeviceFilter::default()).await? {
        if !cell.disabled {
            stocks.entry(cell.product_id).or_default().add(&cell);
        }
    }
    Ok(stocks)
}

fn line(row: &ProductRow, stocks: &HashMap<i64, Stock>) -> ProductLine {
    ProductLine {
        id: row.id,
        name: row.name.clone(),
        product_key: row.product_key.clone(),
        published: row.published,
        api_enabled: row.api_enabled,
        retention_days: row.retention_days,
        created_at: row.created_at,
        points: point::points(&row.definition).len(),
        stock: stocks.get(&row.id).copied().unwrap_or_default(),
    }
}
