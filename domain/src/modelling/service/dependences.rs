//! Links between technologies and production lines, processes and machining centers.

use crate::access::{Access, Area};
use crate::db::Tx;
use crate::events::Topic;
use crate::modelling::store::dependences;
use crate::modelling::{Node, NodeKind, TechnicsDependence};
use crate::{Ctx, Error, Result, Text, text};

use super::LOCK;
use super::resolve::{Given, archived};

/// Links a production line to a technology, or a machining center to a process; linked twice is linked (section 4.16).
pub async fn add_technics_dependence(ctx: &Ctx, params: TechnicsDependence) -> Result<()> {
    ctx.require(Area::Modelling, Access::Write)?;
    let kinds = kinds(&params)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let ((process, factory), (param, dep_param)) = ends(ctx, &mut tx, &params, kinds).await?;
    for (node, param) in [(&process, param), (&factory, dep_param)] {
        if !node.usable() {
            return Err(archived(param, node));
        }
    }
    if dependences::exists(&mut tx, ctx.tenant_id(), process.id, factory.id).await? {
        return Ok(());
    }
    let link = (process.id, factory.id);
    dependences::insert(&mut tx, ctx.tenant_id(), ctx.next_id(), link, ctx.now()).await?;
    tx.commit().await?;
    ctx.changed(Topic::Modelling);
    Ok(())
}

/// Unlinks them again (section 4.15).
pub async fn delete_technics_dependence(ctx: &Ctx, params: TechnicsDependence) -> Result<()> {
    ctx.require(Area::Modelling, Access::Write)?;
    let kinds = kinds(&params)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let ((process, factory), (_, dep_param)) = ends(ctx, &mut tx, &params, kinds).await?;
    if !dependences::delete(&mut tx, ctx.tenant_id(), process.id, factory.id).await? {
        let Text { en, zh } = process.kind.title();
        return Err(Error::invalid(dep_param, text!("is not linked to this {en}", "未与该{zh}关联")));
    }
    tx.commit().await?;
    ctx.changed(Topic::Modelling);
    Ok(())
}

/// The kinds of both ends; only two pairs can be linked.
fn kinds(params: &TechnicsDependence) -> Result<(NodeKind, NodeKind)> {
    let (kind, dep_kind) = match params.id_type.trim().to_ascii_uppercase().as_str() {
        "TECHNOLOGY" => (NodeKind::Technology, NodeKind::Beltline),
        "PROCESS" => (NodeKind::Process, NodeKind::MachiningCenter),
        _ => {
            return Err(Error::invalid(
                "idType",
                text!("must be TECHNOLOGY or PROCESS", "应为 TECHNOLOGY 或 PROCESS"),
            ));
        }
    };
    match (params.dep_id_type.trim().to_ascii_uppercase().as_str(), dep_kind) {
        ("BELTLINE", NodeKind::Beltline)
        | ("MACHIN_CENTER" | "MACHINING_CENTER", NodeKind::MachiningCenter) => Ok((kind, dep_kind)),
        _ => Err(Error::invalid(
            "depIdType",
            text!(
                "must be BELTLINE for a TECHNOLOGY and MACHIN_CENTER for a PROCESS",
                "TECHNOLOGY 应为 BELTLINE，PROCESS 应为 MACHIN_CENTER"
            ),
        )),
    }
}

/// Both nodes, and the parameters that named them.
async fn ends(
    ctx: &Ctx,
    tx: &mut Tx,
    params: &TechnicsDependence,
    (kind, dep_kind): (NodeKind, NodeKind),
) -> Result<((Node, Node), (&'static str, &'static str))> {
    let given = Given { id: params.id, code: params.code.as_deref(), names: ("id", "code") };
    let dep = Given { id: params.dep_id, code: params.dep_code.as_deref(), names: ("depId", "depCode") };
    let process = given.node(tx, ctx.tenant_id(), kind).await?;
    let factory = dep.node(tx, ctx.tenant_id(), dep_kind).await?;
    Ok(((process, factory), (given.param(), dep.param())))
}
