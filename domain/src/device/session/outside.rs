//! Connections that a broker outside of this program holds: what is known of them is what it tells.
//!
//! Some brokers tell of each connection when it begins and when it ends. Several servers hear that, more than once, and
//! not always in order; each connection gives one record of its beginning and one of its end all the same. Other brokers
//! tell nothing: there a device is on line while its messages come, and off line after a silence. Heartbeats do not reach
//! this program; messages are the signs of life.

use super::service::{Known, NewConnection, Pulse, begin, changed, close};
use super::{OfflineReason, store};
use crate::Result;
use crate::ctx::Services;
use crate::db::dialect::is_unique_violation;
use crate::time::Millis;

/// What is noted as the broker of these connections, by every server of the installation.
pub const BROKER: &str = "outside";
/// The number of a connection that was never told of.
const UNTOLD: &str = "activity";
/// Pulses of a statement.
const CHUNK: usize = 200;

/// A connection of which the broker tells that it began.
#[derive(Clone, Debug)]
pub struct Told {
    /// What tells it from other connections of the device.
    pub connection: String,
    /// Where the device speaks from.
    pub address: Option<String>,
    /// Seconds it promised to be heard in; 0 for no promise.
    pub keep_alive: i64,
    /// When it began.
    pub at: Millis,
}

/// The broker tells that a connection began. Nothing happens when that is known, or when it is over already.
pub async fn arrived(services: &Services, known: &Known, told: Told) -> Result<()> {
    let now = services.clock.now();
    let at = told.at.min(now);
    let Told { connection, address, keep_alive, .. } = told;
    let new = NewConnection { broker: BROKER, connection: &connection, address, keep_alive };
    let tenant_id = known.tenant.id;
    let mut tx = services.db.begin().await?;
    let old = store::session(&mut tx, tenant_id, known.device_id).await?;
    match &old {
        Some(old) if old.broker == BROKER && old.connection == connection => return Ok(()),
        // The one that its messages spoke of.
        Some(old) if old.broker == BROKER && old.connection == UNTOLD => {
            store::adopt(&mut tx, tenant_id, known.device_id, &new).await?;
            return tx.commit().await;
        }
        Some(old) if old.online_at > at => return Ok(()),
        Some(_) => {}
        None => {
            let last = store::last_log(&mut tx, tenant_id, known.device_id).await?;
            if last.is_some_and(|(ended, online)| !online && ended >= at) {
                return Ok(());
            }
        }
    }
    match begin(services, &mut tx, known, old, &new, at).await {
        Ok(Some(_)) => {}
        Ok(None) => return Ok(()),
        // Another server was faster.
        Err(error) if is_unique_violation(&error) => return Ok(()),
        Err(error) => return Err(error),
    }
    tx.commit().await?;
    changed(services, tenant_id);
    Ok(())
}

/// The broker tells that a connection ended. Nothing happens when that is known, or when a later one began.
pub async fn departed(services: &Services, known: &Known, reason: OfflineReason, at: Millis) -> Result<()> {
    let at = at.min(services.clock.now());
    let mut tx = services.db.begin().await?;
    let Some(session) = store::session(&mut tx, known.tenant.id, known.device_id).await? else {
        return Ok(());
    };
    if session.broker != BROKER || session.online_at > at {
        return Ok(());
    }
    // Its last messages may have been stored later than it left.
    let at = at.max(session.beats().last_at);
    close(services, &mut tx, &session, reason, at).await?;
    store::set_offline(&mut tx, known.tenant.id, known.device_id, at).await?;
    tx.commit().await?;
    changed(services, known.tenant.id);
    Ok(())
}

/// A device speaks of whose connection nothing was told: it is on line since then. `heartbeat` is how often it is to be
/// heard, in seconds.
pub async fn spoke(services: &Services, known: &Known, at: Millis, heartbeat: i64) -> Result<()> {
    let new = NewConnection { broker: BROKER, connection: UNTOLD, address: None, keep_alive: heartbeat };
    let mut tx = services.db.begin().await?;
    let old = store::session(&mut tx, known.tenant.id, known.device_id).await?;
    if old.as_ref().is_some_and(|old| old.broker == BROKER) {
        return Ok(());
    }
    let last = store::last_log(&mut tx, known.tenant.id, known.device_id).await?;
    if old.is_none() && last.is_some_and(|(ended, online)| !online && ended >= at) {
        return Ok(());
    }
    match begin(services, &mut tx, known, old, &new, at).await {
        Ok(Some(_)) => {}
        Ok(None) => return Ok(()),
        Err(error) if is_unique_violation(&error) => return Ok(()),
        Err(error) => return Err(error),
    }
    tx.commit().await?;
    changed(services, known.tenant.id);
    Ok(())
}

/// Adds signs of life (since the last time, in this process) to their connections, and answers which devices spoke that
/// have none on record.
pub async fn add_pulses(services: &Services, pulses: &[Pulse]) -> Result<Vec<(i64, i64)>> {
    let mut missing: Vec<_> = pulses.iter().map(|pulse| (pulse.tenant_id, pulse.device_id)).collect();
    if pulses.is_empty() {
        return Ok(missing);
    }
    let mut tx = services.db.begin().await?;
    for chunk in pulses.chunks(CHUNK) {
        let known: std::collections::HashSet<_> =
            store::add_beats(&mut tx, BROKER, chunk).await?.into_iter().collect();
        missing.retain(|device| !known.contains(device));
    }
    tx.commit().await?;
    Ok(missing)
}

/// Ends the connections of which nothing was told and nothing heard for one and a half times the heartbeat.
pub async fn expire(services: &Services) -> Result<Vec<(i64, i64)>> {
    let now = services.clock.now();
    let mut read = services.db.read().await?;
    let silent = store::silent(&mut read, BROKER, UNTOLD, now).await?;
    drop(read);
    if silent.is_empty() {
        return Ok(silent);
    }
    let mut tx = services.db.begin().await?;
    let mut ended = Vec::new();
    for (tenant_id, device_id) in silent {
        let Some(session) = store::session(&mut tx, tenant_id, device_id).await? else { continue };
        let at = session.beats().last_at + session.keep_alive * 1500;
        if session.broker != BROKER || session.connection != UNTOLD || at >= now {
            continue;
        }
        close(services, &mut tx, &session, OfflineReason::NoHeartbeat, at).await?;
        store::set_offline(&mut tx, tenant_id, device_id, at).await?;
        ended.push((tenant_id, device_id));
    }
    tx.commit().await?;
    let mut tenants: Vec<_> = ended.iter().map(|(tenant_id, _)| *tenant_id).collect();
    tenants.dedup();
    for tenant_id in tenants {
        changed(services, tenant_id);
    }
    Ok(ended)
}

#[cfg(test)]
mod tests;
