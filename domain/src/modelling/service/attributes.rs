//! Attributes of nodes.

use crate::access::{Access, Area};
use crate::events::Topic;
use crate::modelling::store::attributes::{self, Attribute};
use crate::modelling::{
    AttributePage, AttributePaging, CreateAttribute, DeleteAttribute, NodeAttribute, NodeKind,
    QueryAttributes,
};
use crate::page::MAX_PAGE_SIZE;
use crate::{Ctx, Error, Page, Result, text};

use super::LOCK;
use super::info::times;
use super::resolve::{Given, not_blank};

/// Kinds that have attributes: an equipment's properties stand in its master record.
const OWNERS: &[NodeKind] = &[
    NodeKind::Factory,
    NodeKind::Workshop,
    NodeKind::Beltline,
    NodeKind::MachiningCenter,
    NodeKind::Technology,
    NodeKind::Process,
    NodeKind::Step,
];

/// Longest name, identifier and value, in characters (section 4.11).
const LONGEST: usize = 50;

/// Creates an attribute and answers its id (section 4.11).
pub async fn create_attribute(ctx: &Ctx, params: CreateAttribute) -> Result<i64> {
    ctx.require(Area::Modelling, Access::Write)?;
    let kind = NodeKind::parse("parentType", &params.parent_type, OWNERS)?;
    not_blank("name", &params.name)?;
    is_identifier("enName", &params.en_name)?;
    for (param, value) in [("name", &params.name), ("enName", &params.en_name), ("value", &params.value)] {
        if value.chars().count() > LONGEST {
            return Err(Error::invalid(
                param,
                text!("must have at most {LONGEST} characters", "最多 {LONGEST} 个字符"),
            ));
        }
    }
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let owner = owner(params.parent_id, params.parent_code.as_deref());
    let node = owner.usable_node(&mut tx, ctx.tenant_id(), kind).await?;
    let taken = attributes::taken(&mut tx, ctx.tenant_id(), node.id, &params.name, &params.en_name).await?;
    if taken.iter().any(|(name, _)| *name == params.name) {
        return Err(Error::invalid("name", text!("is taken on this node already", "该节点已有同名属性")));
    }
    if !taken.is_empty() {
        return Err(Error::invalid(
            "enName",
            text!("is taken on this node already", "该节点已有相同标识的属性"),
        ));
    }
    let now = ctx.now();
    let attribute = Attribute {
        id: ctx.next_id(),
        name: params.name,
        en_name: params.en_name,
        value: Some(params.value),
        created_at: now,
        modified_at: now,
    };
    attributes::insert(&mut tx, ctx.tenant_id(), node.id, &attribute).await?;
    tx.commit().await?;
    ctx.changed(Topic::Modelling);
    Ok(attribute.id)
}

/// Deletes an attribute (section 4.8).
pub async fn delete_attribute(ctx: &Ctx, params: DeleteAttribute) -> Result<()> {
    ctx.require(Area::Modelling, Access::Write)?;
    let kind = NodeKind::parse("parentType", &params.parent_type, OWNERS)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let owner = owner(params.parent_id, params.parent_code.as_deref());
    let node = owner.usable_node(&mut tx, ctx.tenant_id(), kind).await?;
    if !attributes::delete(&mut tx, ctx.tenant_id(), node.id, &params.en_name).await? {
        return Err(Error::unknown("enName", text!("attribute", "属性")));
    }
    tx.commit().await?;
    ctx.changed(Topic::Modelling);
    Ok(())
}

/// A page of a node's attributes (section 4.10).
pub async fn query_attributes(ctx: &Ctx, params: QueryAttributes) -> Result<AttributePage> {
    ctx.require(Area::Modelling, Access::Read)?;
    let kind = NodeKind::parse("parentType", &params.parent_type, OWNERS)?;
    let page = Page::check(params.page_id, params.page_size, ("pageId", "pageSize"), MAX_PAGE_SIZE)?;
    let mut conn = ctx.read().await?;
    let node =
        owner(params.parent_id, params.parent_code.as_deref()).node(&mut conn, ctx.tenant_id(), kind).await?;
    let total = attributes::count(&mut conn, ctx.tenant_id(), node.id).await?;
    let stored = attributes::list(&mut conn, ctx.tenant_id(), node.id, Some(page)).await?;
    let attribute = |attribute: Attribute| {
        let (create_time, modify_time) = times(ctx, attribute.created_at, attribute.modified_at);
        let Attribute { id, name, en_name, value, .. } = attribute;
        let parent_type = kind.as_str().to_owned();
        NodeAttribute { id, name, en_name, value, parent_id: node.id, parent_type, create_time, modify_time }
    };
    Ok(AttributePage {
        attrs: stored.into_iter().map(attribute).collect(),
        page: AttributePaging { page_id: page.number, page_size: page.size, total },
    })
}

fn owner(id: Option<i64>, code: Option<&str>) -> Given<'_> {
    Given { id, code, names: ("parentId", "parentCode") }
}

fn is_identifier(param: &str, value: &str) -> Result<()> {
    let starts_well = value.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts_well && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Ok(());
    }
    Err(Error::invalid(
        param,
        text!(
            "must consist of English letters, digits and underscores and start with a letter",
            "只能由英文字母、数字和下划线组成，且以字母开头"
        ),
    ))
}
