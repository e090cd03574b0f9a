//! How long the reports take over a fleet of 100 000 devices and 30 days; only measured when asked to.

use std::time::{Duration, Instant};

use super::plant::Fleet;
use crate::db::testing::TestPlant;
use crate::db::{Conn, Kind, sql};
use crate::fleet::params::{
    CreateGroup, QueryActiveUsers, QueryDetails, QueryHistory, QueryLocations, QueryUserLocations,
};
use crate::fleet::service::{
    active_devices, active_users, alert_devices, create_group, fault_devices, fault_events, incr_devices,
    liveness_history, locations, new_users, realtime, summary, user_locations, user_total,
};
use crate::{Ctx, db_test};

const DEVICES: i64 = 100_000;

/// Devices in 200 places, all of them in a group, with a month or two of activity, two events for every second one, and a
/// person for each. Numbers are spread by multiplying with a prime.
async fn seed(ctx: &Ctx, conn: &mut Conn, fleet: &Fleet, group_id: i64, jumble: bool) {
    let (tenant, product) = (ctx.tenant_id(), fleet.id);
    let number = "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < ";
    let run = async |conn: &mut Conn, query: crate::db::Sql| query.run(conn).await.expect("rows");
    run(
        conn,
        sql("INSERT INTO place (tenant_id, id, country, region, city) ")
            .push(number)
            .arg(200_i64)
            .push(") SELECT ")
            .arg(tenant)
            .push(", i, 'Country ' || (i % 4), 'Region ' || (i % 20), 'City ' || i FROM n WHERE TRUE"),
    )
    .await;
    run(
        conn,
        sql("INSERT INTO device (tenant_id, id, product_id, did, mac, passcode, kind, disabled, created_at, activated_at,
                online, online_latest, place_id, group_id, report_form, latest, latest_at, open_faults, open_alarms) ")
            .push(number).arg(DEVICES)
            .push(") SELECT ").arg(tenant).push(", i, ").arg(product)
            .push(", 'did' || i, 'mac' || i, 'passcode', 'normal', FALSE, 1700000000000 + i, ")
            .arg(ctx.now()).push(" - (i * 7919 % 100000) * 60000, i % 3 <> 0, ").arg(ctx.now())
            .push(", CASE WHEN i % 50 = 0 THEN NULL ELSE i * 7919 % 200 + 1 END, ").arg(group_id)
            .push(", 1, '{\"Temperature\": 23.5, \"Speed\": 1450, \"Mode\": \"Auto\", \"Running\": 1, \"Fault_Motor\": 0,
                \"Alarm_Filter\": 0, \"Pressure\": 4.2, \"Hours\": 12345, \"Humidity\": 40, \"Level\": 77}', 1,
                CASE WHEN i % 37 = 0 THEN 1 ELSE 0 END, CASE WHEN i % 29 = 0 THEN 1 ELSE 0 END FROM n WHERE TRUE"),
    ).await;
    for month in ["2026-05", "2026-06"] {
        // Half report each day, a third on working days, the others when it pleases them; or all when it pleases them.
        let each = if jumble {
            "i * 2654435761 % 2147483647"
        } else {
            "CASE WHEN i % 6 < 3 THEN 2147483647 WHEN i % 6 < 5 THEN 1039104991 ELSE i * 2654435761 % 2147483647 END"
        };
        run(
            conn,
            sql("INSERT INTO device_activity (tenant_id, product_id, month, device_id, days, place_id) ")
                .push(number)
                .arg(DEVICES)
                .push(") SELECT ")
                .arg(tenant)
                .push(", ")
                .arg(product)
                .push(", ")
                .arg(month)
                .push(", i, ")
                .push(each)
                .push(", CASE WHEN i % 50 = 0 THEN NULL ELSE i * 7919 % 200 + 1 END FROM n WHERE TRUE"),
        )
        .await;
    }
    run(
        conn,
        sql("INSERT INTO device_event (tenant_id, id, product_id, device_id, kind, name, opened_at, resolved_at, place_id) ")
            .push(number).arg(DEVICES)
            .push(") SELECT ").arg(tenant).push(", i, ").arg(product)
            .push(", (i / 2) * 2 + 1, i % 2 + 1, 'point_' || (i % 6), i, CASE WHEN i % 10 = 0 THEN NULL ELSE i END,
                i * 7919 % 200 + 1 FROM n WHERE i < ").arg(DEVICES),
    ).await;
    run(
        conn,
        sql("INSERT INTO device_app (tenant_id, id, appid, name, created_at) VALUES (")
            .arg(tenant)
            .push(", 1, 'app', 'App', 1)"),
    )
    .await;
    run(
        conn,
        sql("INSERT INTO device_user (tenant_id, id, app_id, uid, anonymous, place_id, created_at, modified_at) ")
            .push(number).arg(DEVICES)
            .push(") SELECT ").arg(tenant).push(", i, 1, 'user' || i, TRUE, i % 200 + 1, i, i FROM n WHERE TRUE"),
    ).await;
    run(
        conn,
        sql("INSERT INTO device_binding (tenant_id, id, product_id, device_id, user_id, owner, bound_at) ")
            .push(number)
            .arg(DEVICES)
            .push(") SELECT ")
            .arg(tenant)
            .push(", i, ")
            .arg(product)
            .push(", i, CASE WHEN i % 20 = 0 THEN i - 1 ELSE i END, TRUE, ")
            .arg(ctx.now())
            .push(" - (i * 7919 % 100000) * 600000 FROM n WHERE TRUE"),
    )
    .await;
}

async fn measure(plant: &TestPlant, jumble: bool) {
    let ctx = &plant.ctx();
    // 2026-06-20: the last 30 days are in two months.
    plant.clock.set(ctx.tenant.zone.parse("now", "2026-06-20 12:00").expect("a time"));
    let key = if jumble { "jumble" } else { "fleet" };
    let fleet = Fleet::new(ctx, key).await;
    let gid = create_group(ctx, CreateGroup { product_key: key.into(), parent_gid: None })
        .await
        .expect("a group")
        .gid;
    let mut tx = ctx.begin().await.expect("a write");
    let group = crate::fleet::store::groups::find(&mut tx, ctx.tenant_id(), &gid)
        .await
        .expect("a look")
        .expect("a group");
    seed(ctx, &mut tx, &fleet, group.id, jumble).await;
    tx.commit().await.expect("a commit");
    // PostgreSQL does so by itself, after a while.
    if ctx.services.db.kind() == Kind::Postgres {
        let mut tx = ctx.begin().await.expect("a write");
        sql("ANALYZE device, device_activity, device_event, device_user, device_binding, place")
            .run(&mut tx)
            .await
            .expect("statistics");
        tx.commit().await.expect("a commit");
    }

    let kind = ctx.services.db.kind();
    let say = |what: &str, best: Duration| eprintln!("{kind:?} {key}: {what} {best:?}");
    macro_rules! best {
        ($what:expr, $call:expr) => {{
            let mut best = Duration::MAX;
            for _ in 0..5 {
                let begin = Instant::now();
                $call.await.expect("a report");
                best = best.min(begin.elapsed());
            }
            say($what, best);
        }};
    }
    let of = |gid: Option<&str>| fleet.in_group(gid);
    let history = |cycle: &str, start: &str, end: &str, gid: Option<&String>| QueryHistory {
        product_key: key.into(),
        gid: gid.cloned(),
        cycle: Some(cycle.into()),
        start: start.into(),
        end: end.into(),
    };
    let place = |gid: Option<&String>| QueryLocations {
        product_key: key.into(),
        gid: gid.cloned(),
        is_online: Some(1),
        is_faulty: None,
        is_alert: None,
    };
    let details =
        |skip| QueryDetails { product_key: key.into(), skip: Some(skip), ..QueryDetails::default() };
    best!("locations", locations(ctx, place(None)));
    best!("locations of the root group", locations(ctx, place(Some(&gid))));
    best!("summary", summary(ctx, fleet.product()));
    best!("incr_devices", incr_devices(ctx, details(0)));
    best!("incr_devices after 20 000", incr_devices(ctx, details(20_000)));
    best!("active_devices", active_devices(ctx, details(0)));
    best!("active_devices after a million", active_devices(ctx, details(1_000_000)));
    best!("liveness, 30 days", liveness_history(ctx, history("date", "2026-05-22", "2026-06-20", None)));
    best!(
        "liveness, 30 days of the root group",
        liveness_history(ctx, history("date", "2026-05-22", "2026-06-20", Some(&gid)))
    );
    best!("liveness, 5 weeks", liveness_history(ctx, history("week", "2026-21", "2026-25", None)));
    best!("liveness, 2 months", liveness_history(ctx, history("month", "2026-05", "2026-06", None)));
    best!("realtime", realtime(ctx, of(None)));
    best!("realtime of the root group", realtime(ctx, of(Some(&gid))));
    best!("fault_devices", fault_devices(ctx, of(None)));
    best!("fault_events", fault_events(ctx, of(None)));
    best!("fault_events of the root group", fault_events(ctx, of(Some(&gid))));
    best!("alert_devices", alert_devices(ctx, of(None)));
    best!("new users", new_users(ctx, history("date", "2026-05-22", "2026-06-20", None)));
    best!("users", user_total(ctx, of(None)));
    best!("places of users", user_locations(ctx, QueryUserLocations { product_secret: key.into() }));
    best!(
        "active users",
        active_users(
            ctx,
            QueryActiveUsers {
                product_secret: key.into(),
                appid: None,
                start_date: "2026-05-22".into(),
                end_date: "2026-06-20".into(),
            }
        )
    );
}

db_test!(
    async fn reports_over_a_fleet_are_measured(plant: TestPlant) {
        if std::env::var_os("MILLWRIGHT_MEASURE").is_none() {
            return;
        }
        let jumble = std::env::var_os("MILLWRIGHT_JUMBLE").is_some();
        measure(&plant, jumble).await;
    }
);
