mod attributes;
mod browse;
mod dependences;
mod equipment;
mod life_cycle;
mod lookups;
mod nodes;
mod random;
mod routes;
mod trees;

use super::service::{create_factory_node, create_process_node};
use super::{CreateFactoryNode, CreateProcessNode, GetNode, Node, NodeKind, lookup, service};
use crate::{Code, Ctx, Error, Result};

/// Creates a node with a code and says its id; `parent_id` 0 makes a root.
async fn add(ctx: &Ctx, kind: NodeKind, code: &str, parent_id: i64) -> i64 {
    try_add(ctx, kind, code, parent_id).await.expect("a node")
}

async fn try_add(ctx: &Ctx, kind: NodeKind, code: &str, parent_id: i64) -> Result<i64> {
    let (code, name, r#type) = (code.to_owned(), format!("Node {code}"), kind.as_str().to_owned());
    if kind.model() == super::Model::Factory {
        let parent_id = Some(parent_id);
        create_factory_node(ctx, CreateFactoryNode { code, name, parent_id, r#type, ..Default::default() })
            .await
    } else {
        let parent_id = Some(parent_id);
        create_process_node(ctx, CreateProcessNode { code, name, parent_id, r#type, ..Default::default() })
            .await
    }
}

/// A factory with one node on each level: factory, workshop, line, machining center, equipment.
async fn factory(ctx: &Ctx, prefix: &str) -> [i64; 5] {
    let mut ids = [0; 5];
    let mut parent_id = 0;
    for (i, kind) in NodeKind::ALL[..5].iter().enumerate() {
        parent_id = add(ctx, *kind, &format!("{prefix}{}", i + 1), parent_id).await;
        ids[i] = parent_id;
    }
    ids
}

/// A route with one node on each level: technology, process, step.
async fn route(ctx: &Ctx, prefix: &str) -> [i64; 3] {
    let mut ids = [0; 3];
    let mut parent_id = 0;
    for (i, kind) in NodeKind::ALL[5..].iter().enumerate() {
        parent_id = add(ctx, *kind, &format!("{prefix}{}", i + 1), parent_id).await;
        ids[i] = parent_id;
    }
    ids
}

/// The node as it is stored.
async fn stored(ctx: &Ctx, kind: NodeKind, id: i64) -> Node {
    service::get_node(ctx, GetNode { model: kind.model(), id }).await.expect("a node").node
}

/// The parameter that a refusal names.
fn refused<T: std::fmt::Debug>(result: Result<T>) -> String {
    match result {
        Err(Error::Invalid { param, .. }) => param,
        other => panic!("not a refused parameter: {other:?}"),
    }
}

/// The code of a documented failure.
fn coded<T: std::fmt::Debug>(result: Result<T>) -> Code {
    match result {
        Err(Error::Coded(code, _)) => code,
        other => panic!("not a documented failure: {other:?}"),
    }
}

fn forbidden<T>(result: Result<T>) -> bool {
    matches!(result, Err(Error::Forbidden))
}

/// The stored record behind an equipment node.
async fn asset_num(ctx: &Ctx, id: i64) -> Option<String> {
    let mut conn = ctx.read().await.expect("a connection");
    let record = crate::masterdata::equipment::equipment_by_id(&mut conn, ctx.tenant_id(), id).await;
    record.expect("a look-up").map(|record| record.asset_num)
}

/// Whether a factory node is there.
async fn exists(ctx: &Ctx, level: i64, id: i64) -> bool {
    let mut conn = ctx.read().await.expect("a connection");
    lookup::node_by_id(&mut conn, ctx.tenant_id(), level, id).await.expect("a look-up").is_some()
}
