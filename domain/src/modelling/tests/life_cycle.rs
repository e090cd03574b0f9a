//! Publishing and archiving.

use super::{add, factory, refused, route, stored, try_add};
use crate::db_test;
use crate::modelling::Flag::{Archive, Publish, Unpublish};
use crate::modelling::service::*;
use crate::modelling::*;
use crate::{Ctx, Result};

async fn flag(ctx: &Ctx, kind: NodeKind, id: i64, flag: &str) -> Result<()> {
    let node = stored(ctx, kind, id).await;
    let (code, name, r#type) = (node.code, node.name, kind.as_str().to_owned());
    let (id, flag) = (Some(id), Some(flag.to_owned()));
    if kind.model() == Model::Factory {
        update_factory_node(ctx, UpdateFactoryNode { id, code, name, flag, r#type, ..Default::default() })
            .await
    } else {
        update_process_node(ctx, UpdateProcessNode { id, code, name, flag, r#type, ..Default::default() })
            .await
    }
}

async fn flags(ctx: &Ctx, kinds: &[NodeKind], ids: &[i64]) -> Vec<Flag> {
    let mut flags = Vec::new();
    for (kind, id) in kinds.iter().zip(ids) {
        flags.push(stored(ctx, *kind, *id).await.flag);
    }
    flags
}

db_test!(
    async fn publishing_publishes_the_ancestors(plant: TestPlant) {
        let ctx = plant.ctx();
        let ids = factory(&ctx, "F").await;
        flag(&ctx, NodeKind::Beltline, ids[2], "publish").await.expect("published");
        let now = flags(&ctx, &NodeKind::ALL[..5], &ids).await;
        assert_eq!(now, [Publish, Publish, Publish, Unpublish, Unpublish]);
        let ids = route(&ctx, "T").await;
        flag(&ctx, NodeKind::Process, ids[1], "publish").await.expect("published");
        assert_eq!(flags(&ctx, &NodeKind::ALL[5..], &ids).await, [Publish, Publish, Unpublish]);
    }
);

db_test!(
    async fn publishing_sub_nodes_publishes_all_descendants_and_the_ancestors(plant: TestPlant) {
        let ctx = plant.ctx();
        let ids = factory(&ctx, "F").await;
        let archived = add(&ctx, NodeKind::Beltline, "L2", ids[1]).await;
        flag(&ctx, NodeKind::Beltline, archived, "archive").await.expect("archived");
        flag(&ctx, NodeKind::Workshop, ids[1], "publishSubNode").await.expect("published");
        assert_eq!(flags(&ctx, &NodeKind::ALL[..5], &ids).await, [Publish; 5]);
        assert_eq!(stored(&ctx, NodeKind::Beltline, archived).await.flag, Archive);
    }
);

db_test!(
    async fn creating_with_the_flag_publishes_at_once_with_the_ancestors(plant: TestPlant) {
        let ctx = plant.ctx();
        let factory_id = add(&ctx, NodeKind::Factory, "F", 0).await;
        let create = CreateFactoryNode {
            code: "W".into(),
            name: "W".into(),
            r#type: "workshop".into(),
            parent_id: Some(factory_id),
            flag: Some("publish".into()),
            ..Default::default()
        };
        let workshop_id = create_factory_node(&ctx, create).await.expect("a workshop");
        assert_eq!(stored(&ctx, NodeKind::Workshop, workshop_id).await.flag, Publish);
        assert_eq!(stored(&ctx, NodeKind::Factory, factory_id).await.flag, Publish);
    }
);

db_test!(
    async fn archiving_goes_down_and_is_final(plant: TestPlant) {
        let ctx = plant.ctx();
        let ids = factory(&ctx, "F").await;
        flag(&ctx, NodeKind::Factory, ids[0], "publishSubNode").await.expect("published");
        flag(&ctx, NodeKind::Workshop, ids[1], "archive").await.expect("archived");
        let now = flags(&ctx, &NodeKind::ALL[..5], &ids).await;
        assert_eq!(now, [Publish, Archive, Archive, Archive, Archive]);
        flag(&ctx, NodeKind::Workshop, ids[1], "archive").await.expect("archiving again changes nothing");
        assert_eq!(refused(flag(&ctx, NodeKind::Workshop, ids[1], "publish").await), "id");
        assert_eq!(refused(flag(&ctx, NodeKind::Beltline, ids[2], "publishSubNode").await), "id");
        assert_eq!(refused(try_add(&ctx, NodeKind::Beltline, "L9", ids[1]).await), "parentId");
        let change = UpdateFactoryNode {
            code: "F2".into(),
            name: "late".into(),
            r#type: "workshop".into(),
            ..Default::default()
        };
        assert_eq!(refused(update_factory_node(&ctx, change).await), "code");
    }
);

db_test!(
    async fn moving_a_published_node_publishes_its_new_ancestors(plant: TestPlant) {
        let ctx = plant.ctx();
        let ids = factory(&ctx, "F").await;
        flag(&ctx, NodeKind::Workshop, ids[1], "publish").await.expect("published");
        let other = add(&ctx, NodeKind::Factory, "G", 0).await;
        let change = UpdateFactoryNode {
            id: Some(ids[1]),
            code: "F2".into(),
            name: "moved".into(),
            r#type: "workshop".into(),
            parent_id: Some(other),
            ..Default::default()
        };
        update_factory_node(&ctx, change.clone()).await.expect("moved");
        assert_eq!(stored(&ctx, NodeKind::Factory, other).await.flag, Publish);
        let gone = add(&ctx, NodeKind::Factory, "H", 0).await;
        flag(&ctx, NodeKind::Factory, gone, "archive").await.expect("archived");
        let refused_move = UpdateFactoryNode { parent_id: Some(gone), ..change };
        assert_eq!(refused(update_factory_node(&ctx, refused_move).await), "parentId");
    }
);
