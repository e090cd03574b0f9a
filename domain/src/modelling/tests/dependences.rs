//! Links between the two models.

use super::{factory, forbidden, refused, route};
use crate::db_test;
use crate::modelling::service::*;
use crate::modelling::*;

fn link(id_type: &str, id: i64, dep_id_type: &str, dep_id: i64) -> TechnicsDependence {
    TechnicsDependence {
        id: Some(id),
        id_type: id_type.into(),
        dep_id: Some(dep_id),
        dep_id_type: dep_id_type.into(),
        code: None,
        dep_code: None,
    }
}

db_test!(
    async fn technologies_link_lines_and_processes_link_machining_centers(plant: TestPlant) {
        let ctx = plant.ctx();
        let [_, _, line_id, center_id, _] = factory(&ctx, "F").await;
        let [technology_id, process_id, _] = route(&ctx, "T").await;
        let by_id = link("TECHNOLOGY", technology_id, "BELTLINE", line_id);
        let by_code = TechnicsDependence {
            id_type: "PROCESS".into(),
            dep_id_type: "MACHIN_CENTER".into(),
            code: Some("T2".into()),
            dep_code: Some("F4".into()),
            ..Default::default()
        };
        for _ in 0..2 {
            add_technics_dependence(&ctx, by_id.clone()).await.expect("linked, and linked again");
            add_technics_dependence(&ctx, by_code.clone()).await.expect("linked, and linked again");
        }
        let technology = GetNodeInfo { id: Some(technology_id), code: None };
        let deps = get_technology(&ctx, technology.clone()).await.expect("a technology").deps;
        assert_eq!(deps, [DependenceInfo { id: line_id, name: "Node F3".into(), code: "F3".into() }]);
        let process = GetNodeInfo { id: Some(process_id), code: None };
        let deps = get_process(&ctx, process).await.expect("a process").deps;
        assert_eq!(deps.iter().map(|d| d.id).collect::<Vec<_>>(), [center_id]);
        let detail = get_node(&ctx, GetNode { model: Model::Factory, id: center_id }).await.expect("a node");
        assert_eq!(detail.dependences.iter().map(|n| n.id).collect::<Vec<_>>(), [process_id]);
        // A linked line stays until it is unlinked.
        let delete = DeleteNode { id: Some(line_id), r#type: "beltline".into(), code: None };
        let error = delete_factory_node(&ctx, delete).await.expect_err("linked").to_string();
        assert!(error.contains("1 process-model links"), "{error}");
        delete_technics_dependence(&ctx, by_id.clone()).await.expect("unlinked");
        assert_eq!(refused(delete_technics_dependence(&ctx, by_id).await), "depId");
        assert!(get_technology(&ctx, technology).await.expect("a technology").deps.is_empty());
    }
);

db_test!(
    async fn only_the_two_documented_pairs_can_be_linked(plant: TestPlant) {
        let ctx = plant.ctx();
        let [_, workshop_id, line_id, center_id, _] = factory(&ctx, "F").await;
        let [technology_id, process_id, _] = route(&ctx, "T").await;
        let cases = [
            (link("STEP", technology_id, "BELTLINE", line_id), "idType"),
            (link("TECHNOLOGY", technology_id, "MACHIN_CENTER", center_id), "depIdType"),
            (link("PROCESS", process_id, "BELTLINE", line_id), "depIdType"),
            (link("PROCESS", technology_id, "MACHIN_CENTER", center_id), "id"),
            (link("TECHNOLOGY", technology_id, "BELTLINE", workshop_id), "depId"),
            (TechnicsDependence { id: None, ..link("TECHNOLOGY", 0, "BELTLINE", line_id) }, "id"),
            (
                TechnicsDependence { dep_id: None, ..link("TECHNOLOGY", technology_id, "BELTLINE", 0) },
                "depId",
            ),
        ];
        for (params, param) in cases {
            assert_eq!(refused(add_technics_dependence(&ctx, params.clone()).await), param);
            assert_eq!(refused(delete_technics_dependence(&ctx, params).await), param);
        }
        let archive = UpdateFactoryNode {
            code: "F3".into(),
            name: "F3".into(),
            r#type: "beltline".into(),
            flag: Some("archive".into()),
            ..Default::default()
        };
        update_factory_node(&ctx, archive).await.expect("archived");
        let archived = link("TECHNOLOGY", technology_id, "BELTLINE", line_id);
        assert_eq!(refused(add_technics_dependence(&ctx, archived).await), "depId");
    }
);

db_test!(
    async fn links_keep_to_their_tenant_and_to_those_who_may(plant: TestPlant) {
        let (ctx, viewer, other) = (plant.ctx(), plant.viewer(), plant.other_tenant().await);
        let [_, _, line_id, ..] = factory(&ctx, "F").await;
        let [technology_id, ..] = route(&ctx, "T").await;
        let params = link("TECHNOLOGY", technology_id, "BELTLINE", line_id);
        assert!(forbidden(add_technics_dependence(&viewer, params.clone()).await));
        assert!(forbidden(delete_technics_dependence(&viewer, params.clone()).await));
        let [_, _, foreign_line, ..] = factory(&other, "F").await;
        let foreign = link("TECHNOLOGY", technology_id, "BELTLINE", foreign_line);
        assert_eq!(refused(add_technics_dependence(&ctx, foreign).await), "depId");
        assert_eq!(refused(add_technics_dependence(&other, params).await), "id");
    }
);
