//! Listening for devices, from the start of the server to its end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::ctx::Services;
use domain::db::Hold;
use domain::device::control::outbox;
use domain::device::ingest::Ingest;
use domain::device::link::Broker;
use domain::device::refusal::Refusals;
use domain::device::session::OfflineReason;
use domain::device::session::service::{close_left_over, note_pulses};
use domain::id::uuid;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{interval, sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::alone;
use super::arrival::serve;
use super::options::Options;
use super::registry::Registry;
use super::tls;
use crate::cli::Failure;

/// How often signs of life are written down: what a restart after a crash may be wrong by.
const PULSE: Duration = Duration::from_secs(15);
/// How often refusals are written down.
const REFUSALS: Duration = Duration::from_secs(1);
/// What only one server on a database may do.
pub(super) const ALONE: &str = "mqtt";
/// Connections get this long to be put on record when the server ends, messages after them the same.
pub(super) const END: Duration = Duration::from_secs(2);
/// A stranger who has encrypted nothing by then is no device.
const TLS_HELLO: Duration = Duration::from_secs(10);

/// What the connections have in common.
pub(super) struct Shared {
    pub services: Services,
    pub ingest: Ingest,
    pub registry: Arc<Registry>,
    pub refusals: Refusals,
    /// Tells the connections of this process from those of an earlier one.
    pub broker: String,
    pub encrypted: bool,
}

/// The broker while it runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Whether connections are encrypted.
    pub encrypted: bool,
    services: Services,
    registry: Arc<Registry>,
    refusals: Refusals,
    tasks: JoinSet<()>,
    connections: mpsc::Receiver<()>,
    writer: JoinHandle<()>,
    alone: JoinHandle<()>,
}

impl Running {
    /// Starts to listen; `None` when no devices are to be served.
    pub async fn start(services: &Services, options: &Options) -> Result<Option<Self>, Failure> {
        let Some(listen) = options.listen()? else { return Ok(None) };
        let acceptor = match (&options.mqtt_tls_cert, &options.mqtt_tls_key) {
            (Some(certificates), Some(key)) => Some(tls::acceptor(certificates, key)?),
            _ => None,
        };
        let Some(alone) = services.db.hold(ALONE).await? else {
            return Err(Failure::new(
                "another server serves the devices of this database; start this one with --mqtt-listen none",
            ));
        };
        let listener = TcpListener::bind(listen).await.map_err(|error| {
            Failure::new(format!(
                "cannot listen for devices on {listen}: {error}; choose another address with --mqtt-listen, or none"
            ))
        })?;
        let address = listener
            .local_addr()
            .map_err(|error| Failure::new(format!("cannot tell the address: {error}; try again")))?;
        let left = close_left_over(services, None).await?;
        if left > 0 {
            tracing::info!(left, "connections of devices that an earlier server left open are closed");
        }
        Ok(Some(Self::listen(services, listener, address, acceptor, alone)))
    }

    fn listen(
        services: &Services,
        listener: TcpListener,
        address: SocketAddr,
        acceptor: Option<TlsAcceptor>,
        alone: Hold,
    ) -> Self {
        let (ingest, writer) = Ingest::start(services.clone());
        let registry = Arc::new(Registry::default());
        services.links.set_broker(Some(Arc::clone(&registry) as Arc<dyn Broker>));
        let refusals = Refusals::default();
        let encrypted = acceptor.is_some();
        let shared = Arc::new(Shared {
            services: services.clone(),
            ingest,
            registry: Arc::clone(&registry),
            refusals: refusals.clone(),
            broker: uuid(),
            encrypted,
        });
        let (alive, connections) = mpsc::channel(1);
        let mut tasks = JoinSet::new();
        tasks.spawn(keep_pulses(Arc::clone(&shared)));
        tasks.spawn(keep_refusals(services.clone(), refusals.clone()));
        tasks.spawn(accept(listener, shared, acceptor, alive));
        tasks.spawn(outbox::serve(services.clone()));
        let services = services.clone();
        let alone = tokio::spawn(alone::keep(services.clone(), ALONE, alone));
        Self { address, encrypted, services, registry, refusals, tasks, connections, writer, alone }
    }

    /// Waits until another server has the right to serve the devices of this database.
    pub async fn lost(&mut self) {
        let _ = (&mut self.alone).await;
    }

    /// Ends all connections, puts that on record and stores what has arrived.
    pub async fn stop(mut self) {
        // With the listener goes the last way in.
        self.tasks.shutdown().await;
        self.services.links.set_broker(None);
        self.registry.all().iter().for_each(|entry| entry.end(OfflineReason::OfflineException));
        // Nothing is ever sent here: it ends when the last connection has.
        if timeout(END, self.connections.recv()).await.is_err() {
            tracing::warn!("connections of devices were cut off; the next start puts that on record");
        }
        if timeout(END, &mut self.writer).await.is_err() {
            tracing::warn!("messages of devices were not stored in time; nobody was told that they were");
        }
        if let Err(error) = self.refusals.write(&self.services).await {
            tracing::warn!(?error, "refusals of the last second are not counted");
        }
        // Whoever comes next finds everything on record.
        self.alone.abort();
    }
}

async fn accept(
    listener: TcpListener,
    shared: Arc<Shared>,
    acceptor: Option<TlsAcceptor>,
    alive: mpsc::Sender<()>,
) {
    loop {
        match listener.accept().await {
            Ok((stream, address)) => {
                let (shared, acceptor, alive) = (Arc::clone(&shared), acceptor.clone(), alive.clone());
                tokio::spawn(async move {
                    connect(shared, stream, address, acceptor).await;
                    drop(alive);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a device could not connect");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn connect(shared: Arc<Shared>, stream: TcpStream, address: SocketAddr, tls: Option<TlsAcceptor>) {
    let _ = stream.set_nodelay(true);
    let address = address.ip().to_string();
    match tls {
        None => serve(shared, stream, address).await,
        Some(acceptor) => match timeout(TLS_HELLO, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => serve(shared, stream, address).await,
            Ok(Err(error)) => tracing::debug!(%error, address, "no encrypted connection"),
            Err(_) => tracing::debug!(address, "no encrypted connection in time"),
        },
    }
}

async fn keep_pulses(shared: Arc<Shared>) {
    let mut timer = interval(PULSE);
    loop {
        timer.tick().await;
        let pulses = shared.registry.pulses();
        match note_pulses(&shared.services, &shared.broker, &pulses).await {
            Ok(barred) if barred.is_empty() => {}
            Ok(barred) => {
                for entry in shared.registry.all() {
                    if barred.contains(&(entry.known.tenant.id, entry.known.device_id)) {
                        entry.end(OfflineReason::OfflineReset);
                    }
                }
            }
            Err(error) => tracing::warn!(?error, "signs of life of devices were not written down"),
        }
    }
}

pub(super) async fn keep_refusals(services: Services, refusals: Refusals) {
    let mut timer = interval(REFUSALS);
    loop {
        timer.tick().await;
        if let Err(error) = refusals.write(&services).await {
            tracing::warn!(?error, "refusals were not written down; will try again");
        }
    }
}
