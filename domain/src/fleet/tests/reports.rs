use serde_json::{Value, json};

use super::plant::{Device, Fleet, device};
use super::{code, param};
use crate::fleet::params::{CreateGroup, QueryDetails, QueryHistory, QueryLocations, UpdateGroup};
use crate::fleet::service::{
    active_devices, alert_devices, alert_events, create_group, fault_devices, fault_events, incr_devices,
    liveness_history, locations, realtime, summary, update_group,
};
use crate::{Code, Ctx, db_test};

/// A group of these devices, in a root group.
async fn group(fleet: &Fleet, macs: &[&str]) -> String {
    let make = async |parent_gid| {
        let params = CreateGroup { product_key: fleet.key.clone(), parent_gid };
        create_group(&fleet.ctx, params).await.expect("a group").gid
    };
    let root = make(None).await;
    let gid = make(Some(root.clone())).await;
    let params = UpdateGroup {
        product_key: fleet.key.clone(),
        gid,
        action: "assign".into(),
        reassign: true,
        macs: macs.iter().map(|mac| (*mac).to_owned()).collect(),
    };
    assert!(update_group(&fleet.ctx, params).await.expect("an outcome").failed.is_empty());
    root
}

fn anywhere() -> QueryLocations {
    QueryLocations { product_key: "pk".into(), gid: None, is_online: None, is_faulty: None, is_alert: None }
}

db_test!(
    async fn places_of_devices_are_counted_and_filtered(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let guangzhou = fleet.place("China", "Guangdong", "Guangzhou").await;
        let germany = fleet.place("Germany", "", "").await;
        let at = |mac: &str, place| Device { place: Some(place), ..device(mac) };
        fleet.add(Device { online: true, ..at("m1", guangzhou) }).await;
        fleet.add(Device { faults: 1, ..at("m2", guangzhou) }).await;
        fleet.add(Device { online: true, alarms: 2, ..at("m3", germany) }).await;
        fleet.add(Device { online: true, ..device("m4") }).await;
        fleet.add(Device { disabled: true, ..at("m5", germany) }).await;
        let all = locations(&ctx, anywhere()).await.expect("a report");
        let guangdong = |n: i64| json!({"count": n, "Guangdong": {"count": n, "Guangzhou": n}});
        assert_eq!(
            json!(all),
            json!({"gid": null, "total": 4, "location": {"China": guangdong(2), "Germany": {"count": 1}}})
        );
        for (which, total) in [
            (QueryLocations { is_online: Some(1), ..anywhere() }, 3),
            (QueryLocations { is_online: Some(0), ..anywhere() }, 1),
            (QueryLocations { is_faulty: Some(1), ..anywhere() }, 1),
            (QueryLocations { is_faulty: Some(0), is_online: Some(1), ..anywhere() }, 3),
            (QueryLocations { is_alert: Some(1), ..anywhere() }, 1),
            (QueryLocations { is_alert: Some(1), is_online: Some(0), ..anywhere() }, 0),
        ] {
            assert_eq!(locations(&ctx, which.clone()).await.expect("a report").total, total, "{which:?}");
        }
        let gid = group(&fleet, &["m1", "m4"]).await;
        let some =
            locations(&ctx, QueryLocations { gid: Some(gid.clone()), ..anywhere() }).await.expect("a report");
        assert_eq!(json!(some), json!({"gid": gid, "total": 2, "location": {"China": guangdong(1)}}));
        for (named, which) in [
            ("is_online", QueryLocations { is_online: Some(2), ..anywhere() }),
            ("is_faulty", QueryLocations { is_faulty: Some(-1), ..anywhere() }),
            ("is_alert", QueryLocations { is_alert: Some(9), ..anywhere() }),
        ] {
            assert_eq!(param(locations(&ctx, which).await), named);
        }
        let unknown = QueryLocations { gid: Some("none".into()), ..anywhere() };
        assert_eq!(code(locations(&ctx, unknown).await), Code::GroupNotExist);
        Fleet::new(&ctx, "other").await;
        let foreign = QueryLocations { product_key: "other".into(), gid: Some(gid), ..anywhere() };
        assert_eq!(code(locations(&ctx, foreign).await), Code::DeviceGroupNotBelongToThisProduct);
    }
);

db_test!(
    async fn the_summary_counts_today_in_its_windows(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let mut ids = Vec::new();
        for (mac, activated) in [
            ("today", Some("2026-06-01 00:00")),
            ("yesterday", Some("2026-05-31 23:59")),
            ("7th", Some("2026-05-26 00:00")),
            ("8th", Some("2026-05-25 23:59")),
            ("30th", Some("2026-05-03 00:00")),
            ("31st", Some("2026-05-02 23:59")),
            ("never", None),
        ] {
            ids.push(fleet.add(Device { activated, online: mac == "today", ..device(mac) }).await);
        }
        fleet
            .add(Device {
                disabled: true,
                online: true,
                activated: Some("2026-04-01 08:00"),
                ..device("off")
            })
            .await;
        fleet.active(ids[0], "2026-06", &[1], None).await;
        fleet.active(ids[0], "2026-05", &[31], None).await;
        fleet.active(ids[1], "2026-05", &[26], None).await;
        fleet.active(ids[2], "2026-05", &[25], None).await;
        let report = summary(&ctx, fleet.product()).await.expect("a report");
        assert_eq!(
            json!(report),
            json!({
                "online": 1,
                "total": 7,
                "active": {"yesterday": 1, "7_day": 2},
                "new": {"today": 1, "yesterday": 1, "7_day": 3, "30_day": 5},
            })
        );
    }
);

fn history(cycle: &str, start: &str, end: &str, gid: Option<String>) -> QueryHistory {
    QueryHistory {
        product_key: "pk".into(),
        gid,
        cycle: Some(cycle.into()),
        start: start.into(),
        end: end.into(),
    }
}

async fn liveness(ctx: &Ctx, params: QueryHistory) -> Value {
    json!(liveness_history(ctx, params).await.expect("a report"))
}

fn counts(report: &Value) -> Vec<i64> {
    report["data"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|e| e["count"].as_i64().expect("a count"))
        .collect()
}

db_test!(
    async fn liveness_counts_a_device_once_in_each_period(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let here = fleet.place("China", "Guangdong", "Guangzhou").await;
        let there = fleet.place("Germany", "", "").await;
        let mut ids = Vec::new();
        for mac in ["m1", "m2", "m3"] {
            ids.push(fleet.add(device(mac)).await);
        }
        // 2026-04-27 to 2026-05-03 is week 18, which ends in another month than it begins in.
        fleet.active(ids[0], "2026-04", &[28, 30], Some(here)).await;
        fleet.active(ids[0], "2026-05", &[1, 4], Some(there)).await;
        fleet.active(ids[1], "2026-04", &[27], Some(here)).await;
        fleet.active(ids[2], "2026-05", &[3, 31], None).await;
        let weeks = liveness(&ctx, history("week", "2026-17", "2026-19", None)).await;
        assert_eq!(counts(&weeks), [0, 3, 1]);
        assert_eq!(
            weeks["data"][1],
            json!({"date": "2026-18", "week": "2026-18", "count": 3, "location": {
                "China": {"count": 1, "Guangdong": {"count": 1, "Guangzhou": {"count": 1}}},
                // Where it was last.
                "Germany": {"count": 1},
            }})
        );
        let days = liveness(&ctx, history("date", "2026-04-30", "2026-05-04", None)).await;
        assert_eq!(counts(&days), [1, 1, 0, 1, 1]);
        assert_eq!(days["data"][0]["date"], "2026-04-30");
        assert_eq!(days["data"][3], json!({"date": "2026-05-03", "count": 1, "location": {}}));
        let months = liveness(&ctx, history("month", "2026-03", "2026-06", None)).await;
        assert_eq!(counts(&months), [0, 2, 2, 0]);
        assert_eq!(
            (&months["cycle"], &months["start"], &months["end"]),
            (&json!("month"), &json!("2026-03"), &json!("2026-06"))
        );
        assert_eq!(months["data"][1]["month"], "2026-04");
        let gid = group(&fleet, &["m1", "m3"]).await;
        let some = liveness(&ctx, history("week", "2026-18", "2026-19", Some(gid.clone()))).await;
        assert_eq!((counts(&some), &some["gid"]), (vec![2, 1], &json!(gid)));
        let plain = QueryHistory { cycle: None, ..history("", "2026-05-31", "2026-06-01", None) };
        assert_eq!(liveness(&ctx, plain).await["cycle"], "date");
    }
);

db_test!(
    async fn a_history_asked_for_wrongly_is_refused(plant: TestPlant) {
        let ctx = plant.ctx();
        Fleet::new(&ctx, "pk").await;
        for (named, params) in [
            ("cycle", history("year", "2026", "2026", None)),
            ("start", history("month", "2026-06-01", "2026-06", None)),
            ("end", history("week", "2026-20", "2026-99", None)),
            ("end", history("date", "2026-06-01", "2026-05-31", None)),
            ("end", history("date", "2026-05-02", "2026-06-01", None)),
        ] {
            assert_eq!(param(liveness_history(&ctx, params).await), named);
        }
        let future = history("month", "2026-07", "2026-08", None);
        assert_eq!(code(liveness_history(&ctx, future).await), Code::ReportNotGenerated);
        let group = history("month", "2026-05", "2026-05", Some("none".into()));
        assert_eq!(code(liveness_history(&ctx, group).await), Code::GroupNotExist);
    }
);

db_test!(
    async fn what_devices_are_like_now_is_counted_by_place(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let here = fleet.place("China", "", "").await;
        let activated = Some("2026-05-01 08:00");
        fleet.add(Device { activated, faults: 2, place: Some(here), ..device("m1") }).await;
        fleet.add(Device { activated, alarms: 1, ..device("m2") }).await;
        fleet.add(Device { place: Some(here), ..device("m3") }).await;
        fleet.add(Device { activated, faults: 1, disabled: true, ..device("m4") }).await;
        let report = realtime(&ctx, fleet.in_group(None)).await.expect("a report");
        assert_eq!(
            json!(report),
            json!({
                "gid": null,
                "count": {"activated": 2, "faulty": 1, "alert": 1},
                "location": {"China": {"count": {"activated": 1, "faulty": 1, "alert": 0}}},
            })
        );
        let gid = group(&fleet, &["m2"]).await;
        let report = realtime(&ctx, fleet.in_group(Some(&gid))).await.expect("a report");
        assert_eq!((report.count.activated, report.count.faulty, report.count.alert), (1, 0, 1));
    }
);

db_test!(
    async fn a_device_is_resolved_when_none_of_its_faults_is_open(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let china = fleet.place("China", "", "").await;
        let germany = fleet.place("Germany", "", "").await;
        let m1 = fleet.add(Device { place: Some(china), ..device("m1") }).await;
        let m2 = fleet.add(Device { place: Some(germany), ..device("m2") }).await;
        let m3 = fleet.add(device("m3")).await;
        for kind in [1, 2] {
            fleet.event(m1, kind, "hot", true, Some(china)).await;
            fleet.event(m1, kind, "hot", true, Some(germany)).await;
            fleet.event(m2, kind, "hot", true, Some(germany)).await;
            fleet.event(m2, kind, "dry", false, Some(germany)).await;
        }
        fleet.event(m3, 1, "dry", true, None).await;
        let of = |total: i64, unresolved: i64| json!({"total": total, "resolved": total - unresolved, "unresolved": unresolved});
        let devices = fault_devices(&ctx, fleet.in_group(None)).await.expect("a report");
        assert_eq!(
            json!(devices),
            json!({"gid": null, "count": of(3, 1), "location": {"China": {"count": of(1, 0)}, "Germany": {"count": of(1, 1)}}})
        );
        let in_china = json!({"count": of(1, 0), "detail": {"hot": of(1, 0)}});
        let in_germany = json!({"count": of(3, 1), "detail": {"dry": of(1, 1), "hot": of(2, 0)}});
        let events = fault_events(&ctx, fleet.in_group(None)).await.expect("a report");
        assert_eq!(
            json!(events),
            json!({"gid": null, "count": of(5, 1), "detail": {"dry": of(2, 1), "hot": of(3, 0)},
                   "location": {"China": in_china, "Germany": in_germany}})
        );
        let events = json!(alert_events(&ctx, fleet.in_group(None)).await.expect("a report"));
        assert_eq!((&events["count"], &events["location"]["China"]), (&of(4, 1), &in_china));
        // One path for both: devices are counted, occurrences are in the detail.
        let both = alert_devices(&ctx, fleet.in_group(None)).await.expect("a report");
        assert_eq!(
            json!(both),
            json!({"gid": null, "count": of(2, 1), "detail": {"dry": of(1, 1), "hot": of(3, 0)}, "location": {
                "China": {"count": of(1, 0), "detail": {"hot": of(1, 0)}},
                "Germany": {"count": of(1, 1), "detail": {"dry": of(1, 1), "hot": of(2, 0)}},
            }})
        );
        let gid = group(&fleet, &["m1"]).await;
        let some = json!(fault_devices(&ctx, fleet.in_group(Some(&gid))).await.expect("a report"));
        assert_eq!(some["count"], of(1, 0));
        let some = json!(fault_events(&ctx, fleet.in_group(Some(&gid))).await.expect("a report"));
        assert_eq!(some["count"], of(2, 0));
        for answer in [
            fault_events(&ctx, fleet.in_group(Some("none"))).await,
            alert_events(&ctx, fleet.in_group(Some("none"))).await,
            alert_devices(&ctx, fleet.in_group(Some("none"))).await,
        ] {
            assert_eq!(code(answer), Code::GroupNotExist);
        }
    }
);

db_test!(
    async fn reports_stay_in_their_tenant_and_product(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let other = Fleet::new(&ctx, "other").await;
        let m1 = fleet.add(Device { activated: Some("2026-06-01 01:00"), faults: 1, ..device("m1") }).await;
        fleet.active(m1, "2026-06", &[1], None).await;
        fleet.event(m1, 1, "hot", false, None).await;
        let foreign = plant.other_tenant().await;
        assert_eq!(code(summary(&foreign, fleet.product()).await), Code::ProductKeyNotExist);
        assert_eq!(code(realtime(&foreign, fleet.in_group(None)).await), Code::ProductKeyNotExist);
        let theirs = Fleet::new(&foreign, "theirs").await;
        for (ctx, key) in [(&ctx, &other.key), (&foreign, &theirs.key)] {
            let product = crate::fleet::params::OfProduct { product_key: key.clone() };
            let report = summary(ctx, product).await.expect("a report");
            assert_eq!((report.total, report.active.week), (0, 0));
            let of = || crate::fleet::params::OfGroup { product_key: key.clone(), gid: None };
            assert_eq!(fault_devices(ctx, of()).await.expect("a report").count.total, 0);
            assert_eq!(fault_events(ctx, of()).await.expect("a report").count.total, 0);
            assert_eq!(realtime(ctx, of()).await.expect("a report").count.faulty, 0);
            let here = QueryDetails { product_key: key.clone(), ..QueryDetails::default() };
            assert_eq!(incr_devices(ctx, here.clone()).await.expect("a page").meta.total, 0);
            assert_eq!(active_devices(ctx, here).await.expect("a page").meta.total, 0);
        }
        let viewer = plant.viewer();
        assert_eq!(summary(&viewer, fleet.product()).await.expect("a report").total, 1);
    }
);
