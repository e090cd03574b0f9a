//! A tenant goes with everything that is its own.

use super::*;
use crate::db::schema;
use crate::demo;

/// Tables without rows of tenants; any other one must say whose its rows are.
const OF_NOBODY: [&str; 5] = ["_sqlx_migrations", "id_block", "server_secret", "sign_in_failure", "tenant"];

db_test!(
    async fn every_table_says_whose_its_rows_are(plant: TestPlant) {
        let mut conn = plant.services.db.read().await.expect("a connection");
        let ordered = schema::tenant_tables(&mut conn).await.expect("an order");
        for table in schema::columns(&mut conn).await.expect("columns").keys() {
            let of_tenants = ordered.contains(table);
            assert_ne!(of_tenants, OF_NOBODY.contains(&table.as_str()), "{table}");
        }
        let place = |name: &str| ordered.iter().position(|table| table == name).expect("a table");
        assert!(place("login") < place("employee") && place("calendar_break") < place("calendar_shift"));
    }
);

db_test!(
    async fn a_removed_tenant_leaves_no_row_and_touches_no_other(plant: TestPlant) {
        let ctx = plant.ctx();
        demo::service::seed_from(&plant.services, 0).await.expect("a plant");
        let tenant = find_tenant(&plant.services, demo::TENANT).await.expect("an answer").expect("a tenant");
        let own = system_ctx(&plant.services, tenant.clone());
        let shared = application(&own).await;
        mapped(&own, "corp-1", Some(("u-1", demo::LOGIN))).await;
        let right = SignIn { login: demo::LOGIN.into(), password: demo::PASSWORD.into() };
        sign_in(&plant.services, right).await.expect("a session");
        let wrong = SignIn { login: demo::LOGIN.into(), password: "wrong".into() };
        assert!(sign_in(&plant.services, wrong).await.is_err());
        // Another tenant has an application of its own, and an instance of the one that goes.
        application(&ctx).await;
        let params = CreateApplication {
            name: "A".into(),
            app_key: Some(shared.app_key.clone()),
            app_secret: Some(shared.app_secret),
            app_id: None,
        };
        create_application(&ctx, params).await.expect("an instance");

        let before = plant.rows_of(tenant.id).await;
        for table in ["production_report", "machine_state", "session", "external_identity", "demo_progress"] {
            assert!(!before[table].is_empty(), "{table}");
        }
        let size = tenant_size(&plant.services, &tenant).await.expect("a number");
        assert_eq!(usize::try_from(size).expect("few"), before.values().map(Vec::len).sum::<usize>());
        let mut others = plant.rows_of(ctx.tenant_id()).await;
        others
            .get_mut("application_instance")
            .expect("a table")
            .retain(|row| before["application_instance"].iter().all(|own| own[1] != row[1]));

        assert_eq!(refused_param(delete_tenant(&plant.services, "nobody").await), "name");
        delete_tenant(&plant.services, demo::TENANT).await.expect("a removal");
        assert!(plant.rows_of(tenant.id).await.values().all(Vec::is_empty));
        assert_eq!(plant.rows_of(ctx.tenant_id()).await, others);
        let mut conn = plant.services.db.read().await.expect("a connection");
        for rest in
            ["SELECT COUNT(*) FROM sign_in_failure", "SELECT COUNT(*) FROM tenant WHERE name = '霜桥泵厂'"]
        {
            assert_eq!(sql(rest).count(&mut conn).await.expect("a count"), 0, "{rest}");
        }
        drop(conn);
        assert!(find_tenant(&plant.services, demo::TENANT).await.expect("an answer").is_none());
        assert_eq!(found(&ctx, &shared.app_key).await, None);
        assert!(!demo::service::go_on(&plant.services).await.expect("an answer"));
        // And it can be built again.
        demo::service::seed_from(&plant.services, 0).await.expect("a plant");
    }
);
