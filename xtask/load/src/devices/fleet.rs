//! A large fleet: history of one device, reports over all of them, asked as clients of the Enterprise API ask.

use std::path::Path;
use std::time::{Duration, Instant};

use domain::Ctx;
use domain::db::{Sql, Tx, sql};
use domain::enterprise::{CreateEnterprise, service as enterprise};
use domain::fleet::params::CreateGroup;
use domain::fleet::service as fleet;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::plant::{self, KEY, SECRET};
use crate::client::Connection;
use crate::process::{Place, Server};
use crate::sign::{plain, with_headers};
use crate::{Extent, Result, say, table};

/// What a history of a hundred records, and what a report may take.
const HISTORY: Duration = Duration::from_millis(10);
const REPORT: Duration = Duration::from_millis(200);
/// Days that reports and history go back.
const DAYS: i64 = 30;
const DAY: i64 = 24 * 60 * 60_000;
/// Places that devices are spread over.
const PLACES: i64 = 200;

/// Measures, and answers lines of the table.
pub async fn all(binary: &Path, folder: &Path, extent: Extent) -> Result<Vec<String>> {
    say(&format!("{} devices, {} points …", extent.devices, extent.points));
    let begun = Instant::now();
    let ctx = plant::open(folder).await?;
    fill(&ctx, extent).await?;
    let today = ctx.tenant.zone.date(ctx.now());
    let caller = CreateEnterprise { calls_per_hour: Some(0), ..CreateEnterprise::default() };
    let caller = enterprise::create_enterprise(&ctx, caller).await?;
    ctx.services.db.close().await;
    say(&format!("filled in {:.1} s", begun.elapsed().as_secs_f64()));

    let server = Server::start(binary, &Place::Folder(folder.to_owned()), &[]).await?;
    let mut connection = Connection::open(&server.address).await?;
    let asked = json!({"enterprise_id": caller.enterprise_id, "enterprise_secret": caller.enterprise_secret,
        "product_secret": SECRET});
    let token = plain("POST", &format!("/v1/products/{KEY}/access_token"), asked.to_string().as_bytes());
    let answer: Value = serde_json::from_slice(connection.exchange(&token).await?)?;
    let token = answer["token"].as_str().ok_or("there is no token")?;
    let by_token = format!("authorization: token {token}\r\n");
    let by_enterprise = format!(
        "x-gizwits-enterprise-id: {}\r\nx-gizwits-enterprise-secret: {}\r\n",
        caller.enterprise_id, caller.enterprise_secret
    );

    let mut lines = Vec::new();
    let history = with_headers(&format!("/v1/products/{KEY}/devices/did1/data?limit=100"), &by_token);
    let took = median(&mut connection, &history, 10 * extent.runs, "\"limit\":100").await?;
    lines.push(table::time(&format!("history, 100 of {} points", extent.points), took, HISTORY));
    for (path, headers) in reports(today)? {
        let headers = if headers { &by_enterprise } else { &by_token };
        let name = path.split('?').next().unwrap_or(&path);
        let name = name.strip_prefix(&format!("/v1/products/{KEY}")).unwrap_or(name);
        match median(&mut connection, &with_headers(&path, headers), 2 * extent.runs, "").await {
            Ok(took) => lines.push(table::time(name, took, REPORT)),
            Err(error) => {
                // One report that fails says nothing of the others.
                lines.push(format!(
                    "{name:<38} FAILED: {}",
                    error.to_string().lines().last().unwrap_or_default()
                ));
                connection = Connection::open(&server.address).await?;
            }
        }
    }
    server.stop().await?;
    Ok(lines)
}

/// The reports with their windows; whether the headers of the enterprise say who calls, in place of a token.
fn reports(today: Date) -> Result<Vec<(String, bool)>> {
    let start = today.checked_sub((DAYS - 1).days())?;
    let days = format!("cycle=date&start={start}&end={today}");
    let of_product = [
        "devices/locations?is_online=1".to_owned(),
        "devices/summary".to_owned(),
        "incr_devices".to_owned(),
        "active_devices".to_owned(),
        format!("devices/report/liveness/history?{days}"),
        "devices/report/rt".to_owned(),
        "fault/report/devices".to_owned(),
        "fault/report/events".to_owned(),
        "alert/report/devices".to_owned(),
        format!("users/report/new?{days}"),
        "users/report/total".to_owned(),
    ];
    let mut all: Vec<_> =
        of_product.iter().map(|path| (format!("/v1/products/{KEY}/{path}"), false)).collect();
    let window = format!("product_secret={SECRET}&start_date={start}&end_date={today}");
    all.push((format!("/v1/users/liveness_total?{window}"), true));
    all.push((format!("/v1/users/location?product_secret={SECRET}"), true));
    Ok(all)
}

/// The median time of an answer, the first two not counted.
async fn median(
    connection: &mut Connection,
    request: &[u8],
    calls: usize,
    expected: &str,
) -> Result<Duration> {
    let mut times = Vec::with_capacity(calls);
    for call in 0..calls + 2 {
        let begun = Instant::now();
        let body = connection.exchange(request).await?;
        let took = begun.elapsed();
        if !String::from_utf8_lossy(body).contains(expected) {
            return Err(format!("not answered well: {}", String::from_utf8_lossy(body)).into());
        }
        if call >= 2 {
            times.push(took);
        }
    }
    Ok(table::median(&mut times, Ord::cmp).unwrap_or_default())
}

/// `INSERT … SELECT` over the numbers from 1 on, each `i`.
fn numbered(insert: &'static str, most: i64) -> Sql {
    sql(insert)
        .push(" WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < ")
        .arg(most)
        .push(") SELECT ")
}

/// Devices in their places, all in a group, with two months of activity, two events for every second one, a person for
/// each, and the reports of the first one. Numbers are spread by multiplying with a prime.
async fn fill(ctx: &Ctx, extent: Extent) -> Result<()> {
    let group = CreateGroup { product_key: KEY.to_owned(), parent_gid: None };
    let gid = fleet::create_group(ctx, group).await?.gid;
    let product = domain::device::service::product_by_key(ctx, KEY).await?.id;
    let mut tx = ctx.begin().await?;
    let groups: Vec<(i64,)> = sql("SELECT id FROM device_group WHERE tenant_id = ")
        .arg(ctx.tenant_id())
        .push(" AND gid = ")
        .arg(gid)
        .all(&mut tx)
        .await?;
    let group = groups.first().ok_or("there is no group")?.0;
    devices(ctx, &mut tx, product, group, extent).await?;
    activity(ctx, &mut tx, product, extent.devices).await?;
    people(ctx, &mut tx, product, extent.devices).await?;
    // Every point is as old as it is far from the newest one.
    let apart = DAYS * DAY / extent.points;
    numbered(
        "INSERT INTO device_message (tenant_id, device_id, ts, seq, at, direction, payload, attrs)",
        extent.points,
    )
    .arg(ctx.tenant_id())
    .push(", 1, ")
    .arg(ctx.now())
    .push(" - i * ")
    .arg(apart)
    .push(", i * 65536, ")
    .arg(ctx.now())
    .push(" - i * ")
    .arg(apart)
    .push(
        ", 1, '000000030c00009104000100020003', '{\"speed\": ' || (i % 1500) || ', \"pressure\": 42, \"temperature\": 23,
         \"pieces\": ' || i || '}' FROM n WHERE TRUE",
    )
    .run(&mut tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

async fn devices(ctx: &Ctx, tx: &mut Tx, product: i64, group: i64, extent: Extent) -> Result<()> {
    let tenant = ctx.tenant_id();
    numbered("INSERT INTO place (tenant_id, id, country, region, city)", PLACES)
        .arg(tenant)
        .push(", i, 'Country ' || (i % 4), 'Region ' || (i % 20), 'City ' || i FROM n WHERE TRUE")
        .run(tx)
        .await?;
    numbered(
        "INSERT INTO device (tenant_id, id, product_id, did, mac, passcode, kind, disabled, created_at, activated_at,
           online, online_latest, place_id, group_id, report_form, latest, latest_at, open_faults, open_alarms)",
        extent.devices,
    )
    .arg(tenant)
    .push(", i, ")
    .arg(product)
    .push(", 'did' || i, 'mac' || i, 'passcode', 'normal', FALSE, 1700000000000 + i, ")
    .arg(ctx.now())
    .push(" - (i * 7919 % 100000) * 60000, i % 3 <> 0, ")
    .arg(ctx.now())
    .push(", CASE WHEN i % 50 = 0 THEN NULL ELSE i * 7919 % 200 + 1 END, ")
    .arg(group)
    .push(
        ", 1, '{\"speed\": 1450, \"pressure\": 42, \"temperature\": 23, \"pieces\": 12345}', 1,
         CASE WHEN i % 37 = 0 THEN 1 ELSE 0 END, CASE WHEN i % 29 = 0 THEN 1 ELSE 0 END FROM n WHERE TRUE",
    )
    .run(tx)
    .await?;
    numbered(
        "INSERT INTO device_event
           (tenant_id, id, product_id, device_id, kind, name, opened_at, resolved_at, place_id)",
        extent.devices - 1,
    )
    .arg(tenant)
    .push(", i, ")
    .arg(product)
    .push(
        ", (i / 2) * 2 + 1, i % 2 + 1, 'point_' || (i % 6), i, CASE WHEN i % 10 = 0 THEN NULL ELSE i END,
         i * 7919 % 200 + 1 FROM n WHERE TRUE",
    )
    .run(tx)
    .await?;
    Ok(())
}

async fn activity(ctx: &Ctx, tx: &mut Tx, product: i64, devices: i64) -> Result<()> {
    let this = ctx.tenant.zone.date(ctx.now()).first_of_month();
    for month in [this.yesterday()?, this] {
        // Half report each day, a third on working days, the others when it pleases them.
        numbered(
            "INSERT INTO device_activity (tenant_id, product_id, month, device_id, days, place_id)",
            devices,
        )
        .arg(ctx.tenant_id())
        .push(", ")
        .arg(product)
        .push(", ")
        .arg(format!("{:04}-{:02}", month.year(), month.month()))
        .push(
            ", i, CASE WHEN i % 6 < 3 THEN 2147483647 WHEN i % 6 < 5 THEN 1039104991
               ELSE i * 2654435761 % 2147483647 END,
             CASE WHEN i % 50 = 0 THEN NULL ELSE i * 7919 % 200 + 1 END FROM n WHERE TRUE",
        )
        .run(tx)
        .await?;
    }
    Ok(())
}

async fn people(ctx: &Ctx, tx: &mut Tx, product: i64, devices: i64) -> Result<()> {
    let tenant = ctx.tenant_id();
    sql("INSERT INTO device_app (tenant_id, id, appid, name, created_at) VALUES (")
        .arg(tenant)
        .push(", 1, 'app', 'App', 1)")
        .run(tx)
        .await?;
    numbered(
        "INSERT INTO device_user (tenant_id, id, app_id, uid, anonymous, place_id, created_at, modified_at)",
        devices,
    )
    .arg(tenant)
    .push(", i, 1, 'user' || i, TRUE, i % 200 + 1, i, i FROM n WHERE TRUE")
    .run(tx)
    .await?;
    numbered(
        "INSERT INTO device_binding (tenant_id, id, product_id, device_id, user_id, owner, bound_at)",
        devices,
    )
    .arg(tenant)
    .push(", i, ")
    .arg(product)
    .push(", i, CASE WHEN i % 20 = 0 THEN i - 1 ELSE i END, TRUE, ")
    .arg(ctx.now())
    .push(" - (i * 7919 % 100000) * 600000 FROM n WHERE TRUE")
    .run(tx)
    .await?;
    Ok(())
}
