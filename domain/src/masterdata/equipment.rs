//! Equipment for the areas that stand on it: look-ups by asset number and id, and the record a new level-5 node needs.

use std::collections::HashMap;

use super::builtin::{self, property};
use super::cell::{self, Atom};
use super::lookup::Loaded;
use super::store::records::{self, NewRecord, NewValue, RecordRow};
use super::{CodeAndName, Equipment, record};
use crate::db::{Conn, Tx};
use crate::{Ctx, Error, Result, text};

/// The equipment with this asset number, archived or not.
pub async fn equipment_by_asset_num(
    conn: &mut Conn,
    tenant_id: i64,
    asset_num: &str,
) -> Result<Option<Equipment>> {
    Ok(equipment_by_asset_nums(conn, tenant_id, &[asset_num]).await?.pop())
}

/// The equipment with these asset numbers, archived or not, newest first; unknown numbers are left out.
pub async fn equipment_by_asset_nums(
    conn: &mut Conn,
    tenant_id: i64,
    asset_nums: &[&str],
) -> Result<Vec<Equipment>> {
    let rows = records::by_keys(conn, tenant_id, builtin::EQUIPMENT, asset_nums).await?;
    load(conn, tenant_id, rows).await
}

/// The equipment with this id, archived or not.
pub async fn equipment_by_id(conn: &mut Conn, tenant_id: i64, dap_id: i64) -> Result<Option<Equipment>> {
    Ok(equipment_by_ids(conn, tenant_id, &[dap_id]).await?.pop())
}

/// The equipment with these ids, archived or not, newest first; unknown ids are left out.
pub async fn equipment_by_ids(conn: &mut Conn, tenant_id: i64, dap_ids: &[i64]) -> Result<Vec<Equipment>> {
    let mut rows = records::by_ids(conn, tenant_id, dap_ids).await?;
    rows.retain(|row| row.metadata_id == builtin::EQUIPMENT);
    load(conn, tenant_id, rows).await
}

/// The equipment that this device speaks for (`iot_device_id`), archived or not, newest first.
pub async fn equipment_by_device(conn: &mut Conn, tenant_id: i64, did: &str) -> Result<Vec<Equipment>> {
    let atom = Atom { text: did.into(), number: None };
    let ids = records::ids_by_value(conn, tenant_id, property::EQUIPMENT_IOT_DEVICE_ID, &atom).await?;
    if ids.is_empty() { Ok(Vec::new()) } else { equipment_by_ids(conn, tenant_id, &ids).await }
}

/// Makes the record of a machine that is new to the master data. The caller has checked that there is none with this
/// asset number, under the lock `record::LOCK`; the rights are the caller's too.
pub async fn insert_equipment(ctx: &Ctx, tx: &mut Tx, asset_num: &str, name: &str) -> Result<Equipment> {
    cell::check_text(asset_num, "code")?;
    cell::check_length(asset_num, cell::MAX_KEY, "code")?;
    if asset_num.is_empty() {
        return Err(Error::missing("code"));
    }
    cell::check_text(name, "name")?;
    tx.lock(ctx.tenant_id(), record::LOCK).await?;
    let metadata = record::metadata_by_id(tx, ctx.tenant_id(), builtin::EQUIPMENT).await?;
    let metadata =
        metadata.ok_or_else(|| Error::internal("the built-in equipment metadata are always there"))?;
    if !records::by_keys(tx, ctx.tenant_id(), metadata.id, &[asset_num]).await?.is_empty() {
        return Err(Error::invalid(
            "code",
            text!("asset number {asset_num} is taken already", "资产编号 {asset_num} 已存在"),
        ));
    }
    let dap_id = ctx.next_id();
    let new = NewRecord { id: dap_id, unique_key: asset_num.into() };
    records::insert(tx, ctx.tenant_id(), metadata.id, ctx.now(), &[new]).await?;
    let value = |property_id, text: &str| NewValue {
        record_id: dap_id,
        property_id,
        seq: 0,
        atom: Atom { text: text.into(), number: None },
        ref_id: None,
    };
    let mut values = vec![value(metadata.unique_key().id, asset_num)];
    if !name.is_empty() {
        values.push(value(property::EQUIPMENT_NAME, name));
    }
    records::insert_values(tx, ctx.tenant_id(), &values).await?;
    equipment_by_id(tx, ctx.tenant_id(), dap_id)
        .await?
        .ok_or_else(|| Error::internal("the record was inserted in this transaction"))
}

async fn load(conn: &mut Conn, tenant_id: i64, rows: Vec<RecordRow>) -> Result<Vec<Equipment>> {
    let machines = Loaded::values_of(conn, tenant_id, &rows).await?;
    let models =
        named(conn, tenant_id, machines.references(property::EQUIPMENT_MODEL), property::MODEL_NAME).await?;
    let types =
        named(conn, tenant_id, models.values.references(property::MODEL_TYPE), property::TYPE_NAME).await?;
    let equipment = rows.into_iter().map(|row| {
        let text = |property_id| machines.text(row.id, property_id);
        let model_id = machines.reference(row.id, property::EQUIPMENT_MODEL);
        let type_id = model_id.and_then(|id| models.values.reference(id, property::MODEL_TYPE));
        Equipment {
            dap_id: row.id,
            name: text(property::EQUIPMENT_NAME),
            brevity_code: text(property::EQUIPMENT_BREVITY_CODE),
            equipment_model: model_id.and_then(|id| models.found.get(&id).cloned()),
            equipment_type: type_id.and_then(|id| types.found.get(&id).cloned()),
            usable_condition: text(property::EQUIPMENT_USABLE_CONDITION).and_then(|t| t.parse().ok()),
            sn_code: text(property::EQUIPMENT_SN_CODE),
            location: text(property::EQUIPMENT_LOCATION),
            iot_device_id: text(property::EQUIPMENT_IOT_DEVICE_ID),
            ideal_cycle_time: machines.number(row.id, property::EQUIPMENT_IDEAL_CYCLE_TIME),
            archived: row.archived,
            asset_num: row.unique_key,
        }
    });
    Ok(equipment.collect())
}

struct Named {
    found: HashMap<i64, CodeAndName>,
    values: Loaded,
}

async fn named(conn: &mut Conn, tenant_id: i64, ids: Vec<i64>, name_property: i64) -> Result<Named> {
    if ids.is_empty() {
        return Ok(Named { found: HashMap::new(), values: Loaded::default() });
    }
    let rows = records::by_ids(conn, tenant_id, &ids).await?;
    let values = Loaded::values_of(conn, tenant_id, &rows).await?;
    let found = rows.into_iter().map(|row| {
        let name = values.text(row.id, name_property);
        (row.id, CodeAndName { code: row.unique_key, name })
    });
    Ok(Named { found: found.collect(), values })
}
