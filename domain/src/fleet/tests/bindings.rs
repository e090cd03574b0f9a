use super::plant::{Device, Fleet, device, people};
use super::{code, param};
use crate::fleet::dids::Dids;
use crate::fleet::params::BindDevices;
use crate::fleet::service::{bind_devices, device_bindings, unbind_devices, user_bindings};
use crate::{Code, Ctx, Error, db_test};

fn asked(uid: &str, dids: &[&str]) -> BindDevices {
    BindDevices {
        product_key: "pk".into(),
        uid: uid.into(),
        appid: "app".into(),
        dids: Dids(dids.iter().map(|did| (*did).to_owned()).collect()),
    }
}

/// Who has a device now, the newest first, and whether they own it.
async fn have(ctx: &Ctx, did: &str) -> Vec<(String, bool)> {
    let all = device_bindings(ctx, did.into()).await.expect("a list");
    all.into_iter().filter(|b| b.unbound_at.is_none()).map(|b| (b.uid, b.owner)).collect()
}

db_test!(
    async fn devices_are_bound_one_by_one(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let other = Fleet::new(&ctx, "other").await;
        people(&ctx, "app", &["u1"]).await;
        fleet.add(device("m1")).await;
        fleet.add(Device { disabled: true, ..device("off") }).await;
        other.add(device("foreign")).await;
        let all = ["did-m1", "did-nothing", "did-off", "did-foreign", "did-m1"];
        let outcome = bind_devices(&ctx, asked("u1", &all)).await.expect("an outcome");
        assert_eq!(outcome.success, ["did-m1"]);
        assert_eq!(outcome.failed, ["did-nothing", "did-off", "did-foreign"]);
        // To bind again changes nothing.
        let outcome = bind_devices(&ctx, asked("u1", &["did-m1"])).await.expect("an outcome");
        assert_eq!(outcome.success, ["did-m1"]);
        assert_eq!(user_bindings(&ctx, "u1".into()).await.expect("a list").len(), 1);
        let outcome = unbind_devices(&ctx, asked("u1", &["did-off", "did-m1"])).await.expect("an outcome");
        assert_eq!((outcome.success, outcome.failed), (vec!["did-m1".into()], vec!["did-off".into()]));
        let outcome = unbind_devices(&ctx, asked("u1", &["did-m1"])).await.expect("an outcome");
        assert_eq!(outcome.failed, ["did-m1"]);
        let history = user_bindings(&ctx, "u1".into()).await.expect("a list");
        assert_eq!(
            (history.len(), history[0].unbound_at, history[0].mac.as_str()),
            (1, Some(ctx.now()), "m1")
        );
    }
);

db_test!(
    async fn the_first_owns_and_then_the_one_who_has_it_longest(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        people(&ctx, "app", &["a", "b", "c"]).await;
        fleet.add(device("m1")).await;
        let begin = ctx.now();
        for (n, uid) in ["a", "b", "c"].iter().enumerate() {
            plant.clock.set(begin + i64::try_from(n).expect("small") * 1000);
            bind_devices(&ctx, asked(uid, &["did-m1"])).await.expect("bound");
        }
        let pair = |uid: &str, owner| (uid.to_owned(), owner);
        assert_eq!(have(&ctx, "did-m1").await, [pair("c", false), pair("b", false), pair("a", true)]);
        unbind_devices(&ctx, asked("c", &["did-m1"])).await.expect("unbound");
        assert_eq!(have(&ctx, "did-m1").await, [pair("b", false), pair("a", true)]);
        unbind_devices(&ctx, asked("a", &["did-m1"])).await.expect("unbound");
        assert_eq!(have(&ctx, "did-m1").await, [pair("b", true)]);
        unbind_devices(&ctx, asked("b", &["did-m1"])).await.expect("unbound");
        bind_devices(&ctx, asked("c", &["did-m1"])).await.expect("bound");
        assert_eq!(have(&ctx, "did-m1").await, [pair("c", true)]);
    }
);

db_test!(
    async fn a_binding_asked_for_wrongly_is_refused(plant: TestPlant) {
        let ctx = plant.ctx();
        Fleet::new(&ctx, "pk").await;
        people(&ctx, "app", &["u1"]).await;
        people(&ctx, "app-2", &["u2"]).await;
        let good = || asked("u1", &["did-m1"]);
        for (expected, params) in [
            (Code::ProductKeyNotExist, BindDevices { product_key: "none".into(), ..good() }),
            (Code::AppidNotExist, BindDevices { appid: "none".into(), ..good() }),
            (Code::UidNotExist, BindDevices { uid: "none".into(), ..good() }),
            // Of another application.
            (Code::UidNotExist, BindDevices { uid: "u2".into(), ..good() }),
        ] {
            assert_eq!(code(bind_devices(&ctx, params.clone()).await), expected);
            assert_eq!(code(unbind_devices(&ctx, params).await), expected);
        }
        assert_eq!(param(bind_devices(&ctx, asked("u1", &[])).await), "dids");
        assert_eq!(param(unbind_devices(&ctx, asked("u1", &[" "])).await), "dids");
    }
);

db_test!(
    async fn bindings_stay_in_their_tenant_and_viewers_only_read(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        people(&ctx, "app", &["u1"]).await;
        fleet.add(device("m1")).await;
        bind_devices(&ctx, asked("u1", &["did-m1"])).await.expect("bound");
        let foreign = plant.other_tenant().await;
        assert_eq!(code(unbind_devices(&foreign, asked("u1", &["did-m1"])).await), Code::ProductKeyNotExist);
        assert!(have(&foreign, "did-m1").await.is_empty());
        let viewer = plant.viewer();
        assert!(matches!(bind_devices(&viewer, asked("u1", &["did-m1"])).await, Err(Error::Forbidden)));
        assert!(matches!(unbind_devices(&viewer, asked("u1", &["did-m1"])).await, Err(Error::Forbidden)));
        assert_eq!(have(&viewer, "did-m1").await, [("u1".to_owned(), true)]);
    }
);
