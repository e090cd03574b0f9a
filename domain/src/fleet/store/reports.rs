//! SQL of the reports over devices.

use jiff::civil::Date;
use sqlx::FromRow;

use super::groups;
use crate::Result;
use crate::db::{Conn, Sql, sql};
use crate::fleet::Slice;
use crate::fleet::activity::{Group, Month, Part};
use crate::fleet::place::{Place, RealtimeCount, Resolution};
use crate::time::Millis;

/// The devices a report is over.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_field_names, reason = "they are called as their columns are")]
pub(crate) struct Scope {
    pub tenant_id: i64,
    pub product_id: i64,
    pub group_id: Option<i64>,
}

impl Scope {
    /// Appends ` FROM TABLE WHERE …`: the rows of the product.
    fn rows(self, query: Sql, from: &'static str) -> Sql {
        let query = query.push(from).push(" WHERE tenant_id = ").arg(self.tenant_id);
        query.push(" AND product_id = ").arg(self.product_id)
    }

    /// Appends ` AND …`: rows of `device` in the group.
    fn devices(self, query: Sql, column: &'static str) -> Sql {
        let Some(group_id) = self.group_id else { return query };
        groups::within(query.push(" AND "), column, self.tenant_id, self.product_id, group_id)
    }

    /// Appends ` AND …`: rows that name a device in the group. Its devices are of the product, as the group is.
    pub(super) fn of_devices(self, query: Sql, column: &'static str) -> Sql {
        let Some(group_id) = self.group_id else { return query };
        let query = query.push(" AND ").push(column).push(" IN (SELECT id FROM device WHERE tenant_id = ");
        let query = query.arg(self.tenant_id).push(" AND ");
        groups::within(query, "group_id", self.tenant_id, self.product_id, group_id).push(")")
    }
}

/// Which devices' places are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Like {
    pub online: Option<bool>,
    pub faulty: Option<bool>,
    pub alert: Option<bool>,
}

/// How many devices are where.
pub(crate) async fn locations(conn: &mut Conn, scope: Scope, like: Like) -> Result<Vec<(Option<i64>, i64)>> {
    let mut query = scope.rows(sql("SELECT place_id, CAST(COUNT(*) AS BIGINT)"), " FROM device");
    query = scope.devices(query.push(" AND disabled = FALSE"), "group_id");
    if let Some(online) = like.online {
        query = query.push(" AND online = ").arg(online);
    }
    for (column, wanted) in [("open_faults", like.faulty), ("open_alarms", like.alert)] {
        if let Some(wanted) = wanted {
            query = query.push(" AND ").push(column).push(if wanted { " > 0" } else { " = 0" });
        }
    }
    query.push(" GROUP BY place_id").all(conn).await
}

/// What devices are like, by where they are.
pub(crate) async fn realtime(conn: &mut Conn, scope: Scope) -> Result<Vec<(Option<i64>, RealtimeCount)>> {
    let query = scope.rows(
        sql("SELECT place_id, CAST(COUNT(activated_at) AS BIGINT),
                CAST(COUNT(CASE WHEN open_faults > 0 THEN 1 END) AS BIGINT),
                CAST(COUNT(CASE WHEN open_alarms > 0 THEN 1 END) AS BIGINT)"),
        " FROM device",
    );
    let rows: Vec<(Option<i64>, i64, i64, i64)> = scope
        .devices(query.push(" AND disabled = FALSE"), "group_id")
        .push(" GROUP BY place_id")
        .all(conn)
        .await?;
    let count = |(place, activated, faulty, alert)| (place, RealtimeCount { activated, faulty, alert });
    Ok(rows.into_iter().map(count).collect())
}

#[derive(FromRow)]
pub(crate) struct SummaryRow {
    pub online: i64,
    pub total: i64,
    pub today: i64,
    pub yesterday: i64,
    pub week: i64,
    pub month: i64,
}

/// When today, yesterday, and the windows of 7 and of 30 days began.
pub(crate) struct Begins {
    pub today: Millis,
    pub yesterday: Millis,
    pub week: Millis,
    pub month: Millis,
}

pub(crate) async fn summary(conn: &mut Conn, scope: Scope, begins: &Begins) -> Result<SummaryRow> {
    let since = |query: Sql, begin: Millis, end: &'static str| {
        let query = query.push(", CAST(COUNT(CASE WHEN activated_at >= ").arg(begin);
        query.push(" THEN 1 END) AS BIGINT)").push(end)
    };
    let mut query =
        sql("SELECT CAST(COUNT(CASE WHEN online AND NOT disabled THEN 1 END) AS BIGINT) AS online,
        CAST(COUNT(activated_at) AS BIGINT) AS total");
    query = since(query, begins.today, " AS today");
    query = since(query, begins.yesterday, " AS yesterday");
    query = since(query, begins.week, " AS week");
    query = since(query, begins.month, " AS month");
    let row: SummaryRow = scope.rows(query, " FROM device").one(conn).await?;
    Ok(SummaryRow { yesterday: row.yesterday - row.today, ..row })
}

/// How many devices had which days in which month, by place. With `whole`, all days of a month become bit 0.
pub(crate) async fn activity(
    conn: &mut Conn,
    scope: Scope,
    months: &[Month],
    (whole, at): (bool, &AtPlace),
) -> Result<Vec<Group>> {
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return Ok(Vec::new()) };
    let select = if whole {
        "SELECT month, place_id, CAST(1 AS BIGINT), CAST(COUNT(*) AS BIGINT)"
    } else {
        "SELECT month, place_id, days, CAST(COUNT(*) AS BIGINT)"
    };
    let query = scope.rows(sql(select), " FROM device_activity");
    let query = query.push(" AND month >= ").arg(&first.name).push(" AND month <= ").arg(&last.name);
    let query = at.narrow(scope.of_devices(query.push(" AND days <> 0"), "device_id"), scope.tenant_id);
    let by = if whole { " GROUP BY month, place_id" } else { " GROUP BY month, place_id, days" };
    let rows: Vec<(String, Option<i64>, i64, i64)> = query.push(by).all(conn).await?;
    let group = |(month, place_id, days, devices)| Group { month, place_id, days, devices };
    Ok(rows.into_iter().map(group).collect())
}

/// How many devices were active on both sides of the end of a month, within one span: by span and the place of the earlier.
pub(crate) async fn on_both_sides(
    conn: &mut Conn,
    scope: Scope,
    months: &[Month],
    pairs: &[(Part, Part)],
) -> Result<Vec<(i64, Option<i64>, i64)>> {
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = sql("");
    for (n, (before, after)) in pairs.iter().enumerate() {
        let span = i64::try_from(before.span).unwrap_or(i64::MAX);
        query = query
            .push(if n == 0 { "SELECT CAST(" } else { " UNION ALL SELECT CAST(" })
            .arg(span)
            .push(" AS BIGINT), place_id, CAST(COUNT(*) AS BIGINT)");
        let later = active_on(sql("SELECT device_id"), scope, months, after);
        query = active_on(query, scope, months, before).push(" AND device_id IN (").append(later).push(")");
        query = scope.of_devices(query, "device_id").push(" GROUP BY place_id");
    }
    query.all(conn).await
}

/// Appends ` FROM device_activity WHERE …`: devices with one of a part's days.
fn active_on(query: Sql, scope: Scope, months: &[Month], part: &Part) -> Sql {
    let query =
        scope.rows(query, " FROM device_activity").push(" AND month = ").arg(&months[part.month].name);
    query.push(" AND (days & ").arg(part.mask).push(") <> 0")
}

/// How many devices were active in each of a few parts of spans: by span, as often as it has parts.
pub(crate) async fn active_devices(
    conn: &mut Conn,
    scope: Scope,
    months: &[Month],
    parts: &[Part],
) -> Result<Vec<(i64, i64)>> {
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = sql("");
    for (n, part) in parts.iter().enumerate() {
        let span = i64::try_from(part.span).unwrap_or(i64::MAX);
        query = query
            .push(if n == 0 { "SELECT CAST(" } else { " UNION ALL SELECT CAST(" })
            .arg(span)
            .push(" AS BIGINT), CAST(COUNT(*) AS BIGINT)");
        query = scope.of_devices(active_on(query, scope, months, part), "device_id");
    }
    query.all(conn).await
}

/// Where devices are asked for: the levels that are given.
#[derive(Clone, Debug, Default)]
pub(crate) struct AtPlace {
    pub country: Option<String>,
    pub region: Option<String>,
    pub city: Option<String>,
}

impl AtPlace {
    /// Appends ` AND place_id IN (…)`.
    fn narrow(&self, query: Sql, tenant_id: i64) -> Sql {
        let levels = [
            (" AND country = ", &self.country),
            (" AND region = ", &self.region),
            (" AND city = ", &self.city),
        ];
        if levels.iter().all(|(_, name)| name.is_none()) {
            return query;
        }
        let mut query =
            query.push(" AND place_id IN (SELECT id FROM place WHERE tenant_id = ").arg(tenant_id);
        for (condition, name) in levels {
            if let Some(name) = name {
                query = query.push(condition).arg(name);
            }
        }
        query.push(")")
    }
}

/// A device of a detailed report.
#[derive(FromRow)]
pub(crate) struct DetailRow {
    /// Which day, by its place in the list; or when it was activated.
    pub day: i64,
    pub mac: String,
    pub serial_number: Option<String>,
    pub country: Option<String>,
    pub region: Option<String>,
    pub city: Option<String>,
    pub created_at: Millis,
}

impl DetailRow {
    /// Where it was, if that is known.
    pub(crate) fn place(&self) -> Place {
        let name = |name: &Option<String>| name.clone().unwrap_or_default();
        Place { country: name(&self.country), region: name(&self.region), city: name(&self.city) }
    }
}

/// Devices that were activated from `begin` to before `end`, and how many there are.
pub(crate) async fn activated(
    conn: &mut Conn,
    scope: Scope,
    (begin, end): (Millis, Millis),
    at: &AtPlace,
    slice: Slice,
) -> Result<(i64, Vec<DetailRow>)> {
    let those = |select| {
        let query = scope.rows(sql(select), " FROM device").push(" AND activated_at >= ").arg(begin);
        at.narrow(query.push(" AND activated_at < ").arg(end), scope.tenant_id)
    };
    let total = those("SELECT CAST(COUNT(*) AS BIGINT)").count(conn).await?;
    let page = those("SELECT id").push(" ORDER BY activated_at DESC, id DESC LIMIT ").arg(slice.limit);
    let rows =
        sql("SELECT d.activated_at AS day, d.mac, d.serial_number, p.country, p.region, p.city, d.created_at
        FROM (")
        .append(page.push(" OFFSET ").arg(slice.skip))
        .push(
            ") page JOIN device d ON d.id = page.id
         LEFT JOIN place p ON p.tenant_id = d.tenant_id AND p.id = d.place_id WHERE d.tenant_id = ",
        )
        .arg(scope.tenant_id)
        .push(" ORDER BY d.activated_at DESC, d.id DESC")
        .all(conn)
        .await?;
    Ok((total, rows))
}

/// A part of the devices that were active on one day.
pub(crate) struct DayPage {
    /// Which day, by its place in the list.
    pub day: i64,
    pub date: Date,
    pub slice: Slice,
}

/// Devices of parts of days: days in the order given, the newest device first.
pub(crate) async fn active(
    conn: &mut Conn,
    scope: Scope,
    pages: &[DayPage],
    at: &AtPlace,
) -> Result<Vec<DetailRow>> {
    if pages.is_empty() {
        return Ok(Vec::new());
    }
    let mut query =
        sql("SELECT page.day, d.mac, d.serial_number, p.country, p.region, p.city, d.created_at FROM (");
    for (n, page) in pages.iter().enumerate() {
        let day = sql(if n == 0 {
            "SELECT * FROM (SELECT CAST("
        } else {
            " UNION ALL SELECT * FROM (SELECT CAST("
        });
        let day = day.arg(page.day).push(" AS BIGINT) AS day, device_id, place_id");
        let day = scope.rows(day, " FROM device_activity").push(" AND month = ");
        let day = day.arg(crate::fleet::period::month_of(page.date)).push(" AND (days & ");
        let day = day.arg(1_i64 << (page.date.day() - 1)).push(") <> 0");
        let day =
            at.narrow(day, scope.tenant_id).push(" ORDER BY device_id DESC LIMIT ").arg(page.slice.limit);
        query = query.append(day.push(" OFFSET ").arg(page.slice.skip).push(") one_day"));
    }
    query
        .push(
            ") page JOIN device d ON d.id = page.device_id
             LEFT JOIN place p ON p.tenant_id = d.tenant_id AND p.id = page.place_id WHERE d.tenant_id = ",
        )
        .arg(scope.tenant_id)
        .push(" ORDER BY page.day, d.id DESC")
        .all(conn)
        .await
}

/// Occurrences of faults (1) or alarms (2) by where they happened and the datapoint's name.
pub(crate) async fn occurrences(
    conn: &mut Conn,
    scope: Scope,
    kind: i64,
) -> Result<Vec<(Option<i64>, String, Resolution)>> {
    let select =
        "SELECT place_id, name, CAST(COUNT(*) AS BIGINT), CAST(COUNT(*) - COUNT(resolved_at) AS BIGINT)";
    let query = scope.rows(sql(select), " FROM device_event").push(" AND kind = ").arg(kind);
    let rows: Vec<(Option<i64>, String, i64, i64)> =
        scope.of_devices(query, "device_id").push(" GROUP BY place_id, name").all(conn).await?;
    let count = |(place, name, total, open)| (place, name, Resolution::new(total, open));
    Ok(rows.into_iter().map(count).collect())
}

/// Devices that ever had a fault (1) or an alarm (2), by where they are.
pub(crate) async fn troubled(
    conn: &mut Conn,
    scope: Scope,
    kind: i64,
) -> Result<Vec<(Option<i64>, Resolution)>> {
    let select = "SELECT device_id, MAX(CASE WHEN resolved_at IS NULL THEN 1 ELSE 0 END) AS unresolved";
    let events = scope.rows(sql(select), " FROM device_event").push(" AND kind = ").arg(kind);
    let events = scope.of_devices(events, "device_id").push(" GROUP BY device_id");
    let rows: Vec<(Option<i64>, i64, i64)> =
        sql("SELECT d.place_id, CAST(COUNT(*) AS BIGINT), CAST(SUM(e.unresolved) AS BIGINT) FROM (")
            .append(events)
            .push(") e JOIN device d ON d.id = e.device_id WHERE d.tenant_id = ")
            .arg(scope.tenant_id)
            .push(" GROUP BY d.place_id")
            .all(conn)
            .await?;
    Ok(rows.into_iter().map(|(place, total, open)| (place, Resolution::new(total, open))).collect())
}
