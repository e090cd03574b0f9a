//! Messages to devices from a process that holds no connections.
//!
//! They wait in a table until the process with the connections takes them, within a fraction of a second, and says what
//! became of them. Each is taken once; one that nobody took in time is taken back, and was never sent.

use std::time::Duration;

use sqlx::FromRow;
use tokio::time::{Instant, sleep};

use crate::Result;
use crate::ctx::Services;
use crate::db::sql;
use crate::device::datapoint::{from_hex, to_hex};
use crate::device::link::{Order, Sent};
use crate::time::Millis;

/// How often the process with the connections looks.
const LOOK: Duration = Duration::from_millis(200);
/// How often the sender looks for its answer.
const ASK: Duration = Duration::from_millis(50);
/// The sender waits so long for somebody to take its message,
const TAKEN: Duration = Duration::from_secs(3);
/// and in all so long for the answer.
const ANSWERED: Duration = Duration::from_secs(10);
/// A message whose sender is gone is not sent after that, in milliseconds. Longer than a sender waits, as the clocks of
/// two machines differ.
const LIFE: Millis = 15_000;
/// What is left of it goes after that, in milliseconds.
const REST: Millis = 60_000;
/// How often what is left is looked for.
const TIDY: Duration = Duration::from_mins(1);

/// Leaves a message to the process that holds the device's connection, and waits for what becomes of it.
pub async fn send(services: &Services, tenant_id: i64, order: Order<'_>) -> Result<Sent> {
    // The other process keeps this on record; a device that is off line is not worth waiting for.
    if !order.online {
        return Ok(Sent::Offline);
    }
    let id = services.ids.next();
    insert(services, tenant_id, id, order).await?;
    let since = Instant::now();
    loop {
        sleep(ASK).await;
        let outcome = outcome(services, tenant_id, id).await?;
        let sent = match outcome.as_deref() {
            Some("handed") => Some(Sent::Handed),
            Some("busy") => Some(Sent::Busy),
            Some("waiting") => (since.elapsed() > TAKEN).then_some(Sent::Offline),
            Some("taken") => (since.elapsed() > ANSWERED).then_some(Sent::Busy),
            // A row that is gone was too old.
            Some(_) | None => Some(Sent::Offline),
        };
        // Somebody may have taken it just now: then the answer is worth waiting for.
        if let Some(sent) = sent
            && remove(services, tenant_id, id, outcome.as_deref().unwrap_or_default()).await?
        {
            return Ok(sent);
        }
    }
}

async fn insert(services: &Services, tenant_id: i64, id: i64, order: Order<'_>) -> Result<()> {
    let now = services.clock.now();
    let mut tx = services.db.begin().await?;
    sql("INSERT INTO device_outbox (tenant_id, id, did, topic, payload, outcome, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7)")
    .bind(tenant_id)
    .bind(id)
    .bind(order.did)
    .bind(order.topic)
    .bind(to_hex(order.payload))
    .bind(now)
    .bind(now + LIFE)
    .run(&mut tx)
    .await?;
    tx.commit().await
}

async fn outcome(services: &Services, tenant_id: i64, id: i64) -> Result<Option<String>> {
    let mut read = services.db.read().await?;
    let row: Option<(String,)> = sql("SELECT outcome FROM device_outbox WHERE tenant_id = $1 AND id = $2")
        .bind(tenant_id)
        .bind(id)
        .optional(&mut read)
        .await?;
    Ok(row.map(|(outcome,)| outcome))
}

/// Whether the row has gone with this outcome, or was gone.
async fn remove(services: &Services, tenant_id: i64, id: i64, outcome: &str) -> Result<bool> {
    if outcome.is_empty() {
        return Ok(true);
    }
    let mut tx = services.db.begin().await?;
    let gone = sql("DELETE FROM device_outbox WHERE tenant_id = $1 AND id = $2 AND outcome = $3")
        .bind(tenant_id)
        .bind(id)
        .bind(outcome)
        .run(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(gone > 0)
}

#[derive(FromRow)]
struct Waiting {
    tenant_id: i64,
    id: i64,
    did: String,
    topic: String,
    payload: String,
}

/// Sends what other processes leave, for as long as this process holds connections.
pub async fn serve(services: Services) {
    let mut tidied: Option<Instant> = None;
    loop {
        if tidied.is_none_or(|at| at.elapsed() > TIDY) {
            if let Err(error) = remove_expired(&services).await {
                tracing::warn!(
                    ?error,
                    "messages to devices that are too old were not removed; will try again"
                );
            }
            tidied = Some(Instant::now());
        }
        if let Err(error) = take(&services).await {
            tracing::warn!(
                ?error,
                "messages to devices that another process left cannot be read; will try again"
            );
            sleep(LOOK * 10).await;
        }
        sleep(LOOK).await;
    }
}

/// Takes what waits, and sends it.
pub(super) async fn take(services: &Services) -> Result<()> {
    let Some(broker) = services.links.broker() else { return Ok(()) };
    let now = services.clock.now();
    let mut read = services.db.read().await?;
    let any: Option<(i64,)> =
        sql("SELECT id FROM device_outbox WHERE outcome = 'waiting' AND expires_at > $1 LIMIT 1")
            .bind(now)
            .optional(&mut read)
            .await?;
    drop(read);
    if any.is_none() {
        return Ok(());
    }
    let mut tx = services.db.begin().await?;
    let mut taken: Vec<Waiting> = sql("UPDATE device_outbox SET outcome = 'taken'
         WHERE outcome = 'waiting' AND expires_at > $1 RETURNING tenant_id, id, did, topic, payload")
    .bind(now)
    .all(&mut tx)
    .await?;
    tx.commit().await?;
    // In the order in which they were left.
    taken.sort_unstable_by_key(|row| row.id);
    for row in taken {
        let (services, broker) = (services.clone(), broker.clone());
        let Some(payload) = from_hex(&row.payload) else { continue };
        // Each device waits for itself.
        tokio::spawn(async move {
            let order = Order { did: &row.did, topic: &row.topic, payload: &payload, online: true };
            let sent = broker.send(order).await;
            if let Err(error) = answer(&services, row.tenant_id, row.id, sent).await {
                tracing::warn!(
                    ?error,
                    did = row.did,
                    "the sender of a message is not told what became of it"
                );
            }
        });
    }
    Ok(())
}

async fn answer(services: &Services, tenant_id: i64, id: i64, sent: Sent) -> Result<()> {
    let outcome = match sent {
        Sent::Handed => "handed",
        Sent::Offline => "offline",
        Sent::Busy => "busy",
    };
    let mut tx = services.db.begin().await?;
    sql("UPDATE device_outbox SET outcome = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant_id)
        .bind(id)
        .bind(outcome)
        .run(&mut tx)
        .await?;
    tx.commit().await
}

/// Removes what senders left behind that ended before their answer came.
pub(super) async fn remove_expired(services: &Services) -> Result<()> {
    let mut tx = services.db.begin().await?;
    sql("DELETE FROM device_outbox WHERE expires_at < $1")
        .bind(services.clock.now() - REST)
        .run(&mut tx)
        .await?;
    tx.commit().await
}
