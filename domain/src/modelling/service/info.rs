//! One node with its attributes and links.

use crate::access::{Access, Area};
use crate::db::Conn;
use crate::modelling::store::attributes::{self, Attribute};
use crate::modelling::store::dependences;
use crate::modelling::{
    AttributeInfo, DependenceInfo, FactoryInfo, GetNodeInfo, Node, NodeInfo, NodeKind, ProcessInfo,
    TechnologyInfo,
};
use crate::{Code, Ctx, Error, Result, text};

use super::resolve::Given;

/// A technology with its attributes and production lines (section 4.31).
pub async fn get_technology(ctx: &Ctx, params: GetNodeInfo) -> Result<TechnologyInfo> {
    ctx.require(Area::Modelling, Access::Read)?;
    let mut conn = ctx.read().await?;
    let node = find(ctx, &mut conn, NodeKind::Technology, &params).await?;
    let attrs = attributes_of(ctx, &mut conn, &node).await?;
    let deps = dependences_of(ctx, &mut conn, &node).await?;
    let Node { id, name, code, description: desc, .. } = node;
    let (create_time, modify_time) = times(ctx, node.created_at, node.modified_at);
    let flag = node.flag.as_str().to_owned();
    Ok(TechnologyInfo { id, name, code, desc, create_time, modify_time, attrs, deps, flag })
}

/// A process with its attributes and machining centers (section 4.2).
pub async fn get_process(ctx: &Ctx, params: GetNodeInfo) -> Result<ProcessInfo> {
    ctx.require(Area::Modelling, Access::Read)?;
    let mut conn = ctx.read().await?;
    let node = find(ctx, &mut conn, NodeKind::Process, &params).await?;
    let attrs = attributes_of(ctx, &mut conn, &node).await?;
    let deps = dependences_of(ctx, &mut conn, &node).await?;
    let parent_type = parent_type(&node);
    let Node { id, name, code, description: desc, parent_id, .. } = node;
    let (create_time, modify_time) = times(ctx, node.created_at, node.modified_at);
    let flag = node.flag.as_str().to_owned();
    Ok(ProcessInfo {
        id,
        name,
        code,
        desc,
        create_time,
        modify_time,
        parent_id,
        parent_type,
        attrs,
        deps,
        flag,
    })
}

/// A step with its attributes (section 4.3).
pub async fn get_step(ctx: &Ctx, params: GetNodeInfo) -> Result<NodeInfo> {
    node_info(ctx, NodeKind::Step, params).await
}

/// A factory with its attributes (section 4.32).
pub async fn get_factory(ctx: &Ctx, params: GetNodeInfo) -> Result<FactoryInfo> {
    ctx.require(Area::Modelling, Access::Read)?;
    let mut conn = ctx.read().await?;
    let node = find(ctx, &mut conn, NodeKind::Factory, &params).await?;
    let attrs = attributes_of(ctx, &mut conn, &node).await?;
    let Node { id, name, code, description: desc, .. } = node;
    let (create_time, modify_time) = times(ctx, node.created_at, node.modified_at);
    let flag = node.flag.as_str().to_owned();
    Ok(FactoryInfo { id, name, code, desc, create_time, modify_time, attrs, flag })
}

/// A workshop with its attributes (section 4.33).
pub async fn get_workshop(ctx: &Ctx, params: GetNodeInfo) -> Result<NodeInfo> {
    node_info(ctx, NodeKind::Workshop, params).await
}

/// A production line with its attributes (section 4.34).
pub async fn get_beltline(ctx: &Ctx, params: GetNodeInfo) -> Result<NodeInfo> {
    node_info(ctx, NodeKind::Beltline, params).await
}

/// A machining center with its attributes (section 4.4).
pub async fn get_machining_center(ctx: &Ctx, params: GetNodeInfo) -> Result<NodeInfo> {
    node_info(ctx, NodeKind::MachiningCenter, params).await
}

async fn node_info(ctx: &Ctx, kind: NodeKind, params: GetNodeInfo) -> Result<NodeInfo> {
    ctx.require(Area::Modelling, Access::Read)?;
    let mut conn = ctx.read().await?;
    let node = find(ctx, &mut conn, kind, &params).await?;
    let attrs = attributes_of(ctx, &mut conn, &node).await?;
    let parent_type = parent_type(&node);
    let Node { id, name, code, description: desc, parent_id, .. } = node;
    let (create_time, modify_time) = times(ctx, node.created_at, node.modified_at);
    let flag = node.flag.as_str().to_owned();
    Ok(NodeInfo { id, name, code, desc, create_time, modify_time, parent_id, parent_type, attrs, flag })
}

async fn find(ctx: &Ctx, conn: &mut Conn, kind: NodeKind, params: &GetNodeInfo) -> Result<Node> {
    let given = Given { id: params.id, code: params.code.as_deref(), names: ("id", "code") };
    let found = given.find(conn, ctx.tenant_id(), kind.model()).await?;
    found.filter(|node| node.kind == kind).ok_or_else(|| does_not_exist(given.param(), kind))
}

/// The process model has codes of its own for a node that does not exist.
pub(super) fn does_not_exist(param: &str, kind: NodeKind) -> Error {
    match kind {
        NodeKind::Technology => {
            Error::Coded(Code::TechnologyNotExist, text!("technology does not exist", "工艺不存在"))
        }
        NodeKind::Process => {
            Error::Coded(Code::ProcessNotExist, text!("process does not exist", "工序不存在"))
        }
        NodeKind::Step => Error::Coded(Code::StepNotExist, text!("step does not exist", "步骤不存在")),
        _ => Error::unknown(param, kind.title()),
    }
}

pub(super) async fn attributes_of(ctx: &Ctx, conn: &mut Conn, node: &Node) -> Result<Vec<AttributeInfo>> {
    let stored = attributes::list(conn, ctx.tenant_id(), node.id, None).await?;
    let info = |attribute: Attribute| {
        let (create_time, modify_time) = times(ctx, attribute.created_at, attribute.modified_at);
        let Attribute { id, name, en_name, value, .. } = attribute;
        AttributeInfo { id, name, en_name, value, create_time, modify_time }
    };
    Ok(stored.into_iter().map(info).collect())
}

async fn dependences_of(ctx: &Ctx, conn: &mut Conn, node: &Node) -> Result<Vec<DependenceInfo>> {
    let linked = dependences::list(conn, ctx.tenant_id(), node).await?;
    Ok(linked.into_iter().map(|Node { id, name, code, .. }| DependenceInfo { id, name, code }).collect())
}

pub(super) fn parent_type(node: &Node) -> Option<String> {
    node.kind.parent().map(|kind| kind.as_str().to_owned())
}

pub(super) fn times(ctx: &Ctx, created_at: i64, modified_at: i64) -> (String, String) {
    (ctx.tenant.zone.format(created_at), ctx.tenant.zone.format(modified_at))
}
