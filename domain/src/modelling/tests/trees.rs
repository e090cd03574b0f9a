//! The trees and the single nodes of the info calls.

use super::{add, coded, factory, refused, route};
use crate::db_test;
use crate::modelling::service::*;
use crate::modelling::*;
use crate::{Code, Patch};

db_test!(
    async fn the_factory_tree_holds_every_level(plant: TestPlant) {
        let ctx = plant.ctx();
        let [factory_id, workshop_id, line_id, center_id, equipment_id] = factory(&ctx, "F").await;
        let tree = query_factory_tree(&ctx, QueryTree::default()).await.expect("a tree");
        let json = serde_json::to_value(&tree).expect("JSON");
        let expected = serde_json::json!({"factories": [{
            "id": factory_id, "name": "Node F1", "code": "F1",
            "workShops": [{
                "id": workshop_id, "name": "Node F2", "code": "F2",
                "beltlines": [{
                    "id": line_id, "name": "Node F3", "code": "F3",
                    "machiningCenters": [{
                        "id": center_id, "name": "Node F4", "code": "F4",
                        "equipments": [{"id": equipment_id, "name": "Node F5", "code": "F5"}],
                    }],
                }],
            }],
        }], "page": {"total": 1, "size": 20, "to": 1}});
        assert_eq!(json, expected);
    }
);

db_test!(
    async fn trees_are_paged_searched_and_named(plant: TestPlant) {
        let ctx = plant.ctx();
        let [first, _, _, _, equipment_id] = factory(&ctx, "F").await;
        plant.clock.set(ctx.now() + 1);
        let second = add(&ctx, NodeKind::Factory, "G", 0).await;
        let ids = |params: QueryTree| {
            let ctx = ctx.clone();
            async move {
                let tree = query_factory_tree(&ctx, params).await.expect("a tree");
                (tree.factories.iter().map(|f| f.id).collect::<Vec<_>>(), tree.page.total)
            }
        };
        let search = |text: &str| QueryTree { search: Some(text.into()), ..QueryTree::default() };
        assert_eq!(ids(QueryTree::default()).await, (vec![second, first], 2));
        let page = QueryTree { pageid: Some(2), page_size: Some(1), ..QueryTree::default() };
        assert_eq!(ids(page).await, (vec![first], 2));
        assert_eq!(ids(search("node g")).await, (vec![second], 1));
        assert_eq!(ids(search(&second.to_string())).await, (vec![second], 1));
        assert_eq!(ids(search("Node F5")).await, (vec![first], 1));
        assert_eq!(ids(search(&equipment_id.to_string())).await, (vec![first], 1));
        assert_eq!(ids(search("%")).await, (vec![], 0));
        let named = QueryTree { id: Some(first), code: Some("G".into()), ..QueryTree::default() };
        assert_eq!(ids(named).await, (vec![first], 1));
        assert_eq!(
            ids(QueryTree { code: Some("G".into()), ..QueryTree::default() }).await,
            (vec![second], 1)
        );
        assert_eq!(ids(QueryTree { id: Some(5), ..QueryTree::default() }).await, (vec![], 0));
        let size = QueryTree { page_size: Some(2001), ..QueryTree::default() };
        assert_eq!(refused(query_factory_tree(&ctx, size.clone()).await), "pageSize");
        assert_eq!(refused(query_process_tree(&ctx, size).await), "pageSize");
        let zero = QueryTree { pageid: Some(0), ..QueryTree::default() };
        assert_eq!(refused(query_factory_tree(&ctx, zero).await), "pageid");
        let foreign = query_factory_tree(&plant.other_tenant().await, QueryTree::default()).await;
        assert_eq!(foreign.expect("a tree").page.total, 0);
    }
);

db_test!(
    async fn the_process_tree_holds_processes_and_steps(plant: TestPlant) {
        let ctx = plant.ctx();
        let [technology_id, process_id, step_id] = route(&ctx, "T").await;
        let tree = query_process_tree(&plant.viewer(), QueryTree::default()).await.expect("a tree");
        let json = serde_json::to_value(&tree).expect("JSON");
        let expected = serde_json::json!({"technologies": [{
            "id": technology_id, "name": "Node T1", "code": "T1",
            "processes": [{
                "id": process_id, "name": "Node T2", "code": "T2",
                "steps": [{"id": step_id, "name": "Node T3", "code": "T3"}],
            }],
        }]});
        assert_eq!(json, expected);
        for unknown in [
            QueryTree { id: Some(process_id), ..QueryTree::default() },
            QueryTree { code: Some("Q".into()), ..QueryTree::default() },
        ] {
            assert_eq!(coded(query_process_tree(&ctx, unknown).await), Code::TechnologyNotExist);
        }
        let other = plant.other_tenant().await;
        let foreign = QueryTree { id: Some(technology_id), ..QueryTree::default() };
        assert_eq!(coded(query_process_tree(&other, foreign).await), Code::TechnologyNotExist);
        assert!(
            query_process_tree(&other, QueryTree::default()).await.expect("a tree").technologies.is_empty()
        );
    }
);

db_test!(
    async fn siblings_are_ordered_by_their_index(plant: TestPlant) {
        let ctx = plant.ctx();
        let technology_id = add(&ctx, NodeKind::Technology, "T", 0).await;
        let mut ids = Vec::new();
        for (i, index) in [Some(2), Some(1), None, None].into_iter().enumerate() {
            plant.clock.set(ctx.now() + 1);
            let id = add(&ctx, NodeKind::Process, &format!("P{i}"), technology_id).await;
            let update = UpdateProcessNode {
                id: Some(id),
                code: format!("P{i}"),
                name: "P".into(),
                r#type: "process".into(),
                order_index: index.map_or(Patch::Keep, Patch::Set),
                ..Default::default()
            };
            update_process_node(&ctx, update).await.expect("updated");
            ids.push(id);
        }
        let tree = query_process_tree(&ctx, QueryTree::default()).await.expect("a tree");
        let order: Vec<i64> = tree.technologies[0].processes.iter().map(|p| p.id).collect();
        assert_eq!(order, [ids[1], ids[0], ids[3], ids[2]]);
    }
);

db_test!(
    async fn archived_nodes_are_in_no_tree_but_can_be_looked_up(plant: TestPlant) {
        let ctx = plant.ctx();
        let [technology_id, process_id, _] = route(&ctx, "T").await;
        let archive = UpdateProcessNode {
            id: Some(process_id),
            code: "T2".into(),
            name: "T2".into(),
            r#type: "process".into(),
            flag: Some("archive".into()),
            ..Default::default()
        };
        update_process_node(&ctx, archive).await.expect("archived");
        let tree = query_process_tree(&ctx, QueryTree::default()).await.expect("a tree");
        assert_eq!(tree.technologies[0].id, technology_id);
        assert!(tree.technologies[0].processes.is_empty());
        let info =
            get_process(&ctx, GetNodeInfo { id: Some(process_id), code: None }).await.expect("a process");
        assert_eq!(info.flag, "archive");
    }
);

db_test!(
    async fn a_node_is_looked_up_by_id_or_code(plant: TestPlant) {
        let ctx = plant.ctx();
        let [factory_id, workshop_id, line_id, center_id, _] = factory(&ctx, "F").await;
        let [technology_id, process_id, step_id] = route(&ctx, "T").await;
        let by_code = |code: &str| GetNodeInfo { id: None, code: Some(code.into()) };
        let by_id = |id: i64| GetNodeInfo { id: Some(id), code: Some("other".into()) };
        assert_eq!(get_factory(&ctx, by_code("F1")).await.expect("a factory").id, factory_id);
        let workshop = get_workshop(&ctx, by_id(workshop_id)).await.expect("a workshop");
        assert_eq!(
            (workshop.parent_id, workshop.parent_type.as_deref()),
            (Some(factory_id), Some("factory"))
        );
        let line = get_beltline(&ctx, by_code("F3")).await.expect("a line");
        assert_eq!((line.id, line.parent_type.as_deref()), (line_id, Some("workshop")));
        let center = get_machining_center(&ctx, by_id(center_id)).await.expect("a center");
        assert_eq!((center.parent_id, center.parent_type.as_deref()), (Some(line_id), Some("beltline")));
        assert_eq!(get_technology(&ctx, by_code("T1")).await.expect("a technology").id, technology_id);
        let process = get_process(&ctx, by_id(process_id)).await.expect("a process");
        assert_eq!(
            (process.parent_id, process.parent_type.as_deref()),
            (Some(technology_id), Some("technology"))
        );
        let step = get_step(&ctx, by_code("T3")).await.expect("a step");
        assert_eq!((step.id, step.parent_type.as_deref()), (step_id, Some("process")));
        assert_eq!((step.create_time.as_str(), step.flag.as_str()), ("2026-06-01 08:00:00", "unpublish"));
    }
);

db_test!(
    async fn an_unknown_node_is_answered_as_documented(plant: TestPlant) {
        let ctx = plant.ctx();
        let ids = factory(&ctx, "F").await;
        let (by_id, by_code) =
            (GetNodeInfo { id: Some(ids[4]), code: None }, GetNodeInfo { id: None, code: Some("Q".into()) });
        assert_eq!(refused(get_factory(&ctx, by_id.clone()).await), "id");
        assert_eq!(refused(get_workshop(&ctx, by_code.clone()).await), "code");
        assert_eq!(refused(get_beltline(&ctx, GetNodeInfo::default()).await), "id");
        assert_eq!(refused(get_machining_center(&ctx, by_id.clone()).await), "id");
        assert_eq!(coded(get_technology(&ctx, by_code.clone()).await), Code::TechnologyNotExist);
        assert_eq!(coded(get_process(&ctx, by_id.clone()).await), Code::ProcessNotExist);
        assert_eq!(coded(get_step(&ctx, by_code).await), Code::StepNotExist);
        assert_eq!(refused(get_step(&ctx, GetNodeInfo::default()).await), "id");
    }
);
