//! What reports and controls refer to. What is unknown is refused, nothing is made on the way; what is archived is
//! refused unless the record refers to it already, so that old records can still be corrected.

use crate::db::Conn;
use crate::masterdata::{builtin, equipment, lookup, shown};
use crate::modelling::{NodeKind, lookup as model};
use crate::{Error, Result, Text, text};

/// A thing by its id and the code it was named by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ref {
    pub(super) id: i64,
    pub(super) code: String,
}

/// A production unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) kind: i64,
    pub(super) id: i64,
    pub(super) code: String,
}

/// The unit type of an equipment.
pub(super) const EQUIPMENT: i64 = 4;

pub(super) async fn material(conn: &mut Conn, tenant_id: i64, code: &str, kept: Option<i64>) -> Result<Ref> {
    let what = || text!("material {code}", "物料 {code} ");
    let found = lookup::material_by_code(conn, tenant_id, code).await?;
    let found = found.ok_or_else(|| Error::unknown("materialCode", what()))?;
    usable("materialCode", what(), !found.archived || kept == Some(found.dap_id))?;
    Ok(Ref { id: found.dap_id, code: found.code })
}

pub(super) async fn step(conn: &mut Conn, tenant_id: i64, code: &str, kept: Option<i64>) -> Result<Ref> {
    let what = || text!("process step {code}", "工艺步骤 {code} ");
    let found = model::step_by_code(conn, tenant_id, code).await?;
    let found = found.ok_or_else(|| Error::unknown("stepCode", what()))?;
    usable("stepCode", what(), found.usable() || kept == Some(found.id))?;
    Ok(Ref { id: found.id, code: found.code })
}

/// The production unit of this type with this code; `param` is what named the code.
pub(super) async fn unit(
    conn: &mut Conn,
    tenant_id: i64,
    unit_type: i64,
    param: &str,
    code: &str,
    kept: Option<i64>,
) -> Result<Unit> {
    let kind = kind_of(unit_type)?;
    let Text { en, zh } = kind.title();
    let what = || text!("{en} {code}", "{zh} {code} ");
    let found = if unit_type == EQUIPMENT {
        // Machines are known by the master data, also those that no one has placed in the factory model yet.
        let found = equipment::equipment_by_asset_num(conn, tenant_id, code).await?;
        found.map(|equipment| (equipment.dap_id, equipment.asset_num, !equipment.archived))
    } else {
        let found = model::node_by_code(conn, tenant_id, kind.level(), code).await?;
        found.map(|node| {
            let usable = node.usable();
            (node.id, node.code, usable)
        })
    };
    let (id, code_found, is_usable) = found.ok_or_else(|| Error::unknown(param, what()))?;
    usable(param, what(), is_usable || kept == Some(id))?;
    Ok(Unit { kind: unit_type, id, code: code_found })
}

/// What the numbers of `unitType` mean; they count from 0 where the levels of the model count from 1.
fn kind_of(unit_type: i64) -> Result<NodeKind> {
    (0..=EQUIPMENT)
        .contains(&unit_type)
        .then(|| NodeKind::at(crate::modelling::Model::Factory, unit_type + 1))
        .flatten()
        .ok_or_else(|| {
            Error::invalid(
                "unitType",
                text!(
                    "must be 0 (factory), 1 (workshop), 2 (line), 3 (machining center) or 4 (equipment)",
                    "应为 0（工厂）、1（车间）、2（产线）、3（加工中心）或 4（设备）"
                ),
            )
        })
}

pub(super) async fn checker(conn: &mut Conn, tenant_id: i64, id: i64, kept: Option<i64>) -> Result<i64> {
    let what = || text!("person {id}", "人员 {id} ");
    let found = shown::record_kind(conn, tenant_id, id).await?;
    let found = found.filter(|record| record.metadata_id == builtin::PERSON);
    let found = found.ok_or_else(|| Error::unknown("checkerId", what()))?;
    usable("checkerId", what(), !found.archived || kept == Some(id))?;
    Ok(id)
}

fn usable(param: &str, what: Text, usable: bool) -> Result<()> {
    if usable {
        return Ok(());
    }
    let Text { en, zh } = what;
    Err(Error::invalid(param, text!("{en} is archived", "{zh}已归档")))
}
