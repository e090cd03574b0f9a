//! Whatever is done to a model, published nodes stand under published ones and archived ones keep nothing alive below.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::Ctx;
use crate::db::Kind;
use crate::db::testing::TestPlant;
use crate::modelling::service::*;
use crate::modelling::store::nodes;
use crate::modelling::*;

#[derive(Clone, Debug)]
enum Act {
    Create { parent: usize, publish: bool },
    Flag { node: usize, flag: &'static str },
    Move { node: usize, parent: usize },
    Delete { node: usize },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (any::<usize>(), any::<bool>()).prop_map(|(parent, publish)| Act::Create { parent, publish }),
        3 => (any::<usize>(), prop::sample::select(vec!["publish", "publishSubNode", "archive"]))
            .prop_map(|(node, flag)| Act::Flag { node, flag }),
        2 => (any::<usize>(), any::<usize>()).prop_map(|(node, parent)| Act::Move { node, parent }),
        1 => any::<usize>().prop_map(|node| Act::Delete { node }),
    ]
}

async fn all(ctx: &Ctx) -> Vec<Node> {
    let mut conn = ctx.read().await.expect("a connection");
    let mut all = Vec::new();
    for level in 1..=3 {
        all.extend(nodes::on_level(&mut conn, ctx.tenant_id(), Model::Process, level).await.expect("nodes"));
    }
    all
}

/// Does it; a refusal is as good an answer.
async fn perform(ctx: &Ctx, number: usize, act: Act, before: &[Node]) {
    let pick = |index: usize| (!before.is_empty()).then(|| &before[index % before.len()]);
    let update = |node: &Node| UpdateProcessNode {
        id: Some(node.id),
        code: node.code.clone(),
        name: node.name.clone(),
        r#type: node.kind.as_str().into(),
        ..Default::default()
    };
    match act {
        Act::Create { parent, publish } => {
            let parent = (parent % 3 != 0).then(|| pick(parent)).flatten();
            let kind = parent.map_or(Some(NodeKind::Technology), |parent| parent.kind.child());
            let params = CreateProcessNode {
                code: format!("N{number}"),
                name: "n".into(),
                parent_id: parent.map(|parent| parent.id),
                r#type: kind.unwrap_or(NodeKind::Technology).as_str().into(),
                flag: publish.then(|| "publish".into()),
                ..Default::default()
            };
            let _ = create_process_node(ctx, params).await;
        }
        Act::Flag { node, flag } => {
            if let Some(node) = pick(node) {
                let _ =
                    update_process_node(ctx, UpdateProcessNode { flag: Some(flag.into()), ..update(node) })
                        .await;
            }
        }
        Act::Move { node, parent } => {
            if let (Some(node), Some(parent)) = (pick(node), pick(parent)) {
                let moved = UpdateProcessNode { parent_id: Some(parent.id), ..update(node) };
                let _ = update_process_node(ctx, moved).await;
            }
        }
        Act::Delete { node } => {
            if let Some(node) = pick(node) {
                let params = DeleteNode { id: Some(node.id), r#type: node.kind.as_str().into(), code: None };
                let _ = delete_process_node(ctx, params).await;
            }
        }
    }
}

fn check(before: &[Node], after: &[Node]) -> Result<(), TestCaseError> {
    let by_id: HashMap<i64, &Node> = after.iter().map(|node| (node.id, node)).collect();
    for node in after {
        let Some(parent_id) = node.parent_id else {
            prop_assert_eq!(node.kind, NodeKind::Technology);
            continue;
        };
        let parent = by_id.get(&parent_id).ok_or_else(|| TestCaseError::fail("an orphan"))?;
        prop_assert_eq!(Some(parent.kind), node.kind.parent());
        if node.flag == Flag::Publish {
            prop_assert_eq!(parent.flag, Flag::Publish);
        }
        if parent.flag == Flag::Archive {
            prop_assert_eq!(node.flag, Flag::Archive);
        }
    }
    for old in before {
        if let Some(new) = by_id.get(&old.id) {
            prop_assert!(old.flag != Flag::Archive || new.flag == Flag::Archive, "archived for good");
            prop_assert!(old.flag != Flag::Publish || new.flag != Flag::Unpublish, "never unpublished");
        } else {
            prop_assert!(!before.iter().any(|node| node.parent_id == Some(old.id)), "deleted with children");
        }
    }
    Ok(())
}

fn invariants_hold(kind: Kind, cases: u32) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let plant = runtime.block_on(TestPlant::new(kind));
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let acts = prop::collection::vec(act(), 1..30);
    let seen = Mutex::new(HashSet::new());
    // Chance alone may miss a state in one round, hardly in ten.
    for _ in 0..10 {
        TestRunner::new(config.clone())
            .run(&acts, |acts| {
                runtime.block_on(async {
                    let ctx = plant.other_tenant().await;
                    let mut before = Vec::new();
                    for (number, act) in acts.into_iter().enumerate() {
                        perform(&ctx, number, act, &before).await;
                        let after = all(&ctx).await;
                        check(&before, &after)?;
                        let mut seen = seen.lock().expect("one thread");
                        seen.extend(after.iter().map(|node| (node.kind, node.flag)));
                        before = after;
                    }
                    Ok(())
                })
            })
            .unwrap_or_else(|failure| panic!("{failure}"));
        if seen.lock().expect("one thread").len() == 9 {
            return;
        }
    }
    panic!("not every kind was seen in every state");
}

#[test]
fn sqlite_invariants_hold_whatever_is_done() {
    invariants_hold(Kind::Sqlite, 24);
}

#[test]
fn postgres_invariants_hold_whatever_is_done() {
    invariants_hold(Kind::Postgres, 12);
}
