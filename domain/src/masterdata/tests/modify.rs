//! Metadata modified under their records (section 17.6).

use serde_json::{Value as Json, json};

use super::{column, create, insert, key, modify, property, query, refused};
use crate::db_test;
use crate::masterdata::definition::QueryProperties;
use crate::masterdata::equipment::equipment_by_asset_num;
use crate::masterdata::service;

async fn codes(ctx: &crate::Ctx, name: &str) -> Vec<String> {
    let params = QueryProperties { meta_data_name: Some(name.into()), ..QueryProperties::default() };
    let page = service::query_properties(ctx, params).await.unwrap();
    page.properties.into_iter().map(|property| property.property_code).collect()
}

db_test!(
    async fn built_in_metadata_take_more_properties_and_lose_none(plant: TestPlant) {
        let ctx = plant.ctx();
        modify(&ctx, "人员", vec![property("badge", "INTEGER", json!({}))]).await.unwrap();
        assert_eq!(codes(&ctx, "Employee").await, ["id", "name", "phone", "email", "badge"]);
        insert(&ctx, "人员", &["id", "badge"], json!([["1", 7]])).await.unwrap();
        let documented = vec![
            property(
                "id",
                "STRING",
                json!({"isUnique": true, "isNull": false, "propertyLimit": {"len": 32}, "propertyIndex": 3}),
            ),
            property(
                "name",
                "STRING",
                json!({"display": true, "propertyLimit": {"len": 64}, "propertyIndex": 4}),
            ),
            property("badge", "INTEGER", json!({"propertyIndex": 9})),
        ];
        modify(&ctx, "人员", documented).await.unwrap();
        assert_eq!(codes(&ctx, "人员").await, ["id", "phone", "name", "email", "badge"]);
        let table = query(&ctx, json!({"metaDataName": "person"})).await.unwrap();
        assert_eq!(column(&table, "badge"), [Some("7".to_owned())]);
        let other = plant.other_tenant().await;
        assert_eq!(codes(&other, "人员").await, ["id", "name", "phone", "email"]);
    }
);

db_test!(
    async fn built_in_properties_keep_their_nature(plant: TestPlant) {
        let ctx = plant.ctx();
        for wrong in [
            property("name", "INTEGER", json!({"display": true})),
            property("name", "STRING", json!({"array": true})),
            property("equipment_model", "MASTERDATA", json!({"propertyLimit": {"dataId": 541}})),
        ] {
            assert_eq!(refused(modify(&ctx, "生产设备", vec![wrong]).await), "properties[0]");
        }
        modify(&ctx, "生产设备", vec![property("owner", "STRING", json!({}))]).await.unwrap();
        insert(&ctx, "生产设备", &["asset_num", "name", "owner"], json!([["E1", "lathe", "me"]]))
            .await
            .unwrap();
        let mut conn = ctx.read().await.unwrap();
        let found = equipment_by_asset_num(&mut conn, ctx.tenant_id(), "E1").await.unwrap().unwrap();
        assert_eq!(found.name.as_deref(), Some("lathe"));
    }
);

db_test!(
    async fn what_records_hold_is_not_lost_or_made_wrong(plant: TestPlant) {
        let ctx = plant.ctx();
        let size = |more: Json| property("size", "INTEGER", more);
        let note = |more: Json| property("note", "STRING", more);
        create(&ctx, "t", vec![key(), size(json!({})), note(json!({}))]).await.unwrap();
        insert(&ctx, "t", &["code", "size", "note"], json!([["a", 5, "long note"], ["b", null, null]]))
            .await
            .unwrap();
        for (properties, param) in [
            (vec![key(), note(json!({}))], "properties"),
            (vec![key(), property("size", "STRING", json!({})), note(json!({}))], "properties[1]"),
            (
                vec![key(), size(json!({"propertyLimit": {"max": 4}})), note(json!({}))],
                "properties[1].propertyLimit",
            ),
            (
                vec![key(), size(json!({})), note(json!({"propertyLimit": {"len": 4}}))],
                "properties[2].propertyLimit",
            ),
            (vec![key(), size(json!({"isNull": false})), note(json!({}))], "properties[1].isNull"),
            (
                vec![
                    property("code", "STRING", json!({"display": true})),
                    size(json!({"isUnique": true, "isNull": false})),
                    note(json!({})),
                ],
                "properties[0]",
            ),
        ] {
            assert_eq!(refused(modify(&ctx, "t", properties.clone()).await), param, "{properties:?}");
        }
        let filled = size(json!({"isNull": false, "defaultValue": "9"}));
        modify(&ctx, "t", vec![key(), filled, note(json!({"array": true}))]).await.unwrap();
        let table = query(&ctx, json!({"metaDataName": "t"})).await.unwrap();
        assert_eq!(column(&table, "size"), [Some("9".to_owned()), Some("5".to_owned())]);
        assert_eq!(column(&table, "note"), [None, Some("[\"long note\"]".to_owned())]);
    }
);

db_test!(
    async fn only_what_is_given_changes(plant: TestPlant) {
        let ctx = plant.ctx();
        let made = json!({"name": "t", "description": "d", "multiVersion": true, "properties": [key()]});
        service::create_metadata(&ctx, serde_json::from_value(made).unwrap()).await.unwrap();
        modify(&ctx, "t", vec![key()]).await.unwrap();
        let answer = |ctx| async move {
            let params = serde_json::from_value(json!({"name": "t"})).unwrap();
            let page = service::query_metadata(ctx, params).await.unwrap();
            (page.metadata[0].description.clone(), page.metadata[0].multi_version)
        };
        assert_eq!(answer(&ctx).await, (Some("d".to_owned()), 1));
        let cleared = json!({"name": "t", "description": null, "multiVersion": false, "properties": [key()]});
        service::modify_metadata(&ctx, serde_json::from_value(cleared).unwrap()).await.unwrap();
        assert_eq!(answer(&ctx).await, (None, 0));
        assert_eq!(refused(modify(&ctx, "no such", vec![key()]).await), "name");
    }
);
