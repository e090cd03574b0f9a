//! A hundred thousand devices. Run by hand: `cargo test -p domain --release view::tests::scale -- --ignored --nocapture`.

#![expect(clippy::print_stdout, reason = "what was measured is for the person who ran it")]

use std::time::Instant;

use super::seed;
use crate::db::sql;
use crate::device::view::service::{device_map, list_devices};
use crate::device::view::{Area, DeviceFilter, ListDevices, Order};
use crate::{Ctx, db_test};

async fn fill(ctx: &Ctx) {
    let products =
        [seed::product(ctx, "A").await, seed::product(ctx, "B").await, seed::product(ctx, "C").await];
    let mut groups = Vec::new();
    for n in 0..30 {
        groups.push(seed::group(ctx, products[n % 3], None, &format!("G{n}")).await);
    }
    let mut places = Vec::new();
    for n in 0..300 {
        places.push(seed::place(ctx, "China", &format!("R{}", n / 10), &format!("C{n}")).await);
    }
    let mut tx = ctx.begin().await.expect("a write");
    for n in 0..100_000_usize {
        let id = ctx.next_id();
        let part = |of: usize| {
            f64::from(u32::try_from(n * 7919 % of).expect("small"))
                / f64::from(u32::try_from(of).expect("small"))
        };
        sql("INSERT INTO device (tenant_id, id, product_id, did, mac, passcode, kind, disabled, created_at, online,
                                 online_latest, place_id, longitude, latitude, group_id, report_form, latest, latest_at,
                                 open_faults, open_alarms)
             VALUES ($1, $2, $3, $4, $5, 'secret', 'normal', FALSE, $6, $7, $6, $8, $9, $10, $11, 1, $12, $6, $13, $14)")
        .bind(ctx.tenant_id())
        .bind(id)
        .bind(products[n % 3])
        .bind(format!("did{n:019}"))
        .bind(format!("{n:012x}"))
        .bind(ctx.now() + i64::try_from(n).expect("small"))
        .bind(!n.is_multiple_of(12))
        .bind(places[n % 300])
        .bind(80.0 + 45.0 * part(9973))
        .bind(20.0 + 30.0 * part(7001))
        .bind(groups[n % 30])
        .bind(format!(r#"{{"switch":1,"mode":"auto","flow":6.2,"pad":"{}"}}"#, "x".repeat(200)))
        .bind(i64::from(n.is_multiple_of(100)))
        .bind(i64::from(n.is_multiple_of(40)))
        .run(&mut tx)
        .await
        .expect("a device");
    }
    tx.commit().await.expect("a commit");
}

db_test!(
    #[ignore = "measures; says nothing about right and wrong"]
    async fn a_hundred_thousand_devices_stay_fluid(plant: TestPlant) {
        let ctx = plant.ctx();
        fill(&ctx).await;
        let text = |text: &str| DeviceFilter { text: Some(text.into()), ..DeviceFilter::default() };
        let area = Some(Area { west: 100.0, south: 25.0, east: 110.0, north: 32.0 });
        let near = DeviceFilter { area, ..DeviceFilter::default() };
        let fault = DeviceFilter { fault: true, ..DeviceFilter::default() };
        for (what, filter, order, page) in [
            ("first page", DeviceFilter::default(), Order::Created, 1),
            ("last page", DeviceFilter::default(), Order::Created, 2000),
            ("worst first", DeviceFilter::default(), Order::Trouble, 1),
            ("seen", DeviceFilter::default(), Order::Seen, 1),
            ("faults", fault, Order::Created, 1),
            ("text", text("0000999"), Order::Created, 1),
            ("area", near.clone(), Order::Created, 1),
        ] {
            let params = ListDevices { filter, order, ascending: false, page: Some(page), size: Some(50) };
            let mut best = u128::MAX;
            let mut total = 0;
            for _ in 0..3 {
                let began = Instant::now();
                total = list_devices(&ctx, params.clone()).await.expect("a list").total;
                best = best.min(began.elapsed().as_millis());
            }
            println!("{what}: {best} ms, {total} devices");
        }
        for (what, filter) in [("map", DeviceFilter::default()), ("map, near", near)] {
            let began = Instant::now();
            let map = device_map(&ctx, filter).await.expect("a map");
            println!("{what}: {} ms, {} clusters", began.elapsed().as_millis(), map.clusters.len());
        }
    }
);
