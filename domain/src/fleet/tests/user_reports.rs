use serde_json::json;

use super::plant::{Fleet, device, people};
use super::{code, param};
use crate::fleet::params::{CreateGroup, QueryActiveUsers, QueryHistory, QueryUserLocations, UpdateGroup};
use crate::fleet::service::{
    active_users, create_group, new_users, update_group, user_locations, user_total,
};
use crate::{Code, Ctx, db_test};

fn history(cycle: &str, start: &str, end: &str, gid: Option<String>) -> QueryHistory {
    QueryHistory {
        product_key: "pk".into(),
        gid,
        cycle: Some(cycle.into()),
        start: start.into(),
        end: end.into(),
    }
}

async fn new(ctx: &Ctx, params: QueryHistory) -> Vec<i64> {
    new_users(ctx, params).await.expect("a report").data.into_iter().map(|entry| entry.count).collect()
}

fn active(given: &str, appid: Option<&str>, start: &str, end: &str) -> QueryActiveUsers {
    QueryActiveUsers {
        product_secret: given.into(),
        appid: appid.map(str::to_owned),
        start_date: start.into(),
        end_date: end.into(),
    }
}

async fn live(ctx: &Ctx, params: QueryActiveUsers) -> Vec<i64> {
    active_users(ctx, params).await.expect("a report").data.into_iter().map(|entry| entry.count).collect()
}

async fn group_of(fleet: &Fleet, mac: &str) -> String {
    let params = CreateGroup { product_key: fleet.key.clone(), parent_gid: None };
    let gid = create_group(&fleet.ctx, params).await.expect("a group").gid;
    let params = UpdateGroup {
        product_key: fleet.key.clone(),
        gid: gid.clone(),
        action: "assign".into(),
        reassign: true,
        macs: vec![mac.to_owned()],
    };
    update_group(&fleet.ctx, params).await.expect("an outcome");
    gid
}

db_test!(
    async fn a_person_is_new_when_they_bind_their_first_device(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let other = Fleet::new(&ctx, "other").await;
        people(&ctx, "app", &["a", "b", "c"]).await;
        let m1 = fleet.add(device("m1")).await;
        let m2 = fleet.add(device("m2")).await;
        let foreign = other.add(device("m3")).await;
        fleet.bound(m1, "a", "2026-05-30 23:59", Some("2026-05-31 12:00")).await;
        fleet.bound(m2, "a", "2026-05-31 10:00", None).await;
        fleet.bound(m2, "b", "2026-05-31 00:00", None).await;
        other.bound(foreign, "c", "2026-05-31 00:00", None).await;
        assert_eq!(new(&ctx, history("date", "2026-05-29", "2026-06-01", None)).await, [0, 1, 1, 0]);
        assert_eq!(new(&ctx, history("month", "2026-04", "2026-06", None)).await, [0, 2, 0]);
        assert_eq!(new(&ctx, history("week", "2026-21", "2026-23", None)).await, [0, 2, 0]);
        let report = new_users(&ctx, history("month", "2026-05", "2026-05", None)).await.expect("a report");
        assert_eq!(
            json!(report),
            json!({"gid": null, "cycle": "month", "start": "2026-05", "end": "2026-05",
                   "data": [{"date": "2026-05", "month": "2026-05", "count": 2}]})
        );
        // In a group, the first device of the group counts.
        let gid = group_of(&fleet, "m2").await;
        assert_eq!(new(&ctx, history("date", "2026-05-30", "2026-05-31", Some(gid.clone()))).await, [0, 2]);
        let total =
            async |gid: Option<&str>| user_total(&ctx, fleet.in_group(gid)).await.expect("a report").total;
        assert_eq!((total(None).await, total(Some(&gid)).await), (2, 2));
        assert_eq!(user_total(&ctx, other.in_group(None)).await.expect("a report").total, 1);
        for (named, params) in [
            ("cycle", history("day", "2026-05-30", "2026-05-31", None)),
            ("start", history("date", "2026-05", "2026-05-31", None)),
            ("end", history("date", "2026-05-30", "2026-05-29", None)),
            ("end", history("date", "2020-05-30", "2026-05-29", None)),
        ] {
            assert_eq!(param(new_users(&ctx, params).await), named);
        }
        assert_eq!(
            code(new_users(&ctx, history("month", "2026-07", "2026-07", None)).await),
            Code::ReportNotGenerated
        );
        let unknown = history("month", "2026-05", "2026-05", Some("none".into()));
        assert_eq!(code(new_users(&ctx, unknown).await), Code::GroupNotExist);
        assert_eq!(code(user_total(&ctx, fleet.in_group(Some("none"))).await), Code::GroupNotExist);
    }
);

db_test!(
    async fn a_person_is_active_with_a_device_that_is_theirs_that_day(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        people(&ctx, "app", &["steady", "two", "left", "idle"]).await;
        people(&ctx, "app-2", &["late"]).await;
        let mut ids = Vec::new();
        for mac in ["m1", "m2", "m3"] {
            ids.push(fleet.add(device(mac)).await);
        }
        fleet.active(ids[0], "2026-05", &[29, 31], None).await;
        fleet.active(ids[0], "2026-06", &[1], None).await;
        fleet.active(ids[1], "2026-05", &[30, 31], None).await;
        fleet.bound(ids[0], "steady", "2026-05-01 08:00", None).await;
        // Counted once on the day on which both were active.
        fleet.bound(ids[0], "two", "2026-05-01 08:00", None).await;
        fleet.bound(ids[1], "two", "2026-05-01 08:00", None).await;
        // Had it on the 29th, for a part of the day.
        fleet.bound(ids[0], "left", "2026-05-01 08:00", Some("2026-05-29 00:01")).await;
        fleet.bound(ids[0], "late", "2026-05-31 23:00", None).await;
        fleet.bound(ids[2], "idle", "2026-05-01 08:00", None).await;
        let days = ("2026-05-28", "2026-06-01");
        assert_eq!(live(&ctx, active("pk", None, days.0, days.1)).await, [0, 3, 1, 3, 3]);
        assert_eq!(live(&ctx, active("secret of pk", Some("app-2"), days.0, days.1)).await, [0, 0, 0, 1, 1]);
        assert_eq!(live(&ctx, active("pk", Some("app"), "2026-05-31", "2026-06-30")).await, [2, 2]);
        let report =
            active_users(&ctx, active("pk", None, "2026-05-30", "2026-05-30")).await.expect("a report");
        assert_eq!(json!(report), json!({"data": [{"date": "2026-05-30", "count": 1}]}));
    }
);

db_test!(
    async fn active_people_asked_for_wrongly_are_refused(plant: TestPlant) {
        let ctx = plant.ctx();
        Fleet::new(&ctx, "pk").await;
        let day = "2026-05-30";
        for (named, params) in [
            ("start_date", active("pk", None, "2026-5-30", day)),
            ("end_date", active("pk", None, day, "")),
            ("end_date", active("pk", None, day, "2026-05-29")),
            ("end_date", active("pk", None, "2020-05-30", day)),
        ] {
            assert_eq!(param(active_users(&ctx, params).await), named);
        }
        for (expected, params) in [
            (Code::ReportNotGenerated, active("pk", None, "2026-06-02", "2026-06-02")),
            (Code::AppidNotExist, active("pk", Some("none"), day, day)),
            (Code::ProductSecretError, active("none", None, day, day)),
        ] {
            assert_eq!(code(active_users(&ctx, params).await), expected);
        }
        let unknown = || QueryUserLocations { product_secret: "none".into() };
        assert_eq!(code(user_locations(&ctx, unknown()).await), Code::ProductSecretError);
        let foreign = plant.other_tenant().await;
        let ours = QueryUserLocations { product_secret: "secret of pk".into() };
        assert_eq!(code(user_locations(&foreign, ours).await), Code::ProductSecretError);
    }
);
