use super::plant::{Fleet, device};
use super::{code, param};
use crate::fleet::params::{AssignDevices, CreateGroup, ListMembers, OneGroup};
use crate::fleet::service::{
    assign_devices, create_named_group, group_members, group_tree, list_groups, move_group,
};
use crate::fleet::view::{AssignedLine, Fate};
use crate::{Code, Error, Result, db_test};

async fn named(fleet: &Fleet, parent: Option<&str>, name: &str) -> String {
    let params = CreateGroup { product_key: fleet.key.clone(), parent_gid: parent.map(str::to_owned) };
    create_named_group(&fleet.ctx, params, name.to_owned()).await.expect("a group").gid
}

fn pasted(fleet: &Fleet, gid: &str, action: &str, reassign: bool, names: &str) -> AssignDevices {
    AssignDevices {
        product_key: fleet.key.clone(),
        gid: gid.into(),
        action: action.into(),
        reassign,
        names: names.into(),
    }
}

async fn fates(fleet: &Fleet, params: AssignDevices) -> Vec<(i64, Fate, Option<String>)> {
    let lines = assign_devices(&fleet.ctx, params).await.expect("an account");
    lines.into_iter().map(|AssignedLine { line, fate, group, .. }| (line, fate, group)).collect()
}

async fn members(fleet: &Fleet, gid: &str, limit: i64, skip: i64) -> (i64, Vec<String>) {
    let params =
        ListMembers { product_key: fleet.key.clone(), gid: gid.into(), limit: Some(limit), skip: Some(skip) };
    let page = group_members(&fleet.ctx, params).await.expect("a page");
    (page.meta.total, page.objects.into_iter().map(|member| member.mac).collect())
}

db_test!(
    async fn each_line_of_a_pasted_list_is_accounted_for(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let other = Fleet::new(&ctx, "other").await;
        for mac in ["a1", "a2", "a3"] {
            fleet.add(device(mac)).await;
        }
        other.add(device("foreign")).await;
        let root = named(&fleet, None, "All").await;
        let child = named(&fleet, Some(&root), "South").await;

        let list = "did-a1\n\nA2, foreign;a1\r\nnothing";
        assert_eq!(
            fates(&fleet, pasted(&fleet, &root, "assign", false, list)).await,
            [
                (1, Fate::Added, None),
                (3, Fate::Added, None),
                (3, Fate::Unknown, None),
                (3, Fate::Repeated, None),
                (4, Fate::Unknown, None),
            ]
        );
        let elsewhere = Some("All".to_owned());
        assert_eq!(
            fates(&fleet, pasted(&fleet, &child, "assign", false, "a1 a3")).await,
            [(1, Fate::Elsewhere, elsewhere.clone()), (1, Fate::Added, None)]
        );
        assert_eq!(
            fates(&fleet, pasted(&fleet, &child, "assign", true, "a1 a3")).await,
            [(1, Fate::Moved, elsewhere), (1, Fate::Already, None)]
        );
        assert_eq!(
            fates(&fleet, pasted(&fleet, &child, "unassign", false, "a3 a2")).await,
            [(1, Fate::Removed, None), (1, Fate::Absent, None)]
        );
        assert_eq!(members(&fleet, &child, 20, 0).await, (1, vec!["a1".to_owned()]));
        assert_eq!(members(&fleet, &root, 20, 0).await, (1, vec!["a2".to_owned()]));
    }
);

db_test!(
    async fn a_pasted_list_is_refused_when_it_says_nothing_or_too_much(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let root = named(&fleet, None, "All").await;
        let send = |action: &'static str, names: String| {
            let params = pasted(&fleet, &root, action, false, &names);
            let ctx = ctx.clone();
            async move { assign_devices(&ctx, params).await }
        };
        assert_eq!(param(send("assign", " \n, ".into()).await), "names");
        assert_eq!(param(send("assign", "x\n".repeat(1001)).await), "names");
        assert_eq!(param(send("drop", "x".into()).await), "action");
        let viewer = plant.viewer();
        let refused = assign_devices(&viewer, pasted(&fleet, &root, "assign", false, "x")).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
        let stranger = plant.other_tenant().await;
        let params = pasted(&fleet, &root, "assign", false, "x");
        assert_eq!(code(assign_devices(&stranger, params).await), Code::ProductKeyNotExist);
    }
);

db_test!(
    async fn members_come_in_pages(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let root = named(&fleet, None, "All").await;
        for mac in ["a1", "a2", "a3"] {
            fleet.add(device(mac)).await;
        }
        fates(&fleet, pasted(&fleet, &root, "assign", false, "a1 a2 a3")).await;
        assert_eq!(members(&fleet, &root, 2, 0).await, (3, vec!["a3".to_owned(), "a2".to_owned()]));
        assert_eq!(members(&fleet, &root, 2, 2).await, (3, vec!["a1".to_owned()]));
    }
);

db_test!(
    async fn a_group_moves_with_what_is_within_it(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let root = named(&fleet, None, "All").await;
        let north = named(&fleet, Some(&root), "North").await;
        let south = named(&fleet, Some(&root), "South").await;
        let city = named(&fleet, Some(&north), "City").await;
        let to = |gid: &str, parent: &str| {
            let (ctx, parent) = (ctx.clone(), parent.to_owned());
            let one = OneGroup { product_key: fleet.key.clone(), gid: gid.into() };
            async move { move_group(&ctx, one, parent).await }
        };
        to(&north, &south).await.expect("moved");
        let tree = group_tree(&ctx, fleet.product()).await.expect("a tree");
        let expected =
            serde_json::json!({root.clone(): {south.clone(): {north.clone(): {city.clone(): ""}}}});
        assert_eq!(serde_json::json!(tree), expected);
        assert_eq!(param(to(&south, &city).await), "parent_gid");
        assert_eq!(param(to(&south, &south).await), "parent_gid");
        assert_eq!(param(to(&root, &south).await), "parent_gid");
        assert_eq!(code(to(&city, "nothing").await), Code::ParentGroupNotExist);

        // As deep as groups can be, and no deeper.
        let mut deepest = city.clone();
        for _ in 0..28 {
            deepest = named(&fleet, Some(&deepest), "Below").await;
        }
        let aside = named(&fleet, Some(&root), "Aside").await;
        let within = named(&fleet, Some(&aside), "Within").await;
        assert_eq!(param(to(&aside, &deepest).await), "parent_gid");
        to(&within, &aside).await.expect("it is there");
        let listed = list_groups(&ctx, fleet.product()).await.expect("groups");
        assert!(listed.iter().all(|group| group.id > 0));
    }
);

db_test!(
    async fn a_viewer_moves_nothing(plant: TestPlant) {
        let ctx = plant.ctx();
        let fleet = Fleet::new(&ctx, "pk").await;
        let root = named(&fleet, None, "All").await;
        let one = OneGroup { product_key: fleet.key.clone(), gid: root.clone() };
        let refused: Result<_> = move_group(&plant.viewer(), one, root).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
    }
);
