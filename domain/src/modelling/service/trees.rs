//! The two models as trees.

use std::collections::HashMap;

use crate::access::{Access, Area};
use crate::db::Conn;
use crate::modelling::store::{nodes, trees};
use crate::modelling::{
    BeltlineBranch, FactoryBranch, FactoryTree, Leaf, MachiningCenterBranch, Model, Node, NodeKind,
    ProcessBranch, ProcessTree, QueryTree, TechnologyBranch, TreePage, WorkshopBranch,
};
use crate::page::MAX_PAGE_SIZE;
use crate::{Ctx, Page, Result};

use super::info::does_not_exist;
use super::resolve::Given;

/// Technologies with their processes and steps (section 4.1).
pub async fn query_process_tree(ctx: &Ctx, params: QueryTree) -> Result<ProcessTree> {
    ctx.require(Area::Modelling, Access::Read)?;
    let page = page(&params)?;
    let mut conn = ctx.read().await?;
    let given = Given { id: params.id, code: params.code.as_deref(), names: ("id", "code") };
    if given.id.is_some() || given.code.is_some() {
        let named = given.find(&mut conn, ctx.tenant_id(), Model::Process).await?;
        if !named.is_some_and(|node| node.kind == NodeKind::Technology) {
            return Err(does_not_exist(given.param(), NodeKind::Technology));
        }
    }
    let (_, roots, mut below) = load(ctx, &mut conn, Model::Process, &params, page).await?;
    let technologies = roots
        .into_iter()
        .map(|Node { id, name, code, .. }| TechnologyBranch {
            id,
            name,
            code,
            processes: below
                .take(id)
                .into_iter()
                .map(|Node { id, name, code, .. }| ProcessBranch { id, name, code, steps: below.leaves(id) })
                .collect(),
        })
        .collect();
    Ok(ProcessTree { technologies })
}

/// Factories with everything below them (section 4.18).
pub async fn query_factory_tree(ctx: &Ctx, params: QueryTree) -> Result<FactoryTree> {
    ctx.require(Area::Modelling, Access::Read)?;
    let page = page(&params)?;
    let mut conn = ctx.read().await?;
    let (total, roots, mut below) = load(ctx, &mut conn, Model::Factory, &params, page).await?;
    let factories = roots
        .into_iter()
        .map(|Node { id, name, code, .. }| FactoryBranch { id, name, code, work_shops: below.workshops(id) })
        .collect();
    Ok(FactoryTree { factories, page: TreePage { total, size: page.size, to: page.number } })
}

fn page(params: &QueryTree) -> Result<Page> {
    Page::check(params.pageid, params.page_size, ("pageid", "pageSize"), MAX_PAGE_SIZE)
}

/// How many roots match, those of the page, and the usable nodes below them.
async fn load(
    ctx: &Ctx,
    conn: &mut Conn,
    model: Model,
    params: &QueryTree,
    page: Page,
) -> Result<(i64, Vec<Node>, Below)> {
    let search = params.search.as_deref().filter(|text| !text.trim().is_empty());
    let wanted = trees::Roots { model, id: params.id, code: params.code.as_deref(), search };
    let total = trees::count_roots(conn, ctx.tenant_id(), &wanted).await?;
    let roots = trees::page_of_roots(conn, ctx.tenant_id(), &wanted, page).await?;
    let ids: Vec<i64> = roots.iter().map(|node| node.id).collect();
    let below = nodes::subtrees(conn, ctx.tenant_id(), model, &ids).await?;
    Ok((total, roots, Below::new(below)))
}

/// Usable nodes by their parent, siblings in their order.
struct Below(HashMap<i64, Vec<Node>>);

impl Below {
    fn new(nodes: Vec<Node>) -> Self {
        let mut by_parent: HashMap<i64, Vec<Node>> = HashMap::new();
        for node in nodes.into_iter().filter(Node::usable) {
            if let Some(parent_id) = node.parent_id {
                by_parent.entry(parent_id).or_default().push(node);
            }
        }
        Self(by_parent)
    }

    fn take(&mut self, parent_id: i64) -> Vec<Node> {
        self.0.remove(&parent_id).unwrap_or_default()
    }

    fn leaves(&mut self, parent_id: i64) -> Vec<Leaf> {
        self.take(parent_id).into_iter().map(|Node { id, name, code, .. }| Leaf { id, name, code }).collect()
    }

    fn workshops(&mut self, factory_id: i64) -> Vec<WorkshopBranch> {
        let workshops = self.take(factory_id);
        let branch = |Node { id, name, code, .. }: Node| {
            let beltlines = self.beltlines(id);
            WorkshopBranch { id, name, code, beltlines }
        };
        workshops.into_iter().map(branch).collect()
    }

    fn beltlines(&mut self, workshop_id: i64) -> Vec<BeltlineBranch> {
        let beltlines = self.take(workshop_id);
        let branch = |Node { id, name, code, .. }: Node| {
            let machining_centers = self.machining_centers(id);
            BeltlineBranch { id, name, code, machining_centers }
        };
        beltlines.into_iter().map(branch).collect()
    }

    fn machining_centers(&mut self, beltline_id: i64) -> Vec<MachiningCenterBranch> {
        let centers = self.take(beltline_id);
        let branch = |Node { id, name, code, .. }: Node| {
            let equipments = self.leaves(id);
            MachiningCenterBranch { id, name, code, equipments }
        };
        centers.into_iter().map(branch).collect()
    }
}
