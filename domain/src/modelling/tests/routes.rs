//! Process routes as their page shows them.

use super::{add, factory, route};
use crate::db_test;
use crate::modelling::service::*;
use crate::modelling::*;

db_test!(
    async fn a_route_shows_its_steps_with_cycle_and_machines(plant: TestPlant) {
        let ctx = plant.ctx();
        let [_, _, _, center, machine] = factory(&ctx, "F").await;
        let [technology, process, step] = route(&ctx, "R").await;
        add(&ctx, NodeKind::Step, "R4", process).await;
        let cycle = CreateAttribute {
            name: "Ideal cycle".into(),
            en_name: "idealCycleTime".into(),
            value: "45".into(),
            parent_id: Some(step),
            parent_type: "step".into(),
            parent_code: None,
        };
        create_attribute(&ctx, cycle).await.expect("an attribute");
        let link = TechnicsDependence {
            id: Some(process),
            id_type: "PROCESS".into(),
            dep_id: Some(center),
            dep_id_type: "MACHIN_CENTER".into(),
            code: None,
            dep_code: None,
        };
        add_technics_dependence(&ctx, link).await.expect("a link");
        let of = |id| GetNode { model: Model::Process, id };
        let operations = list_operations(&plant.viewer(), of(technology)).await.expect("operations");
        assert_eq!(operations.len(), 1);
        assert_eq!(operations[0].centers[0].center.id, center);
        assert_eq!(operations[0].centers[0].equipment[0].id, machine);
        let cycles = operations[0].steps.iter().map(|s| (s.step.code.as_str(), s.ideal_cycle_time));
        assert_eq!(cycles.collect::<Vec<_>>(), [("R4", None), ("R3", Some(45.0))]);
        assert_eq!(list_operations(&ctx, of(step)).await.expect("operations"), operations);
        assert!(list_operations(&plant.other_tenant().await, of(step)).await.expect("none").is_empty());
    }
);

db_test!(
    async fn the_nodes_of_a_kind_are_listed_by_code(plant: TestPlant) {
        let ctx = plant.ctx();
        let [factory_id, ..] = factory(&ctx, "F").await;
        add(&ctx, NodeKind::Workshop, "A", factory_id).await;
        let workshops = ListKind { kind: NodeKind::Workshop, archived: false };
        let codes = |found: Vec<Node>| found.into_iter().map(|node| node.code).collect::<Vec<_>>();
        assert_eq!(codes(list_kind(&plant.viewer(), workshops).await.expect("nodes")), ["A", "F2"]);
        assert!(list_kind(&plant.other_tenant().await, workshops).await.expect("nodes").is_empty());
    }
);
