//! What other areas stand on.

use serde_json::json;

use super::{insert, write};
use crate::db_test;
use crate::masterdata::equipment::{equipment_by_asset_num, equipment_by_ids, insert_equipment};
use crate::masterdata::lookup::{material_by_code, person_by_id};
use crate::masterdata::record::{LOCK, insert_values, metadata_by_name, record_json};
use crate::masterdata::{CodeAndName, builtin};

db_test!(
    async fn equipment_is_found_with_its_model_and_type(plant: TestPlant) {
        let ctx = plant.ctx();
        insert(&ctx, "设备类型", &["code", "name"], json!([["LATHE", "车床"]])).await.unwrap();
        insert(&ctx, "设备型号", &["code", "name", "equipment_type"], json!([["XP", "XP 500", "LATHE"]]))
            .await
            .unwrap();
        let nodes =
            ["asset_num", "name", "brevity_code", "equipment_model", "usable_condition", "ideal_cycle_time"];
        let made = insert(
            &ctx,
            "equipment",
            &nodes,
            json!([["EQ1", "一号车床", "L1", "XP", 2, "12.5"], ["EQ2", null, "", null, 1, null]]),
        )
        .await
        .unwrap();
        let mut conn = ctx.read().await.unwrap();
        let found = equipment_by_asset_num(&mut conn, ctx.tenant_id(), "EQ1").await.unwrap().unwrap();
        assert_eq!(found.dap_id, made[0].dap_id);
        assert_eq!(found.name.as_deref(), Some("一号车床"));
        assert_eq!(
            found.equipment_model,
            Some(CodeAndName { code: "XP".into(), name: Some("XP 500".into()) })
        );
        assert_eq!(
            found.equipment_type,
            Some(CodeAndName { code: "LATHE".into(), name: Some("车床".into()) })
        );
        assert_eq!((found.usable_condition, found.ideal_cycle_time), (Some(2), Some(12.5)));
        let both: Vec<i64> = made.iter().map(|record| record.dap_id).collect();
        let both = equipment_by_ids(&mut conn, ctx.tenant_id(), &both).await.unwrap();
        assert_eq!(both.iter().map(|e| e.asset_num.as_str()).collect::<Vec<_>>(), ["EQ2", "EQ1"]);
        let stranger = plant.other_tenant().await;
        assert_eq!(equipment_by_asset_num(&mut conn, stranger.tenant_id(), "EQ1").await.unwrap(), None);
    }
);

db_test!(
    async fn a_new_machine_gets_a_record_once(plant: TestPlant) {
        let ctx = plant.ctx();
        let mut tx = ctx.begin().await.unwrap();
        let made = insert_equipment(&ctx, &mut tx, "EQ9", "press").await.unwrap();
        assert!(insert_equipment(&ctx, &mut tx, "EQ9", "press").await.is_err());
        tx.commit().await.unwrap();
        assert_eq!(
            (made.asset_num.as_str(), made.name.as_deref(), made.archived),
            ("EQ9", Some("press"), false)
        );
        let archived = json!({"metaDataName": "生产设备", "action": "ARCHIVE",
            "condition": {"col": "asset_num", "op": "EQUAL", "value": "EQ9"}});
        write(&ctx, archived).await.unwrap();
        let mut conn = ctx.read().await.unwrap();
        assert!(equipment_by_asset_num(&mut conn, ctx.tenant_id(), "EQ9").await.unwrap().unwrap().archived);
    }
);

db_test!(
    async fn materials_and_people_are_found_by_their_keys(plant: TestPlant) {
        let ctx = plant.ctx();
        insert(&ctx, "物料", &["code", "name", "unit"], json!([["M1", "bolt", "pcs"]])).await.unwrap();
        insert(&ctx, "人员", &["id", "name", "phone"], json!([[20_190_923, "张三", "13112345678"]]))
            .await
            .unwrap();
        let mut conn = ctx.read().await.unwrap();
        let material = material_by_code(&mut conn, ctx.tenant_id(), "M1").await.unwrap().unwrap();
        assert_eq!((material.name.as_deref(), material.unit.as_deref()), (Some("bolt"), Some("pcs")));
        let person = person_by_id(&mut conn, ctx.tenant_id(), "20190923").await.unwrap().unwrap();
        assert_eq!((person.name.as_deref(), person.phone.as_deref()), (Some("张三"), Some("13112345678")));
        assert_eq!(material_by_code(&mut conn, ctx.tenant_id(), "m1").await.unwrap(), None);
    }
);

db_test!(
    async fn key_parameters_become_a_record_that_can_be_shown(plant: TestPlant) {
        let ctx = plant.ctx();
        let mut tx = ctx.begin().await.unwrap();
        tx.lock(ctx.tenant_id(), LOCK).await.unwrap();
        let customer = metadata_by_name(&mut tx, ctx.tenant_id(), "Customer").await.unwrap().unwrap();
        assert_eq!(customer.id, builtin::CUSTOMER);
        let columns = ["code".to_owned(), "name".to_owned()];
        let rows = [vec![json!("C1"), json!("Acme")]];
        let ids = insert_values(&ctx, &mut tx, customer.id, &columns, &rows).await.unwrap();
        let (data_id, shown) = record_json(&mut tx, ctx.tenant_id(), ids[0]).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        assert_eq!(data_id, customer.id);
        let shown = serde_json::to_value(&shown).unwrap();
        let id = ids[0].to_string();
        assert_eq!(
            shown["nodes"],
            json!(["code", "name", "dap_id_", "dap_status_", "dap_refcnt_", "dap_row_version_"])
        );
        assert_eq!(shown["data"], json!([["C1", "Acme", id, "已发布", "0", "V1.0"]]));
        assert_eq!(shown["extra"]["headers"]["name"], json!("名称"));
        assert_eq!(shown["page"], json!({"size": 1, "to": 1, "total": 1}));
    }
);
