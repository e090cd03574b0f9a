//! SQL of places: a dictionary, so that a hundred thousand devices share a few hundred names.

use std::collections::{BTreeMap, BTreeSet};

use crate::db::{Conn, sql};
use crate::device::Place;
use crate::{Ctx, Result};

/// Rows of one statement.
const CHUNK: usize = 500;

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    country: String,
    region: String,
    city: String,
}

/// The ids of these places, which are made where they are not known yet.
pub(crate) async fn ensure(
    conn: &mut Conn,
    ctx: &Ctx,
    places: &BTreeSet<Place>,
) -> Result<BTreeMap<Place, i64>> {
    let places: Vec<_> = places.iter().collect();
    let mut ids = BTreeMap::new();
    for chunk in places.chunks(CHUNK) {
        let mut insert = sql("INSERT INTO place (tenant_id, id, country, region, city) VALUES ");
        for (n, place) in chunk.iter().enumerate() {
            insert = insert
                .push(if n == 0 { "(" } else { ", (" })
                .arg(ctx.tenant_id())
                .push(", ")
                .arg(ctx.next_id())
                .push(", ")
                .arg(&place.country)
                .push(", ")
                .arg(&place.region)
                .push(", ")
                .arg(&place.city)
                .push(")");
        }
        insert.push(" ON CONFLICT (tenant_id, country, region, city) DO NOTHING").run(conn).await?;
        let countries: BTreeSet<_> = chunk.iter().map(|place| place.country.as_str()).collect();
        let cities: BTreeSet<_> = chunk.iter().map(|place| place.city.as_str()).collect();
        let rows: Vec<Row> = sql("SELECT id, country, region, city FROM place WHERE tenant_id = ")
            .arg(ctx.tenant_id())
            .push(" AND country IN ")
            .list(countries)
            .push(" AND city IN ")
            .list(cities)
            .all(conn)
            .await?;
        ids.extend(rows.into_iter().map(|row| {
            let Row { id, country, region, city } = row;
            (Place { country, region, city }, id)
        }));
    }
    Ok(ids)
}
