use super::plant::{Device, Fleet, device, people, person};
use super::{code, param};
use crate::fleet::params::QueryHistory;
use crate::fleet::place::PlaceTree;
use crate::fleet::service::{activation_history, create_user, get_user, overview, place_figures};
use crate::fleet::view::{Change, PlaceFigures};
use crate::{Code, db_test};

db_test!(
    async fn windows_are_compared_with_those_before_them(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let mut ids = Vec::new();
        for (mac, activated) in [
            ("today", Some("2026-06-01 00:00")),
            ("7th", Some("2026-05-26 00:00")),
            ("8th", Some("2026-05-25 23:59")),
            ("14th", Some("2026-05-19 00:00")),
            ("15th", Some("2026-05-18 23:59")),
            ("60th", Some("2026-04-03 00:00")),
            ("61st", Some("2026-04-02 23:59")),
            ("never", None),
        ] {
            ids.push(fleet.add(Device { activated, online: mac == "today", ..device(mac) }).await);
        }
        fleet.add(Device { disabled: true, faults: 1, ..device("off") }).await;
        fleet.add(Device { faults: 1, alarms: 2, ..device("bad") }).await;
        fleet.active(ids[0], "2026-05", &[31, 30, 26], None).await;
        fleet.active(ids[1], "2026-05", &[30, 25], None).await;
        fleet.active(ids[2], "2026-05", &[19, 18], None).await;
        let report = overview(&ctx, fleet.product()).await.expect("a report");
        assert_eq!(report.now, PlaceFigures { devices: 9, online: 1, faulty: 1, alert: 1 });
        assert_eq!(report.activated, 7);
        assert_eq!(report.active_yesterday, Change { now: 1, before: 2 });
        assert_eq!(report.active_week, Change { now: 2, before: 2 });
        assert_eq!(report.new_week, Change { now: 2, before: 2 });
        assert_eq!(report.new_month, Change { now: 5, before: 1 });
    }
);

db_test!(
    async fn activations_are_counted_by_periods_of_the_plant(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        for (mac, activated) in
            [("a", "2026-05-30 00:00"), ("b", "2026-05-30 23:59"), ("c", "2026-05-31 00:00")]
        {
            fleet.add(Device { activated: Some(activated), ..device(mac) }).await;
        }
        let ask = |cycle: &str, start: &str, end: &str| QueryHistory {
            product_key: "pk".into(),
            gid: None,
            cycle: Some(cycle.into()),
            start: start.into(),
            end: end.into(),
        };
        let counts = async |params| -> Vec<(String, i64)> {
            let found = activation_history(&ctx, params).await.expect("a report");
            found.into_iter().map(|period| (period.of.date, period.count)).collect()
        };
        let of = |name: &str, count| (name.to_owned(), count);
        assert_eq!(
            counts(ask("date", "2026-05-29", "2026-06-09")).await,
            [of("2026-05-29", 0), of("2026-05-30", 2), of("2026-05-31", 1), of("2026-06-01", 0)]
        );
        assert_eq!(counts(ask("week", "2026-22", "2026-22")).await, [of("2026-22", 3)]);
        assert_eq!(counts(ask("month", "2026-04", "2026-05")).await, [of("2026-04", 0), of("2026-05", 3)]);
        assert_eq!(param(activation_history(&ctx, ask("date", "2026-05-01", "2026-05-31")).await), "end");
        let stranger = plant.other_tenant().await;
        let foreign = activation_history(&stranger, ask("month", "2026-05", "2026-05")).await;
        assert_eq!(code(foreign), Code::ProductKeyNotExist);
    }
);

db_test!(
    async fn figures_add_up_over_places(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let guangzhou = fleet.place("China", "Guangdong", "Guangzhou").await;
        let shenzhen = fleet.place("China", "Guangdong", "Shenzhen").await;
        let at = |mac: &str, place| Device { place: Some(place), ..device(mac) };
        fleet.add(Device { online: true, ..at("m1", guangzhou) }).await;
        fleet.add(Device { faults: 3, ..at("m2", shenzhen) }).await;
        fleet.add(Device { alarms: 1, ..device("m3") }).await;
        let (all, PlaceTree(countries)) = place_figures(&ctx, fleet.product()).await.expect("a report");
        assert_eq!(all, PlaceFigures { devices: 3, online: 1, faulty: 1, alert: 1 });
        let region = &countries["China"].within["Guangdong"];
        assert_eq!(region.count, PlaceFigures { devices: 2, online: 1, faulty: 1, alert: 0 });
        assert_eq!(region.within["Shenzhen"].count.faulty, 1);
    }
);

db_test!(
    async fn a_person_is_shown_in_full(plant: TestPlant) {
        let ctx = plant.ctx();
        people(&ctx, "app", &[]).await;
        let mut user = person("app", "u1");
        user.country = Some("China".into());
        user.region = Some("Hunan".into());
        user.phone = Some("13800138000".into());
        create_user(&ctx, user).await.expect("a person");
        let found = get_user(&ctx, "u1".into()).await.expect("a person");
        assert_eq!((found.app.as_str(), found.info.phone.as_deref()), ("App", Some("13800138000")));
        assert_eq!(found.place, ["China", "Hunan"]);
        assert_eq!(code(get_user(&plant.other_tenant().await, "u1".into()).await), Code::UidNotExist);
    }
);
