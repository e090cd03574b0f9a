//! Equipment: level-5 nodes and the master records they link.

use std::collections::HashMap;

use crate::access::{Access, Area};
use crate::db::Tx;
use crate::masterdata::equipment::{
    equipment_by_asset_num, equipment_by_id, equipment_by_ids, insert_equipment,
};
use crate::masterdata::{Equipment, record};
use crate::modelling::store::nodes;
use crate::modelling::{EquipmentInfo, EquipmentList, Model, Node, NodeKind, QueryEquipment};
use crate::{Ctx, Error, Result, text};

use super::info::parent_type;
use super::resolve::Given;

/// The equipment below a node that is not archived; all of it when no node is named (section 4.17).
pub async fn query_equipment(ctx: &Ctx, params: QueryEquipment) -> Result<EquipmentList> {
    ctx.require(Area::Modelling, Access::Read)?;
    let kind = NodeKind::at(Model::Factory, params.level).ok_or_else(|| {
        Error::invalid(
            "level",
            text!(
                "must be 1 (factory), 2 (workshop), 3 (line), 4 (machining center) or 5 (equipment)",
                "应为 1（工厂）、2（车间）、3（产线）、4（加工中心）或 5（设备）"
            ),
        )
    })?;
    let mut conn = ctx.read().await?;
    let given = Given { id: params.id, code: params.code.as_deref(), names: ("id", "code") };
    let below = if given.id.is_none() && given.code.is_none() {
        nodes::on_level(&mut conn, ctx.tenant_id(), Model::Factory, NodeKind::Equipment.level()).await?
    } else {
        let found = given.find(&mut conn, ctx.tenant_id(), Model::Factory).await?;
        match found.filter(|node| node.kind == kind) {
            Some(node) => nodes::subtree(&mut conn, ctx.tenant_id(), Model::Factory, node.id).await?,
            None => Vec::new(),
        }
    };
    let mut linked: Vec<Node> =
        below.into_iter().filter(|node| node.kind == NodeKind::Equipment && node.usable()).collect();
    linked.sort_by_key(|node| std::cmp::Reverse((node.created_at, node.id)));
    let ids: Vec<i64> = linked.iter().map(|node| node.id).collect();
    let records = equipment_by_ids(&mut conn, ctx.tenant_id(), &ids).await?;
    let mut records: HashMap<i64, Equipment> = records.into_iter().map(|r| (r.dap_id, r)).collect();
    let equipments = linked.into_iter().map(|node| {
        let record = records.remove(&node.id);
        info(node, record)
    });
    Ok(EquipmentList { equipments: equipments.collect() })
}

fn info(node: Node, record: Option<Equipment>) -> EquipmentInfo {
    let parent_type = parent_type(&node);
    let model = record.as_ref().and_then(|r| r.equipment_model.clone());
    let usable_condition = record.as_ref().and_then(|r| r.usable_condition).and_then(condition_word);
    let (brevity_code, iot_device_id) = record.map(|r| (r.brevity_code, r.iot_device_id)).unwrap_or_default();
    EquipmentInfo {
        id: node.id,
        asset_num: node.code,
        brevity_code,
        equipment_model: model.as_ref().map(|model| model.code.clone()),
        equipment_model_name: model.and_then(|model| model.name),
        iot_device_id,
        usable_condition: usable_condition.map(str::to_owned),
        description: node.description,
        parent_id: node.parent_id,
        parent_type,
        name: node.name,
    }
}

/// The answer says the state of use in words (section 4.17).
fn condition_word(number: i64) -> Option<&'static str> {
    match number {
        1 => Some("新建"),
        2 => Some("使用中"),
        3 => Some("已停用"),
        4 => Some("已报废"),
        _ => None,
    }
}

/// The id of the master record that a new level-5 node links: the one named, else the one with this asset number, made
/// when there is none.
pub(super) async fn record_to_link(
    ctx: &Ctx,
    tx: &mut Tx,
    equipment_id: Option<i64>,
    asset_num: &str,
    name: &str,
) -> Result<i64> {
    tx.lock(ctx.tenant_id(), record::LOCK).await?;
    let (param, found) = match equipment_id {
        Some(id) => {
            let found = equipment_by_id(tx, ctx.tenant_id(), id).await?;
            let found = found.ok_or_else(|| Error::unknown("equipmentId", NodeKind::Equipment.title()))?;
            if found.asset_num != asset_num {
                let known = found.asset_num;
                return Err(Error::invalid(
                    "code",
                    text!("must be the equipment's asset number, {known}", "应为该设备的资产编号 {known}"),
                ));
            }
            ("equipmentId", found)
        }
        None => match equipment_by_asset_num(tx, ctx.tenant_id(), asset_num).await? {
            Some(found) => ("code", found),
            None => return Ok(insert_equipment(ctx, tx, asset_num, name).await?.dap_id),
        },
    };
    if found.archived {
        return Err(Error::invalid(
            param,
            text!("this equipment is archived in the master data", "该设备的主数据已归档"),
        ));
    }
    if nodes::by_id(tx, ctx.tenant_id(), Model::Factory, found.dap_id).await?.is_some() {
        return Err(Error::invalid(
            param,
            text!("this equipment is linked already", "该设备已关联到工厂模型"),
        ));
    }
    Ok(found.dap_id)
}

/// Refuses a code that is not the asset number of this equipment.
pub(super) async fn must_have_asset_num(ctx: &Ctx, tx: &mut Tx, id: i64, code: &str) -> Result<()> {
    let record = equipment_by_id(tx, ctx.tenant_id(), id).await?;
    if record.is_some_and(|record| record.asset_num == code) {
        return Ok(());
    }
    Err(Error::invalid("code", text!("must be the equipment's asset number", "应为该设备的资产编号")))
}
