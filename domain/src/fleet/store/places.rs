//! SQL of places.

use std::collections::HashMap;

use crate::Result;
use crate::db::{Conn, sql};
use crate::fleet::place::Place;
use crate::id::Ids;

type Row = (i64, String, String, String);

fn by_id(rows: Vec<Row>) -> impl Iterator<Item = (i64, Place)> {
    rows.into_iter().map(|(id, country, region, city)| (id, Place { country, region, city }))
}

/// All places of a tenant, by id.
pub(crate) async fn all(conn: &mut Conn, tenant_id: i64) -> Result<HashMap<i64, Place>> {
    let rows: Vec<Row> = sql("SELECT id, country, region, city FROM place WHERE tenant_id = $1")
        .bind(tenant_id)
        .all(conn)
        .await?;
    Ok(by_id(rows).collect())
}

/// Places in one statement.
const CHUNK: usize = 500;

async fn known(
    conn: &mut Conn,
    tenant_id: i64,
    places: &[Place],
    ids: &mut HashMap<Place, i64>,
) -> Result<()> {
    let mut query = sql("SELECT id, country, region, city FROM place WHERE tenant_id = ")
        .arg(tenant_id)
        .push(" AND (country, region, city) IN (VALUES ");
    for (n, place) in places.iter().enumerate() {
        query = query.push(if n == 0 { "(" } else { ", (" });
        query = query.arg(&place.country).push(", ").arg(&place.region).push(", ").arg(&place.city).push(")");
    }
    let rows: Vec<Row> = query.push(")").all(conn).await?;
    ids.extend(by_id(rows).map(|(id, place)| (place, id)));
    Ok(())
}

/// The ids of places; those that are not known yet are made.
pub(crate) async fn ensure(
    conn: &mut Conn,
    tenant_id: i64,
    ids: &Ids,
    places: &[Place],
) -> Result<HashMap<Place, i64>> {
    let mut found = HashMap::new();
    for chunk in places.chunks(CHUNK) {
        known(conn, tenant_id, chunk, &mut found).await?;
        let missing: Vec<Place> = chunk.iter().filter(|place| !found.contains_key(*place)).cloned().collect();
        if missing.is_empty() {
            continue;
        }
        let mut query = sql("INSERT INTO place (tenant_id, id, country, region, city) VALUES ");
        for (n, place) in missing.iter().enumerate() {
            query = query.push(if n == 0 { "(" } else { ", (" }).arg(tenant_id).push(", ").arg(ids.next());
            query = query.push(", ").arg(&place.country).push(", ").arg(&place.region).push(", ");
            query = query.arg(&place.city).push(")");
        }
        query.push(" ON CONFLICT (tenant_id, country, region, city) DO NOTHING").run(conn).await?;
        known(conn, tenant_id, &missing, &mut found).await?;
    }
    Ok(found)
}
