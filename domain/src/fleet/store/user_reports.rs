//! SQL of the reports over people.

use sqlx::FromRow;

use super::reports::Scope;
use crate::Result;
use crate::db::{Conn, Sql, sql};
use crate::fleet::activity::Month;
use crate::time::Millis;

/// Every zone's days begin at a full quarter of an hour, UTC.
pub(crate) const QUARTER: Millis = 15 * 60 * 1000;

fn bindings(select: &'static str, scope: Scope) -> Sql {
    let query = sql(select).push(" FROM device_binding WHERE tenant_id = ").arg(scope.tenant_id);
    scope.of_devices(query.push(" AND product_id = ").arg(scope.product_id), "device_id")
}

/// People who ever used a device.
pub(crate) async fn total(conn: &mut Conn, scope: Scope) -> Result<i64> {
    bindings("SELECT CAST(COUNT(DISTINCT user_id) AS BIGINT)", scope).count(conn).await
}

/// Quarters of an hour from `begin` to before `end` in which people bound their first device, and how many did.
pub(crate) async fn first_bindings(
    conn: &mut Conn,
    scope: Scope,
    (begin, end): (Millis, Millis),
) -> Result<Vec<(i64, i64)>> {
    let firsts = bindings("SELECT MIN(bound_at) AS first_at", scope).push(" GROUP BY user_id");
    sql("SELECT quarter, CAST(COUNT(*) AS BIGINT) FROM (SELECT first_at / ")
        .arg(QUARTER)
        .push(" AS quarter FROM (")
        .append(firsts)
        .push(") f WHERE first_at >= ")
        .arg(begin)
        .push(" AND first_at < ")
        .arg(end)
        .push(") q GROUP BY quarter")
        .all(conn)
        .await
}

/// People who ever used a device, by where they are.
pub(crate) async fn locations(conn: &mut Conn, scope: Scope) -> Result<Vec<(Option<i64>, i64)>> {
    sql("SELECT u.place_id, CAST(COUNT(*) AS BIGINT) FROM (")
        .append(bindings("SELECT DISTINCT user_id", scope))
        .push(") b JOIN device_user u ON u.id = b.user_id WHERE u.tenant_id = ")
        .arg(scope.tenant_id)
        .push(" GROUP BY u.place_id")
        .all(conn)
        .await
}

/// Bindings that last at some time in a window of days, of people of an application.
#[derive(Clone, Copy)]
pub(crate) struct Window<'a> {
    pub app_id: Option<i64>,
    pub begin: Millis,
    pub end: Millis,
    pub months: &'a [Month],
}

impl Window<'_> {
    /// Bindings of the window, those of one person together.
    fn of_people(&self, select: &'static str, scope: Scope) -> Sql {
        let query = bindings(select, scope).push(" AND bound_at < ").arg(self.end);
        let query = query.push(" AND (unbound_at IS NULL OR unbound_at >= ").arg(self.begin).push(")");
        let Some(app_id) = self.app_id else { return query };
        let query =
            query.push(" AND user_id IN (SELECT id FROM device_user WHERE tenant_id = ").arg(scope.tenant_id);
        query.push(" AND app_id = ").arg(app_id).push(")")
    }

    /// Appends the condition that one person's bindings are a single one that covers the window.
    fn single(&self, query: Sql) -> Sql {
        query
            .push(" GROUP BY user_id HAVING COUNT(*) = 1 AND MAX(bound_at) < ")
            .arg(self.begin)
            .push(" AND COUNT(unbound_at) = COUNT(CASE WHEN unbound_at >= ")
            .arg(self.end)
            .push(" THEN 1 END)")
    }

    /// Appends the join with what the devices of `b` did in the months.
    fn activity(&self, query: Sql, scope: Scope) -> Sql {
        query
            // CROSS keeps SQLite from reading the months first, and all people again for each of their rows.
            .push(" CROSS JOIN device_activity a WHERE a.device_id = b.device_id AND a.tenant_id = ")
            .arg(scope.tenant_id)
            .push(" AND a.product_id = ")
            .arg(scope.product_id)
            .push(" AND a.month IN ")
            .list(self.months.iter().map(|month| &month.name))
    }
}

/// How many people with a single device, bound all the time, were active on which days of which month.
pub(crate) async fn steady(
    conn: &mut Conn,
    scope: Scope,
    window: Window<'_>,
) -> Result<Vec<(String, i64, i64)>> {
    let those = window.single(window.of_people("SELECT MIN(device_id) AS device_id", scope));
    let query = sql("SELECT a.month, a.days, CAST(COUNT(*) AS BIGINT) FROM (").append(those).push(") b");
    window.activity(query, scope).push(" GROUP BY a.month, a.days").all(conn).await
}

/// A month of a device that somebody had.
#[derive(FromRow)]
pub(crate) struct UseRow {
    pub user_id: i64,
    pub bound_at: Millis,
    pub unbound_at: Option<Millis>,
    pub month: String,
    pub days: i64,
}

/// The same for everybody else, one by one.
pub(crate) async fn others(conn: &mut Conn, scope: Scope, window: Window<'_>) -> Result<Vec<UseRow>> {
    let single = window.single(window.of_people("SELECT user_id", scope));
    let those = window.of_people("SELECT user_id, device_id, bound_at, unbound_at", scope);
    let those = those.push(" AND user_id NOT IN (").append(single).push(")");
    let query =
        sql("SELECT b.user_id, b.bound_at, b.unbound_at, a.month, a.days FROM (").append(those).push(") b");
    window.activity(query, scope).all(conn).await
}
