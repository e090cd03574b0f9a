//! A broker outside of this program, met as a client of it.
//!
//! Each server of the installation subscribes to what devices send (one subscription that they share), acknowledges after
//! the commit, and publishes what devices are told. Its session there outlives it: what arrives meanwhile waits. Who is
//! on line is what the broker tells of, or what the devices' messages say.

mod address;
mod call;
mod line;
mod names;
mod presence;
#[cfg(test)]
mod tests;
mod visit;

use std::sync::Arc;
use std::time::Duration;

use domain::ctx::Services;
use domain::db::Hold;
use domain::device::control::outbox;
use domain::device::ingest::Ingest;
use domain::device::link::{Broker, Order, Sending, Sent};
use domain::device::refusal::Refusals;
use domain::device::session::OfflineReason;
use domain::device::session::outside::BROKER;
use domain::device::session::service::close_left_over;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use self::address::Address;
use self::presence::Presence;
use self::visit::Visitor;
use super::alone;
use super::hooks::Hooks;
use super::options::Options;
use super::server::{END, keep_refusals};
use super::serving::Place;
use super::tls;
use crate::cli::Failure;

/// Messages to devices that may wait for the broker.
const WAITING: usize = 256;
/// A broker that has not answered by then will not.
const ANSWER: Duration = Duration::from_secs(5);
/// What tells the servers of a database apart at the broker: each takes the first name that is free.
const NAMES: [&str; 8] = ["mqtt-1", "mqtt-2", "mqtt-3", "mqtt-4", "mqtt-5", "mqtt-6", "mqtt-7", "mqtt-8"];

/// What the parts have in common.
struct Shared {
    services: Services,
    ingest: Ingest,
    refusals: Refusals,
    presence: Presence,
}

/// A message to a device on its way to the broker.
struct Outgoing {
    topic: String,
    payload: Vec<u8>,
    /// Whether the device is on line according to the store.
    online: bool,
    answer: oneshot::Sender<Sent>,
}

/// The connection to the broker while the server runs.
pub struct Outside {
    /// Where devices connect.
    pub place: Place,
    /// The broker, without a password.
    pub url: String,
    /// What the broker may ask.
    pub hooks: Option<Hooks>,
    services: Services,
    refusals: Refusals,
    stop: watch::Sender<bool>,
    visits: JoinHandle<()>,
    tasks: JoinSet<()>,
    writer: JoinHandle<()>,
}

/// The way to the devices, through the broker.
struct Link {
    orders: mpsc::Sender<Outgoing>,
    shared: Arc<Shared>,
}

impl Broker for Link {
    fn send<'a>(&'a self, order: Order<'a>) -> Sending<'a> {
        Box::pin(async move {
            let (answer, answered) = oneshot::channel();
            let Order { topic, payload, online, .. } = order;
            let outgoing = Outgoing { topic: topic.to_owned(), payload: payload.to_vec(), online, answer };
            if self.orders.try_send(outgoing).is_err() {
                return Sent::Busy;
            }
            match timeout(ANSWER, answered).await {
                Ok(Ok(sent)) => sent,
                Ok(Err(_)) | Err(_) => Sent::Busy,
            }
        })
    }

    /// Its connection is another's: what it still sends is refused, and it counts as off line.
    fn end(&self, did: &str, reason: OfflineReason) {
        let (shared, did) = (Arc::clone(&self.shared), did.to_owned());
        tokio::spawn(async move { shared.presence.ended_here(&shared.services, &did, reason).await });
    }
}

impl Outside {
    /// Begins to meet the broker. One that is not there yet is tried for ever.
    pub async fn start(services: &Services, options: &Options, url: &str) -> Result<Self, Failure> {
        let address = Address::parse(url, options.mqtt_user.as_deref(), options.mqtt_password.as_deref())?;
        let tls = address.encrypted.then(|| tls::connector(options.mqtt_ca.as_deref())).transpose()?;
        let place = address.place(options.mqtt_public.as_deref())?;
        checked_group(&options.mqtt_group)?;
        let (number, name) = take_name(services).await?;
        let left = close_left_over(services, Some(BROKER)).await?;
        if left > 0 {
            tracing::info!(left, "connections of devices to the embedded broker are closed");
        }
        let (ingest, writer) = Ingest::start_shared(services.clone());
        let refusals = Refusals::default();
        let presence = Presence::new(options.mqtt_heartbeat);
        let shared =
            Arc::new(Shared { services: services.clone(), ingest, refusals: refusals.clone(), presence });
        let (orders, waiting) = mpsc::channel(WAITING);
        let link = Link { orders, shared: Arc::clone(&shared) };
        services.links.set_broker(Some(Arc::new(link)));
        let (stop, stopped) = watch::channel(false);
        let hooks = options.mqtt_hook_secret.clone().map(|secret| Hooks {
            services: services.clone(),
            refusals: refusals.clone(),
            secret,
            own: address.user.clone().zip(address.password.clone()),
        });
        let url = address.url();
        let client_id = format!("{}-{number}", options.mqtt_group);
        let visitor = Visitor::new(
            Arc::clone(&shared),
            address,
            tls,
            (client_id, options.mqtt_group.clone(), options.mqtt_shared),
            waiting,
        );
        let visits = tokio::spawn(visitor.run(stopped));
        let mut tasks = JoinSet::new();
        tasks.spawn(presence::keep(shared));
        tasks.spawn(keep_refusals(services.clone(), refusals.clone()));
        tasks.spawn(outbox::serve(services.clone()));
        tasks.spawn(keep_name(services.clone(), name, number));
        let services = services.clone();
        Ok(Self { place, url, hooks, services, refusals, stop, visits, tasks, writer })
    }

    /// Stores what has arrived, acknowledges it and says goodbye. Devices stay where they are.
    pub async fn stop(mut self) {
        self.services.links.set_broker(None);
        self.stop.send_replace(true);
        if timeout(END, &mut self.visits).await.is_err() {
            tracing::warn!("the broker was not told goodbye; it sends again what it was not told is stored");
            self.visits.abort();
            let _ = self.visits.await;
        }
        self.tasks.shutdown().await;
        if timeout(END, &mut self.writer).await.is_err() {
            tracing::warn!("messages of devices were not stored in time; the broker sends them again");
        }
        if let Err(error) = self.refusals.write(&self.services).await {
            tracing::warn!(?error, "refusals of the last second are not counted");
        }
    }
}

/// The name of this server at the broker: stable, so that its session there is found again.
async fn take_name(services: &Services) -> Result<(usize, (&'static str, Hold)), Failure> {
    for (number, name) in (1..).zip(NAMES) {
        if let Some(hold) = services.db.hold(name).await? {
            return Ok((number, (name, hold)));
        }
    }
    Err(Failure::new(
        "eight servers serve the devices of this database already; start this one with --mqtt-listen none",
    ))
}

async fn keep_name(services: Services, (name, hold): (&'static str, Hold), number: usize) {
    alone::keep(services, name, hold).await;
    tracing::error!(number, "another server uses this one's name at the broker now; restart this one");
}

fn checked_group(group: &str) -> Result<(), Failure> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if group.is_empty() || group.len() > 32 || !group.chars().all(allowed) {
        return Err(Failure::new("--mqtt-group: must be 1 to 32 letters, digits or - _ ."));
    }
    Ok(())
}
