//! Creating, changing and deleting nodes.

use super::{add, coded, exists, factory, forbidden, refused, route, stored, try_add};
use crate::db::sql;
use crate::db_test;
use crate::modelling::service::*;
use crate::modelling::*;
use crate::{Code, Patch};

fn update_of(kind: NodeKind, id: i64, code: &str) -> UpdateFactoryNode {
    let (code, name, r#type) = (code.to_owned(), "new name".to_owned(), kind.as_str().to_owned());
    UpdateFactoryNode { id: Some(id), code, name, r#type, ..Default::default() }
}

fn delete_of(kind: NodeKind, id: i64) -> DeleteNode {
    DeleteNode { id: Some(id), r#type: kind.as_str().into(), code: None }
}

db_test!(
    async fn each_level_stands_under_the_one_above(plant: TestPlant) {
        let ctx = plant.ctx();
        let ids = factory(&ctx, "F").await;
        let route = route(&ctx, "T").await;
        for (i, kind) in NodeKind::ALL.into_iter().enumerate() {
            let id = if i < 5 { ids[i] } else { route[i - 5] };
            let node = stored(&ctx, kind, id).await;
            assert_eq!(node.kind, kind);
            assert_eq!(node.flag, Flag::Unpublish);
        }
        // A parent of another level is none.
        assert_eq!(refused(try_add(&ctx, NodeKind::Beltline, "B9", ids[0]).await), "parentId");
        assert_eq!(refused(try_add(&ctx, NodeKind::Step, "S9", route[0]).await), "parentId");
        assert_eq!(refused(try_add(&ctx, NodeKind::Workshop, "W9", 0).await), "parentId");
        assert_eq!(refused(try_add(&ctx, NodeKind::Factory, "F9", ids[0]).await), "parentId");
        assert_eq!(refused(try_add(&ctx, NodeKind::Technology, "T9", route[0]).await), "parentId");
    }
);

db_test!(
    async fn the_parent_is_named_by_id_or_code_and_the_id_wins(plant: TestPlant) {
        let ctx = plant.ctx();
        let first = add(&ctx, NodeKind::Factory, "A", 0).await;
        let second = add(&ctx, NodeKind::Factory, "B", 0).await;
        let create = |code: &str, parent_id, parent_code: Option<&str>| CreateFactoryNode {
            code: code.into(),
            name: code.into(),
            r#type: "workshop".into(),
            parent_id,
            parent_code: parent_code.map(Into::into),
            ..Default::default()
        };
        let by_code = create_factory_node(&ctx, create("W1", None, Some("B"))).await.expect("a workshop");
        assert_eq!(stored(&ctx, NodeKind::Workshop, by_code).await.parent_id, Some(second));
        let by_id =
            create_factory_node(&ctx, create("W2", Some(first), Some("B"))).await.expect("a workshop");
        assert_eq!(stored(&ctx, NodeKind::Workshop, by_id).await.parent_id, Some(first));
        assert_eq!(refused(create_factory_node(&ctx, create("W3", None, None)).await), "parentId");
        assert_eq!(refused(create_factory_node(&ctx, create("W3", None, Some("W1"))).await), "parentCode");
        assert_eq!(refused(create_factory_node(&ctx, create("W3", Some(77), Some("B"))).await), "parentId");
        let root = CreateFactoryNode { r#type: "factory".into(), ..create("C", None, Some("A")) };
        assert_eq!(refused(create_factory_node(&ctx, root).await), "parentCode");
    }
);

db_test!(
    async fn a_code_is_unique_in_its_model_and_stays_taken_when_archived(plant: TestPlant) {
        let ctx = plant.ctx();
        let id = add(&ctx, NodeKind::Factory, "X", 0).await;
        assert_eq!(refused(try_add(&ctx, NodeKind::Factory, "X", 0).await), "code");
        assert_eq!(refused(try_add(&ctx, NodeKind::Workshop, "X", id).await), "code");
        add(&ctx, NodeKind::Technology, "X", 0).await;
        let archive =
            UpdateFactoryNode { flag: Some("archive".into()), ..update_of(NodeKind::Factory, id, "X") };
        update_factory_node(&ctx, archive).await.expect("archived");
        assert_eq!(refused(try_add(&ctx, NodeKind::Factory, "X", 0).await), "code");
        let other = plant.other_tenant().await;
        add(&other, NodeKind::Factory, "X", 0).await;
    }
);

db_test!(
    async fn unreadable_parameters_are_refused_by_name(plant: TestPlant) {
        let ctx = plant.ctx();
        let create = CreateFactoryNode {
            code: "F".into(),
            name: "F".into(),
            r#type: "factory".into(),
            ..Default::default()
        };
        let with = |change: fn(&mut CreateFactoryNode)| {
            let mut params = create.clone();
            change(&mut params);
            create_factory_node(&ctx, params)
        };
        assert_eq!(refused(with(|p| p.code = " ".into()).await), "code");
        assert_eq!(refused(with(|p| p.name = String::new()).await), "name");
        assert_eq!(refused(with(|p| p.r#type = "step".into()).await), "type");
        assert_eq!(refused(with(|p| p.flag = Some("archive".into())).await), "flag");
        with(|p| p.r#type = "FACTORY".into()).await.expect("the case of a type does not matter");
        let process = CreateProcessNode {
            code: "F".into(),
            name: "F".into(),
            r#type: "factory".into(),
            ..Default::default()
        };
        assert_eq!(refused(create_process_node(&ctx, process).await), "type");
    }
);

db_test!(
    async fn an_update_keeps_clears_and_sets(plant: TestPlant) {
        let ctx = plant.ctx();
        let [factory_id, workshop_id, ..] = factory(&ctx, "F").await;
        let other = add(&ctx, NodeKind::Factory, "G", 0).await;
        plant.clock.set(ctx.now() + 5000);
        let set = UpdateFactoryNode {
            desc: Patch::Set("where doors are made".into()),
            order_index: Patch::Set(7),
            parent_code: Some("G".into()),
            ..update_of(NodeKind::Workshop, workshop_id, "F2")
        };
        update_factory_node(&ctx, set).await.expect("updated");
        let node = stored(&ctx, NodeKind::Workshop, workshop_id).await;
        assert_eq!(node.name, "new name");
        assert_eq!(node.description.as_deref(), Some("where doors are made"));
        assert_eq!((node.order_index, node.parent_id), (Some(7), Some(other)));
        assert_eq!(node.modified_at - node.created_at, 5000);
        // Absent is unchanged, by code as well as by id.
        let keep = UpdateFactoryNode { id: None, ..update_of(NodeKind::Workshop, 0, "F2") };
        update_factory_node(&ctx, keep).await.expect("updated");
        let node = stored(&ctx, NodeKind::Workshop, workshop_id).await;
        assert_eq!(node.description.as_deref(), Some("where doors are made"));
        assert_eq!((node.order_index, node.parent_id), (Some(7), Some(other)));
        let clear = UpdateFactoryNode {
            desc: Patch::Clear,
            order_index: Patch::Clear,
            ..update_of(NodeKind::Workshop, workshop_id, "F2")
        };
        update_factory_node(&ctx, clear).await.expect("updated");
        let node = stored(&ctx, NodeKind::Workshop, workshop_id).await;
        assert_eq!((node.description, node.order_index), (None, None));
        let refused_parent = UpdateFactoryNode {
            parent_id: Some(workshop_id),
            ..update_of(NodeKind::Workshop, workshop_id, "F2")
        };
        assert_eq!(refused(update_factory_node(&ctx, refused_parent).await), "parentId");
        let root = UpdateFactoryNode { parent_id: Some(0), ..update_of(NodeKind::Factory, factory_id, "F1") };
        update_factory_node(&ctx, root).await.expect("a factory has the parent 0");
    }
);

db_test!(
    async fn an_update_names_a_known_node_of_that_type(plant: TestPlant) {
        let ctx = plant.ctx();
        let [factory_id, ..] = factory(&ctx, "F").await;
        let unknown = update_of(NodeKind::Factory, 99, "F1");
        assert_eq!(refused(update_factory_node(&ctx, unknown).await), "id");
        let unknown = UpdateFactoryNode { id: None, ..update_of(NodeKind::Factory, 0, "F9") };
        assert_eq!(refused(update_factory_node(&ctx, unknown).await), "code");
        let other_type = update_of(NodeKind::Workshop, factory_id, "F1");
        assert_eq!(refused(update_factory_node(&ctx, other_type).await), "type");
        let bad_flag = UpdateFactoryNode {
            flag: Some("unpublish".into()),
            ..update_of(NodeKind::Factory, factory_id, "F1")
        };
        assert_eq!(refused(update_factory_node(&ctx, bad_flag).await), "flag");
    }
);

db_test!(
    async fn a_code_changes_only_before_the_node_is_published(plant: TestPlant) {
        let ctx = plant.ctx();
        let [factory_id, workshop_id, ..] = factory(&ctx, "F").await;
        update_factory_node(&ctx, update_of(NodeKind::Factory, factory_id, "NEW")).await.expect("renamed");
        assert_eq!(stored(&ctx, NodeKind::Factory, factory_id).await.code, "NEW");
        let taken = update_of(NodeKind::Factory, factory_id, "F2");
        assert_eq!(refused(update_factory_node(&ctx, taken).await), "code");
        // The document's own example writes the flag so.
        let publish = UpdateFactoryNode {
            flag: Some("flag:publish ".into()),
            ..update_of(NodeKind::Workshop, workshop_id, "F2")
        };
        update_factory_node(&ctx, publish).await.expect("published");
        for (kind, id) in [(NodeKind::Factory, factory_id), (NodeKind::Workshop, workshop_id)] {
            assert_eq!(refused(update_factory_node(&ctx, update_of(kind, id, "LATE")).await), "code");
        }
        let [technology_id, ..] = route(&ctx, "T").await;
        let publish = UpdateProcessNode {
            id: Some(technology_id),
            code: "T0".into(),
            name: "T".into(),
            r#type: "technology".into(),
            flag: Some("publish".into()),
            ..Default::default()
        };
        update_process_node(&ctx, publish.clone()).await.expect("renamed and published");
        let late = UpdateProcessNode { code: "T9".into(), ..publish };
        assert_eq!(refused(update_process_node(&ctx, late).await), "code");
    }
);

db_test!(
    async fn a_node_is_deleted_once_nothing_refers_to_it(plant: TestPlant) {
        let ctx = plant.ctx();
        let [factory_id, workshop_id, line_id, center_id, equipment_id] = factory(&ctx, "F").await;
        let error =
            delete_factory_node(&ctx, delete_of(NodeKind::Factory, factory_id)).await.expect_err("children");
        assert!(error.to_string().contains("1 child nodes (workshop)"), "{error}");
        assert_eq!(refused::<()>(Err(error)), "id");
        let by_code = DeleteNode { id: None, code: Some("F2".into()), r#type: "workshop".into() };
        assert_eq!(refused(delete_factory_node(&ctx, by_code).await), "code");
        assert_eq!(refused(delete_factory_node(&ctx, delete_of(NodeKind::Workshop, line_id)).await), "id");
        assert_eq!(refused(delete_factory_node(&ctx, delete_of(NodeKind::Step, line_id)).await), "type");
        let nameless = DeleteNode { r#type: "factory".into(), ..Default::default() };
        assert_eq!(refused(delete_factory_node(&ctx, nameless).await), "id");
        let nodes = [
            (NodeKind::Equipment, equipment_id),
            (NodeKind::MachiningCenter, center_id),
            (NodeKind::Beltline, line_id),
            (NodeKind::Workshop, workshop_id),
            (NodeKind::Factory, factory_id),
        ];
        for (kind, id) in nodes {
            delete_factory_node(&ctx, delete_of(kind, id)).await.expect("deleted");
            assert!(!exists(&ctx, kind.level(), id).await);
        }
        // The code is free again, and the machine is still in the master data.
        assert_eq!(super::asset_num(&ctx, equipment_id).await.as_deref(), Some("F5"));
        factory(&ctx, "F").await;
    }
);

db_test!(
    async fn a_process_model_node_goes_with_its_attributes_and_links(plant: TestPlant) {
        let ctx = plant.ctx();
        let [_, _, line_id, ..] = factory(&ctx, "F").await;
        let technology_id = add(&ctx, NodeKind::Technology, "T", 0).await;
        let attribute = CreateAttribute {
            name: "n".into(),
            en_name: "n".into(),
            value: "v".into(),
            parent_id: Some(technology_id),
            parent_type: "technology".into(),
            parent_code: None,
        };
        create_attribute(&ctx, attribute).await.expect("an attribute");
        let link = TechnicsDependence {
            id: Some(technology_id),
            id_type: "TECHNOLOGY".into(),
            dep_id: Some(line_id),
            dep_id_type: "BELTLINE".into(),
            ..Default::default()
        };
        add_technics_dependence(&ctx, link).await.expect("linked");
        let shown = GetNode { model: Model::Factory, id: line_id };
        assert_eq!(preview_delete(&ctx, shown).await.expect("a preview").len(), 2);
        delete_process_node(&ctx, delete_of(NodeKind::Technology, technology_id)).await.expect("deleted");
        let gone = GetNodeInfo { id: Some(technology_id), code: None };
        assert_eq!(coded(get_technology(&ctx, gone).await), Code::TechnologyNotExist);
        let referrers = preview_delete(&ctx, shown).await.expect("a preview");
        assert_eq!(referrers.iter().map(|r| r.count).collect::<Vec<_>>(), [1]);
    }
);

db_test!(
    async fn shifts_shutdowns_and_reports_keep_their_nodes(plant: TestPlant) {
        let ctx = plant.ctx();
        let [_, workshop_id, _, _, equipment_id] = factory(&ctx, "F").await;
        let [_, _, step_id] = route(&ctx, "T").await;
        let tenant_id = ctx.tenant_id();
        let mut tx = ctx.begin().await.expect("a write");
        for statement in [
            "INSERT INTO calendar_shift (tenant_id, id, node_id, node_level, name, begin_time, end_time, created_at)
             VALUES ($1, 1, $2, 2, 's', '08:00:00', '16:00:00', 0)",
            "INSERT INTO planned_shutdown (tenant_id, id, node_id, node_level, name, begin_at, end_at, created_at)
             VALUES ($1, 2, $2, 2, 's', 0, 1, 0)",
        ] {
            sql(statement).bind(tenant_id).bind(workshop_id).run(&mut tx).await.expect("a record");
        }
        sql("INSERT INTO production_report (tenant_id, id, unique_code, material_id, material_code, step_id, step_code,
                 begin_at, end_at, out_put, unit_type, unit_id, created_at, modified_at)
             VALUES ($1, 3, 'u', 0, 'm', $2, 's', 0, 1, 1.0, 4, $3, 0, 0)")
        .bind(tenant_id)
        .bind(step_id)
        .bind(equipment_id)
        .run(&mut tx)
        .await
        .expect("a report");
        sql("INSERT INTO state_report (tenant_id, equipment_id, sequence, status, begin_at, end_at, reported_at,
                 reported_by)
             VALUES ($1, $2, 1, 1, 0, 1, 0, 'a')")
        .bind(tenant_id)
        .bind(equipment_id)
        .run(&mut tx)
        .await
        .expect("a state");
        tx.commit().await.expect("a commit");
        let names = |model, id| {
            let ctx = ctx.clone();
            async move {
                let referrers = preview_delete(&ctx, GetNode { model, id }).await.expect("a preview");
                referrers.into_iter().map(|r| format!("{} {}", r.count, r.what.en)).collect::<Vec<_>>()
            }
        };
        let workshop = names(Model::Factory, workshop_id).await;
        assert_eq!(workshop, ["1 child nodes (production line)", "1 shifts", "1 planned shutdowns"]);
        assert_eq!(names(Model::Factory, equipment_id).await, ["1 production reports", "1 state reports"]);
        assert_eq!(names(Model::Process, step_id).await, ["1 production reports"]);
        assert_eq!(refused(delete_process_node(&ctx, delete_of(NodeKind::Step, step_id)).await), "id");
    }
);

db_test!(
    async fn a_viewer_changes_nothing_and_a_tenant_sees_only_its_own(plant: TestPlant) {
        let (ctx, viewer, other) = (plant.ctx(), plant.viewer(), plant.other_tenant().await);
        let [factory_id, ..] = factory(&ctx, "F").await;
        let [technology_id, ..] = route(&ctx, "T").await;
        assert!(forbidden(try_add(&viewer, NodeKind::Factory, "V", 0).await));
        assert!(forbidden(try_add(&viewer, NodeKind::Technology, "V", 0).await));
        let update = update_of(NodeKind::Factory, factory_id, "F1");
        assert!(forbidden(update_factory_node(&viewer, update.clone()).await));
        let process_update = UpdateProcessNode {
            id: Some(technology_id),
            code: "T1".into(),
            name: "T".into(),
            r#type: "technology".into(),
            ..Default::default()
        };
        assert!(forbidden(update_process_node(&viewer, process_update.clone()).await));
        let (factory_node, technology) =
            (delete_of(NodeKind::Factory, factory_id), delete_of(NodeKind::Technology, technology_id));
        assert!(forbidden(delete_factory_node(&viewer, factory_node.clone()).await));
        assert!(forbidden(delete_process_node(&viewer, technology.clone()).await));
        get_factory(&viewer, GetNodeInfo { id: Some(factory_id), code: None }).await.expect("a viewer reads");
        assert_eq!(refused(update_factory_node(&other, update).await), "id");
        assert_eq!(refused(update_process_node(&other, process_update).await), "id");
        assert_eq!(refused(delete_factory_node(&other, factory_node).await), "id");
        assert_eq!(refused(delete_process_node(&other, technology).await), "id");
        assert_eq!(refused(try_add(&other, NodeKind::Workshop, "W", factory_id).await), "parentId");
        let info = GetNodeInfo { id: None, code: Some("F1".into()) };
        assert_eq!(refused(get_factory(&other, info).await), "code");
    }
);
