//! What the pages of the two models need of several services at once.

use std::collections::HashMap;

use domain::access::{Access, Area};
use domain::modelling::{
    CreateFactoryNode, CreateProcessNode, DeleteNode, GetNode, ListChildren, ListKind, Model, Node, NodeKind,
    TechnicsDependence, TreeRow, UpdateFactoryNode, UpdateProcessNode, service,
};
use domain::{Ctx, Error, Patch, text};

use super::{Branch, NodeDraft, NodeForm, NodePage};
use crate::api::Result;
use crate::ssr::{respond, session};

async fn children(ctx: &Ctx, model: Model, parent_id: Option<i64>, archived: bool) -> Result<Vec<TreeRow>> {
    respond(service::list_children(ctx, ListChildren { model, parent_id, archived }).await)
}

pub(super) async fn tree(ctx: &Ctx, model: Model, node: Option<i64>, archived: bool) -> Result<Vec<Branch>> {
    let mut open = Vec::new();
    // A node that is gone leaves the tree closed; its own pane says so.
    if let Some(id) = node
        && let Ok(detail) = service::get_node(ctx, GetNode { model, id }).await
    {
        open.extend(detail.path.iter().map(|node| node.id));
        open.push(detail.node.id);
    }
    let roots = children(ctx, model, None, archived).await?;
    if open.is_empty() && roots.len() == 1 {
        open.push(roots[0].node.id);
    }
    // One read a level, never one a node: the way down to a node has at most five.
    let mut loaded: HashMap<i64, Vec<TreeRow>> = HashMap::new();
    for id in open {
        loaded.insert(id, children(ctx, model, Some(id), archived).await?);
    }
    Ok(assemble(roots, &mut loaded))
}

fn assemble(rows: Vec<TreeRow>, loaded: &mut HashMap<i64, Vec<TreeRow>>) -> Vec<Branch> {
    let branch = |row: TreeRow| {
        let below = loaded.remove(&row.node.id).filter(|rows| !rows.is_empty());
        Branch { below: below.map(|rows| assemble(rows, loaded)), row }
    };
    rows.into_iter().map(branch).collect()
}

pub(super) async fn node_page(
    ctx: &Ctx,
    model: Model,
    node: Option<i64>,
    archived: bool,
) -> Result<NodePage> {
    let children = children(ctx, model, node, archived).await?;
    let writable = ctx.actor.may(Area::Modelling, Access::Write);
    let Some(id) = node else {
        return Ok(NodePage {
            detail: None,
            children,
            times: Default::default(),
            linkable: Vec::new(),
            operations: Vec::new(),
            writable,
        });
    };
    let detail = respond(service::get_node(ctx, GetNode { model, id }).await)?;
    let time = |at| ctx.tenant.zone.format(at);
    let times = (time(detail.node.created_at), time(detail.node.modified_at));
    let linkable = match other(detail.node.kind) {
        Some(kind) if writable => in_use(ctx, kind).await?,
        _ => Vec::new(),
    };
    let linkable =
        linkable.into_iter().filter(|node| !detail.dependences.iter().any(|dep| dep.id == node.id)).collect();
    let operations = match model {
        Model::Process => respond(service::list_operations(ctx, GetNode { model, id }).await)?,
        Model::Factory => Vec::new(),
    };
    Ok(NodePage { detail: Some(detail), children, times, linkable, operations, writable })
}

/// All nodes of a kind that are in use.
async fn in_use(ctx: &Ctx, kind: NodeKind) -> Result<Vec<Node>> {
    respond(service::list_kind(ctx, ListKind { kind, archived: false }).await)
}

pub(super) async fn draft(ctx: &Ctx, model: Model, id: Option<i64>, edit: &str) -> Result<Option<NodeDraft>> {
    if edit.is_empty() || !ctx.actor.may(Area::Modelling, Access::Write) {
        return Ok(None);
    }
    let node = match id {
        Some(id) => Some(respond(service::get_node(ctx, GetNode { model, id }).await)?.node),
        None => None,
    };
    let Some(node) = node else {
        return Ok(NodeKind::at(model, 1).filter(|_| edit == "new").map(|kind| NodeDraft::New(kind, None)));
    };
    if !node.usable() {
        return Ok(None);
    }
    Ok(match edit {
        "new" => node.kind.child().map(|kind| NodeDraft::New(kind, Some(node))),
        "node" => {
            let parents = match node.kind.parent() {
                Some(kind) => in_use(ctx, kind).await?,
                None => Vec::new(),
            };
            Some(NodeDraft::Change(node, parents))
        }
        "attribute" => Some(NodeDraft::Attribute(node)),
        _ => None,
    })
}

pub(super) async fn rows(ctx: &Ctx, model: Model, archived: bool) -> Result<Vec<Vec<String>>> {
    let (mut rows, mut codes) = (Vec::new(), HashMap::new());
    let zone = &ctx.tenant.zone;
    // A statement a level, never one a node.
    for kind in NodeKind::ALL.into_iter().filter(|kind| kind.model() == model) {
        for node in respond(service::list_kind(ctx, ListKind { kind, archived }).await)? {
            let parent: Option<&String> = node.parent_id.and_then(|id| codes.get(&id));
            rows.push(vec![
                kind.as_str().to_owned(),
                node.code.clone(),
                node.name,
                parent.cloned().unwrap_or_default(),
                node.flag.as_str().to_owned(),
                node.order_index.map(|order| order.to_string()).unwrap_or_default(),
                node.description.unwrap_or_default(),
                node.id.to_string(),
                zone.format(node.modified_at),
                zone.name().to_owned(),
            ]);
            codes.insert(node.id, node.code);
        }
    }
    Ok(rows)
}

/// The kind of the other model that is linked to this one (section 4.15).
fn other(kind: NodeKind) -> Option<NodeKind> {
    match kind {
        NodeKind::Beltline => Some(NodeKind::Technology),
        NodeKind::MachiningCenter => Some(NodeKind::Process),
        NodeKind::Technology => Some(NodeKind::Beltline),
        NodeKind::Process => Some(NodeKind::MachiningCenter),
        _ => None,
    }
}

/// Goes to a node of a page; the page's path comes from the form and must be one of this site.
pub(super) fn go(page: &str, node: Option<i64>) {
    let page = session::safe_path(Some(page));
    let query = node.map(|id| format!("?node={id}")).unwrap_or_default();
    leptos_axum::redirect(&format!("{page}{query}"));
}

fn optional(text: String) -> Option<String> {
    (!text.trim().is_empty()).then_some(text)
}

fn number(param: &str, text: &str) -> domain::Result<Option<i64>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Error::invalid(param, text!("must be a whole number", "应为整数")))
}

pub(super) async fn save_node(ctx: &Ctx, form: NodeForm) -> domain::Result<i64> {
    let kind = NodeKind::parse("type", &form.r#type, &NodeKind::ALL)?;
    let id = number("id", &form.id)?;
    let parent_id = number("parentId", &form.parent_id)?;
    let order_index = number("orderIndex", &form.order_index)?.map_or(Patch::Clear, Patch::Set);
    let desc = optional(form.desc);
    let NodeForm { r#type, code, name, .. } = form;
    let equipment = kind == NodeKind::Equipment;
    match (kind.model(), id) {
        (Model::Factory, None) => {
            let params = CreateFactoryNode {
                code,
                name,
                desc,
                parent_id,
                r#type,
                equipment_id: None,
                parent_code: None,
                flag: None,
            };
            service::create_factory_node(ctx, params).await
        }
        (Model::Process, None) => {
            let params =
                CreateProcessNode { code, name, desc, parent_id, r#type, parent_code: None, flag: None };
            service::create_process_node(ctx, params).await
        }
        (Model::Factory, Some(id)) => {
            let desc = if equipment { Patch::Keep } else { desc.map_or(Patch::Clear, Patch::Set) };
            let params = UpdateFactoryNode {
                id: Some(id),
                code,
                name,
                desc,
                parent_id,
                order_index,
                r#type,
                ..UpdateFactoryNode::default()
            };
            service::update_factory_node(ctx, params).await.map(|()| id)
        }
        (Model::Process, Some(id)) => {
            let desc = desc.map_or(Patch::Clear, Patch::Set);
            let params = UpdateProcessNode {
                id: Some(id),
                code,
                name,
                desc,
                parent_id,
                order_index,
                r#type,
                ..UpdateProcessNode::default()
            };
            service::update_process_node(ctx, params).await.map(|()| id)
        }
    }
}

pub(super) async fn set_flag(ctx: &Ctx, model: Model, id: i64, flag: String) -> domain::Result<()> {
    let Node { kind, code, name, .. } = service::get_node(ctx, GetNode { model, id }).await?.node;
    let (id, flag, r#type) = (Some(id), Some(flag), kind.as_str().to_owned());
    match model {
        Model::Factory => {
            let params = UpdateFactoryNode { id, code, name, flag, r#type, ..UpdateFactoryNode::default() };
            service::update_factory_node(ctx, params).await
        }
        Model::Process => {
            let params = UpdateProcessNode { id, code, name, flag, r#type, ..UpdateProcessNode::default() };
            service::update_process_node(ctx, params).await
        }
    }
}

pub(super) async fn delete_node(ctx: &Ctx, model: Model, id: i64) -> domain::Result<Option<i64>> {
    let node = service::get_node(ctx, GetNode { model, id }).await?.node;
    let params = DeleteNode { id: Some(id), r#type: node.kind.as_str().to_owned(), code: None };
    match model {
        Model::Factory => service::delete_factory_node(ctx, params).await?,
        Model::Process => service::delete_process_node(ctx, params).await?,
    }
    Ok(node.parent_id)
}

pub(super) async fn link(
    ctx: &Ctx,
    model: Model,
    (id, other): (i64, i64),
    remove: bool,
) -> domain::Result<()> {
    let (process, factory) = match model {
        Model::Process => (id, other),
        Model::Factory => (other, id),
    };
    let kind = service::get_node(ctx, GetNode { model: Model::Process, id: process }).await?.node.kind;
    let (id_type, dep_id_type) = match kind {
        NodeKind::Technology => ("TECHNOLOGY", "BELTLINE"),
        _ => ("PROCESS", "MACHIN_CENTER"),
    };
    let params = TechnicsDependence {
        id: Some(process),
        id_type: id_type.to_owned(),
        dep_id: Some(factory),
        dep_id_type: dep_id_type.to_owned(),
        code: None,
        dep_code: None,
    };
    if remove {
        service::delete_technics_dependence(ctx, params).await
    } else {
        service::add_technics_dependence(ctx, params).await
    }
}
