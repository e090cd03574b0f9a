//! References to nodes of the factory and the process model.

use serde_json::json;

use super::{column, create, insert, key, property, query, refused};
use crate::modelling::service::{create_factory_node, create_process_node, update_factory_node};
use crate::modelling::{CreateFactoryNode, CreateProcessNode, UpdateFactoryNode};
use crate::{Ctx, db_test};

async fn set_up(ctx: &Ctx) -> i64 {
    let factory = CreateFactoryNode {
        code: "F1".into(),
        name: "factory".into(),
        r#type: "factory".into(),
        parent_id: Some(0),
        ..CreateFactoryNode::default()
    };
    let factory = create_factory_node(ctx, factory).await.unwrap();
    let workshop = CreateFactoryNode {
        code: "W1".into(),
        name: "workshop".into(),
        r#type: "workshop".into(),
        parent_id: Some(factory),
        ..CreateFactoryNode::default()
    };
    let workshop = create_factory_node(ctx, workshop).await.unwrap();
    let technology = CreateProcessNode {
        code: "T1".into(),
        name: "technology".into(),
        r#type: "technology".into(),
        parent_id: Some(0),
        ..CreateProcessNode::default()
    };
    create_process_node(ctx, technology).await.unwrap();
    let properties = vec![
        key(),
        property("place", "FACTORY", json!({"propertyLimit": {"factoryType": "WORKSHOP"}})),
        property("route", "TECHNOLOGY", json!({"propertyLimit": {"technologyType": "TECHNOLOGY"}})),
    ];
    create(ctx, "tool", properties).await.unwrap();
    workshop
}

fn workshop(id: i64, code: &str, flag: Option<&str>) -> UpdateFactoryNode {
    UpdateFactoryNode {
        id: Some(id),
        code: code.into(),
        name: "workshop".into(),
        r#type: "workshop".into(),
        flag: flag.map(str::to_owned),
        ..UpdateFactoryNode::default()
    }
}

db_test!(
    async fn nodes_are_referred_to_by_code_on_their_level(plant: TestPlant) {
        let ctx = plant.ctx();
        set_up(&ctx).await;
        let nodes = ["code", "place", "route"];
        insert(&ctx, "tool", &nodes, json!([["a", "W1", "T1"]])).await.unwrap();
        for (row, param) in [
            (json!(["b", "F1", null]), "data[0][1] (place)"),
            (json!(["b", "T1", null]), "data[0][1] (place)"),
            (json!(["b", null, "W1"]), "data[0][2] (route)"),
        ] {
            assert_eq!(refused(insert(&ctx, "tool", &nodes, json!([row])).await), param);
        }
        let condition = json!({"col": "place", "op": "EQUAL", "value": "W1"});
        let table = query(&ctx, json!({"metaDataName": "tool", "condition": condition})).await.unwrap();
        assert_eq!(column(&table, "route"), [Some("T1".to_owned())]);
    }
);

db_test!(
    async fn a_reference_follows_the_new_code_of_its_node(plant: TestPlant) {
        let ctx = plant.ctx();
        let id = set_up(&ctx).await;
        insert(&ctx, "tool", &["code", "place"], json!([["a", "W1"]])).await.unwrap();
        update_factory_node(&ctx, workshop(id, "W2", None)).await.unwrap();
        let condition = json!({"col": "place", "op": "EQUAL", "value": "W2"});
        let table = query(&ctx, json!({"metaDataName": "tool", "condition": condition})).await.unwrap();
        assert_eq!(column(&table, "place"), [Some("W2".to_owned())]);
        update_factory_node(&ctx, workshop(id, "W2", Some("archive"))).await.unwrap();
        let archived = insert(&ctx, "tool", &["code", "place"], json!([["b", "W2"]])).await;
        assert_eq!(refused(archived), "data[0][1] (place)");
    }
);
