//! SQL of what devices say of machines.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::follow::ByDevice;
use super::{Counter, Known};
use crate::db::{Conn, sql};
use crate::masterdata::builtin::property::EQUIPMENT_IOT_DEVICE_ID;
use crate::masterdata::cell::key_of;
use crate::oee::Status;
use crate::{Interval, Millis, Result};

/// Rows of a statement.
const ROWS: usize = 200;

/// How far the reports of a device are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Followed {
    /// The machine.
    pub equipment_id: i64,
    /// What is known of its state.
    pub state: Known,
    /// How far its pieces are counted.
    pub pieces: Option<Counter>,
    /// How far its rejected pieces are counted.
    pub scrap: Option<Counter>,
}

/// Pieces of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// First instant after them.
    pub end: Millis,
    /// All of them.
    pub pieces: i64,
    /// Those that were rejected.
    pub scrap: i64,
}

/// The equipment in use that is bound to each of these devices: the first, where there are several.
pub(super) async fn bound(
    conn: &mut Conn,
    tenant_id: i64,
    dids: &BTreeSet<&str>,
) -> Result<HashMap<String, i64>> {
    let dids: Vec<&str> = dids.iter().copied().collect();
    let mut found = HashMap::new();
    for dids in dids.chunks(ROWS) {
        let rows: Vec<(String, i64)> =
            sql("SELECT v.value_text, CAST(MIN(r.id) AS BIGINT) FROM masterdata_value v
             JOIN masterdata_record r ON r.tenant_id = v.tenant_id AND r.id = v.record_id
             WHERE v.tenant_id = ")
            .arg(tenant_id)
            .push(" AND v.property_id = ")
            .arg(EQUIPMENT_IOT_DEVICE_ID)
            .push(" AND v.text_key IN ")
            .list(dids.iter().map(|did| key_of(did)))
            .push(" AND r.archived = ")
            .arg(false)
            .push(" GROUP BY v.value_text")
            .all(conn)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

#[derive(sqlx::FromRow)]
struct Row {
    device_id: i64,
    equipment_id: i64,
    status: Option<i64>,
    state_at: i64,
    entered_until: i64,
    pieces_at: Option<i64>,
    pieces_mark: Option<i64>,
    scrap_at: Option<i64>,
    scrap_mark: Option<i64>,
}

/// How far these devices are followed.
pub(super) async fn followed(conn: &mut Conn, tenant_id: i64, devices: &BTreeSet<i64>) -> Result<ByDevice> {
    let devices: Vec<i64> = devices.iter().copied().collect();
    let counter = |at: Option<i64>, mark: Option<i64>| Some(Counter { at: at?, mark: mark? });
    let mut found = ByDevice::new();
    for devices in devices.chunks(ROWS) {
        let rows: Vec<Row> =
            sql("SELECT device_id, equipment_id, status, state_at, entered_until, pieces_at,
             pieces_mark, scrap_at, scrap_mark FROM device_machine WHERE tenant_id = ")
            .arg(tenant_id)
            .push(" AND device_id IN ")
            .list(devices.iter().copied())
            .all(conn)
            .await?;
        found.extend(rows.into_iter().map(|row| {
            let status = row.status.and_then(Status::from_number);
            let state = Known { status, last: row.state_at, entered: row.entered_until };
            let followed = Followed {
                equipment_id: row.equipment_id,
                state,
                pieces: counter(row.pieces_at, row.pieces_mark),
                scrap: counter(row.scrap_at, row.scrap_mark),
            };
            (row.device_id, followed)
        }));
    }
    Ok(found)
}

/// Keeps how far devices are followed.
pub(super) async fn save(conn: &mut Conn, tenant_id: i64, followed: &ByDevice) -> Result<()> {
    let mut rows: Vec<_> = followed.iter().collect();
    rows.sort_unstable_by_key(|(device_id, _)| **device_id);
    for rows in rows.chunks(ROWS) {
        let mut statement = sql("INSERT INTO device_machine (tenant_id, device_id, equipment_id, status,
             state_at, entered_until, pieces_at, pieces_mark, scrap_at, scrap_mark) VALUES ");
        for (number, (device_id, one)) in rows.iter().enumerate() {
            statement = statement
                .push(if number == 0 { "(" } else { ", (" })
                .arg(tenant_id)
                .push(", ")
                .arg(**device_id)
                .push(", ")
                .arg(one.equipment_id)
                .push(", ")
                .arg(one.state.status.map(Status::number))
                .push(", ")
                .arg(one.state.last)
                .push(", ")
                .arg(one.state.entered)
                .push(", ")
                .arg(one.pieces.map(|counter| counter.at))
                .push(", ")
                .arg(one.pieces.map(|counter| counter.mark))
                .push(", ")
                .arg(one.scrap.map(|counter| counter.at))
                .push(", ")
                .arg(one.scrap.map(|counter| counter.mark))
                .push(")");
        }
        statement
            .push(
                " ON CONFLICT (tenant_id, device_id) DO UPDATE SET equipment_id = excluded.equipment_id,
                 status = excluded.status, state_at = excluded.state_at, entered_until = excluded.entered_until,
                 pieces_at = excluded.pieces_at, pieces_mark = excluded.pieces_mark,
                 scrap_at = excluded.scrap_at, scrap_mark = excluded.scrap_mark",
            )
            .run(conn)
            .await?;
    }
    Ok(())
}

/// Adds pieces, by machine and begin.
pub(super) async fn count(
    conn: &mut Conn,
    tenant_id: i64,
    pieces: &BTreeMap<(i64, Millis), Counted>,
) -> Result<()> {
    let rows: Vec<_> = pieces.iter().collect();
    for rows in rows.chunks(ROWS) {
        let mut statement = sql(
            "INSERT INTO machine_count (tenant_id, equipment_id, begin_at, end_at, pieces, scrap) VALUES ",
        );
        for (number, ((equipment_id, begin), row)) in rows.iter().enumerate() {
            statement = statement.push(if number == 0 { "" } else { ", " }).list([
                tenant_id,
                *equipment_id,
                *begin,
                row.end,
                row.pieces,
                row.scrap,
            ]);
        }
        statement
            .push(
                " ON CONFLICT (tenant_id, equipment_id, begin_at) DO UPDATE SET
                 end_at = CASE WHEN excluded.end_at > machine_count.end_at THEN excluded.end_at
                               ELSE machine_count.end_at END,
                 pieces = machine_count.pieces + excluded.pieces, scrap = machine_count.scrap + excluded.scrap",
            )
            .run(conn)
            .await?;
    }
    Ok(())
}

/// Pieces that devices counted on these machines in rows that overlap a window: machine, span, pieces, rejected ones.
pub(crate) async fn counted(
    conn: &mut Conn,
    tenant_id: i64,
    equipment_ids: &[i64],
    window: Interval,
) -> Result<Vec<(i64, Interval, i64, i64)>> {
    let mut found = Vec::new();
    for ids in equipment_ids.chunks(ROWS) {
        let rows: Vec<(i64, i64, i64, i64, i64)> =
            sql("SELECT equipment_id, begin_at, end_at, pieces, scrap FROM machine_count WHERE tenant_id = ")
                .arg(tenant_id)
                .push(" AND equipment_id IN ")
                .list(ids.iter().copied())
                .push(" AND begin_at < ")
                .arg(window.end)
                .push(" AND end_at > ")
                .arg(window.begin)
                .push(" ORDER BY equipment_id, begin_at")
                .all(conn)
                .await?;
        found.extend(
            rows.into_iter()
                .map(|(id, begin, end, pieces, scrap)| (id, Interval::new(begin, end), pieces, scrap)),
        );
    }
    Ok(found)
}
