//! Metadata: asked for, created and deleted (sections 17.2, 17.3, 17.5, 17.7).

use serde_json::{Value as Json, json};

use super::{create, insert, key, property, refused};
use crate::masterdata::definition::{DeleteMetadata, QueryMetadata, QueryProperties};
use crate::masterdata::{builtin, service};
use crate::{Ctx, Error, db_test};

async fn names(ctx: &Ctx, params: QueryMetadata) -> Vec<String> {
    let page = service::query_metadata(ctx, params).await.unwrap();
    page.metadata.into_iter().map(|metadata| metadata.name).collect()
}

fn named(name: &str) -> QueryMetadata {
    QueryMetadata { name: Some(name.into()), ..QueryMetadata::default() }
}

async fn delete(ctx: &Ctx, name: &str) -> crate::Result<()> {
    service::delete_metadata(ctx, DeleteMetadata { id: None, name: Some(name.into()) }).await
}

db_test!(
    async fn every_tenant_has_the_built_in_metadata(plant: TestPlant) {
        for ctx in [plant.ctx(), plant.other_tenant().await] {
            assert_eq!(names(&ctx, QueryMetadata::default()).await.len(), 9);
            for name in ["人员", "Employee", "person", "employee"] {
                assert_eq!(names(&ctx, named(name)).await, ["Employee"]);
            }
            let by_id = QueryMetadata {
                id: Some(builtin::EQUIPMENT_MODEL),
                name: Some("人员".into()),
                ..QueryMetadata::default()
            };
            assert_eq!(names(&ctx, by_id).await, ["EquipmentModel"]);
        }
    }
);

db_test!(
    async fn metadata_are_answered_with_their_properties(plant: TestPlant) {
        let ctx = plant.ctx();
        plant.clock.set(1_550_802_329_000);
        let limit = json!({"propertyLimit": {"len": 20}, "defaultValue": "x"});
        let id = create(&ctx, "工具", vec![key(), property("note", "STRING", limit)]).await.unwrap();
        let page = service::query_metadata(&ctx, named("工具")).await.unwrap();
        let answer = serde_json::to_value(&page).unwrap();
        let first = &answer["metaDataDTOS"][0];
        assert_eq!(
            (&first["id"], &first["builtin"], &first["multiVersion"]),
            (&json!(id), &json!(0), &json!(0))
        );
        assert_eq!(first["gmtCreate"], json!("2019-02-22T02:25:29.000Z"));
        assert_eq!(first["properties"][0]["display"], json!("true"));
        assert_eq!(first["properties"][1]["propertyLimit"]["len"], json!(20));
        assert_eq!(answer["page"], json!({"pageId": 1, "pageSize": 20, "total": "1"}));
        let params = QueryProperties {
            meta_data_name: Some("工具".into()),
            page_size: Some(1),
            page_id: Some(2),
            ..QueryProperties::default()
        };
        let answer = serde_json::to_value(service::query_properties(&ctx, params).await.unwrap()).unwrap();
        assert_eq!(
            (&answer["pageId"], &answer["pageSize"], &answer["total"]),
            (&json!(2), &json!(1), &json!("2"))
        );
        let note = &answer["propertyDTOList"][0];
        assert_eq!(
            (&note["propertyCode"], &note["dataId"], &note["defaultValue"]),
            (&json!("note"), &json!(id), &json!("x"))
        );
    }
);

db_test!(
    async fn unknown_metadata_are_an_empty_list_and_pages_are_checked(plant: TestPlant) {
        let ctx = plant.ctx();
        assert!(names(&ctx, named("'; DROP TABLE metadata; --")).await.is_empty());
        let params = QueryMetadata { page_size: Some(2001), ..QueryMetadata::default() };
        assert_eq!(refused(service::query_metadata(&ctx, params).await), "pageSize");
        let params = QueryProperties { page_id: Some(0), ..QueryProperties::default() };
        assert_eq!(refused(service::query_properties(&ctx, params).await), "pageId");
    }
);

db_test!(
    async fn a_definition_that_breaks_a_rule_is_refused_by_name(plant: TestPlant) {
        let ctx = plant.ctx();
        let with = |kind: &str, more: Json| vec![key(), property("p", kind, more)];
        let unique = |kind: &str, more: Json| {
            let mut fields = json!({"isUnique": true, "isNull": false, "display": true});
            fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            vec![property("code", kind, fields)]
        };
        let cases: Vec<(Vec<Json>, &str)> = vec![
            (vec![], "properties"),
            (vec![property("p", "STRING", json!({"display": true}))], "properties"),
            (vec![key(), key()], "properties[1].propertyCode"),
            (vec![key(), property("p", "STRING", json!({"display": true}))], "properties"),
            (with("DATE", json!({})), "properties[1].propertyType"),
            (with("STRING", json!({"propertyCode": "a b"})), "properties[1].propertyCode"),
            (with("STRING", json!({"propertyCode": "p'; --"})), "properties[1].propertyCode"),
            (with("STRING", json!({"propertyCode": "dap_id_"})), "properties[1].propertyCode"),
            (with("STRING", json!({"propertyDesc": " "})), "properties[1].propertyDesc"),
            (with("STRING", json!({"propertyLimit": {"len": 0}})), "properties[1].propertyLimit.len"),
            (
                with("STRING", json!({"propertyLimit": {"len": 3}, "defaultValue": "long"})),
                "properties[1].defaultValue",
            ),
            (
                with("INTEGER", json!({"propertyLimit": {"min": 3, "max": 2}})),
                "properties[1].propertyLimit.max",
            ),
            (with("INTEGER", json!({"defaultValue": "x"})), "properties[1].defaultValue"),
            (with("ENUM", json!({})), "properties[1].propertyLimit.enumValues"),
            (
                with("ENUM", json!({"propertyLimit": {"enumValues": [{"value": ""}]}})),
                "properties[1].propertyLimit.enumValues[0].value",
            ),
            (
                with("ENUM", json!({"propertyLimit": {"enumValues": [{"value": "a"}, {"value": "a"}]}})),
                "properties[1].propertyLimit.enumValues[1].value",
            ),
            (
                with("BOOLEAN", json!({"propertyLimit": {"booleanValues": [{"value": "perhaps"}]}})),
                "properties[1].propertyLimit.booleanValues[0].value",
            ),
            (with("MASTERDATA", json!({})), "properties[1].propertyLimit.dataId"),
            (
                with("MASTERDATA", json!({"propertyLimit": {"dataId": 123_456}})),
                "properties[1].propertyLimit.dataId",
            ),
            (
                with("MASTERDATA", json!({"propertyLimit": {"dataId": 548}, "defaultValue": "nobody"})),
                "properties[1].defaultValue",
            ),
            (with("FACTORY", json!({})), "properties[1].propertyLimit.factoryType"),
            (
                with("FACTORY", json!({"propertyLimit": {"factoryType": "PLANT"}})),
                "properties[1].propertyLimit.factoryType",
            ),
            (
                with("TECHNOLOGY", json!({"propertyLimit": {"technologyType": "x"}})),
                "properties[1].propertyLimit.technologyType",
            ),
            (
                with("WAREHOUSE", json!({"propertyLimit": {"warehouseType": ""}})),
                "properties[1].propertyLimit.warehouseType",
            ),
            (unique("DOUBLE", json!({})), "properties[0].propertyType"),
            (unique("STRING", json!({"array": true})), "properties[0].array"),
            (unique("STRING", json!({"isNull": true})), "properties[0].isNull"),
            (unique("STRING", json!({"defaultValue": "x"})), "properties[0].defaultValue"),
            (unique("STRING", json!({"propertyLimit": {"len": 300}})), "properties[0].propertyLimit.len"),
        ];
        for (properties, param) in cases {
            assert_eq!(refused(create(&ctx, "wrong", properties.clone()).await), param, "{properties:?}");
        }
        assert_eq!(refused(create(&ctx, " ", vec![key()]).await), "name");
        assert_eq!(refused(create(&ctx, "a\0b", vec![key()]).await), "name");
        let nested = json!({"name": "n", "prefixNested": true, "properties": unique("INTEGER", json!({}))});
        let nested = serde_json::from_value(nested).unwrap();
        assert_eq!(refused(service::create_metadata(&ctx, nested).await), "prefixNested");
        assert_eq!(names(&ctx, QueryMetadata::default()).await.len(), 9);
    }
);

db_test!(
    async fn a_name_is_taken_once_in_a_tenant(plant: TestPlant) {
        let ctx = plant.ctx();
        create(&ctx, "tool", vec![key()]).await.unwrap();
        for name in ["tool", "人员", "Employee", "equipment_model"] {
            assert_eq!(refused(create(&ctx, name, vec![key()]).await), "name");
        }
        let other = plant.other_tenant().await;
        assert!(names(&other, named("tool")).await.is_empty());
        create(&other, "tool", vec![key()]).await.unwrap();
    }
);

db_test!(
    async fn metadata_go_only_when_nothing_stands_on_them(plant: TestPlant) {
        let ctx = plant.ctx();
        let id = create(&ctx, "colour", vec![key()]).await.unwrap();
        let reference = property("colour", "MASTERDATA", json!({"propertyLimit": {"dataId": id}}));
        create(&ctx, "paint", vec![key(), reference]).await.unwrap();
        let Err(Error::Invalid { param, reason }) = delete(&ctx, "colour").await else { panic!("deleted") };
        assert_eq!(param, "name");
        assert!(reason.en.contains("paint") && reason.en.contains("colour"), "{reason}");
        insert(&ctx, "paint", &["code"], json!([["P1"]])).await.unwrap();
        assert_eq!(refused(delete(&ctx, "paint").await), "name");
        assert_eq!(refused(delete(&ctx, "人员").await), "name");
        assert_eq!(refused(delete(&ctx, "no such").await), "name");
        assert_eq!(refused(service::delete_metadata(&ctx, DeleteMetadata::default()).await), "id");
        let other = plant.other_tenant().await;
        assert_eq!(
            refused(service::delete_metadata(&other, DeleteMetadata { id: Some(id), name: None }).await),
            "id"
        );
        create(&ctx, "alone", vec![key()]).await.unwrap();
        delete(&ctx, "alone").await.unwrap();
        assert!(names(&ctx, named("alone")).await.is_empty());
    }
);

/// Gives a new process step this attribute.
async fn bind(ctx: &Ctx, code: &str, attribute: &str, value: &str) {
    use crate::modelling::{CreateAttribute, CreateProcessNode, service};
    let mut parent = 0;
    for (kind, code) in
        [("technology", format!("T-{code}")), ("process", format!("P-{code}")), ("step", code.into())]
    {
        let node = CreateProcessNode {
            name: code.clone(),
            code,
            parent_id: Some(parent),
            r#type: kind.into(),
            ..CreateProcessNode::default()
        };
        parent = service::create_process_node(ctx, node).await.expect("a node");
    }
    let attribute = CreateAttribute {
        name: attribute.into(),
        en_name: attribute.into(),
        value: value.into(),
        parent_id: Some(parent),
        parent_type: "step".into(),
        parent_code: None,
    };
    service::create_attribute(ctx, attribute).await.expect("an attribute");
}

db_test!(
    async fn metadata_that_a_step_is_bound_to_stay(plant: TestPlant) {
        let ctx = plant.ctx();
        create(&ctx, "bath", vec![key()]).await.unwrap();
        let by_id = create(&ctx, "scratches", vec![key()]).await.unwrap();
        create(&ctx, "free", vec![key()]).await.unwrap();
        bind(&ctx, "WASH", "TechnocsParam", "bath").await;
        bind(&ctx, "LOOK", "QualityControl", &by_id.to_string()).await;
        bind(&ctx, "NOTE", "Remark", "free").await;
        for (name, step, attribute) in
            [("bath", "WASH", "TechnocsParam"), ("scratches", "LOOK", "QualityControl")]
        {
            let Err(Error::Invalid { param, reason }) = delete(&ctx, name).await else { panic!("deleted") };
            assert_eq!(param, "name");
            assert!(reason.en.contains(step) && reason.en.contains(attribute), "{reason}");
        }
        delete(&ctx, "free").await.unwrap();
        // What another tenant has bound is its own affair.
        let other = plant.other_tenant().await;
        create(&other, "bath", vec![key()]).await.unwrap();
        delete(&other, "bath").await.unwrap();
    }
);

db_test!(
    async fn a_viewer_sees_and_changes_nothing(plant: TestPlant) {
        let viewer = plant.viewer();
        assert_eq!(names(&viewer, QueryMetadata::default()).await.len(), 9);
        assert!(matches!(create(&viewer, "x", vec![key()]).await, Err(Error::Forbidden)));
        assert!(matches!(super::modify(&viewer, "人员", vec![key()]).await, Err(Error::Forbidden)));
        assert!(matches!(delete(&viewer, "人员").await, Err(Error::Forbidden)));
        assert!(matches!(insert(&viewer, "人员", &["id"], json!([["1"]])).await, Err(Error::Forbidden)));
        super::query(&viewer, json!({"metaDataName": "人员"})).await.unwrap();
    }
);
