//! Creating, changing, publishing, archiving and deleting nodes of either model.

use crate::access::{Access, Area};
use crate::db::Tx;
use crate::events::Topic;
use crate::masterdata::record;
use crate::modelling::store::nodes::Way;
use crate::modelling::store::{attributes, dependences, nodes};
use crate::modelling::{
    CreateFactoryNode, CreateProcessNode, DeleteNode, Flag, Model, Node, NodeKind, UpdateFactoryNode,
    UpdateProcessNode, references,
};
use crate::quality::service as quality;
use crate::{Ctx, Error, Patch, Result, Text, text};

use super::resolve::{FACTORY_KINDS, Given, PROCESS_KINDS, archived, not_blank};
use super::{LOCK, equipment};

/// Creates a node of the factory model, or links an equipment, and answers its id (section 4.7).
pub async fn create_factory_node(ctx: &Ctx, params: CreateFactoryNode) -> Result<i64> {
    ctx.require(Area::Modelling, Access::Write)?;
    let kind = NodeKind::parse("type", &params.r#type, FACTORY_KINDS)?;
    let new = NewNode {
        kind,
        code: params.code,
        name: params.name,
        description: params.desc.filter(|_| kind != NodeKind::Equipment),
        parent: (params.parent_id, params.parent_code),
        publish: publishes(params.flag.as_deref())?,
        equipment_id: params.equipment_id.filter(|_| kind == NodeKind::Equipment),
    };
    create(ctx, new).await
}

/// Creates a node of the process model and answers its id (section 4.13).
pub async fn create_process_node(ctx: &Ctx, params: CreateProcessNode) -> Result<i64> {
    ctx.require(Area::Modelling, Access::Write)?;
    let new = NewNode {
        kind: NodeKind::parse("type", &params.r#type, PROCESS_KINDS)?,
        code: params.code,
        name: params.name,
        description: params.desc,
        parent: (params.parent_id, params.parent_code),
        publish: publishes(params.flag.as_deref())?,
        equipment_id: None,
    };
    create(ctx, new).await
}

/// Changes, publishes or archives a node of the factory model (section 4.14).
pub async fn update_factory_node(ctx: &Ctx, params: UpdateFactoryNode) -> Result<()> {
    ctx.require(Area::Modelling, Access::Write)?;
    let kind = NodeKind::parse("type", &params.r#type, FACTORY_KINDS)?;
    let change = Change {
        kind,
        id: params.id,
        code: params.code,
        name: params.name,
        description: if kind == NodeKind::Equipment { Patch::Keep } else { params.desc },
        parent: (params.parent_id, params.parent_code),
        order_index: params.order_index,
        action: Action::parse(params.flag.as_deref())?,
    };
    update(ctx, change).await
}

/// Changes, publishes or archives a node of the process model (section 4.12).
pub async fn update_process_node(ctx: &Ctx, params: UpdateProcessNode) -> Result<()> {
    ctx.require(Area::Modelling, Access::Write)?;
    let change = Change {
        kind: NodeKind::parse("type", &params.r#type, PROCESS_KINDS)?,
        id: params.id,
        code: params.code,
        name: params.name,
        description: params.desc,
        parent: (params.parent_id, params.parent_code),
        order_index: params.order_index,
        action: Action::parse(params.flag.as_deref())?,
    };
    update(ctx, change).await
}

/// Deletes a node of the factory model to which nothing refers; of an equipment the link, not the master record
/// (section 4.6).
pub async fn delete_factory_node(ctx: &Ctx, params: DeleteNode) -> Result<()> {
    delete(ctx, params, FACTORY_KINDS).await
}

/// Deletes a node of the process model to which nothing refers, with its attributes and links (section 4.9).
pub async fn delete_process_node(ctx: &Ctx, params: DeleteNode) -> Result<()> {
    delete(ctx, params, PROCESS_KINDS).await
}

struct NewNode {
    kind: NodeKind,
    code: String,
    name: String,
    description: Option<String>,
    parent: (Option<i64>, Option<String>),
    publish: bool,
    equipment_id: Option<i64>,
}

struct Change {
    kind: NodeKind,
    id: Option<i64>,
    code: String,
    name: String,
    description: Patch<String>,
    parent: (Option<i64>, Option<String>),
    order_index: Patch<i64>,
    action: Option<Action>,
}

/// What an update does to the publish state.
#[derive(Clone, Copy, PartialEq)]
enum Action {
    Publish,
    PublishSubNode,
    Archive,
}

impl Action {
    fn parse(flag: Option<&str>) -> Result<Option<Self>> {
        match flag.map(bare_flag) {
            None | Some("") => Ok(None),
            Some("publish") => Ok(Some(Self::Publish)),
            Some("publishSubNode") => Ok(Some(Self::PublishSubNode)),
            Some("archive") => Ok(Some(Self::Archive)),
            Some(_) => Err(Error::invalid(
                "flag",
                text!(
                    "must be publish, publishSubNode or archive",
                    "应为 publish、publishSubNode 或 archive"
                ),
            )),
        }
    }
}

/// The document's own example writes `flag:publish `.
fn bare_flag(flag: &str) -> &str {
    let flag = flag.trim();
    flag.strip_prefix("flag:").unwrap_or(flag).trim()
}

fn publishes(flag: Option<&str>) -> Result<bool> {
    match flag.map(bare_flag) {
        None | Some("" | "unpublish") => Ok(false),
        Some("publish") => Ok(true),
        Some(_) => Err(Error::invalid("flag", text!("must be publish or absent", "应为 publish 或不填"))),
    }
}

async fn create(ctx: &Ctx, new: NewNode) -> Result<i64> {
    not_blank("code", &new.code)?;
    not_blank("name", &new.name)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let parent = parent(ctx, &mut tx, new.kind, &new.parent, true).await?;
    code_is_free(ctx, &mut tx, new.kind.model(), &new.code).await?;
    let id = if new.kind == NodeKind::Equipment {
        equipment::record_to_link(ctx, &mut tx, new.equipment_id, &new.code, &new.name).await?
    } else {
        ctx.next_id()
    };
    let now = ctx.now();
    let node = Node {
        id,
        parent_id: parent.as_ref().map(|parent| parent.id),
        kind: new.kind,
        code: new.code,
        name: new.name,
        description: new.description,
        order_index: None,
        flag: if new.publish { Flag::Publish } else { Flag::Unpublish },
        created_at: now,
        modified_at: now,
    };
    nodes::insert(&mut tx, ctx.tenant_id(), &node).await?;
    if new.publish {
        publish(ctx, &mut tx, &node, false).await?;
    }
    tx.commit().await?;
    ctx.changed(Topic::Modelling);
    Ok(id)
}

async fn update(ctx: &Ctx, change: Change) -> Result<()> {
    not_blank("code", &change.code)?;
    not_blank("name", &change.name)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let model = change.kind.model();
    let given = Given { id: change.id, code: Some(&change.code), names: ("id", "code") };
    let found = given.find(&mut tx, ctx.tenant_id(), model).await?;
    let stored = found.ok_or_else(|| Error::unknown(given.param(), change.kind.title()))?;
    if stored.kind != change.kind {
        let Text { en, zh } = stored.kind.title();
        return Err(Error::invalid("type", text!("the node is a {en}", "该节点的类型是{zh}")));
    }
    if !stored.usable() {
        // Archiving again is no change; anything else would bring it back to life.
        return if change.action == Some(Action::Archive) {
            Ok(())
        } else {
            Err(archived(given.param(), &stored))
        };
    }
    let renamed = change.code != stored.code;
    if renamed {
        code_may_change(ctx, &mut tx, &stored, &change.code).await?;
    }
    let new_parent = parent(ctx, &mut tx, change.kind, &change.parent, false).await?;
    let node = Node {
        parent_id: new_parent.map(|parent| parent.id).or(stored.parent_id),
        code: change.code,
        name: change.name,
        description: change.description.apply(stored.description),
        order_index: change.order_index.apply(stored.order_index),
        modified_at: ctx.now(),
        ..stored
    };
    nodes::update(&mut tx, ctx.tenant_id(), &node).await?;
    if renamed {
        record::node_renamed(&mut tx, ctx.tenant_id(), node.id, &node.code).await?;
    }
    match change.action {
        Some(Action::Archive) => archive(ctx, &mut tx, &node).await?,
        Some(Action::PublishSubNode) => publish(ctx, &mut tx, &node, true).await?,
        Some(Action::Publish) => publish(ctx, &mut tx, &node, false).await?,
        // Moved under a parent that is not published yet: its ancestors must be, as it is.
        None if node.flag == Flag::Publish => publish(ctx, &mut tx, &node, false).await?,
        None => {}
    }
    tx.commit().await?;
    ctx.changed(Topic::Modelling);
    Ok(())
}

async fn delete(ctx: &Ctx, params: DeleteNode, kinds: &[NodeKind]) -> Result<()> {
    ctx.require(Area::Modelling, Access::Write)?;
    let kind = NodeKind::parse("type", &params.r#type, kinds)?;
    let given = Given { id: params.id, code: params.code.as_deref(), names: ("id", "code") };
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    // Reports and controls that are being entered come before this, or find no node.
    tx.lock(ctx.tenant_id(), quality::LOCK).await?;
    let node = given.node(&mut tx, ctx.tenant_id(), kind).await?;
    let referrers = references::referring_to(&mut tx, ctx.tenant_id(), &node).await?;
    if !referrers.is_empty() {
        let list = |name: fn(&Text) -> &str, separator: &str| {
            let parts: Vec<_> = referrers.iter().map(|r| format!("{} {}", r.count, name(&r.what))).collect();
            parts.join(separator)
        };
        let (en, zh) = (list(|what| &what.en, ", "), list(|what| &what.zh, "、"));
        return Err(Error::invalid(given.param(), text!("is still referred to by {en}", "仍被引用：{zh}")));
    }
    attributes::delete_of_node(&mut tx, ctx.tenant_id(), node.id).await?;
    if kind.model() == Model::Process {
        dependences::delete_of_process_node(&mut tx, ctx.tenant_id(), node.id).await?;
    }
    nodes::delete(&mut tx, ctx.tenant_id(), kind.model(), node.id).await?;
    tx.commit().await?;
    ctx.changed(Topic::Modelling);
    Ok(())
}

/// The parent that is given; `None` at a root, or when none is given and none is `required`.
async fn parent(
    ctx: &Ctx,
    tx: &mut Tx,
    kind: NodeKind,
    (id, code): &(Option<i64>, Option<String>),
    required: bool,
) -> Result<Option<Node>> {
    let given = Given { id: *id, code: code.as_deref(), names: ("parentId", "parentCode") };
    let Some(parent_kind) = kind.parent() else {
        if id.is_some_and(|id| id != 0) || (id.is_none() && code.is_some()) {
            let Text { en, zh } = kind.title();
            return Err(Error::invalid(
                given.param(),
                text!("a {en} has no parent: give parentId 0", "{zh}没有上级节点：parentId 应为 0"),
            ));
        }
        return Ok(None);
    };
    if !required && id.is_none() && code.is_none() {
        return Ok(None);
    }
    given.usable_node(tx, ctx.tenant_id(), parent_kind).await.map(Some)
}

async fn code_is_free(ctx: &Ctx, tx: &mut Tx, model: Model, code: &str) -> Result<()> {
    let Some(holder) = nodes::by_code(tx, ctx.tenant_id(), model, code).await? else { return Ok(()) };
    let Text { en, zh } = holder.kind.title();
    Err(Error::invalid("code", text!("is taken by a {en} already", "编码已被{zh}占用")))
}

async fn code_may_change(ctx: &Ctx, tx: &mut Tx, stored: &Node, code: &str) -> Result<()> {
    if stored.kind == NodeKind::Equipment {
        // The asset number belongs to the master record; the node can only follow it.
        equipment::must_have_asset_num(ctx, tx, stored.id, code).await?;
    } else if stored.flag != Flag::Unpublish {
        return Err(Error::invalid(
            "code",
            text!("cannot be changed once the node was published", "节点发布后不能修改编码"),
        ));
    }
    code_is_free(ctx, tx, stored.kind.model(), code).await
}

/// Publishes a node and its ancestors, and what stands below it if so wanted; what is archived stays so.
async fn publish(ctx: &Ctx, tx: &mut Tx, node: &Node, below: bool) -> Result<()> {
    let change = (&[Flag::Unpublish][..], Flag::Publish);
    nodes::set_flags(tx, ctx.tenant_id(), node, Way::Up, change, ctx.now()).await?;
    if below {
        nodes::set_flags(tx, ctx.tenant_id(), node, Way::Down, change, ctx.now()).await?;
    }
    Ok(())
}

/// Archives a node and everything below it.
async fn archive(ctx: &Ctx, tx: &mut Tx, node: &Node) -> Result<()> {
    let change = (&[Flag::Unpublish, Flag::Publish][..], Flag::Archive);
    nodes::set_flags(tx, ctx.tenant_id(), node, Way::Down, change, ctx.now()).await
}
