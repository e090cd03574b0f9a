//! Writes many messages in one transaction, and acknowledges them after its commit.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::decode::{Decoded, decode};
use super::derive::{Changes, State, derive};
use super::products::Products;
use super::{Incoming, Queued, store};
use crate::ctx::Services;
use crate::db::Tx;
use crate::events::{Changed, Topic};
use crate::time::Millis;
use crate::{Error, Result};

/// Messages of a transaction.
const BATCH: usize = 1000;
/// How long the first message of a batch waits for others; those that came during the last transaction are there already.
const LINGER: Duration = Duration::from_millis(10);
/// Watchers are told of news at most this often.
const NEWS: Duration = Duration::from_millis(500);
/// A transaction that failed is tried again so often, with a pause that doubles each time.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(50);
/// Devices whose state is remembered; beyond that, all are forgotten and read again when they speak.
const REMEMBERED: usize = 20_000;

/// A message with what it says.
pub(super) struct Row {
    pub message: Incoming,
    pub decoded: Decoded,
    /// When it happened, and the number that tells it from others of that moment.
    pub ts: Millis,
    pub seq: i64,
}

impl Row {
    pub(super) fn device(&self) -> (i64, i64) {
        (self.message.device.tenant.id, self.message.device.device_id)
    }
}

struct Writer {
    services: Services,
    /// Other processes write messages of the same devices.
    shared: bool,
    products: Products,
    states: HashMap<(i64, i64), State>,
    news: HashSet<i64>,
    /// Tenants whose machines are concerned.
    machine_news: HashSet<i64>,
    told: Instant,
}

pub(super) async fn run(services: Services, mut messages: UnboundedReceiver<Queued>, shared: bool) {
    let mut writer = Writer {
        services,
        shared,
        products: Products::default(),
        states: HashMap::new(),
        news: HashSet::new(),
        machine_news: HashSet::new(),
        told: Instant::now(),
    };
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let wait = if writer.news.is_empty() { Duration::from_hours(1) } else { NEWS };
        match timeout(wait, messages.recv_many(&mut batch, BATCH)).await {
            Ok(0) => break,
            Ok(_) => {}
            Err(_) => {
                writer.tell();
                continue;
            }
        }
        let until = Instant::now() + LINGER;
        while batch.len() < BATCH {
            let left = BATCH - batch.len();
            match timeout_at(until, messages.recv_many(&mut batch, left)).await {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
        }
        // The room of a message is free again once it is stored.
        let (batch, room): (Vec<_>, Vec<_>) =
            batch.drain(..).map(|queued| (queued.message, queued.room)).unzip();
        writer.store(batch).await;
        drop(room);
        if writer.told.elapsed() >= NEWS {
            writer.tell();
        }
    }
    writer.tell();
}

impl Writer {
    fn tell(&mut self) {
        for tenant_id in self.news.drain() {
            self.services.events.publish(Changed { tenant_id, topic: Topic::Device });
        }
        for tenant_id in self.machine_news.drain() {
            self.services.events.publish(Changed { tenant_id, topic: Topic::Oee });
        }
        self.told = Instant::now();
    }

    async fn store(&mut self, batch: Vec<Incoming>) {
        let mut rows = match self.decode(batch).await {
            Ok(rows) => rows,
            Err((batch, error)) => {
                tracing::error!(?error, "products cannot be read; messages of devices are not stored");
                return batch.into_iter().for_each(|message| (message.done)(false));
            }
        };
        if self.write_patiently(&mut rows).await {
            return self.acknowledge(rows, true);
        }
        // One of them may be to blame: each for itself.
        for row in rows {
            let mut one = vec![row];
            let stored = self.write_once(&mut one).await.is_ok();
            self.acknowledge(one, stored);
        }
    }

    fn acknowledge(&mut self, rows: Vec<Row>, stored: bool) {
        for row in rows {
            self.news.insert(row.message.device.tenant.id);
            (row.message.done)(stored);
        }
    }

    async fn decode(&mut self, batch: Vec<Incoming>) -> Result<Vec<Row>, (Vec<Incoming>, Error)> {
        let product = |message: &Incoming| (message.device.tenant.id, message.device.product_id);
        let needed: Vec<_> = batch.iter().map(product).collect();
        if let Err(error) = self.products.refresh(&self.services, needed.into_iter()).await {
            return Err((batch, error));
        }
        let rows = batch.into_iter().map(|message| {
            let definition = self.products.definition(product(&message)).map(AsRef::as_ref);
            let decoded = decode(definition, message.form, &message.payload, message.at);
            // 48 bits tell messages apart, 16 say what number their sender gave them.
            let packet = i64::from(message.packet.unwrap_or_default());
            let (ts, seq) = match decoded.ts {
                Some(ts) => (ts, 0),
                None => (message.at, (self.services.ids.next() << 16) | packet),
            };
            Row { message, decoded, ts, seq }
        });
        Ok(rows.collect())
    }

    async fn write_patiently(&mut self, rows: &mut [Row]) -> bool {
        let mut pause = PAUSE;
        for attempt in 1..=TRIES {
            match self.write_once(rows).await {
                Ok(()) => return true,
                Err(error) => tracing::error!(?error, attempt, "messages of devices were not stored"),
            }
            if attempt < TRIES {
                sleep(pause).await;
                pause *= 2;
            }
        }
        false
    }

    async fn write_once(&mut self, rows: &mut [Row]) -> Result<()> {
        let written = self.write(rows).await;
        if written.is_err() {
            // What was derived is not in the store.
            self.states.clear();
        }
        written
    }

    async fn write(&mut self, rows: &mut [Row]) -> Result<()> {
        let mut tx = self.services.db.begin().await?;
        if self.shared {
            self.take_turn(&mut tx, rows).await?;
        }
        let known = repeated(&mut tx, rows).await?;
        let fresh = store::insert(&mut tx, rows, &known).await?;
        self.load(&mut tx, rows, &fresh).await?;
        let mut changes = Changes::default();
        for (row, fresh) in rows.iter().zip(&fresh) {
            if *fresh && let Some(state) = self.states.get_mut(&row.device()) {
                derive(&self.services, &self.products, state, row, &mut changes);
            }
        }
        let now = self.services.clock.now();
        let machines = changes.write(&mut tx, &mut self.states, now).await?;
        tx.commit().await?;
        self.machine_news.extend(machines);
        Ok(())
    }

    /// Waits until no other process writes messages of these tenants. What was remembered is old by then.
    async fn take_turn(&mut self, tx: &mut Tx, rows: &[Row]) -> Result<()> {
        self.states.clear();
        // In one order everywhere, so that nobody waits for each other.
        let tenants: BTreeSet<_> = rows.iter().map(|row| row.device().0).collect();
        for tenant_id in tenants {
            tx.lock(tenant_id, "device messages").await?;
        }
        Ok(())
    }

    /// Reads the states of devices that are not remembered.
    async fn load(&mut self, tx: &mut Tx, rows: &[Row], fresh: &[bool]) -> Result<()> {
        if self.states.len() > REMEMBERED {
            self.states.clear();
        }
        let speaking = rows.iter().zip(fresh).filter(|(_, fresh)| **fresh).map(|(row, _)| row.device());
        let mut missing: Vec<_> = speaking.filter(|device| !self.states.contains_key(device)).collect();
        missing.sort_unstable();
        missing.dedup();
        if !missing.is_empty() {
            store::states(tx, &missing, &mut self.states).await?;
        }
        Ok(())
    }
}

/// Which messages are repeats of stored ones, or of earlier ones of the same batch: said to be repeats by their sender,
/// with the same number and the same content.
async fn repeated(tx: &mut Tx, rows: &[Row]) -> Result<Vec<bool>> {
    let asked: Vec<_> = rows.iter().filter(|row| row.message.repeat && row.seq != 0).collect();
    if asked.is_empty() {
        return Ok(vec![false; rows.len()]);
    }
    let mut last = store::last_with_number(tx, &asked).await?;
    let mut known = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(packet) = row.message.packet.filter(|_| row.seq != 0) else {
            known.push(false);
            continue;
        };
        let key = (row.device(), i64::from(packet));
        let payload = super::super::datapoint::to_hex(&row.message.payload);
        known.push(row.message.repeat && last.get(&key) == Some(&payload));
        last.insert(key, payload);
    }
    Ok(known)
}
