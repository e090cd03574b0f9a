//! SQL of what the pages of reports show beyond the reports of the Enterprise API.

use sqlx::FromRow;

use super::reports::Scope;
use super::user_reports::QUARTER;
use crate::Result;
use crate::db::{Conn, Sql, sql};
use crate::fleet::view::{PlaceFigures, ProductName};
use crate::time::Millis;

fn devices(select: Sql, scope: Scope) -> Sql {
    let query = select.push(" FROM device WHERE tenant_id = ").arg(scope.tenant_id);
    query.push(" AND product_id = ").arg(scope.product_id)
}

/// How many devices were on line for the first time: ever, in the windows that begin at these times, and in those as long
/// before them.
#[derive(FromRow)]
pub(crate) struct ActivatedRow {
    pub ever: i64,
    pub week: i64,
    pub week_before: i64,
    pub month: i64,
    pub month_before: i64,
}

/// When the windows of 7 and of 30 days began, and the ones before them.
pub(crate) struct Begins {
    pub week: Millis,
    pub week_before: Millis,
    pub month: Millis,
    pub month_before: Millis,
}

pub(crate) async fn activated(conn: &mut Conn, scope: Scope, begins: &Begins) -> Result<ActivatedRow> {
    let between = |query: Sql, begin: Millis, end: Millis, name: &'static str| {
        let query = query.push(", CAST(COUNT(CASE WHEN activated_at >= ").arg(begin);
        query.push(" AND activated_at < ").arg(end).push(" THEN 1 END) AS BIGINT)").push(name)
    };
    let mut query = sql("SELECT CAST(COUNT(activated_at) AS BIGINT) AS ever");
    query = between(query, begins.week, i64::MAX, " AS week");
    query = between(query, begins.week_before, begins.week, " AS week_before");
    query = between(query, begins.month, i64::MAX, " AS month");
    query = between(query, begins.month_before, begins.month, " AS month_before");
    devices(query, scope).one(conn).await
}

/// Quarters of an hour from `begin` to before `end` in which devices were on line for the first time, and how many were.
pub(crate) async fn activations(
    conn: &mut Conn,
    scope: Scope,
    (begin, end): (Millis, Millis),
) -> Result<Vec<(i64, i64)>> {
    let firsts = devices(sql("SELECT activated_at / ").arg(QUARTER).push(" AS quarter"), scope);
    let firsts = firsts.push(" AND activated_at >= ").arg(begin).push(" AND activated_at < ").arg(end);
    sql("SELECT quarter, CAST(COUNT(*) AS BIGINT) FROM (")
        .append(firsts)
        .push(") f GROUP BY quarter")
        .all(conn)
        .await
}

/// What devices in use are like, by where they are.
pub(crate) async fn places(conn: &mut Conn, scope: Scope) -> Result<Vec<(Option<i64>, PlaceFigures)>> {
    let select =
        sql("SELECT place_id, CAST(COUNT(*) AS BIGINT), CAST(COUNT(CASE WHEN online THEN 1 END) AS BIGINT),
            CAST(COUNT(CASE WHEN open_faults > 0 THEN 1 END) AS BIGINT),
            CAST(COUNT(CASE WHEN open_alarms > 0 THEN 1 END) AS BIGINT)");
    let query = devices(select, scope).push(" AND disabled = FALSE GROUP BY place_id");
    let rows: Vec<(Option<i64>, i64, i64, i64, i64)> = query.all(conn).await?;
    let figures =
        |(place, devices, online, faulty, alert)| (place, PlaceFigures { devices, online, faulty, alert });
    Ok(rows.into_iter().map(figures).collect())
}

/// All products, the newest first.
pub(crate) async fn products(conn: &mut Conn, tenant_id: i64) -> Result<Vec<ProductName>> {
    let rows: Vec<(i64, String, String)> = sql(
        "SELECT id, name, product_key FROM product WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC",
    )
    .bind(tenant_id)
    .all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id, name, product_key)| ProductName { id, name, product_key }).collect())
}
