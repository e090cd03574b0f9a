//! Attributes of nodes.

use super::{add, factory, forbidden, refused};
use crate::db_test;
use crate::modelling::service::*;
use crate::modelling::*;

fn attribute(name: &str, en_name: &str, parent_id: i64, parent_type: &str) -> CreateAttribute {
    CreateAttribute {
        name: name.into(),
        en_name: en_name.into(),
        value: "v".into(),
        parent_id: Some(parent_id),
        parent_type: parent_type.into(),
        parent_code: None,
    }
}

db_test!(
    async fn attributes_are_created_listed_and_deleted(plant: TestPlant) {
        let ctx = plant.ctx();
        let id = add(&ctx, NodeKind::Factory, "F", 0).await;
        let first = create_attribute(&ctx, attribute("位置", "position", id, "factory")).await.expect("one");
        let by_code = CreateAttribute {
            parent_id: None,
            parent_code: Some("F".into()),
            ..attribute("b", "b_1", 0, "factory")
        };
        let second = create_attribute(&ctx, by_code).await.expect("another");
        let query = QueryAttributes {
            parent_id: Some(id),
            parent_type: "factory".into(),
            page_size: Some(1),
            ..Default::default()
        };
        let page = query_attributes(&ctx, query.clone()).await.expect("a page");
        assert_eq!(page.attrs.iter().map(|a| a.id).collect::<Vec<_>>(), [second]);
        assert_eq!(page.page, AttributePaging { page_id: 1, page_size: 1, total: 2 });
        let next = QueryAttributes { page_id: Some(2), ..query.clone() };
        let page = query_attributes(&ctx, next).await.expect("a page");
        assert_eq!(
            page.attrs,
            [NodeAttribute {
                id: first,
                name: "位置".into(),
                en_name: "position".into(),
                value: Some("v".into()),
                parent_id: id,
                parent_type: "factory".into(),
                create_time: "2026-06-01 08:00:00".into(),
                modify_time: "2026-06-01 08:00:00".into(),
            }]
        );
        let info = get_factory(&ctx, GetNodeInfo { id: Some(id), code: None }).await.expect("a factory");
        assert_eq!(info.attrs.iter().map(|a| a.id).collect::<Vec<_>>(), [second, first]);
        let delete = DeleteAttribute {
            en_name: "position".into(),
            parent_code: Some("F".into()),
            parent_type: "factory".into(),
            parent_id: None,
        };
        delete_attribute(&ctx, delete.clone()).await.expect("deleted");
        assert_eq!(refused(delete_attribute(&ctx, delete).await), "enName");
        assert_eq!(query_attributes(&ctx, query).await.expect("a page").page.total, 1);
    }
);

db_test!(
    async fn names_and_identifiers_are_unique_on_a_node(plant: TestPlant) {
        let ctx = plant.ctx();
        let [factory_id, workshop_id, ..] = factory(&ctx, "F").await;
        create_attribute(&ctx, attribute("a", "a", factory_id, "factory")).await.expect("an attribute");
        assert_eq!(refused(create_attribute(&ctx, attribute("a", "b", factory_id, "factory")).await), "name");
        assert_eq!(
            refused(create_attribute(&ctx, attribute("b", "a", factory_id, "factory")).await),
            "enName"
        );
        create_attribute(&ctx, attribute("a", "a", workshop_id, "workshop")).await.expect("on another node");
    }
);

db_test!(
    async fn attribute_texts_are_short_and_identifiers_are_identifiers(plant: TestPlant) {
        let ctx = plant.ctx();
        let id = add(&ctx, NodeKind::Technology, "T", 0).await;
        let good = attribute(&"名".repeat(50), &"e".repeat(50), id, "technology");
        let value = CreateAttribute { value: "v".repeat(51), ..good.clone() };
        assert_eq!(refused(create_attribute(&ctx, value).await), "value");
        create_attribute(&ctx, CreateAttribute { value: "值".repeat(50), ..good })
            .await
            .expect("just short enough");
        let long = attribute(&"n".repeat(51), "x", id, "technology");
        assert_eq!(refused(create_attribute(&ctx, long).await), "name");
        for bad in ["", "1a", "_a", "a-b", "a b", "名", &"e".repeat(51)] {
            let result = create_attribute(&ctx, attribute("x", bad, id, "technology")).await;
            assert_eq!(refused(result), "enName", "{bad}");
        }
        assert_eq!(refused(create_attribute(&ctx, attribute(" ", "x", id, "technology")).await), "name");
    }
);

db_test!(
    async fn the_owner_of_an_attribute_is_a_node_of_that_type(plant: TestPlant) {
        let ctx = plant.ctx();
        let ids = factory(&ctx, "F").await;
        let wrong = attribute("a", "a", ids[0], "workshop");
        assert_eq!(refused(create_attribute(&ctx, wrong.clone()).await), "parentId");
        let equipment = attribute("a", "a", ids[4], "equipment");
        assert_eq!(refused(create_attribute(&ctx, equipment).await), "parentType");
        let by_code = CreateAttribute { parent_id: None, parent_code: Some("Q".into()), ..wrong.clone() };
        assert_eq!(refused(create_attribute(&ctx, by_code).await), "parentCode");
        let nameless = CreateAttribute { parent_id: None, ..wrong };
        assert_eq!(refused(create_attribute(&ctx, nameless).await), "parentId");
        let query =
            QueryAttributes { parent_type: "factory".into(), parent_id: Some(1), ..Default::default() };
        assert_eq!(refused(query_attributes(&ctx, query.clone()).await), "parentId");
        let size = QueryAttributes { parent_id: Some(ids[0]), page_size: Some(2001), ..query.clone() };
        assert_eq!(refused(query_attributes(&ctx, size).await), "pageSize");
        let page = QueryAttributes { parent_id: Some(ids[0]), page_id: Some(0), ..query };
        assert_eq!(refused(query_attributes(&ctx, page).await), "pageId");
    }
);

db_test!(
    async fn attributes_keep_to_their_tenant_and_to_those_who_may(plant: TestPlant) {
        let (ctx, viewer, other) = (plant.ctx(), plant.viewer(), plant.other_tenant().await);
        let id = add(&ctx, NodeKind::Factory, "F", 0).await;
        create_attribute(&ctx, attribute("a", "a", id, "factory")).await.expect("an attribute");
        let create = attribute("b", "b", id, "factory");
        let delete = DeleteAttribute {
            en_name: "a".into(),
            parent_id: Some(id),
            parent_type: "factory".into(),
            parent_code: None,
        };
        let query =
            QueryAttributes { parent_id: Some(id), parent_type: "factory".into(), ..Default::default() };
        assert!(forbidden(create_attribute(&viewer, create.clone()).await));
        assert!(forbidden(delete_attribute(&viewer, delete.clone()).await));
        assert_eq!(query_attributes(&viewer, query.clone()).await.expect("a page").page.total, 1);
        assert_eq!(refused(create_attribute(&other, create).await), "parentId");
        assert_eq!(refused(delete_attribute(&other, delete).await), "parentId");
        assert_eq!(refused(query_attributes(&other, query).await), "parentId");
    }
);
