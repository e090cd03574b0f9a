//! The calendar's use cases.

mod copy;
mod effective;
mod shifts;
mod shutdowns;

pub use copy::copy_week;
pub use effective::{
    get_calendar_on_date, get_shift_at, is_planned_shutdown_at, month_view, query_day_types,
};
pub use shifts::{add_shift, delete_shift, get_shift, query_shifts, update_shift};
pub use shutdowns::{
    add_planned_shutdown, delete_planned_shutdown, get_planned_shutdown, query_planned_shutdowns,
    update_planned_shutdown,
};

use crate::db::Conn;
use crate::modelling::{self, Node};
use crate::{Error, Result, text};

/// Held by every write that puts a record on a node. It is the lock of the factory model, so that the node cannot be
/// deleted at the same time.
const LOCK: &str = "modelling";

/// A node and its ancestors; refused by the contract's parameter names when there is no such node.
async fn chain(conn: &mut Conn, tenant_id: i64, level: i64, id: i64) -> Result<Vec<Node>> {
    if !(1..=5).contains(&level) {
        return Err(Error::invalid(
            "ftyModelValue",
            text!(
                "must be 1 (factory), 2 (workshop), 3 (production line), 4 (machining center) or 5 (equipment)",
                "应为 1(工厂)、2(车间)、3(产线)、4(加工中心)或 5(设备)"
            ),
        ));
    }
    let chain = modelling::lookup::chain(conn, tenant_id, level, id).await?;
    if chain.is_empty() {
        return Err(Error::unknown(
            "ftyModelId",
            text!("the factory-model node {id} on level {level}", "层级 {level} 的工厂模型节点 {id} "),
        ));
    }
    Ok(chain)
}

/// The node a record is to hang on: it must not be archived.
async fn usable_node(conn: &mut Conn, tenant_id: i64, level: i64, id: i64) -> Result<Node> {
    let node = chain(conn, tenant_id, level, id).await?.swap_remove(0);
    if node.usable() {
        return Ok(node);
    }
    let name = node.name;
    Err(Error::invalid(
        "ftyModelId",
        text!("{name} is archived; choose a node in use", "“{name}”已归档，请选择在用的节点"),
    ))
}

fn no_such_shift(id: i64) -> Error {
    Error::unknown("id", text!("the shift {id}", "班次 {id} "))
}

fn no_such_shutdown(id: i64) -> Error {
    Error::unknown("id", text!("the planned shutdown {id}", "计划停机 {id} "))
}
