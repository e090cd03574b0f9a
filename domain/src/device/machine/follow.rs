//! Follows the reports of devices into the states and pieces of their machines.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::store::{self, Counted, Followed};
use super::{Counter, Known, Span};
use crate::db::Tx;
use crate::oee::{State, Status, service::report_states_of_device};
use crate::{Millis, Result};

/// Pieces are kept in rows of so long, milliseconds.
const BUCKET: Millis = 5 * 60_000;

/// A report of a device, as far as a machine is concerned.
#[derive(Clone, Debug)]
pub(crate) struct Observed {
    /// Whose device it is.
    pub tenant_id: i64,
    /// Its id.
    pub device_id: i64,
    /// Its name on the wire, by which an equipment is bound to it.
    pub did: String,
    /// When the report was made.
    pub at: Millis,
    /// The state of the machine by the last known values.
    pub status: Option<Status>,
    /// What the counter of pieces stands at, if the report says.
    pub pieces: Option<i64>,
    /// What the counter of rejected pieces stands at, if the report says.
    pub scrap: Option<i64>,
}

/// Enters what these reports, in the order in which they came, say of the machines their devices are bound to. Answers
/// the tenants for which anything is new. `now` is when they are entered.
pub(crate) async fn follow(tx: &mut Tx, observed: &[Observed], now: Millis) -> Result<BTreeSet<i64>> {
    let mut tenants = BTreeMap::<i64, Vec<&Observed>>::new();
    for report in observed {
        tenants.entry(report.tenant_id).or_default().push(report);
    }
    let mut news = BTreeSet::new();
    for (tenant_id, reports) in tenants {
        if of_tenant(tx, tenant_id, &reports, now).await? {
            news.insert(tenant_id);
        }
    }
    Ok(news)
}

async fn of_tenant(tx: &mut Tx, tenant_id: i64, reports: &[&Observed], now: Millis) -> Result<bool> {
    let dids: BTreeSet<&str> = reports.iter().map(|report| report.did.as_str()).collect();
    let bound = store::bound(tx, tenant_id, &dids).await?;
    if bound.is_empty() {
        return Ok(false);
    }
    let devices: BTreeSet<i64> = reports
        .iter()
        .filter(|report| bound.contains_key(&report.did))
        .map(|report| report.device_id)
        .collect();
    let mut followed = store::followed(tx, tenant_id, &devices).await?;
    // by machine, so that two writers who wait for machines wait in the same order
    let mut spans = BTreeMap::<(i64, &str), Vec<Span>>::new();
    let mut pieces = BTreeMap::<(i64, Millis), Counted>::new();
    for report in reports {
        let Some(equipment_id) = bound.get(&report.did).copied() else { continue };
        let before = followed.get(&report.device_id).filter(|one| one.equipment_id == equipment_id).copied();
        let (after, entered) = step(before, equipment_id, report, &mut pieces);
        followed.insert(report.device_id, after);
        if !entered.is_empty() {
            spans.entry((equipment_id, report.did.as_str())).or_default().extend(entered);
        }
    }
    let counted = !pieces.is_empty();
    store::count(tx, tenant_id, &pieces).await?;
    let mut changes = 0;
    for ((equipment_id, did), spans) in spans {
        let state = |Span { begin, end, status }| State { begin, end, status, cause: None, sequence: 0 };
        let states = spans.into_iter().map(state).collect();
        changes += report_states_of_device(tx, tenant_id, equipment_id, states, now, did).await?;
    }
    store::save(tx, tenant_id, &followed).await?;
    Ok(counted || changes > 0)
}

/// What one report changes: how far its device is followed, the spans of states to enter, the pieces to count.
fn step(
    before: Option<Followed>,
    equipment_id: i64,
    report: &Observed,
    pieces: &mut BTreeMap<(i64, Millis), Counted>,
) -> (Followed, Vec<Span>) {
    let (state, spans) = Known::report(before.map(|before| before.state), report.at, report.status);
    let mut count = |last: Option<Counter>, value: Option<i64>, scrap: bool| {
        let Some(value) = value else { return last };
        let (new, next) = Counter::count(last, report.at, value);
        if let Some(last) = last.filter(|_| new > 0) {
            // what was made in a silence is spread over it
            let from = if report.at - last.at > BUCKET { last.at } else { report.at };
            let row = pieces.entry((equipment_id, from - from.rem_euclid(BUCKET))).or_default();
            row.end = row.end.max(report.at + 1);
            *(if scrap { &mut row.scrap } else { &mut row.pieces }) += new;
        }
        Some(next)
    };
    let after = Followed {
        equipment_id,
        state,
        pieces: count(before.and_then(|before| before.pieces), report.pieces, false),
        scrap: count(before.and_then(|before| before.scrap), report.scrap, true),
    };
    (after, spans)
}

/// By device.
pub(super) type ByDevice = HashMap<i64, Followed>;
