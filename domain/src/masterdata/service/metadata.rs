//! Metadata: asked for, created and deleted.

use serde_json::Value as Json;

use super::meant;
use crate::access::{Access, Area};
use crate::events::Topic;
use crate::masterdata::definition::{
    CreateMetadata, DeleteMetadata, MetadataPage, MetadataReply, PropertyPage, PropertyReply, QueryMetadata,
    QueryProperties, ReplyPage,
};
use crate::masterdata::record::{self, Cell, Resolved};
use crate::masterdata::store::{self, definitions, nodes};
use crate::masterdata::{Metadata, Property, PropertyType, builtin, cell, rules};
use crate::page::MAX_PAGE_SIZE;
use crate::{Ctx, Error, Page, Result, text};

/// Metadata of one tenant.
const MAX_METADATA: usize = 500;

/// The metadata of the tenant, or the one with an id or a name, newest first (section 17.2).
pub async fn query_metadata(ctx: &Ctx, params: QueryMetadata) -> Result<MetadataPage> {
    ctx.require(Area::MasterData, Access::Read)?;
    let page = Page::check(params.page_id, params.page_size, ("pageId", "pageSize"), MAX_PAGE_SIZE)?;
    let mut conn = ctx.read().await?;
    let mut found = store::all(&mut conn, ctx.tenant_id()).await?;
    retain(&mut found, params.id, params.name.as_deref());
    let total = found.len().to_string();
    let metadata = part(&found, page).iter().map(MetadataReply::from).collect();
    Ok(MetadataPage { metadata, page: ReplyPage { page_id: page.number, page_size: page.size, total } })
}

/// The properties of metadata in their order (section 17.3).
pub async fn query_properties(ctx: &Ctx, params: QueryProperties) -> Result<PropertyPage> {
    ctx.require(Area::MasterData, Access::Read)?;
    let page = Page::check(params.page_id, params.page_size, ("pageId", "pageSize"), MAX_PAGE_SIZE)?;
    let mut conn = ctx.read().await?;
    let mut found = store::all(&mut conn, ctx.tenant_id()).await?;
    retain(&mut found, params.data_id, params.meta_data_name.as_deref());
    let replies = found.iter().flat_map(|metadata| {
        metadata.properties.iter().map(|property| PropertyReply::new(metadata.id, property))
    });
    let replies: Vec<_> = replies.collect();
    let total = replies.len().to_string();
    Ok(PropertyPage {
        properties: part(&replies, page).to_vec(),
        page_id: page.number,
        page_size: page.size,
        total,
    })
}

fn retain(found: &mut Vec<Metadata>, id: Option<i64>, name: Option<&str>) {
    let name = name.filter(|name| !name.is_empty());
    found.retain(|metadata| match (id, name) {
        (Some(id), _) => metadata.id == id,
        (None, Some(name)) => metadata.name == name || builtin::id_of(name) == Some(metadata.id),
        (None, None) => true,
    });
}

fn part<T>(all: &[T], page: Page) -> &[T] {
    let begin = usize::try_from(page.offset()).unwrap_or(usize::MAX).min(all.len());
    let size = usize::try_from(page.size).unwrap_or(usize::MAX);
    &all[begin..begin.saturating_add(size).min(all.len())]
}

/// Creates metadata with all their properties and answers the id (section 17.7).
pub async fn create_metadata(ctx: &Ctx, params: CreateMetadata) -> Result<i64> {
    ctx.require(Area::MasterData, Access::Write)?;
    let name = rules::name(&params.name)?;
    let prefix_nested = params.prefix_nested.unwrap_or(false);
    let mut properties = rules::properties(&params.properties, prefix_nested)?;
    for property in &mut properties {
        property.id = ctx.next_id();
    }
    let now = ctx.now();
    let metadata = Metadata {
        id: ctx.next_id(),
        name,
        description: rules::description(params.description)?,
        multi_version: params.multi_version.unwrap_or(false),
        prefix_nested,
        platform_control: params.platform_control.unwrap_or(false),
        builtin: false,
        created_at: now,
        modified_at: now,
        properties,
    };
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), record::LOCK).await?;
    let known = store::all(&mut tx, ctx.tenant_id()).await?;
    if builtin::id_of(&metadata.name).is_some() || known.iter().any(|other| other.name == metadata.name) {
        let name = &metadata.name;
        return Err(Error::invalid("name", text!("{name} is taken already", "{name} 已存在")));
    }
    if known.len() >= MAX_METADATA {
        return Err(Error::invalid(
            "name",
            text!("there are {MAX_METADATA} metadata already", "元数据已达 {MAX_METADATA} 个上限"),
        ));
    }
    check_targets(&metadata.properties, &known)?;
    for (property, i) in metadata.properties.iter().zip(0..) {
        default_values(ctx, &mut tx, property, i).await?;
    }
    definitions::insert(&mut tx, ctx.tenant_id(), &metadata).await?;
    tx.commit().await?;
    ctx.changed(Topic::MasterData);
    Ok(metadata.id)
}

/// References must point to metadata that there are.
pub(super) fn check_targets(properties: &[Property], known: &[Metadata]) -> Result<()> {
    for (i, property) in properties.iter().enumerate() {
        if let Some(id) = property.limit.data_id
            && !known.iter().any(|metadata| metadata.id == id)
        {
            let param = format!("properties[{i}].propertyLimit.dataId");
            return Err(Error::unknown(param, text!("metadata {id}", "元数据 {id} ")));
        }
    }
    Ok(())
}

/// The default of a property as values, references found.
pub(super) async fn default_values(
    ctx: &Ctx,
    tx: &mut crate::db::Tx,
    property: &Property,
    index: usize,
) -> Result<Vec<(cell::Atom, Option<i64>)>> {
    let Some(default) = property.default.as_deref() else { return Ok(Vec::new()) };
    let param = format!("properties[{index}].defaultValue");
    let atoms = cell::read(property, &Json::from(default), &param)?;
    let cell = Cell { property, atoms, param };
    let resolved = match property.kind {
        PropertyType::Integer
        | PropertyType::Double
        | PropertyType::String
        | PropertyType::Enum
        | PropertyType::Boolean => Resolved::default(),
        PropertyType::MasterData
        | PropertyType::Factory
        | PropertyType::Technology
        | PropertyType::Warehouse => Resolved::of_cells(tx, ctx.tenant_id(), std::iter::once(&cell)).await?,
    };
    let values = resolved.values(0, &cell)?;
    Ok(values.into_iter().map(|value| (value.atom, value.ref_id)).collect())
}

/// Deletes metadata that nothing stands on (section 17.5).
pub async fn delete_metadata(ctx: &Ctx, params: DeleteMetadata) -> Result<()> {
    ctx.require(Area::MasterData, Access::Write)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), record::LOCK).await?;
    let metadata = meant(&mut tx, ctx.tenant_id(), params.id, params.name.as_deref(), ("id", "name")).await?;
    let param = if params.id.is_some() { "id" } else { "name" };
    let name = &metadata.name;
    if metadata.builtin {
        return Err(Error::invalid(
            param,
            text!("{name} is built in and stays", "{name} 为内置元数据，不能删除"),
        ));
    }
    let records = definitions::count_records(&mut tx, ctx.tenant_id(), metadata.id).await?;
    if records > 0 {
        return Err(Error::invalid(
            param,
            text!(
                "{name} has {records} records (archived ones included)",
                "{name} 有 {records} 条记录（含已归档）"
            ),
        ));
    }
    if let Some((referrer, code)) = definitions::referrer(&mut tx, ctx.tenant_id(), metadata.id).await? {
        let other = store::by_id(&mut tx, ctx.tenant_id(), referrer).await?.map(|other| other.name);
        let other = other.unwrap_or_default();
        return Err(Error::invalid(
            param,
            text!("{other} refers to {name} by its property {code}", "{other} 的属性 {code} 引用了 {name}"),
        ));
    }
    if let Some((step, attribute)) = nodes::bound_to(&mut tx, ctx.tenant_id(), metadata.id, name).await? {
        return Err(Error::invalid(
            param,
            text!(
                "process step {step} is bound to {name} by its attribute {attribute}: remove that first",
                "工艺步骤 {step} 通过属性 {attribute} 绑定了 {name}，请先删除该属性"
            ),
        ));
    }
    definitions::delete(&mut tx, ctx.tenant_id(), metadata.id).await?;
    tx.commit().await?;
    ctx.changed(Topic::MasterData);
    Ok(())
}
