//! What other areas ask the calendar, in a bounded number of statements whatever the number of nodes and days.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

use super::{CalendarNode, NodeCalendar, ShiftOccurrence, store};
use crate::Result;
use crate::db::Conn;
use crate::modelling::{self, Node};
use crate::time::Zone;

/// The calendar of the first node of `chain`, which goes on with its ancestors from the nearest up.
pub async fn calendar_of(conn: &mut Conn, tenant_id: i64, chain: &[Node]) -> Result<NodeCalendar> {
    let ids: Vec<i64> = chain.iter().map(|node| node.id).collect();
    let shifts = store::shifts_of_nodes(conn, tenant_id, &ids).await?;
    let shutdowns = store::shutdowns_of_nodes(conn, tenant_id, &ids).await?;
    Ok(NodeCalendar::new(chain.iter().map(CalendarNode::from).collect(), &shifts, &shutdowns))
}

/// The shifts that happen at the first node of `chain` on the production dates from `from` to `to`, both included, in
/// order of time.
pub async fn shift_occurrences(
    conn: &mut Conn,
    tenant_id: i64,
    zone: &Zone,
    chain: &[Node],
    from: Date,
    to: Date,
) -> Result<Vec<ShiftOccurrence>> {
    Ok(calendar_of(conn, tenant_id, chain).await?.occurrences(zone, from, to))
}

/// The calendars of many nodes by node id, in four statements. Unknown ids are left out.
pub async fn node_calendars(
    conn: &mut Conn,
    tenant_id: i64,
    node_ids: &[i64],
) -> Result<HashMap<i64, NodeCalendar>> {
    let chains = modelling::lookup::chains(conn, tenant_id, node_ids).await?;
    calendars_of_chains(conn, tenant_id, &chains).await
}

/// The calendars of nodes whose chains are known, by node id, in three statements.
pub(crate) async fn calendars_of_chains(
    conn: &mut Conn,
    tenant_id: i64,
    chains: &HashMap<i64, Vec<Node>>,
) -> Result<HashMap<i64, NodeCalendar>> {
    let ids: BTreeSet<i64> = chains.values().flatten().map(|node| node.id).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let shifts = store::shifts_of_nodes(conn, tenant_id, &ids).await?;
    let shutdowns = store::shutdowns_of_nodes(conn, tenant_id, &ids).await?;
    let calendar = |chain: &Vec<Node>| {
        NodeCalendar::new(chain.iter().map(CalendarNode::from).collect(), &shifts, &shutdowns)
    };
    Ok(chains.iter().map(|(id, chain)| (*id, calendar(chain))).collect())
}

/// [`shift_occurrences`] of many nodes by node id, in four statements. Unknown ids are left out.
pub async fn calendars_for(
    conn: &mut Conn,
    tenant_id: i64,
    zone: &Zone,
    node_ids: &[i64],
    from: Date,
    to: Date,
) -> Result<HashMap<i64, Vec<ShiftOccurrence>>> {
    let calendars = node_calendars(conn, tenant_id, node_ids).await?;
    Ok(calendars.into_iter().map(|(id, calendar)| (id, calendar.occurrences(zone, from, to))).collect())
}
