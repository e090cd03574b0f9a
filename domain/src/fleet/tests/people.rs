use serde_json::json;

use super::plant::{Fleet, device, people, person};
use super::{code, param};
use crate::fleet::dids::Dids;
use crate::fleet::params::QueryUserLocations;
use crate::fleet::params::{
    BindDevices, CreateApp, CreateUser, ImportUsers, ListUsers, SearchBoundUsers, SearchRegisteredUsers,
};
use crate::fleet::service::{
    bind_devices, create_app, create_user, import_users, list_apps, list_users, search_bound_users,
    search_registered_users, user_locations,
};
use crate::{Code, Ctx, Error, db_test};

fn registered() -> SearchRegisteredUsers {
    SearchRegisteredUsers { product_key: "pk".into(), ..SearchRegisteredUsers::default() }
}

async fn uids(ctx: &Ctx, which: SearchRegisteredUsers) -> Vec<String> {
    let page = search_registered_users(ctx, which).await.expect("a page");
    page.objects.into_iter().map(|user| user.uid).collect()
}

fn bound(by: &str, value: &str) -> SearchBoundUsers {
    SearchBoundUsers {
        product_key: "pk".into(),
        r#type: Some(by.into()),
        val: Some(value.into()),
        ..SearchBoundUsers::default()
    }
}

async fn bound_uids(ctx: &Ctx, which: SearchBoundUsers) -> Vec<String> {
    let page = search_bound_users(ctx, which).await.expect("a page");
    assert_eq!(page.meta.total, i64::try_from(page.objects.len()).expect("few"));
    page.objects.into_iter().map(|user| user.uid).collect()
}

db_test!(
    async fn registered_people_are_found_by_what_they_are_called(plant: TestPlant) {
        let ctx = plant.ctx();
        Fleet::new(&ctx, "pk").await;
        people(&ctx, "app-1", &["u1"]).await;
        people(&ctx, "app-2", &["u2"]).await;
        let full = CreateUser {
            username: Some("li".into()),
            phone: Some("138".into()),
            email: Some("li@example.com".into()),
            birthday: Some("1990-01-02".into()),
            ..person("app-1", "u3")
        };
        create_user(&ctx, full).await.expect("a person");
        assert_eq!(uids(&ctx, registered()).await, ["u3", "u2", "u1"]);
        assert_eq!(
            uids(&ctx, SearchRegisteredUsers { appid: Some("app-1".into()), ..registered() }).await,
            ["u3", "u1"]
        );
        let li = || Some("li".to_owned());
        assert_eq!(uids(&ctx, SearchRegisteredUsers { username: li(), ..registered() }).await, ["u3"]);
        assert_eq!(
            uids(&ctx, SearchRegisteredUsers { phone: Some("138".into()), ..registered() }).await,
            ["u3"]
        );
        assert!(
            uids(&ctx, SearchRegisteredUsers { phone: Some("13".into()), ..registered() }).await.is_empty()
        );
        let both =
            SearchRegisteredUsers { username: li(), email: Some("wang@example.com".into()), ..registered() };
        assert!(uids(&ctx, both).await.is_empty());
        let page = SearchRegisteredUsers { limit: Some(1), skip: Some(1), ..registered() };
        let page = search_registered_users(&ctx, page).await.expect("a page");
        assert_eq!(
            (page.meta.total, page.meta.limit, page.meta.skip, page.objects[0].uid.as_str()),
            (3, 1, 1, "u2")
        );
        let first = &search_registered_users(&ctx, registered()).await.expect("a page").objects[0];
        assert_eq!(
            (first.created_at, first.updated_at, first.is_anonymous),
            (1_780_272_000, 1_780_272_000, false)
        );
    }
);

db_test!(
    async fn a_search_asked_for_wrongly_is_refused(plant: TestPlant) {
        let ctx = plant.ctx();
        Fleet::new(&ctx, "pk").await;
        let unknown = SearchRegisteredUsers { product_key: "none".into(), ..registered() };
        assert_eq!(code(search_registered_users(&ctx, unknown).await), Code::ProductKeyNotExist);
        let unknown = SearchRegisteredUsers { appid: Some("none".into()), ..registered() };
        assert_eq!(code(search_registered_users(&ctx, unknown).await), Code::AppidNotExist);
        for (named, limit, skip) in [("limit", 0, 0), ("limit", 2001, 0), ("skip", 1, -1)] {
            let which = SearchRegisteredUsers { limit: Some(limit), skip: Some(skip), ..registered() };
            assert_eq!(param(search_registered_users(&ctx, which).await), named);
        }
        assert_eq!(param(search_bound_users(&ctx, bound("passcode", "x")).await), "type");
        assert_eq!(
            param(search_bound_users(&ctx, SearchBoundUsers { val: None, ..bound("did", "") }).await),
            "val"
        );
        let nameless = SearchBoundUsers { r#type: None, ..bound("", "x") };
        assert_eq!(param(search_bound_users(&ctx, nameless).await), "type");
        let unknown = SearchBoundUsers { gid: Some("none".into()), ..bound("uid", "x") };
        assert_eq!(code(search_bound_users(&ctx, unknown).await), Code::GroupNotExist);
    }
);

db_test!(
    async fn people_with_devices_are_found_by_both(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let other = Fleet::new(&ctx, "other").await;
        people(&ctx, "app", &["owner", "guest", "stranger", "nobody"]).await;
        create_user(&ctx, CreateUser { phone: Some("138".into()), ..person("app", "caller") })
            .await
            .expect("a person");
        for mac in ["m1", "m2"] {
            fleet.add(device(mac)).await;
        }
        other.add(device("m9")).await;
        for (key, uid, dids) in [
            ("pk", "owner", "did-m1,did-m2"),
            ("pk", "guest", "did-m1"),
            ("other", "stranger", "did-m9"),
            ("pk", "caller", "did-m2"),
        ] {
            let params = BindDevices {
                product_key: key.into(),
                uid: uid.into(),
                appid: "app".into(),
                dids: Dids(dids.split(',').map(str::to_owned).collect()),
            };
            assert!(bind_devices(&ctx, params).await.expect("an outcome").failed.is_empty());
        }
        let all = SearchBoundUsers { r#type: None, val: None, ..bound("", "") };
        assert_eq!(bound_uids(&ctx, all).await, ["caller", "guest", "owner"]);
        assert_eq!(bound_uids(&ctx, bound("mac", "m2")).await, ["caller", "owner"]);
        assert_eq!(bound_uids(&ctx, bound("phone", "138")).await, ["caller"]);
        assert_eq!(bound_uids(&ctx, bound("uid", "guest")).await, ["guest"]);
        assert!(bound_uids(&ctx, bound("uid", "stranger")).await.is_empty());
        assert!(bound_uids(&ctx, bound("uid", "nobody")).await.is_empty());
        assert!(bound_uids(&ctx, bound("did", "did-m9")).await.is_empty());
        let by_did = search_bound_users(&ctx, bound("did", "did-m1")).await.expect("a page");
        let owners: Vec<_> = by_did.objects.iter().map(|user| (user.uid.as_str(), user.is_owner)).collect();
        assert_eq!(owners, [("guest", Some(false)), ("owner", Some(true))]);
        let by_mac = search_bound_users(&ctx, bound("mac", "m1")).await.expect("a page");
        assert!(json!(by_mac.objects[0]).get("is_owner").is_none());
    }
);

db_test!(
    async fn a_name_is_taken_once_in_an_application(plant: TestPlant) {
        let ctx = plant.ctx();
        people(&ctx, "app-1", &["u1"]).await;
        people(&ctx, "app-2", &[]).await;
        let named = |appid: &str| CreateUser {
            appid: appid.into(),
            username: Some("li".into()),
            ..CreateUser::default()
        };
        create_user(&ctx, named("app-1")).await.expect("a person");
        assert_eq!(param(create_user(&ctx, named("app-1")).await), "username");
        create_user(&ctx, named("app-2")).await.expect("a person");
        assert_eq!(param(create_user(&ctx, person("app-2", "u1")).await), "uid");
        assert_eq!(code(create_user(&ctx, named("none")).await), Code::AppidNotExist);
        for (which, params) in [
            ("uid", person("app-1", "a b")),
            ("birthday", CreateUser { birthday: Some("soon".into()), ..person("app-1", "x") }),
            ("email", CreateUser { email: Some("@x".into()), ..person("app-1", "x") }),
            ("country", CreateUser { city: Some("Guangzhou".into()), ..person("app-1", "x") }),
            ("remark", CreateUser { remark: Some("x".repeat(201)), ..person("app-1", "x") }),
        ] {
            assert_eq!(param(create_user(&ctx, params).await), which);
        }
        assert_eq!(
            param(create_app(&ctx, CreateApp { name: "Twice".into(), appid: Some("app-1".into()) }).await),
            "appid"
        );
        assert_eq!(param(create_app(&ctx, CreateApp { name: " ".into(), appid: None }).await), "name");
        let made =
            create_app(&ctx, CreateApp { name: "New".into(), appid: None }).await.expect("an application");
        assert_eq!(made.appid.len(), 32);
        let apps = list_apps(&ctx).await.expect("a list");
        let shown: Vec<_> = apps.iter().map(|app| (app.name.as_str(), app.users)).collect();
        assert_eq!(shown, [("New", 0), ("App", 1), ("App", 2)]);
    }
);

db_test!(
    async fn a_table_of_people_is_taken_line_by_line(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        people(&ctx, "app", &["u1"]).await;
        let csv = "uid,username,country,region,city\n\
            u2,li,China,Guangdong,Guangzhou\n\
            u1,wang,,,\n\
            u3,li,,,\n\
            ,,China,Guangdong,Guangzhou\n\
            u4,,,,Nowhere\n\
            u5,zhao,Germany,,\n";
        let import = || ImportUsers { appid: "app".into(), csv: csv.into() };
        let done = import_users(&ctx, import()).await.expect("an import");
        assert_eq!((done.created, done.failed), (3, 3));
        let lines: Vec<_> =
            done.lines.iter().map(|line| (line.line, line.problem.as_ref().map(|p| p.en.as_str()))).collect();
        assert_eq!(
            lines,
            [
                (2, None),
                (3, Some("uid u1 is taken")),
                (4, Some("username li is taken")),
                (5, None),
                (6, Some("country must be given with region and city")),
                (7, None),
            ]
        );
        assert_eq!(done.lines[0].uid.as_deref(), Some("u2"));
        assert_eq!(done.lines[3].uid.as_ref().map(String::len), Some(32));
        let again = import_users(&ctx, import()).await.expect("an import");
        assert_eq!((again.created, again.failed), (1, 5));
        let text = ListUsers { text: Some("ZHAO".into()), ..ListUsers::default() };
        let found = list_users(&ctx, text).await.expect("a list");
        assert_eq!(
            (found.meta.total, found.objects[0].uid.as_str(), found.objects[0].appid.as_str()),
            (1, "u5", "app")
        );
        let m1 = fleet.add(device("m1")).await;
        for uid in ["u1", "u2", "u5"] {
            fleet.bound(m1, uid, "2026-05-01 08:00", None).await;
        }
        let given = QueryUserLocations { product_secret: "pk".into() };
        let tree = user_locations(&ctx, given).await.expect("a report");
        let guangzhou = json!({"count": 1, "Guangdong": {"count": 1, "Guangzhou": {"count": 1}}});
        assert_eq!(json!(tree), json!({"China": guangzhou, "Germany": {"count": 1}}));
        assert_eq!(
            code(import_users(&ctx, ImportUsers { appid: "none".into(), csv: "uid\nx\n".into() }).await),
            Code::AppidNotExist
        );
        assert_eq!(
            param(import_users(&ctx, ImportUsers { appid: "app".into(), csv: "age\n1\n".into() }).await),
            "csv"
        );
    }
);

db_test!(
    async fn a_thousand_people_are_imported_at_once(plant: TestPlant) {
        let ctx = plant.ctx();
        people(&ctx, "app", &[]).await;
        let lines: Vec<String> = (0..1200).map(|n| format!("u{n},China,R{},C{n}", n % 7)).collect();
        let csv = format!("uid,country,region,city\n{}\n", lines.join("\n"));
        let done = import_users(&ctx, ImportUsers { appid: "app".into(), csv }).await.expect("an import");
        assert_eq!((done.created, done.failed), (1200, 0));
        let all =
            list_users(&ctx, ListUsers { limit: Some(2000), ..ListUsers::default() }).await.expect("a list");
        assert_eq!(all.objects.len(), 1200);
    }
);

db_test!(
    async fn people_stay_in_their_tenant_and_viewers_only_read(plant: TestPlant) {
        let ctx = plant.ctx();
        Fleet::new(&ctx, "pk").await;
        people(&ctx, "app", &["u1"]).await;
        let foreign = plant.other_tenant().await;
        Fleet::new(&foreign, "theirs").await;
        let theirs = SearchRegisteredUsers { product_key: "theirs".into(), ..registered() };
        assert!(uids(&foreign, theirs).await.is_empty());
        assert_eq!(code(search_registered_users(&foreign, registered()).await), Code::ProductKeyNotExist);
        assert!(list_apps(&foreign).await.expect("a list").is_empty());
        // Another tenant's names are no hindrance.
        people(&foreign, "app", &["u1"]).await;
        let viewer = plant.viewer();
        assert!(matches!(create_user(&viewer, person("app", "x")).await, Err(Error::Forbidden)));
        assert!(matches!(
            create_app(&viewer, CreateApp { name: "x".into(), appid: None }).await,
            Err(Error::Forbidden)
        ));
        let csv = ImportUsers { appid: "app".into(), csv: "uid\nx\n".into() };
        assert!(matches!(import_users(&viewer, csv).await, Err(Error::Forbidden)));
        assert_eq!(uids(&viewer, registered()).await, ["u1"]);
    }
);
