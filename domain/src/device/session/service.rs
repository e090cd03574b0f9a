//! Use cases of connections. The broker calls them; people and applications have no part in them.

use std::sync::Arc;

use super::{Beats, OfflinePayload, OfflineReason, OnlinePayload, store};
use crate::access::Tenant;
use crate::access::service::tenant_by_id;
use crate::ctx::Services;
use crate::db::Tx;
use crate::device::atlas::{self, Found};
use crate::events::{Changed, Topic};
use crate::fleet::store::places;
use crate::time::Millis;
use crate::{Error, Result};

/// A device that proved who it is.
#[derive(Clone, Debug)]
pub struct Known {
    /// Whose device it is.
    pub tenant: Arc<Tenant>,
    /// Its id.
    pub device_id: i64,
    /// Id of its product.
    pub product_id: i64,
    /// Key of its product, a part of its topics.
    pub product_key: String,
    /// Its name on the wire.
    pub did: String,
}

/// What a device that wants to connect is told.
#[derive(Clone, Debug)]
pub enum Login {
    /// Come in.
    Accepted(Arc<Known>),
    /// No such device, or not with this passcode. With the tenant whose device was named, if there is one.
    Unknown(Option<i64>),
    /// The device was disabled.
    Disabled(i64),
}

/// Checks a device's name and passcode.
pub async fn log_in(services: &Services, did: &str, passcode: &[u8]) -> Result<Login> {
    let mut read = services.db.read().await?;
    let Some(row) = store::identity(&mut read, did).await? else { return Ok(Login::Unknown(None)) };
    drop(read);
    // An imported device has none until it registers.
    if row.passcode.is_empty() || !same(row.passcode.as_bytes(), passcode) {
        return Ok(Login::Unknown(Some(row.tenant_id)));
    }
    admitted(services, row, did).await
}

/// Who has this name, for whoever checked the passcode already: the broker that let the device in.
pub async fn find(services: &Services, did: &str) -> Result<Login> {
    let mut read = services.db.read().await?;
    let Some(row) = store::identity(&mut read, did).await? else { return Ok(Login::Unknown(None)) };
    drop(read);
    admitted(services, row, did).await
}

async fn admitted(services: &Services, row: store::Identity, did: &str) -> Result<Login> {
    if row.disabled {
        return Ok(Login::Disabled(row.tenant_id));
    }
    let Some(tenant) = tenant_by_id(services, row.tenant_id).await? else { return Ok(Login::Unknown(None)) };
    Ok(Login::Accepted(Arc::new(Known {
        tenant,
        device_id: row.id,
        product_id: row.product_id,
        product_key: row.product_key,
        did: did.to_owned(),
    })))
}

/// Whether two secrets are the same, in a time that does not tell how much of them is.
pub(in crate::device) fn same(one: &[u8], other: &[u8]) -> bool {
    use sha2::{Digest, Sha256};
    Sha256::digest(one) == Sha256::digest(other)
}

/// A connection that begins.
#[derive(Clone, Debug)]
pub struct NewConnection<'a> {
    /// The process or broker that holds it.
    pub broker: &'a str,
    /// Its number there.
    pub connection: &'a str,
    /// Where the device speaks from.
    pub address: Option<String>,
    /// Seconds it promised to be heard in; 0 for no promise.
    pub keep_alive: i64,
}

/// Notes that a device is on line, if it still may be, and answers since when. A connection it still has on record ends
/// with [`OfflineReason::OfflineForce`].
pub async fn go_online(services: &Services, known: &Known, new: NewConnection<'_>) -> Result<Option<Millis>> {
    let mut tx = services.db.begin().await?;
    let old = store::session(&mut tx, known.tenant.id, known.device_id).await?;
    let at = services.clock.now();
    let began = begin(services, &mut tx, known, old, &new, at).await?;
    if began.is_some() {
        tx.commit().await?;
        changed(services, known.tenant.id);
    }
    Ok(began)
}

/// Puts the beginning of a connection on record, which takes the place of an earlier one; `None` when the device may not
/// be on line.
pub(super) async fn begin(
    services: &Services,
    tx: &mut Tx,
    known: &Known,
    old: Option<store::Session>,
    new: &NewConnection<'_>,
    mut at: Millis,
) -> Result<Option<Millis>> {
    let tenant_id = known.tenant.id;
    if let Some(old) = old {
        at = at.max(old.beats().last_at);
        close(services, tx, &old, OfflineReason::OfflineForce, at).await?;
    }
    if !store::set_online(tx, tenant_id, known.device_id, at).await? {
        return Ok(None);
    }
    store::insert_session(tx, tenant_id, known.device_id, new, at).await?;
    let found = services.atlas.as_deref().zip(new.address.as_deref());
    if let Some(found) = found.and_then(|(atlas, address)| atlas::find(atlas, address)) {
        locate(services, tx, (tenant_id, known.device_id), &found).await?;
    }
    let payload = json(&OnlinePayload { keep_alive: new.keep_alive })?;
    store::insert_log(tx, tenant_id, known.device_id, at, services.ids.next(), true, payload).await?;
    Ok(Some(at))
}

/// Says where a device is by its address, unless that is known better.
async fn locate(
    services: &Services,
    tx: &mut Tx,
    (tenant_id, device_id): (i64, i64),
    found: &Found,
) -> Result<()> {
    if !store::may_be_placed(tx, tenant_id, device_id).await? {
        return Ok(());
    }
    let place_id = if found.place.country.is_empty() {
        None
    } else {
        let place = std::slice::from_ref(&found.place);
        places::ensure(tx, tenant_id, &services.ids, place).await?.get(&found.place).copied()
    };
    store::place(tx, (tenant_id, device_id), place_id, found.position).await
}

/// Notes that a connection ended. Nothing happens when another one has taken its place already.
pub async fn go_offline(
    services: &Services,
    known: &Known,
    (broker, connection): (&str, &str),
    beats: Beats,
    reason: OfflineReason,
) -> Result<()> {
    let tenant_id = known.tenant.id;
    let at = services.clock.now().max(beats.last_at);
    let mut tx = services.db.begin().await?;
    let Some(mut session) = store::session(&mut tx, tenant_id, known.device_id).await? else { return Ok(()) };
    if session.broker != broker || session.connection != connection {
        return Ok(());
    }
    session.set_beats(&beats);
    close(services, &mut tx, &session, reason, at).await?;
    store::set_offline(&mut tx, tenant_id, known.device_id, at).await?;
    tx.commit().await?;
    changed(services, tenant_id);
    Ok(())
}

pub(super) async fn close(
    services: &Services,
    tx: &mut Tx,
    session: &store::Session,
    reason: OfflineReason,
    at: Millis,
) -> Result<()> {
    store::delete_session(tx, session.tenant_id, session.device_id).await?;
    let payload = json(&OfflinePayload::of(session.online_at, &session.beats(), reason, at))?;
    let id = services.ids.next();
    store::insert_log(tx, session.tenant_id, session.device_id, at, id, false, payload).await
}

/// Closes what a broker that was killed left open, at the last sign of life of each; not what `mine` holds. Only for
/// whoever holds the devices' connections now; answers how many there were.
pub async fn close_left_over(services: &Services, mine: Option<&str>) -> Result<usize> {
    let mut tx = services.db.begin().await?;
    let mut left = store::all_sessions(&mut tx).await?;
    left.retain(|(session, _)| mine != Some(session.broker.as_str()));
    for (session, heard) in &left {
        let at = heard.unwrap_or(session.online_at).max(session.beats().last_at);
        close(services, &mut tx, session, OfflineReason::OfflineException, at).await?;
        store::set_offline(&mut tx, session.tenant_id, session.device_id, at).await?;
    }
    tx.commit().await?;
    let mut tenants: Vec<_> = left.iter().map(|(session, _)| session.tenant_id).collect();
    tenants.sort_unstable();
    tenants.dedup();
    for tenant_id in tenants {
        changed(services, tenant_id);
    }
    Ok(left.len())
}

/// Signs of life of a connection that is open.
#[derive(Clone, Copy, Debug)]
pub struct Pulse {
    /// Whose device.
    pub tenant_id: i64,
    /// Which.
    pub device_id: i64,
    /// Its heartbeats.
    pub beats: Beats,
    /// When anything was last heard of it.
    pub heard_at: Millis,
}

/// Writes signs of life down, and answers which of these devices may not be connected any more.
pub async fn note_pulses(services: &Services, broker: &str, pulses: &[Pulse]) -> Result<Vec<(i64, i64)>> {
    if pulses.is_empty() {
        let mut read = services.db.read().await?;
        return store::barred(&mut read, broker).await;
    }
    let mut tx = services.db.begin().await?;
    for chunk in pulses.chunks(200) {
        store::update_beats(&mut tx, broker, chunk).await?;
        store::update_heard(&mut tx, chunk).await?;
    }
    let barred = store::barred(&mut tx, broker).await?;
    tx.commit().await?;
    Ok(barred)
}

pub(super) fn changed(services: &Services, tenant_id: i64) {
    services.events.publish(Changed { tenant_id, topic: Topic::Device });
}

fn json(payload: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(payload).map_err(Error::internal)
}
