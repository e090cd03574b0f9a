use serde_json::json;

use super::plant::{Device, Fleet, device};
use super::{code, param};
use crate::fleet::params::{CreateGroup, OneGroup, QueryLocations, UpdateGroup};
use crate::fleet::replies::Outcome;
use crate::fleet::service::{
    create_group, create_named_group, delete_group, group_macs, group_tree, list_groups, locations,
    rename_group, update_group,
};
use crate::{Code, Ctx, Error, Result, db_test};

async fn make(fleet: &Fleet, parent: Option<&str>) -> Result<String> {
    let params = CreateGroup { product_key: fleet.key.clone(), parent_gid: parent.map(str::to_owned) };
    create_group(&fleet.ctx, params).await.map(|made| made.gid)
}

fn one(fleet: &Fleet, gid: &str) -> OneGroup {
    OneGroup { product_key: fleet.key.clone(), gid: gid.into() }
}

fn update(fleet: &Fleet, gid: &str, action: &str, reassign: bool, macs: &[&str]) -> UpdateGroup {
    UpdateGroup {
        product_key: fleet.key.clone(),
        gid: gid.into(),
        action: action.into(),
        reassign,
        macs: macs.iter().map(|mac| (*mac).to_owned()).collect(),
    }
}

async fn assign(fleet: &Fleet, gid: &str, macs: &[&str]) -> Outcome {
    update_group(&fleet.ctx, update(fleet, gid, "assign", true, macs)).await.expect("an outcome")
}

async fn total(fleet: &Fleet, gid: &str) -> i64 {
    let params = QueryLocations {
        product_key: fleet.key.clone(),
        gid: Some(gid.into()),
        is_online: None,
        is_faulty: None,
        is_alert: None,
    };
    locations(&fleet.ctx, params).await.expect("a report").total
}

async fn macs(ctx: &Ctx, fleet: &Fleet, gid: &str) -> Vec<String> {
    group_macs(ctx, one(fleet, gid)).await.expect("a list").macs
}

db_test!(
    async fn groups_are_a_tree_with_one_root(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        assert_eq!(json!(group_tree(&ctx, fleet.product()).await.expect("a tree")), json!({}));
        let root = make(&fleet, None).await.expect("a root");
        assert!(root.len() == 32 && root.bytes().all(|b| b.is_ascii_hexdigit()), "{root}");
        assert_eq!(code(make(&fleet, None).await), Code::AlreadyHasOneRootGroup);
        let a = make(&fleet, Some(&root)).await.expect("a child");
        let b = make(&fleet, Some(&root)).await.expect("a child");
        let below = make(&fleet, Some(&a)).await.expect("a grandchild");
        let tree = group_tree(&ctx, fleet.product()).await.expect("a tree");
        assert_eq!(json!(tree), json!({root: {a: {below: ""}, b: ""}}));
    }
);

db_test!(
    async fn a_parent_must_be_there_and_of_the_product(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let other = Fleet::new(&ctx, "other").await;
        let foreign = make(&other, None).await.expect("a root");
        assert_eq!(code(make(&fleet, Some("nothing")).await), Code::ParentGroupNotExist);
        assert_eq!(code(make(&fleet, Some(&foreign)).await), Code::DeviceGroupNotBelongToThisProduct);
        let unknown = CreateGroup { product_key: "none".into(), parent_gid: None };
        assert_eq!(code(create_group(&ctx, unknown).await), Code::ProductKeyNotExist);
        let mut gid = make(&fleet, None).await.expect("a root");
        for _ in 1..32 {
            gid = make(&fleet, Some(&gid)).await.expect("a child");
        }
        assert_eq!(param(make(&fleet, Some(&gid)).await), "parent_gid");
    }
);

db_test!(
    async fn only_an_empty_group_is_deleted(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let root = make(&fleet, None).await.expect("a root");
        let child = make(&fleet, Some(&root)).await.expect("a child");
        fleet.add(device("m1")).await;
        assign(&fleet, &child, &["m1"]).await;
        assert_eq!(code(delete_group(&ctx, one(&fleet, &root)).await), Code::GroupHasSubgroup);
        assert_eq!(code(delete_group(&ctx, one(&fleet, &child)).await), Code::GroupHasDeviceItem);
        let out = update(&fleet, &child, "unassign", false, &["m1"]);
        update_group(&ctx, out).await.expect("an outcome");
        delete_group(&ctx, one(&fleet, &child)).await.expect("deleted");
        delete_group(&ctx, one(&fleet, &root)).await.expect("deleted");
        assert_eq!(code(delete_group(&ctx, one(&fleet, &root)).await), Code::GroupNotExist);
        make(&fleet, None).await.expect("a root again");
    }
);

db_test!(
    async fn devices_move_one_by_one(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let other = Fleet::new(&ctx, "other").await;
        let root = make(&fleet, None).await.expect("a root");
        let child = make(&fleet, Some(&root)).await.expect("a child");
        for mac in ["m1", "m2", "m3"] {
            fleet.add(device(mac)).await;
        }
        other.add(device("foreign")).await;
        let outcome = assign(&fleet, &root, &["m2", "nothing", "m1", "foreign", "m2"]).await;
        assert_eq!(
            (outcome.success, outcome.failed),
            (vec!["m2".into(), "m1".into()], vec!["nothing".into(), "foreign".into()])
        );
        // The newest first.
        assert_eq!(macs(&ctx, &fleet, &root).await, ["m2", "m1"]);

        let stay = update(&fleet, &child, "assign", false, &["m1", "m3"]);
        let outcome = update_group(&ctx, stay.clone()).await.expect("an outcome");
        assert_eq!((outcome.success, outcome.failed), (vec!["m3".into()], vec!["m1".into()]));
        // It is where it should be already.
        let outcome = update_group(&ctx, UpdateGroup { macs: vec!["m3".into()], ..stay.clone() }).await;
        assert_eq!(outcome.expect("an outcome").success, ["m3"]);
        let outcome = update_group(&ctx, UpdateGroup { reassign: true, ..stay }).await.expect("an outcome");
        assert_eq!(outcome.failed, Vec::<String>::new());
        assert_eq!(macs(&ctx, &fleet, &child).await, ["m3", "m1"]);

        let out = update(&fleet, &root, "unassign", false, &["m1", "m2"]);
        let outcome = update_group(&ctx, out).await.expect("an outcome");
        assert_eq!((outcome.success, outcome.failed), (vec!["m2".into()], vec!["m1".into()]));
    }
);

db_test!(
    async fn a_group_means_what_is_below_it_except_in_its_own_list(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let root = make(&fleet, None).await.expect("a root");
        let child = make(&fleet, Some(&root)).await.expect("a child");
        let below = make(&fleet, Some(&child)).await.expect("a grandchild");
        for (mac, gid) in [("m1", Some(&root)), ("m2", Some(&child)), ("m3", Some(&below)), ("m4", None)] {
            fleet.add(Device { online: true, ..device(mac) }).await;
            if let Some(gid) = gid {
                assign(&fleet, gid, &[mac]).await;
            }
        }
        assert_eq!(macs(&ctx, &fleet, &root).await, ["m1"]);
        assert_eq!(
            (total(&fleet, &root).await, total(&fleet, &child).await, total(&fleet, &below).await),
            (3, 2, 1)
        );
        let infos = list_groups(&ctx, fleet.product()).await.expect("a list");
        let shown: Vec<_> =
            infos.iter().map(|info| (info.gid.as_str(), info.devices, info.all_devices)).collect();
        assert_eq!(shown, [(root.as_str(), 1, 3), (child.as_str(), 1, 2), (below.as_str(), 1, 1)]);
    }
);

db_test!(
    async fn each_refusal_of_an_update_names_its_parameter(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let other = Fleet::new(&ctx, "other").await;
        let root = make(&fleet, None).await.expect("a root");
        let many: Vec<String> = (0..1001).map(|n| format!("m{n}")).collect();
        let asked = |gid: &str| update(&fleet, gid, "assign", true, &["m1"]);
        for (named, params) in [
            ("action", UpdateGroup { action: "move".into(), ..asked(&root) }),
            ("macs", UpdateGroup { macs: many.clone(), ..asked(&root) }),
            ("macs", UpdateGroup { macs: vec![], ..asked(&root) }),
        ] {
            assert_eq!(param(update_group(&ctx, params).await), named);
        }
        let all = UpdateGroup { macs: many[1..].to_vec(), ..asked(&root) };
        assert_eq!(update_group(&ctx, all).await.expect("an outcome").failed.len(), 1000);
        assert_eq!(code(update_group(&ctx, asked("nothing")).await), Code::GroupNotExist);
        let foreign = UpdateGroup { product_key: other.key.clone(), ..asked(&root) };
        assert_eq!(code(update_group(&ctx, foreign).await), Code::DeviceGroupNotBelongToThisProduct);
        let foreign = OneGroup { product_key: other.key.clone(), gid: root.clone() };
        assert_eq!(code(group_macs(&ctx, foreign.clone()).await), Code::DeviceGroupNotBelongToThisProduct);
        assert_eq!(code(delete_group(&ctx, foreign).await), Code::DeviceGroupNotBelongToThisProduct);
    }
);

db_test!(
    async fn people_name_groups(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let params = CreateGroup { product_key: "pk".into(), parent_gid: None };
        assert_eq!(param(create_named_group(&ctx, params.clone(), " ".into()).await), "name");
        let gid = create_named_group(&ctx, params, " North ".into()).await.expect("a group").gid;
        let name = async || list_groups(&ctx, fleet.product()).await.expect("a list")[0].name.clone();
        assert_eq!(name().await, "North");
        rename_group(&ctx, one(&fleet, &gid), "South".into()).await.expect("renamed");
        assert_eq!(name().await, "South");
    }
);

db_test!(
    async fn groups_stay_in_their_tenant_and_viewers_only_read(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let root = make(&fleet, None).await.expect("a root");
        let foreign = plant.other_tenant().await;
        let theirs = Fleet::new(&foreign, "theirs").await;
        assert_eq!(code(group_tree(&foreign, fleet.product()).await), Code::ProductKeyNotExist);
        assert_eq!(code(group_macs(&foreign, one(&theirs, &root)).await), Code::GroupNotExist);
        let viewer = plant.viewer();
        let params = CreateGroup { product_key: "pk".into(), parent_gid: Some(root.clone()) };
        assert!(matches!(create_group(&viewer, params).await, Err(Error::Forbidden)));
        assert!(matches!(delete_group(&viewer, one(&fleet, &root)).await, Err(Error::Forbidden)));
        let params = update(&fleet, &root, "assign", true, &["m1"]);
        assert!(matches!(update_group(&viewer, params).await, Err(Error::Forbidden)));
        assert!(matches!(rename_group(&viewer, one(&fleet, &root), "x".into()).await, Err(Error::Forbidden)));
        assert_eq!(macs(&viewer, &fleet, &root).await, Vec::<String>::new());
    }
);
