use crate::db::testing::TestPlant;
use crate::db_test;
use crate::modelling::store::nodes;
use crate::modelling::{Flag, Node, NodeKind, lookup};

async fn put(plant: &TestPlant, id: i64, parent_id: Option<i64>, kind: NodeKind) {
    let ctx = plant.ctx();
    let node = Node {
        id,
        parent_id,
        kind,
        code: format!("C{id}"),
        name: format!("node {id}"),
        description: None,
        order_index: None,
        flag: Flag::Unpublish,
        created_at: ctx.now() + id,
        modified_at: ctx.now() + id,
    };
    let mut tx = ctx.begin().await.expect("a write");
    nodes::insert(&mut tx, ctx.tenant_id(), &node).await.expect("a node");
    tx.commit().await.expect("a commit");
}

fn ids(nodes: &[Node]) -> Vec<i64> {
    nodes.iter().map(|node| node.id).collect()
}

db_test!(
    async fn chains_run_from_the_node_to_the_factory(plant: TestPlant) {
        put(&plant, 1, None, NodeKind::Factory).await;
        put(&plant, 2, Some(1), NodeKind::Workshop).await;
        put(&plant, 3, Some(2), NodeKind::Beltline).await;
        put(&plant, 4, Some(3), NodeKind::MachiningCenter).await;
        put(&plant, 5, Some(4), NodeKind::Equipment).await;
        put(&plant, 6, Some(4), NodeKind::Equipment).await;
        let ctx = plant.ctx();
        let tenant_id = ctx.tenant_id();
        let mut conn = ctx.read().await.expect("a connection");
        let chain = lookup::chain(&mut conn, tenant_id, 5, 5).await.expect("a chain");
        assert_eq!(ids(&chain), [5, 4, 3, 2, 1]);
        assert!(lookup::chain(&mut conn, tenant_id, 4, 5).await.expect("a chain").is_empty());
        let chains = lookup::chains(&mut conn, tenant_id, &[6, 2, 99]).await.expect("chains");
        assert_eq!(chains.len(), 2);
        assert_eq!(ids(&chains[&6]), [6, 4, 3, 2, 1]);
        assert_eq!(ids(&chains[&2]), [2, 1]);
        let below = lookup::descendants(&mut conn, tenant_id, 2, 4).await.expect("nodes");
        assert_eq!(ids(&below), [3, 4]);
        let equipment = lookup::equipment_under(&mut conn, tenant_id, 1).await.expect("nodes");
        assert_eq!(ids(&equipment), [6, 5]);
        let found = lookup::node_by_code(&mut conn, tenant_id, 2, "C2").await.expect("a node");
        assert_eq!(found.map(|node| node.id), Some(2));
        assert_eq!(lookup::node_by_code(&mut conn, tenant_id, 3, "C2").await.expect("a node"), None);
        assert_eq!(lookup::node_by_id(&mut conn, tenant_id + 1, 2, 2).await.expect("a node"), None);
        assert!(lookup::chains(&mut conn, tenant_id + 1, &[6]).await.expect("chains").is_empty());
    }
);

db_test!(
    async fn steps_are_found_by_code_and_attributes_in_sets(plant: TestPlant) {
        put(&plant, 11, None, NodeKind::Technology).await;
        put(&plant, 12, Some(11), NodeKind::Process).await;
        put(&plant, 13, Some(12), NodeKind::Step).await;
        let ctx = plant.ctx();
        let tenant_id = ctx.tenant_id();
        let mut tx = ctx.begin().await.expect("a write");
        for (id, node_id, value) in [(1, 13, "12.5"), (2, 12, "soon")] {
            crate::db::sql(
                "INSERT INTO node_attribute (tenant_id, id, node_id, name, en_name, value, created_at, modified_at)
                 VALUES ($1, $2, $3, 'n', 'idealCycleTime', $4, 0, 0)",
            )
            .bind(tenant_id)
            .bind(i64::from(id))
            .bind(i64::from(node_id))
            .bind(value)
            .run(&mut tx)
            .await
            .expect("an attribute");
        }
        tx.commit().await.expect("a commit");
        let mut conn = ctx.read().await.expect("a connection");
        let step = lookup::step_by_code(&mut conn, tenant_id, "C13").await.expect("a step");
        assert_eq!(step.map(|node| node.id), Some(13));
        assert_eq!(lookup::step_by_code(&mut conn, tenant_id, "C12").await.expect("a step"), None);
        let seconds = lookup::ideal_cycle_times(&mut conn, tenant_id, &[11, 12, 13]).await.expect("values");
        assert_eq!(seconds.into_iter().collect::<Vec<_>>(), [(13, 12.5)]);
        let value =
            lookup::attribute_value(&mut conn, tenant_id, 12, "idealCycleTime").await.expect("a value");
        assert_eq!(value.as_deref(), Some("soon"));
    }
);
