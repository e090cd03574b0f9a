//! Who may do what for whom: keys, identities, sessions, on both databases.

mod removal;
mod signing_in;

use std::time::{Duration, Instant};

use super::service::*;
use super::{Access, Actor, Area, Role};
use crate::db::testing::TestPlant;
use crate::db::{Kind, sql};
use crate::{Code, Ctx, Error, db_test};

async fn application(ctx: &Ctx) -> NewApplication {
    create_application(ctx, CreateApplication { name: "Line display".into(), ..Default::default() })
        .await
        .expect("an application")
}

async fn found(ctx: &Ctx, app_key: &str) -> Option<std::sync::Arc<Application>> {
    application_by_key(&ctx.services, app_key).await.expect("a look-up")
}

/// The services of a second process on the same database.
fn another_process(plant: &TestPlant) -> crate::ctx::Services {
    crate::ctx::Services { directory: std::sync::Arc::default(), ..plant.services.clone() }
}

fn corp(source: &str, corp_id: &str) -> Identity {
    Identity { source: Some(source.into()), corp_id: Some(corp_id.into()), ..Identity::default() }
}

async fn mapped(ctx: &Ctx, corp_id: &str, user: Option<(&str, &str)>) {
    let params = MapIdentity {
        source: "SAAS".into(),
        corp_id: corp_id.into(),
        user_id: user.map(|(user, _)| user.into()),
        employee: user.map(|(_, employee)| employee.into()),
    };
    map_identity(ctx, params).await.expect("a mapping");
}

fn refused_param<T>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Invalid { param, .. }) => param,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("not refused"),
    }
}

fn code<T>(result: Result<T, Error>) -> Code {
    match result {
        Err(Error::Coded(code, _)) => code,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("not refused"),
    }
}

db_test!(
    async fn an_application_is_found_by_key_and_by_code(plant: TestPlant) {
        let ctx = plant.ctx();
        let new = application(&ctx).await;
        let by_key = found(&ctx, &new.app_key).await.expect("by key");
        assert_eq!(
            (by_key.tenant_id, by_key.app_secret.as_str()),
            (ctx.tenant_id(), new.app_secret.as_str())
        );
        let app_code = new.app_code.expect("a code");
        let by_code = application_by_code(&plant.services, &app_code).await.expect("a look-up");
        assert_eq!(by_code, Some(by_key));
        assert_eq!(application_by_code(&plant.services, &new.app_key).await.expect("a look-up"), None);
        assert_eq!(found(&ctx, "unknown").await, None);

        let mut read = ctx.read().await.expect("a connection");
        let stored: (String,) =
            sql("SELECT app_code_hash FROM application").one(&mut read).await.expect("a row");
        assert!(!stored.0.contains(&app_code));
    }
);

db_test!(
    async fn a_key_made_after_a_miss_is_found_at_once(plant: TestPlant) {
        let ctx = plant.ctx();
        assert_eq!(found(&ctx, "k-1").await, None);
        let params = CreateApplication {
            name: "A".into(),
            app_key: Some("k-1".into()),
            app_secret: Some("s-1".into()),
            app_id: Some("i-1".into()),
        };
        create_application(&ctx, params).await.expect("an application");
        assert_eq!(found(&ctx, "k-1").await.expect("it").app_secret, "s-1");
    }
);

db_test!(
    async fn a_rotated_or_revoked_key_is_out_of_every_process_within_two_seconds(plant: TestPlant) {
        let ctx = plant.ctx();
        let other = another_process(&plant);
        let rotated = application(&ctx).await;
        let revoked = application(&ctx).await;
        for key in [&rotated.app_key, &revoked.app_key] {
            assert!(application_by_key(&other, key).await.expect("a look-up").is_some());
            assert!(found(&ctx, key).await.is_some());
        }
        let since = Instant::now();
        let fresh = rotate_application(&ctx, &rotated.app_key).await.expect("new secrets");
        revoke_application(&ctx, &revoked.app_key).await.expect("out of use");
        assert_eq!(found(&ctx, &rotated.app_key).await.expect("it").app_secret, fresh.app_secret);
        assert_eq!(found(&ctx, &revoked.app_key).await, None);
        loop {
            let there = application_by_key(&other, &rotated.app_key).await.expect("a look-up").expect("it");
            let gone = application_by_key(&other, &revoked.app_key).await.expect("a look-up").is_none();
            if there.app_secret == fresh.app_secret && gone {
                break;
            }
            assert!(since.elapsed() < Duration::from_secs(2), "still believed");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let old_code = rotated.app_code.expect("a code");
        assert_eq!(application_by_code(&other, &old_code).await.expect("a look-up"), None);
    }
);

#[tokio::test]
async fn no_debug_text_shows_a_secret() {
    let plant = TestPlant::new(Kind::Sqlite).await;
    let new = application(&plant.ctx()).await;
    let text = format!("{:?}", found(&plant.ctx(), &new.app_key).await);
    assert!(text.contains(&new.app_key) && !text.contains(&new.app_secret), "{text}");
}

db_test!(
    async fn applications_belong_to_one_tenant(plant: TestPlant) {
        let ctx = plant.ctx();
        let other = plant.other_tenant().await;
        let new = application(&ctx).await;
        assert!(list_applications(&other).await.expect("a list").is_empty());
        assert_eq!(refused_param(revoke_application(&other, &new.app_key).await), "appKey");
        assert_eq!(refused_param(rotate_application(&other, &new.app_key).await), "appKey");
        assert_eq!(list_applications(&ctx).await.expect("a list")[0].app_id, new.app_id);
        for viewer in [
            list_applications(&plant.viewer()).await.map(drop),
            revoke_application(&plant.viewer(), &new.app_key).await,
            rotate_application(&plant.viewer(), &new.app_key).await.map(drop),
            create_application(&plant.viewer(), CreateApplication::default()).await.map(drop),
            map_identity(&plant.viewer(), MapIdentity::default()).await,
        ] {
            assert!(matches!(viewer, Err(Error::Forbidden)), "{viewer:?}");
        }
    }
);

db_test!(
    async fn without_identity_the_application_speaks_for_its_tenant(plant: TestPlant) {
        let ctx = plant.ctx();
        let app = found(&ctx, &application(&ctx).await.app_key).await.expect("it");
        let empty = Identity { app_id: Some(String::new()), ..Identity::default() };
        for identity in [Identity::default(), empty] {
            let resolved = resolve_identity(&plant.services, &app, &identity).await.expect("a context");
            assert_eq!(resolved.tenant_id(), ctx.tenant_id());
            assert!(resolved.require(Area::Oee, Access::Write).is_ok());
            assert!(matches!(resolved.actor, Actor::Application { employee: None, .. }));
        }
    }
);

db_test!(
    async fn a_foreign_app_id_is_forbidden(plant: TestPlant) {
        let ctx = plant.ctx();
        let mine = application(&ctx).await;
        let foreign = application(&plant.other_tenant().await).await;
        let app = found(&ctx, &mine.app_key).await.expect("it");
        let with = |app_id: Option<String>| Identity { app_id, ..Identity::default() };
        let resolved = resolve_identity(&plant.services, &app, &with(mine.app_id)).await.expect("a context");
        assert_eq!(resolved.tenant_id(), ctx.tenant_id());
        for app_id in [foreign.app_id, Some("unknown".into())] {
            let refused = resolve_identity(&plant.services, &app, &with(app_id)).await;
            assert!(matches!(refused, Err(Error::Forbidden)));
        }
    }
);

db_test!(
    async fn a_corp_id_that_is_not_mapped_never_falls_back(plant: TestPlant) {
        let ctx = plant.ctx();
        let app = found(&ctx, &application(&ctx).await.app_key).await.expect("it");
        mapped(&ctx, "corp-1", None).await;
        let resolved = resolve_identity(&plant.services, &app, &corp("SAAS", "corp-1")).await;
        assert_eq!(resolved.expect("a context").tenant_id(), ctx.tenant_id());
        let without_source = Identity { corp_id: Some("corp-1".into()), ..Identity::default() };
        for identity in [corp("SAAS", "corp-2"), corp("OTHER", "corp-1"), without_source] {
            assert_eq!(code(resolve_identity(&plant.services, &app, &identity).await), Code::TenantNotFound);
        }
    }
);

db_test!(
    async fn another_tenants_corp_id_opens_nothing_until_it_has_an_instance(plant: TestPlant) {
        let ctx = plant.ctx();
        let other = plant.other_tenant().await;
        let new = application(&ctx).await;
        mapped(&other, "corp-2", None).await;
        let app = found(&ctx, &new.app_key).await.expect("it");
        let identity = corp("SAAS", "corp-2");
        assert_eq!(code(resolve_identity(&plant.services, &app, &identity).await), Code::TenantNotFound);

        let guessed = CreateApplication {
            name: "A".into(),
            app_key: Some(new.app_key.clone()),
            app_secret: Some("guessed".into()),
            app_id: None,
        };
        assert_eq!(refused_param(create_application(&other, guessed.clone()).await), "appKey");
        let subscribed = CreateApplication { app_secret: Some(new.app_secret), ..guessed };
        let instance = create_application(&other, subscribed).await.expect("an instance");
        let app = found(&ctx, &new.app_key).await.expect("it");
        assert!(app.shared && instance.app_code.is_none());
        let by_app_id = Identity { app_id: instance.app_id, ..Identity::default() };
        for identity in [identity, by_app_id.clone()] {
            let resolved = resolve_identity(&plant.services, &app, &identity).await.expect("a context");
            assert_eq!(resolved.tenant_id(), other.tenant_id());
        }
        // An enterprise that is not known here is refused, whatever else is given.
        let unknown = Identity { app_id: by_app_id.app_id.clone(), ..corp("SAAS", "corp-9") };
        assert_eq!(code(resolve_identity(&plant.services, &app, &unknown).await), Code::TenantNotFound);
        let known = Identity { app_id: by_app_id.app_id.clone(), ..corp("SAAS", "corp-2") };
        let resolved = resolve_identity(&plant.services, &app, &known).await.expect("a context");
        assert_eq!(resolved.tenant_id(), other.tenant_id());
        // Two identities that contradict each other.
        mapped(&ctx, "corp-1", None).await;
        let both = Identity { app_id: by_app_id.app_id, ..corp("SAAS", "corp-1") };
        let refused = resolve_identity(&plant.services, &app, &both).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
    }
);

db_test!(
    async fn a_named_person_cuts_the_rights_of_the_application(plant: TestPlant) {
        let ctx = plant.ctx();
        let app = found(&ctx, &application(&ctx).await.app_key).await.expect("it");
        let viewer =
            CreateEmployee { name: "Reader".into(), login: Some("reader".into()), role: Role::Viewer };
        let viewer = create_employee(&ctx, viewer).await.expect("an employee").employee_id;
        mapped(&ctx, "corp-1", Some(("u-1", "reader"))).await;
        let by_user = Identity { user_id: Some("u-1".into()), ..corp("SAAS", "corp-1") };
        let by_id = Identity { employee_id: Some(viewer.to_string()), ..Identity::default() };
        for identity in [by_user.clone(), by_id.clone()] {
            let resolved = resolve_identity(&plant.services, &app, &identity).await.expect("a context");
            assert_eq!(resolved.actor.employee_id(), Some(viewer));
            assert!(resolved.require(Area::Oee, Access::Read).is_ok());
            assert!(matches!(resolved.require(Area::Oee, Access::Write), Err(Error::Forbidden)));
        }
        let strangers = [
            Identity { user_id: Some("u-2".into()), ..corp("SAAS", "corp-1") },
            Identity { user_id: Some("u-1".into()), ..Identity::default() },
            Identity { employee_id: Some("nobody".into()), ..by_id.clone() },
            Identity { employee_id: Some("17".into()), ..by_user },
        ];
        for identity in strangers {
            assert_eq!(code(resolve_identity(&plant.services, &app, &identity).await), Code::UserNotExist);
        }
        let other = plant.other_tenant().await;
        let foreign = found(&other, &application(&other).await.app_key).await.expect("it");
        assert_eq!(code(resolve_identity(&plant.services, &foreign, &by_id).await), Code::UserNotExist);
    }
);

db_test!(
    async fn an_enterprise_is_mapped_to_one_tenant_only(plant: TestPlant) {
        let ctx = plant.ctx();
        let other = plant.other_tenant().await;
        mapped(&ctx, "corp-1", None).await;
        mapped(&ctx, "corp-1", None).await;
        let params = |user: Option<&str>, employee: Option<&str>| MapIdentity {
            source: "SAAS".into(),
            corp_id: "corp-1".into(),
            user_id: user.map(Into::into),
            employee: employee.map(Into::into),
        };
        assert_eq!(refused_param(map_identity(&other, params(None, None)).await), "corpId");
        assert_eq!(refused_param(map_identity(&ctx, params(Some("u"), None)).await), "employee");
        assert_eq!(refused_param(map_identity(&ctx, params(None, Some("e"))).await), "userId");
        assert_eq!(refused_param(map_identity(&ctx, params(Some("u"), Some("nobody"))).await), "employee");
        assert_eq!(list_identities(&ctx).await.expect("a list").len(), 1);
        assert!(list_identities(&other).await.expect("a list").is_empty());
    }
);
