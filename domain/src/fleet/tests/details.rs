use serde_json::json;

use super::plant::{Device, Fleet, device};
use super::{code, param};
use crate::fleet::params::QueryDetails;
use crate::fleet::replies::{DeviceOnDay, Paged};
use crate::fleet::service::{active_devices, incr_devices, summary};
use crate::{Code, Ctx, Result, db_test};

fn details() -> QueryDetails {
    QueryDetails { product_key: "pk".into(), ..QueryDetails::default() }
}

type Report = Result<Paged<DeviceOnDay>>;

fn shown(page: &Report) -> Vec<(&str, &str)> {
    let objects = &page.as_ref().expect("a page").objects;
    objects.iter().map(|row| (row.report_date.as_str(), row.mac.as_str())).collect()
}

db_test!(
    async fn new_devices_are_listed_by_the_day_of_the_plant(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let here = fleet.place("China", "Guangdong", "Guangzhou").await;
        let there = fleet.place("China", "Guangdong", "").await;
        for (mac, activated, place) in [
            ("m1", "2026-05-30 23:59", Some(here)),
            ("m2", "2026-05-31 00:00", Some(there)),
            ("m3", "2026-06-01 07:00", None),
            ("m4", "2026-06-01 07:30", Some(here)),
        ] {
            let serial_number = (mac == "m4").then_some("SN-4");
            fleet.add(Device { activated: Some(activated), place, serial_number, ..device(mac) }).await;
        }
        fleet.add(device("never")).await;
        let all = incr_devices(&ctx, details()).await;
        assert_eq!(
            shown(&all),
            [("2026-06-01", "m4"), ("2026-06-01", "m3"), ("2026-05-31", "m2"), ("2026-05-30", "m1")]
        );
        assert_eq!(
            json!(all.expect("a page").objects[..2]),
            json!([
                {"report_date": "2026-06-01", "product_key": "pk", "mac": "m4", "device_sn": "SN-4", "country": "China",
                 "region": "Guangdong", "city": "Guangzhou", "created_at": "2026-06-01 08:00:00"},
                {"report_date": "2026-06-01", "product_key": "pk", "mac": "m3", "country": null, "region": null,
                 "city": null, "created_at": "2026-06-01 08:00:00"},
            ])
        );
        let one_day =
            |text: &str| QueryDetails { start: Some(text.into()), end: Some(text.into()), ..details() };
        assert_eq!(shown(&incr_devices(&ctx, one_day("2026-05-31")).await), [("2026-05-31", "m2")]);
        let city = QueryDetails { city: Some("Guangzhou".into()), ..details() };
        assert_eq!(shown(&incr_devices(&ctx, city).await), [("2026-06-01", "m4"), ("2026-05-30", "m1")]);
        let page = incr_devices(&ctx, QueryDetails { limit: Some(2), skip: Some(1), ..details() }).await;
        assert_eq!(shown(&page), [("2026-06-01", "m3"), ("2026-05-31", "m2")]);
        assert_eq!(page.expect("a page").meta.total, 4);
        refusals(&ctx).await;
    }
);

async fn refusals(ctx: &Ctx) {
    let day = |text: &str| Some(text.to_owned());
    for (named, params) in [
        ("start", QueryDetails { start: day("2026-6-1"), ..details() }),
        ("end", QueryDetails { end: day("today"), ..details() }),
        ("end", QueryDetails { start: day("2026-05-02"), end: day("2026-05-01"), ..details() }),
        ("end", QueryDetails { start: day("2020-05-02"), end: day("2026-05-01"), ..details() }),
        ("limit", QueryDetails { limit: Some(0), ..details() }),
        ("skip", QueryDetails { skip: Some(-1), ..details() }),
    ] {
        assert_eq!(param(incr_devices(ctx, params.clone()).await), named, "{params:?}");
        assert_eq!(param(active_devices(ctx, params).await), named);
    }
    let future = QueryDetails { start: day("2026-06-02"), ..details() };
    assert_eq!(code(incr_devices(ctx, future.clone()).await), Code::ReportNotGenerated);
    assert_eq!(code(active_devices(ctx, future).await), Code::ReportNotGenerated);
    let unknown = QueryDetails { product_key: "none".into(), ..details() };
    assert_eq!(code(incr_devices(ctx, unknown.clone()).await), Code::ProductKeyNotExist);
    assert_eq!(code(active_devices(ctx, unknown).await), Code::ProductKeyNotExist);
}

db_test!(
    async fn active_devices_are_listed_on_each_of_their_days(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let here = fleet.place("China", "Guangdong", "Guangzhou").await;
        let mut ids = Vec::new();
        for mac in ["m1", "m2", "m3"] {
            ids.push(fleet.add(device(mac)).await);
        }
        fleet.active(ids[0], "2026-05", &[2, 3, 31], Some(here)).await;
        fleet.active(ids[0], "2026-06", &[1], Some(here)).await;
        fleet.active(ids[1], "2026-05", &[31], None).await;
        fleet.active(ids[2], "2026-05", &[30, 31], Some(here)).await;
        let expected = [
            ("2026-06-01", "m1"),
            ("2026-05-31", "m3"),
            ("2026-05-31", "m2"),
            ("2026-05-31", "m1"),
            ("2026-05-30", "m3"),
            ("2026-05-03", "m1"),
        ];
        let all = active_devices(&ctx, details()).await;
        assert_eq!(shown(&all), expected);
        assert_eq!(all.expect("a page").meta.total, 6);
        for skip in 0..7 {
            for limit in 1..4 {
                let params = QueryDetails { limit: Some(limit), skip: Some(skip), ..details() };
                let page = active_devices(&ctx, params).await;
                let from = usize::try_from(skip).expect("small").min(6);
                let to = usize::try_from(skip + limit).expect("small").min(6);
                assert_eq!(shown(&page), expected[from..to], "{limit} after {skip}");
            }
        }
        let city =
            QueryDetails { city: Some("Guangzhou".into()), end: Some("2026-05-31".into()), ..details() };
        let page = active_devices(&ctx, city).await;
        let days = [
            ("2026-05-31", "m3"),
            ("2026-05-31", "m1"),
            ("2026-05-30", "m3"),
            ("2026-05-03", "m1"),
            ("2026-05-02", "m1"),
        ];
        assert_eq!(shown(&page), days);
        assert!(
            shown(&active_devices(&ctx, QueryDetails { country: Some("France".into()), ..details() }).await)
                .is_empty()
        );
        refusals(&ctx).await;
    }
);

db_test!(
    async fn days_are_those_of_the_plant(plant: TestPlant) {
        let berlin = plant.in_zone("Europe/Berlin").await;
        let fleet = Fleet::new(&berlin, "pk").await;
        // The clock stands at 2026-06-01 02:00 in Berlin.
        fleet.add(Device { activated: Some("2026-06-01 00:30"), ..device("m1") }).await;
        fleet.add(Device { activated: Some("2026-05-31 23:30"), ..device("m2") }).await;
        let report = summary(&berlin, fleet.product()).await.expect("a report");
        assert_eq!((report.new.today, report.new.yesterday), (1, 1));
        let all = incr_devices(&berlin, details()).await;
        assert_eq!(shown(&all), [("2026-06-01", "m1"), ("2026-05-31", "m2")]);
    }
);
