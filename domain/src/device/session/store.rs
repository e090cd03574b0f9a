//! SQL of connections.

use sqlx::FromRow;

use super::Beats;
use super::service::{NewConnection, Pulse};
use crate::Result;
use crate::db::{Conn, Sql, sql};
use crate::device::atlas::FROM_ADDRESS;
use crate::device::position::FROM_GPS;
use crate::time::Millis;

#[derive(FromRow)]
pub(super) struct Identity {
    pub tenant_id: i64,
    pub id: i64,
    pub product_id: i64,
    pub product_key: String,
    pub passcode: String,
    pub disabled: bool,
}

/// The device with this name, whoever it belongs to: the name leads to the tenant.
pub(super) async fn identity(conn: &mut Conn, did: &str) -> Result<Option<Identity>> {
    sql("SELECT d.tenant_id, d.id, d.product_id, p.product_key, d.passcode, d.disabled
         FROM device_identity AS i
         JOIN device AS d ON d.tenant_id = i.tenant_id AND d.id = i.device_id
         JOIN product AS p ON p.tenant_id = d.tenant_id AND p.id = d.product_id
         WHERE i.did = $1")
    .bind(did)
    .optional(conn)
    .await
}

#[derive(FromRow)]
pub(super) struct Session {
    pub tenant_id: i64,
    pub device_id: i64,
    pub broker: String,
    pub connection: String,
    pub online_at: i64,
    pub keep_alive: i64,
    beats: i64,
    beat_min: i64,
    beat_max: i64,
    beat_total: i64,
    beat_at: i64,
}

impl Session {
    pub(super) fn beats(&self) -> Beats {
        Beats {
            count: self.beats,
            min: self.beat_min,
            max: self.beat_max,
            total: self.beat_total,
            last_at: self.beat_at,
        }
    }

    pub(super) fn set_beats(&mut self, beats: &Beats) {
        self.beats = beats.count;
        self.beat_min = beats.min;
        self.beat_max = beats.max;
        self.beat_total = beats.total;
        self.beat_at = beats.last_at;
    }
}

pub(super) async fn session(conn: &mut Conn, tenant_id: i64, device_id: i64) -> Result<Option<Session>> {
    sql("SELECT tenant_id, device_id, broker, connection, online_at, keep_alive, beats, beat_min, beat_max,
                beat_total, beat_at
         FROM device_session WHERE tenant_id = ")
    .arg(tenant_id)
    .push(" AND device_id = ")
    .arg(device_id)
    .for_update()
    .optional(conn)
    .await
}

#[derive(FromRow)]
struct LeftOver {
    #[sqlx(flatten)]
    session: Session,
    online_latest: Option<i64>,
}

/// Every open connection of the installation, with the time something was last heard over it.
pub(super) async fn all_sessions(conn: &mut Conn) -> Result<Vec<(Session, Option<Millis>)>> {
    let rows: Vec<LeftOver> =
        sql("SELECT s.tenant_id, s.device_id, s.broker, s.connection, s.online_at, s.keep_alive, s.beats, s.beat_min, s.beat_max,
                    s.beat_total, s.beat_at, d.online_latest
             FROM device_session AS s
             LEFT JOIN device AS d ON d.tenant_id = s.tenant_id AND d.id = s.device_id
             ORDER BY s.tenant_id, s.device_id")
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.session, row.online_latest)).collect())
}

pub(super) async fn insert_session(
    conn: &mut Conn,
    tenant_id: i64,
    device_id: i64,
    new: &NewConnection<'_>,
    at: Millis,
) -> Result<()> {
    sql("INSERT INTO device_session
           (tenant_id, device_id, broker, connection, address, online_at, keep_alive, beats, beat_min, beat_max,
            beat_total, beat_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, $6)")
    .bind(tenant_id)
    .bind(device_id)
    .bind(new.broker)
    .bind(new.connection)
    .bind(new.address.clone())
    .bind(at)
    .bind(new.keep_alive)
    .run(conn)
    .await?;
    Ok(())
}

pub(super) async fn delete_session(conn: &mut Conn, tenant_id: i64, device_id: i64) -> Result<()> {
    sql("DELETE FROM device_session WHERE tenant_id = $1 AND device_id = $2")
        .bind(tenant_id)
        .bind(device_id)
        .run(conn)
        .await?;
    Ok(())
}

pub(super) async fn insert_log(
    conn: &mut Conn,
    tenant_id: i64,
    device_id: i64,
    at: Millis,
    id: i64,
    online: bool,
    payload: String,
) -> Result<()> {
    sql("INSERT INTO device_online_log (tenant_id, device_id, at, id, online, payload)
         VALUES ($1, $2, $3, $4, $5, $6)")
    .bind(tenant_id)
    .bind(device_id)
    .bind(at)
    .bind(id)
    .bind(online)
    .bind(payload)
    .run(conn)
    .await?;
    Ok(())
}

/// Whether the device may be on line, and now is.
pub(super) async fn set_online(conn: &mut Conn, tenant_id: i64, device_id: i64, at: Millis) -> Result<bool> {
    let touched =
        sql("UPDATE device SET online = TRUE, online_latest = $3, activated_at = COALESCE(activated_at, $3)
             WHERE tenant_id = $1 AND id = $2 AND NOT disabled")
        .bind(tenant_id)
        .bind(device_id)
        .bind(at)
        .run(conn)
        .await?;
    Ok(touched > 0)
}

/// Whether nothing better is known of where a device is than its address.
pub(super) async fn may_be_placed(conn: &mut Conn, tenant_id: i64, device_id: i64) -> Result<bool> {
    let found: Option<(i64,)> = sql("SELECT id FROM device WHERE tenant_id = $1 AND id = $2
           AND (place_source IS NULL OR place_source = $3 OR (place_source = $4 AND place_id IS NULL))")
    .bind(tenant_id)
    .bind(device_id)
    .bind(FROM_ADDRESS)
    .bind(FROM_GPS)
    .optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Places a device by its address. One that says itself where it is stays there and gets the names.
pub(super) async fn place(
    conn: &mut Conn,
    (tenant_id, device_id): (i64, i64),
    place_id: Option<i64>,
    position: Option<(f64, f64)>,
) -> Result<()> {
    sql("UPDATE device SET place_id = $3,
           longitude = CASE WHEN place_source = $6 THEN longitude ELSE $4 END,
           latitude = CASE WHEN place_source = $6 THEN latitude ELSE $5 END,
           place_source = CASE WHEN place_source = $6 THEN place_source ELSE $7 END
         WHERE tenant_id = $1 AND id = $2")
    .bind(tenant_id)
    .bind(device_id)
    .bind(place_id)
    .bind(position.map(|(longitude, _)| longitude))
    .bind(position.map(|(_, latitude)| latitude))
    .bind(FROM_GPS)
    .bind(FROM_ADDRESS)
    .run(conn)
    .await?;
    Ok(())
}

pub(super) async fn set_offline(conn: &mut Conn, tenant_id: i64, device_id: i64, at: Millis) -> Result<()> {
    sql("UPDATE device SET online = FALSE, online_latest = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant_id)
        .bind(device_id)
        .bind(at)
        .run(conn)
        .await?;
    Ok(())
}

pub(super) async fn update_beats(conn: &mut Conn, broker: &str, pulses: &[Pulse]) -> Result<()> {
    let rows = pulses.iter().map(|pulse| {
        let Beats { count, min, max, total, last_at } = pulse.beats;
        [pulse.tenant_id, pulse.device_id, count, min, max, total, last_at]
    });
    values("WITH v (tenant_id, device_id, beats, low, high, total, at) AS (VALUES ", rows)
        .push(
            ") UPDATE device_session
               SET beats = v.beats, beat_min = v.low, beat_max = v.high, beat_total = v.total, beat_at = v.at
               FROM v
               WHERE device_session.tenant_id = v.tenant_id AND device_session.device_id = v.device_id
                 AND device_session.broker = ",
        )
        .arg(broker)
        .run(conn)
        .await?;
    Ok(())
}

pub(super) async fn update_heard(conn: &mut Conn, pulses: &[Pulse]) -> Result<()> {
    let rows = pulses.iter().map(|pulse| [pulse.tenant_id, pulse.device_id, pulse.heard_at]);
    values("WITH v (tenant_id, device_id, at) AS (VALUES ", rows)
        .push(
            ") UPDATE device SET online_latest = v.at
               FROM v
               WHERE device.tenant_id = v.tenant_id AND device.id = v.device_id
                 AND (device.online_latest IS NULL OR device.online_latest < v.at)",
        )
        .run(conn)
        .await?;
    Ok(())
}

fn values<const N: usize>(head: &'static str, rows: impl Iterator<Item = [i64; N]>) -> Sql {
    rows.enumerate()
        .fold(sql(head), |text, (number, row)| text.push(if number == 0 { "" } else { ", " }).list(row))
}

/// Devices that are connected and may not be.
pub(super) async fn barred(conn: &mut Conn, broker: &str) -> Result<Vec<(i64, i64)>> {
    sql("SELECT s.tenant_id, s.device_id
         FROM device_session AS s
         LEFT JOIN device AS d ON d.tenant_id = s.tenant_id AND d.id = s.device_id
         WHERE s.broker = $1 AND (d.id IS NULL OR d.disabled)")
    .bind(broker)
    .all(conn)
    .await
}

/// When the newest record of a device was made, and whether it is one of coming on line.
pub(super) async fn last_log(
    conn: &mut Conn,
    tenant_id: i64,
    device_id: i64,
) -> Result<Option<(Millis, bool)>> {
    sql("SELECT at, online FROM device_online_log WHERE tenant_id = $1 AND device_id = $2
         ORDER BY at DESC, id DESC LIMIT 1")
    .bind(tenant_id)
    .bind(device_id)
    .optional(conn)
    .await
}

/// The connection on record is this one.
pub(super) async fn adopt(
    conn: &mut Conn,
    tenant_id: i64,
    device_id: i64,
    new: &NewConnection<'_>,
) -> Result<()> {
    sql("UPDATE device_session SET connection = $3, address = $4, keep_alive = $5
         WHERE tenant_id = $1 AND device_id = $2")
    .bind(tenant_id)
    .bind(device_id)
    .bind(new.connection)
    .bind(new.address.clone())
    .bind(new.keep_alive)
    .run(conn)
    .await?;
    Ok(())
}

/// Adds signs of life to the connections of a broker, and answers which of them are on record.
pub(super) async fn add_beats(conn: &mut Conn, broker: &str, pulses: &[Pulse]) -> Result<Vec<(i64, i64)>> {
    let rows = pulses.iter().map(|pulse| {
        let Beats { count, min, max, total, .. } = pulse.beats;
        [pulse.tenant_id, pulse.device_id, count, min, max, total, pulse.heard_at]
    });
    values("WITH v (tenant_id, device_id, beats, low, high, total, at) AS (VALUES ", rows)
        .push(
            ") UPDATE device_session
               SET beats = device_session.beats + v.beats,
                   beat_min = CASE WHEN v.beats > 0 AND (device_session.beats = 0 OR v.low < device_session.beat_min)
                              THEN v.low ELSE device_session.beat_min END,
                   beat_max = CASE WHEN v.high > device_session.beat_max THEN v.high ELSE device_session.beat_max END,
                   beat_total = device_session.beat_total + v.total,
                   beat_at = CASE WHEN v.at > device_session.beat_at THEN v.at ELSE device_session.beat_at END
               FROM v
               WHERE device_session.tenant_id = v.tenant_id AND device_session.device_id = v.device_id
                 AND device_session.broker = ",
        )
        .arg(broker)
        .push(" RETURNING device_session.tenant_id, device_session.device_id")
        .all(conn)
        .await
}

/// Connections under this number of which nothing was heard for one and a half times what was promised.
pub(super) async fn silent(
    conn: &mut Conn,
    broker: &str,
    connection: &str,
    now: Millis,
) -> Result<Vec<(i64, i64)>> {
    sql("SELECT tenant_id, device_id FROM device_session
         WHERE broker = $1 AND connection = $2 AND beat_at + keep_alive * 1500 < $3
         ORDER BY tenant_id, device_id")
    .bind(broker)
    .bind(connection)
    .bind(now)
    .all(conn)
    .await
}
