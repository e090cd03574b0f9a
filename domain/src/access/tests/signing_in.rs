//! Tenants, passwords and sessions.

use super::*;

fn with(login: &str, password: &str) -> SignIn {
    SignIn { login: login.into(), password: password.into() }
}

async fn new_tenant(plant: &TestPlant, name: &str) -> NewTenant {
    let params = CreateTenant { name: name.into(), time_zone: "Europe/Berlin".into() };
    create_tenant(&plant.services, params).await.expect("a tenant")
}

db_test!(
    async fn a_new_tenant_has_a_root_organization_and_a_main_account(plant: TestPlant) {
        let first = new_tenant(&plant, "Works one").await;
        let second = new_tenant(&plant, " Works two ").await;
        assert_eq!((first.login.as_str(), second.login.as_str()), ("admin", "admin-2"));
        assert_eq!(second.tenant.name, "Works two");
        let found = find_tenant(&plant.services, "Works two").await.expect("a look-up").expect("it");
        assert_eq!(found, second.tenant);
        let mut read = plant.services.db.read().await.expect("a connection");
        let (name,): (String,) =
            sql("SELECT name FROM organization WHERE parent_id IS NULL AND tenant_id = $1")
                .bind(second.tenant.id)
                .one(&mut read)
                .await
                .expect("a root");
        assert_eq!(name, "Works two");
        drop(read);

        let session = sign_in(&plant.services, with("ADMIN-2 ", &second.password)).await.expect("a session");
        assert!(session.password_is_one_time);
        let ctx = session_ctx(&plant.services, &session.token).await.expect("a context");
        assert_eq!(ctx.tenant, second.tenant);
        assert!(ctx.require(Area::Administration, Access::Write).is_ok());

        let taken = CreateTenant { name: "Works one".into(), time_zone: "Asia/Shanghai".into() };
        assert_eq!(refused_param(create_tenant(&plant.services, taken).await), "name");
        let nowhere = CreateTenant { name: "N".into(), time_zone: "Moon/Base".into() };
        assert_eq!(refused_param(create_tenant(&plant.services, nowhere).await), "timeZone");
    }
);

db_test!(
    async fn the_default_tenant_is_made_once(plant: TestPlant) {
        // The test plant is a tenant already.
        assert!(create_default_tenant(&plant.services).await.expect("an answer").is_none());
        let only = default_tenant(&plant.services).await.expect("an answer").expect("the only one");
        assert_eq!(only.id, plant.ctx().tenant_id());
        new_tenant(&plant, "Second").await;
        assert!(default_tenant(&plant.services).await.expect("an answer").is_none());
    }
);

db_test!(
    async fn passwords_are_argon2id_with_19_mib(plant: TestPlant) {
        new_tenant(&plant, "Works").await;
        let mut read = plant.services.db.read().await.expect("a connection");
        let (hash,): (String,) =
            sql("SELECT password_hash FROM employee").one(&mut read).await.expect("a row");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }
);

db_test!(
    async fn a_wrong_name_and_a_wrong_password_are_refused_alike(plant: TestPlant) {
        let new = new_tenant(&plant, "Works").await;
        for wrong in [with("admin", "wrong"), with("nobody", &new.password), with("admin", ""), with("", "")]
        {
            assert!(matches!(sign_in(&plant.services, wrong).await, Err(Error::Unauthenticated)));
        }
        assert!(matches!(session_ctx(&plant.services, "no token").await, Err(Error::Unauthenticated)));
    }
);

db_test!(
    async fn guessing_is_slowed_down_in_every_process(plant: TestPlant) {
        let new = new_tenant(&plant, "Works").await;
        let other = another_process(&plant);
        let start = plant.services.clock.now();
        let mut refused = 0;
        for second in 0..60 {
            plant.clock.set(start + second * 1000);
            let services = if second % 2 == 0 { &plant.services } else { &other };
            match sign_in(services, with("admin", "guess")).await {
                Err(Error::Unauthenticated) => {}
                Err(Error::Invalid { param, .. }) if param == "login" => refused += 1,
                other => panic!("{:?}", other.map(drop)),
            }
        }
        assert!(refused > 45, "{refused} of 60 attempts were refused");
        assert_eq!(refused_param(sign_in(&other, with("admin", &new.password)).await), "login");
        // The pause ends, and success ends the counting.
        plant.clock.set(start + 10 * 60_000);
        let session = sign_in(&other, with("admin", &new.password)).await.expect("a session");
        assert!(session_ctx(&plant.services, &session.token).await.is_ok());
        assert!(matches!(sign_in(&other, with("admin", "x")).await, Err(Error::Unauthenticated)));
    }
);

db_test!(
    async fn guesses_made_at_once_do_not_slip_through_together(plant: TestPlant) {
        new_tenant(&plant, "Works").await;
        let guesses = (0..12).map(|_| sign_in(&plant.services, with("admin", "guess")));
        let answers = futures::future::join_all(guesses).await;
        let tried = answers.iter().filter(|a| matches!(a, Err(Error::Unauthenticated))).count();
        assert_eq!(tried, 5);
    }
);

db_test!(
    async fn a_session_ends_by_signing_out_by_time_and_with_its_owner(plant: TestPlant) {
        let new = new_tenant(&plant, "Works").await;
        let services = &plant.services;
        let out = sign_in(services, with("admin", &new.password)).await.expect("a session");
        sign_out(services, &out.token).await.expect("signed out");
        sign_out(services, &out.token).await.expect("signed out again");
        assert!(matches!(session_ctx(services, &out.token).await, Err(Error::Unauthenticated)));

        let old = sign_in(services, with("admin", &new.password)).await.expect("a session");
        plant.clock.set(old.expires_at - 1);
        assert!(session_ctx(services, &old.token).await.is_ok());
        plant.clock.set(old.expires_at);
        assert!(matches!(session_ctx(services, &old.token).await, Err(Error::Unauthenticated)));
        clean_up_sessions(services).await.expect("cleaned up");

        let left = sign_in(services, with("admin", &new.password)).await.expect("a session");
        let mut tx = services.db.begin().await.expect("a write");
        sql("UPDATE employee SET active = ").arg(false).run(&mut tx).await.expect("an update");
        tx.commit().await.expect("a commit");
        assert!(matches!(session_ctx(services, &left.token).await, Err(Error::Unauthenticated)));
        assert!(matches!(sign_in(services, with("admin", &new.password)).await, Err(Error::Unauthenticated)));
    }
);

db_test!(
    async fn changing_the_password_ends_the_other_sessions(plant: TestPlant) {
        let new = new_tenant(&plant, "Works").await;
        let services = &plant.services;
        let kept = sign_in(services, with("admin", &new.password)).await.expect("a session");
        let other = sign_in(services, with("admin", &new.password)).await.expect("a session");
        let ctx = session_ctx(services, &kept.token).await.expect("a context");
        let change = |current: &str, new: &str| ChangePassword {
            current: current.into(),
            new: new.into(),
            session: Some(kept.token.clone()),
        };
        assert_eq!(refused_param(change_password(&ctx, change(&new.password, "short")).await), "newPassword");
        assert_eq!(
            refused_param(change_password(&ctx, change("wrong", "long enough")).await),
            "currentPassword"
        );
        change_password(&ctx, change(&new.password, "long enough")).await.expect("changed");
        assert!(session_ctx(services, &kept.token).await.is_ok());
        assert!(session_ctx(services, &other.token).await.is_err());
        assert!(sign_in(services, with("admin", &new.password)).await.is_err());
        let session = sign_in(services, with("admin", "long enough")).await.expect("a session");
        assert!(!session.password_is_one_time);
        assert!(matches!(
            change_password(&plant.ctx(), change("a", "long enough")).await,
            Err(Error::Forbidden)
        ));
    }
);

db_test!(
    async fn an_administrator_resets_a_password_of_the_own_tenant(plant: TestPlant) {
        let new = new_tenant(&plant, "Works").await;
        let services = &plant.services;
        let before = sign_in(services, with("admin", &new.password)).await.expect("a session");
        let ctx = system_ctx(services, new.tenant);
        let reset = |password: Option<&str>| ResetPassword {
            login: "Admin".into(),
            password: password.map(Into::into),
        };
        assert_eq!(refused_param(reset_password(&plant.ctx(), reset(None)).await), "login");
        assert_eq!(refused_param(reset_password(&ctx, reset(Some("short"))).await), "password");
        let made = reset_password(&ctx, reset(None)).await.expect("a password").password.expect("one");
        assert!(session_ctx(services, &before.token).await.is_err());
        assert!(sign_in(services, with("admin", &made)).await.expect("a session").password_is_one_time);
        reset_password(&ctx, reset(Some("chosen by hand"))).await.expect("a password");
        let session = sign_in(services, with("admin", "chosen by hand")).await.expect("a session");
        assert!(!session.password_is_one_time);
        let tenant = tenant_of_login(services, "ADMIN").await.expect("a look-up").expect("a tenant");
        assert_eq!(tenant.id, ctx.tenant_id());
    }
);

db_test!(
    async fn a_login_name_is_unique_in_the_installation(plant: TestPlant) {
        let ctx = plant.ctx();
        let params = |login: &str| CreateEmployee {
            name: "Person".into(),
            login: Some(login.into()),
            role: Role::Viewer,
        };
        create_employee(&ctx, params("reader")).await.expect("an employee");
        let other = plant.other_tenant().await;
        assert_eq!(refused_param(create_employee(&other, params("READER")).await), "login");
        assert!(list_employees(&other).await.expect("a list").is_empty());
        let silent = CreateEmployee { login: None, ..params("") };
        assert!(create_employee(&ctx, silent).await.expect("an employee").password.is_none());
        assert_eq!(list_employees(&ctx).await.expect("a list").len(), 2);
        assert!(matches!(create_employee(&plant.viewer(), params("x")).await, Err(Error::Forbidden)));
        assert!(matches!(list_employees(&plant.viewer()).await, Err(Error::Forbidden)));
    }
);
