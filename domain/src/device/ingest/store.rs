//! SQL of the way in. Statements come in few lengths, so that prepared ones are found again.

use std::collections::{HashMap, HashSet};

use sqlx::FromRow;

use super::derive::{Opened, State};
use super::writer::Row;
use crate::Result;
use crate::db::{Conn, Sql, Value, sql};
use crate::device::datapoint::to_hex;
use crate::time::Millis;

/// How far back a repeat is looked for.
const REPEATS: Millis = 24 * 60 * 60_000;
/// Rows of a statement.
const LENGTHS: [usize; 3] = [100, 10, 1];

type Device = (i64, i64);

/// Splits rows into pieces of few different lengths.
pub(super) fn pieces<T>(mut rows: &[T]) -> Vec<&[T]> {
    let mut pieces = Vec::new();
    for length in LENGTHS {
        while rows.len() >= length {
            let (piece, rest) = rows.split_at(length);
            pieces.push(piece);
            rows = rest;
        }
    }
    pieces
}

/// `(…), (…)` of values.
pub(super) fn values<T, const N: usize>(text: Sql, rows: &[T], row: impl Fn(&T) -> [Value; N]) -> Sql {
    rows.iter()
        .enumerate()
        .fold(text, |text, (number, each)| text.push(if number == 0 { "" } else { ", " }).list(row(each)))
}

/// Devices by tenant, in pieces of few different lengths.
fn by_tenant(devices: &[Device]) -> Vec<(i64, Vec<i64>)> {
    let mut tenants: HashMap<i64, Vec<i64>> = HashMap::new();
    for (tenant_id, id) in devices {
        tenants.entry(*tenant_id).or_default().push(*id);
    }
    let mut lists = Vec::new();
    for (tenant_id, ids) in tenants {
        lists.extend(pieces(&ids).into_iter().map(|piece| (tenant_id, piece.to_vec())));
    }
    lists
}

/// When each of these products was last changed.
pub(super) async fn products(conn: &mut Conn, wanted: &[Device]) -> Result<HashMap<Device, i64>> {
    let mut found = HashMap::new();
    for (tenant_id, ids) in by_tenant(wanted) {
        let rows: Vec<(i64, i64)> = sql("SELECT id, modified_at FROM product WHERE tenant_id = ")
            .arg(tenant_id)
            .push(" AND id IN ")
            .list(ids)
            .all(conn)
            .await?;
        found.extend(rows.into_iter().map(|(id, modified_at)| ((tenant_id, id), modified_at)));
    }
    Ok(found)
}

/// What a product says of its messages.
#[derive(Default, FromRow)]
pub(super) struct Said {
    id: i64,
    /// When it was changed last.
    pub modified_at: i64,
    pub definition: String,
    pub machine_rule: Option<String>,
    pub position_rule: Option<String>,
}

/// Definitions of products, and what they mean for machines and for where a device is.
pub(super) async fn definitions(conn: &mut Conn, wanted: &[Device]) -> Result<HashMap<Device, Said>> {
    let mut found = HashMap::new();
    for (tenant_id, ids) in by_tenant(wanted) {
        let rows: Vec<Said> = sql(
            "SELECT id, modified_at, definition, machine_rule, position_rule FROM product WHERE tenant_id = ",
        )
        .arg(tenant_id)
        .push(" AND id IN ")
        .list(ids)
        .all(conn)
        .await?;
        found.extend(rows.into_iter().map(|said| ((tenant_id, said.id), said)));
    }
    Ok(found)
}

/// The content of the newest stored message of each device with one of the numbers asked for.
pub(super) async fn last_with_number(
    conn: &mut Conn,
    asked: &[&Row],
) -> Result<HashMap<(Device, i64), String>> {
    let since = asked.iter().map(|row| row.message.at).min().unwrap_or_default() - REPEATS;
    let mut numbers: HashMap<Device, HashSet<i64>> = HashMap::new();
    for row in asked {
        let packet = i64::from(row.message.packet.unwrap_or_default());
        numbers.entry(row.device()).or_default().insert(packet);
    }
    let devices: Vec<_> = numbers.keys().copied().collect();
    let mut found = HashMap::new();
    for (tenant_id, ids) in by_tenant(&devices) {
        let wanted: HashSet<i64> =
            ids.iter().filter_map(|id| numbers.get(&(tenant_id, *id))).flatten().copied().collect();
        let rows: Vec<(i64, i64, String)> =
            sql("SELECT device_id, seq % 65536, payload FROM device_message WHERE tenant_id = ")
                .arg(tenant_id)
                .push(" AND device_id IN ")
                .list(ids)
                .push(" AND at >= ")
                .arg(since)
                .push(" AND direction = 1 AND seq <> 0 AND seq % 65536 IN ")
                .list(wanted)
                .push(" ORDER BY at, seq")
                .all(conn)
                .await?;
        found.extend(rows.into_iter().map(|(id, packet, payload)| (((tenant_id, id), packet), payload)));
    }
    Ok(found)
}

const COLUMNS: &str = "INSERT INTO device_message
    (tenant_id, device_id, ts, seq, at, direction, payload, attrs, trouble) VALUES ";

/// Stores messages, and answers which of them were not there before.
pub(super) async fn insert(conn: &mut Conn, rows: &[Row], known: &[bool]) -> Result<Vec<bool>> {
    let mut fresh: Vec<_> = known.iter().map(|known| !known).collect();
    let mut seen = HashSet::new();
    let (mut timed, mut arrived) = (Vec::new(), Vec::new());
    for (index, row) in rows.iter().enumerate().filter(|(index, _)| !known[*index]) {
        if row.seq != 0 {
            arrived.push(row);
        } else if seen.insert((row.device(), row.ts)) {
            timed.push((index, row));
        } else {
            fresh[index] = false;
        }
    }
    for piece in pieces(&arrived) {
        values(sql(COLUMNS), piece, |row| columns(row)).run(conn).await?;
    }
    for piece in pieces(&timed) {
        let stored: Vec<(i64, i64, i64)> = values(sql(COLUMNS), piece, |(_, row)| columns(row))
            .push(
                " ON CONFLICT (tenant_id, device_id, ts, seq) DO NOTHING
                  RETURNING tenant_id, device_id, ts",
            )
            .all(conn)
            .await?;
        let stored: HashSet<_> = stored.into_iter().collect();
        for (index, row) in piece {
            let (tenant_id, device_id) = row.device();
            fresh[*index] = stored.contains(&(tenant_id, device_id, row.ts));
        }
    }
    Ok(fresh)
}

fn columns(row: &Row) -> [Value; 9] {
    let (tenant_id, device_id) = row.device();
    [
        tenant_id.into(),
        device_id.into(),
        row.ts.into(),
        row.seq.into(),
        row.message.at.into(),
        1_i64.into(),
        to_hex(&row.message.payload).into(),
        row.decoded.attrs_text.clone().into(),
        row.decoded.trouble.clone().into(),
    ]
}

#[derive(FromRow)]
struct DeviceRow {
    id: i64,
    report_form: i64,
    latest: Option<String>,
    latest_at: Option<i64>,
}

/// Reads what is known of devices.
pub(super) async fn states(
    conn: &mut Conn,
    devices: &[Device],
    states: &mut HashMap<Device, State>,
) -> Result<()> {
    for (tenant_id, ids) in by_tenant(devices) {
        let rows: Vec<DeviceRow> =
            sql("SELECT id, report_form, latest, latest_at FROM device WHERE tenant_id = ")
                .arg(tenant_id)
                .push(" AND id IN ")
                .list(ids.iter().copied())
                .all(conn)
                .await?;
        for row in rows {
            let latest = row.latest.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
            let state = State::new(latest, row.latest_at.unwrap_or(i64::MIN), row.report_form);
            states.insert((tenant_id, row.id), state);
        }
        let open: Vec<(i64, i64, i64, String)> =
            sql("SELECT device_id, id, kind, name FROM device_event WHERE tenant_id = ")
                .arg(tenant_id)
                .push(" AND device_id IN ")
                .list(ids)
                .push(" AND resolved_at IS NULL ORDER BY opened_at, id")
                .all(conn)
                .await?;
        for (device_id, id, kind, name) in open {
            if let Some(state) = states.get_mut(&(tenant_id, device_id)) {
                state.open.insert(name, Opened { id, kind });
            }
        }
    }
    Ok(())
}
