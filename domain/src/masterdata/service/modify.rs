//! Metadata modified under the records that stand on them.

use super::meant;
use super::metadata::{check_targets, default_values};
use crate::access::{Access, Area};
use crate::db::Tx;
use crate::events::Topic;
use crate::masterdata::definition::{ModifyMetadata, PropertyParam};
use crate::masterdata::store::{self, definitions};
use crate::masterdata::{Metadata, Property, record, rules};
use crate::{Ctx, Error, Result, text};

/// Replaces the description and the properties of metadata (section 17.6).
///
/// Nothing that records hold is lost or made wrong by it: a property that records have values of is neither removed nor
/// retyped, limits must admit the stored values, and one that must not be null is filled with its default. The
/// properties of built-in metadata stay, whether the list holds them or not.
pub async fn modify_metadata(ctx: &Ctx, params: ModifyMetadata) -> Result<()> {
    ctx.require(Area::MasterData, Access::Write)?;
    let name = rules::name(&params.name)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), record::LOCK).await?;
    let old = meant(&mut tx, ctx.tenant_id(), None, Some(&name), ("name", "name")).await?;
    let prefix_nested = params.prefix_nested.unwrap_or(old.prefix_nested);
    let mut properties = if old.builtin {
        let mut given = rules::additional(&params.properties)?;
        place_behind(&old, &params.properties, &mut given);
        with_built_in(&old, given)?
    } else {
        rules::properties(&params.properties, prefix_nested)?
    };
    rules::check_whole(&properties, prefix_nested)?;
    for property in &mut properties {
        let known = old.properties.iter().find(|known| known.code == property.code);
        property.id = known.map_or_else(|| ctx.next_id(), |known| known.id);
        property.builtin = known.is_some_and(|known| known.builtin);
    }
    let known = store::all(&mut tx, ctx.tenant_id()).await?;
    check_targets(&properties, &known)?;
    refuse_removed(ctx, &mut tx, &old, &properties).await?;
    for (i, property) in properties.iter().enumerate() {
        match old.properties.iter().find(|known| known.id == property.id) {
            Some(known) => check_change(ctx, &mut tx, known, property, i).await?,
            None if property.is_unique => {
                let records = definitions::count_records(&mut tx, ctx.tenant_id(), old.id).await?;
                if records > 0 {
                    return Err(Error::invalid(
                        format!("properties[{i}].isUnique"),
                        text!(
                            "{records} records have another unique key",
                            "{records} 条记录已使用其他唯一键"
                        ),
                    ));
                }
            }
            None => {}
        }
        fill_missing(ctx, &mut tx, &old, property, i).await?;
    }
    let metadata = Metadata {
        description: rules::description(params.description.apply(old.description))?,
        multi_version: params.multi_version.unwrap_or(old.multi_version),
        prefix_nested,
        platform_control: params.platform_control.unwrap_or(old.platform_control),
        modified_at: ctx.now(),
        properties,
        ..old
    };
    definitions::replace(&mut tx, ctx.tenant_id(), &metadata).await?;
    tx.commit().await?;
    ctx.changed(Topic::MasterData);
    Ok(())
}

/// Properties given without an index keep their place, or stand behind those there are.
fn place_behind(old: &Metadata, written: &[PropertyParam], given: &mut [Property]) {
    let last = old.properties.iter().map(|known| known.index).max().unwrap_or_default();
    for (property, _) in given.iter_mut().zip(written).filter(|(_, written)| written.property_index.is_none())
    {
        let known = old.properties.iter().find(|known| known.code == property.code);
        property.index = known.map_or(last.saturating_add(property.index), |known| known.index);
    }
}

/// The given properties, and the built-in ones that are not among them.
fn with_built_in(old: &Metadata, given: Vec<Property>) -> Result<Vec<Property>> {
    let mut all = given;
    for known in old.properties.iter().filter(|known| known.builtin) {
        match all.iter().position(|property| property.code == known.code) {
            None => all.push(Property { display: false, ..known.clone() }),
            Some(i) => {
                let given = &all[i];
                let same = given.kind == known.kind
                    && given.is_unique == known.is_unique
                    && given.array == known.array
                    && given.limit.data_id == known.limit.data_id;
                if !same {
                    let code = &known.code;
                    return Err(Error::invalid(
                        format!("properties[{i}]"),
                        text!(
                            "{code} is built in: its type, its target, isUnique and array stay",
                            "{code} 为内置属性，其类型、引用对象、isUnique 和 array 不能修改"
                        ),
                    ));
                }
            }
        }
    }
    // A list of additional properties only need not name the display property again.
    if !all.iter().any(|property| property.display) {
        let shown = old.properties.iter().find(|known| known.display).map(|known| known.code.clone());
        for property in &mut all {
            property.display = shown.as_ref() == Some(&property.code);
        }
    }
    Ok(all)
}

async fn refuse_removed(ctx: &Ctx, tx: &mut Tx, old: &Metadata, new: &[Property]) -> Result<()> {
    for gone in old.properties.iter().filter(|known| !new.iter().any(|property| property.id == known.id)) {
        let holders = definitions::count_holders(tx, ctx.tenant_id(), gone.id).await?;
        if holders > 0 {
            let code = &gone.code;
            return Err(Error::invalid(
                "properties",
                text!(
                    "{code} cannot be left out: {holders} records have a value of it",
                    "属性 {code} 不能移除：{holders} 条记录有值"
                ),
            ));
        }
    }
    Ok(())
}

async fn check_change(ctx: &Ctx, tx: &mut Tx, old: &Property, new: &Property, index: usize) -> Result<()> {
    let target = |property: &Property| {
        let limit = &property.limit;
        (
            limit.data_id,
            limit.factory_type.clone(),
            limit.technology_type.clone(),
            limit.warehouse_type.clone(),
        )
    };
    let reshaped = old.kind != new.kind
        || old.is_unique != new.is_unique
        || (old.array && !new.array)
        || target(old) != target(new);
    if reshaped {
        let holders = definitions::count_holders(tx, ctx.tenant_id(), new.id).await?;
        if holders > 0 {
            let code = &new.code;
            return Err(Error::invalid(
                format!("properties[{index}]"),
                text!(
                    "{holders} records have a value of {code}: its type, target, isUnique and array stay",
                    "{holders} 条记录已有 {code} 的值，其类型、引用对象、isUnique 和 array 不能修改"
                ),
            ));
        }
    } else if old.limit != new.limit
        && let Some(value) = definitions::outside_limits(tx, ctx.tenant_id(), new).await?
    {
        let value: String = value.chars().take(64).collect();
        return Err(Error::invalid(
            format!("properties[{index}].propertyLimit"),
            text!(
                "a record has the value {value}, which it would not admit",
                "已有记录的值 {value} 不符合该限制"
            ),
        ));
    }
    Ok(())
}

/// A property that must not be null gets its default where records have no value.
async fn fill_missing(
    ctx: &Ctx,
    tx: &mut Tx,
    old: &Metadata,
    property: &Property,
    index: usize,
) -> Result<()> {
    let default = default_values(ctx, tx, property, index).await?;
    let was_required = old.properties.iter().any(|known| known.id == property.id && !known.nullable);
    if property.nullable || was_required || property.is_unique {
        return Ok(());
    }
    let missing = definitions::without_value(tx, ctx.tenant_id(), old.id, property.id).await?;
    if missing.is_empty() {
        return Ok(());
    }
    if default.is_empty() {
        let count = missing.len();
        return Err(Error::invalid(
            format!("properties[{index}].isNull"),
            text!(
                "{count} records have no value: give a defaultValue for them",
                "{count} 条记录没有值，请提供 defaultValue"
            ),
        ));
    }
    definitions::fill(tx, ctx.tenant_id(), &missing, property.id, &default).await
}
