//! Equipment: links to master records and the equipment list.

use super::{add, asset_num, factory, refused, stored};
use crate::db_test;
use crate::masterdata::equipment::insert_equipment;
use crate::modelling::service::*;
use crate::modelling::*;
use crate::{Ctx, Patch};

async fn record(ctx: &Ctx, asset_num: &str) -> i64 {
    let mut tx = ctx.begin().await.expect("a write");
    let record = insert_equipment(ctx, &mut tx, asset_num, "from master data").await.expect("a record");
    tx.commit().await.expect("a commit");
    record.dap_id
}

fn linking(code: &str, equipment_id: Option<i64>, parent_id: i64) -> CreateFactoryNode {
    CreateFactoryNode {
        code: code.into(),
        name: format!("Machine {code}"),
        desc: Some("not for equipment".into()),
        r#type: "equipment".into(),
        parent_id: Some(parent_id),
        equipment_id,
        ..Default::default()
    }
}

db_test!(
    async fn an_equipment_node_has_the_id_of_its_master_record(plant: TestPlant) {
        let ctx = plant.ctx();
        let [_, _, _, center_id, first] = factory(&ctx, "F").await;
        // Created, since there was none with this asset number.
        assert_eq!(asset_num(&ctx, first).await.as_deref(), Some("F5"));
        let (named, found) = (record(&ctx, "M1").await, record(&ctx, "M2").await);
        let id = create_factory_node(&ctx, linking("M1", Some(named), center_id)).await.expect("linked");
        assert_eq!(id, named);
        let id = create_factory_node(&ctx, linking("M2", None, center_id)).await.expect("linked");
        assert_eq!(id, found);
        let node = stored(&ctx, NodeKind::Equipment, id).await;
        assert_eq!((node.name.as_str(), node.description), ("Machine M2", None));
        let other = record(&ctx, "M3").await;
        assert_eq!(refused(create_factory_node(&ctx, linking("M4", Some(other), center_id)).await), "code");
        assert_eq!(
            refused(create_factory_node(&ctx, linking("M4", Some(1), center_id)).await),
            "equipmentId"
        );
        assert_eq!(refused(create_factory_node(&ctx, linking("M1", Some(named), center_id)).await), "code");
        let foreign = record(&plant.other_tenant().await, "M5").await;
        let result = create_factory_node(&ctx, linking("M5", Some(foreign), center_id)).await;
        assert_eq!(refused(result), "equipmentId");
        let update = UpdateFactoryNode {
            id: Some(named),
            code: "M9".into(),
            name: "x".into(),
            r#type: "equipment".into(),
            desc: Patch::Set("not for equipment".into()),
            ..Default::default()
        };
        assert_eq!(refused(update_factory_node(&ctx, update.clone()).await), "code");
        update_factory_node(&ctx, UpdateFactoryNode { code: "M1".into(), ..update }).await.expect("updated");
        assert_eq!(stored(&ctx, NodeKind::Equipment, named).await.description, None);
    }
);

db_test!(
    async fn deleting_or_archiving_a_linked_equipment_leaves_its_master_record(plant: TestPlant) {
        let ctx = plant.ctx();
        let [_, _, _, center_id, _] = factory(&ctx, "F").await;
        let machine = record(&ctx, "M1").await;
        for _ in 0..2 {
            create_factory_node(&ctx, linking("M1", None, center_id)).await.expect("linked");
            let node = DeleteNode { id: Some(machine), r#type: "equipment".into(), code: None };
            delete_factory_node(&ctx, node).await.expect("unlinked");
            assert_eq!(asset_num(&ctx, machine).await.as_deref(), Some("M1"));
        }
        create_factory_node(&ctx, linking("M1", Some(machine), center_id)).await.expect("linked again");
        let archived = UpdateFactoryNode {
            id: Some(machine),
            code: "M1".into(),
            name: "Machine M1".into(),
            r#type: "equipment".into(),
            flag: Some("archive".into()),
            ..Default::default()
        };
        update_factory_node(&ctx, archived).await.expect("archived");
        assert_eq!(asset_num(&ctx, machine).await.as_deref(), Some("M1"));
        // The code stays taken: it is linked still.
        assert_eq!(refused(create_factory_node(&ctx, linking("M1", None, center_id)).await), "code");
    }
);

db_test!(
    async fn the_equipment_below_a_node_is_listed_newest_first(plant: TestPlant) {
        let ctx = plant.ctx();
        let [factory_id, _, line_id, center_id, first] = factory(&ctx, "F").await;
        let second_center = add(&ctx, NodeKind::MachiningCenter, "C2", line_id).await;
        plant.clock.set(ctx.now() + 1);
        let second = add(&ctx, NodeKind::Equipment, "E2", second_center).await;
        factory(&ctx, "G").await;
        let query = |level: i64, id: Option<i64>, code: Option<&str>| {
            let params = QueryEquipment { id, level, code: code.map(Into::into) };
            let ctx = ctx.clone();
            async move {
                let list = query_equipment(&ctx, params).await.expect("a list").equipments;
                list.into_iter().map(|e| e.id).collect::<Vec<_>>()
            }
        };
        assert_eq!(query(1, Some(factory_id), None).await, [second, first]);
        assert_eq!(query(1, None, Some("F1")).await, [second, first]);
        assert_eq!(query(3, None, Some("F3")).await, [second, first]);
        assert_eq!(query(4, Some(center_id), Some("C2")).await, [first]);
        assert_eq!(query(5, Some(second), None).await, [second]);
        assert_eq!(query(5, None, Some("E2")).await, [second]);
        assert_eq!(query(1, None, None).await.len(), 3);
        assert!(query(2, Some(factory_id), None).await.is_empty());
        let level = QueryEquipment { level: 6, ..Default::default() };
        assert_eq!(refused(query_equipment(&ctx, level).await), "level");
        let foreign = QueryEquipment { level: 1, id: Some(factory_id), code: None };
        let list = query_equipment(&plant.other_tenant().await, foreign).await.expect("a list");
        assert!(list.equipments.is_empty());
        let archive = UpdateFactoryNode {
            code: "C2".into(),
            name: "C2".into(),
            r#type: "machiningCenter".into(),
            flag: Some("archive".into()),
            ..Default::default()
        };
        update_factory_node(&ctx, archive).await.expect("archived");
        assert_eq!(query(1, Some(factory_id), None).await, [first]);
    }
);

db_test!(
    async fn a_listed_equipment_says_what_its_record_says(plant: TestPlant) {
        let ctx = plant.ctx();
        let [_, _, _, center_id, id] = factory(&ctx, "F").await;
        let query = QueryEquipment { level: 5, id: Some(id), code: None };
        let list = query_equipment(&plant.viewer(), query).await.expect("a list");
        let expected = EquipmentInfo {
            id,
            asset_num: "F5".into(),
            brevity_code: None,
            equipment_model: None,
            equipment_model_name: None,
            iot_device_id: None,
            usable_condition: None,
            description: None,
            parent_id: Some(center_id),
            parent_type: Some("machiningCenter".into()),
            name: "Node F5".into(),
        };
        assert_eq!(list.equipments, [expected]);
    }
);
