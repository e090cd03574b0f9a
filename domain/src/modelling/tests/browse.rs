//! What the pages ask for.

use super::{add, factory, refused};
use crate::db_test;
use crate::modelling::service::*;
use crate::modelling::*;

db_test!(
    async fn a_level_is_listed_with_the_number_of_children(plant: TestPlant) {
        let ctx = plant.viewer();
        let [factory_id, workshop_id, ..] = factory(&plant.ctx(), "F").await;
        let second = add(&plant.ctx(), NodeKind::Workshop, "W2", factory_id).await;
        let level = ListChildren { model: Model::Factory, parent_id: None, archived: false };
        let rows = list_children(&ctx, level).await.expect("rows");
        assert_eq!(rows.iter().map(|r| (r.node.id, r.children)).collect::<Vec<_>>(), [(factory_id, 2)]);
        let below = ListChildren { parent_id: Some(factory_id), ..level };
        let rows = list_children(&ctx, below).await.expect("rows");
        let found: Vec<_> = rows.iter().map(|r| (r.node.id, r.children)).collect();
        assert_eq!(found, [(second, 0), (workshop_id, 1)]);
        let other = plant.other_tenant().await;
        assert!(list_children(&other, below).await.expect("rows").is_empty());
    }
);

db_test!(
    async fn a_search_answers_nodes_with_the_way_to_them(plant: TestPlant) {
        let ctx = plant.ctx();
        let ids = factory(&ctx, "F").await;
        let search =
            |text: &str| SearchNodes { model: Model::Factory, text: text.into(), archived: false, limit: 10 };
        let found = search_nodes(&ctx, search("f4")).await.expect("nodes");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].node.id, ids[3]);
        assert_eq!(found[0].path.iter().map(|n| n.id).collect::<Vec<_>>(), ids[..3]);
        assert_eq!(search_nodes(&ctx, search("node")).await.expect("nodes").len(), 5);
        assert!(search_nodes(&ctx, search(" ")).await.expect("nodes").is_empty());
        assert_eq!(refused(search_nodes(&ctx, SearchNodes { limit: 201, ..search("f") }).await), "limit");
        assert!(search_nodes(&plant.other_tenant().await, search("f4")).await.expect("nodes").is_empty());
    }
);

db_test!(
    async fn a_node_is_shown_with_its_path_and_what_refers_to_it(plant: TestPlant) {
        let ctx = plant.ctx();
        let ids = factory(&ctx, "F").await;
        let shown = GetNode { model: Model::Factory, id: ids[3] };
        let detail = get_node(&ctx, shown).await.expect("a node");
        assert_eq!(detail.path.iter().map(|n| n.id).collect::<Vec<_>>(), ids[..3]);
        assert_eq!(detail.referrers, preview_delete(&ctx, shown).await.expect("a preview"));
        assert_eq!(detail.referrers.len(), 1);
        assert_eq!(detail.referrers[0].what.en, "child nodes (equipment)");
        let leaf = GetNode { id: ids[4], ..shown };
        assert!(preview_delete(&ctx, leaf).await.expect("a preview").is_empty());
        assert_eq!(refused(get_node(&plant.other_tenant().await, shown).await), "id");
    }
);
