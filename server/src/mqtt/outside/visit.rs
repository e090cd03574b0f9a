//! Meeting the broker, again and again until the server ends.

use std::convert::Infallible;
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::Duration;

use domain::device::ingest::Incoming;
use domain::device::refusal::Refusal;
use rmqtt_codec::types::Publish;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, interval_at, sleep, sleep_until, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::address::Address;
use super::call::{Call, End, Stored};
use super::line::{Denied, Heard};
use super::names::{Names, Who};
use super::{Outgoing, Shared, presence};
use crate::mqtt::alone;
use crate::mqtt::connection::Stream;
use crate::mqtt::rights::{self, Purpose};
use crate::mqtt::server::ALONE;

/// A broker that is not there within this time is tried again.
const CONNECT: Duration = Duration::from_secs(10);
/// Pauses between tries: the first, and the longest.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(20)];
/// A connection that held so long was a good one.
const GOOD: Duration = Duration::from_secs(30);
/// What is promised to the broker, in seconds.
const KEEP_ALIVE: u16 = 30;
/// Refused subscriptions are asked for again so often.
const ASK_AGAIN: Duration = Duration::from_secs(30);
/// The right to take all messages is asked for again so often.
const ASK_SOON: Duration = Duration::from_secs(5);
/// Answers are sent when there are this many bytes of them.
const SEND_AT: usize = 16 * 1024;

/// What devices send.
const REPORTS: [&str; 2] = ["dev2app/#", "millwright/+/+/up"];
/// Numbers of the two subscriptions; messages have others.
const ASKED_REPORTS: NonZeroU16 = NonZeroU16::MIN;
const ASKED_EVENTS: NonZeroU16 = NonZeroU16::MIN.saturating_add(1);
const FIRST_MESSAGE: u16 = 3;

/// Whoever visits the broker.
pub(super) struct Visitor {
    shared: Arc<Shared>,
    address: Address,
    tls: Option<TlsConnector>,
    client_id: String,
    group: String,
    /// Whether servers share a subscription; turned off by a broker that does not know that.
    shares: bool,
    /// The right to subscribe without sharing.
    alone: Option<JoinHandle<()>>,
    version5: bool,
    orders: mpsc::Receiver<Outgoing>,
    names: Names,
    /// Number of the last message to a device.
    number: u16,
}

impl Visitor {
    pub fn new(
        shared: Arc<Shared>,
        address: Address,
        tls: Option<TlsConnector>,
        (client_id, group, shares): (String, String, bool),
        orders: mpsc::Receiver<Outgoing>,
    ) -> Self {
        let (alone, version5, names, number) = (None, true, Names::default(), FIRST_MESSAGE);
        Self { shared, address, tls, client_id, group, shares, alone, version5, orders, names, number }
    }

    /// Visits until the server ends.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut pause = PAUSES[0];
        loop {
            let since = Instant::now();
            let reason = match self.visit(&mut stop).await {
                Err(End::Stopped) => return,
                Err(End::Lost(reason)) => reason,
                Ok(never) => match never {},
            };
            if since.elapsed() > GOOD {
                pause = PAUSES[0];
            }
            let broker = self.address.url();
            tracing::warn!(
                broker,
                reason,
                "no connection to the broker; it is tried again for as long as it takes"
            );
            tokio::select! {
                () = stopped(&mut stop) => return,
                () = sleep(pause) => {}
            }
            pause = (pause * 2).min(PAUSES[1]);
        }
    }

    async fn visit(&mut self, stop: &mut watch::Receiver<bool>) -> Result<Infallible, End> {
        let mut call = tokio::select! {
            () = stopped(stop) => return Err(End::Stopped),
            call = timeout(CONNECT, self.call()) => {
                call.unwrap_or_else(|_| Err(End::Lost("it does not answer".into())))?
            }
        };
        let ended = self.talk(&mut call, stop).await;
        if let Err(End::Stopped) = &ended {
            call.leave().await;
        }
        ended
    }

    /// Connects, and is let in.
    async fn call(&mut self) -> Result<Call, End> {
        let lost = |error: std::io::Error| End::Lost(error.to_string());
        let stream =
            TcpStream::connect((self.address.host.as_str(), self.address.port)).await.map_err(lost)?;
        let _ = stream.set_nodelay(true);
        let stream: Box<dyn Stream> = match &self.tls {
            None => Box::new(stream),
            Some(tls) => {
                let name = ServerName::try_from(self.address.host.clone())
                    .map_err(|error| End::Lost(error.to_string()))?;
                Box::new(tls.connect(name, stream).await.map_err(lost)?)
            }
        };
        let mut call = Call::new(stream, self.version5);
        call.line.connect(&mut call.out, &self.client_id, &self.address, KEEP_ALIVE);
        call.flush().await?;
        let answer = call.next().await;
        let (remembered, shares) = match answer {
            Ok(Heard::Accepted { remembered, shares, keep_alive }) => {
                // Signs of life come more often than this promises.
                if keep_alive.is_some_and(|seconds| seconds > 0 && seconds < KEEP_ALIVE / 2) {
                    tracing::warn!(
                        ?keep_alive,
                        "the broker wants to be spoken to more often than this server does"
                    );
                }
                (remembered, shares)
            }
            Ok(Heard::Refused { version, reason }) => {
                self.version5 ^= version;
                return Err(End::Lost(format!(
                    "it refused this server: {reason}; check --mqtt-user and its password"
                )));
            }
            Ok(_) => return Err(End::Lost("it did not answer as a broker does".into())),
            Err(end) => {
                // An old broker may answer in a way of its own: the next try is made in the other version.
                self.version5 = !self.version5;
                return Err(end);
            }
        };
        if self.shares && !shares {
            self.unshare();
        }
        let version = if self.version5 { "5" } else { "3.1.1" };
        tracing::info!(
            broker = self.address.url(),
            version,
            remembered,
            "connected to the broker of the devices"
        );
        self.ask(&mut call).await;
        Ok(call)
    }

    /// Asks for what devices send, and for what the broker tells of their connections.
    async fn ask(&mut self, call: &mut Call) {
        if !self.shares && !self.may_be_alone().await {
            tracing::warn!(
                "another server of this database subscribes at a broker without shared subscriptions; this one takes its \
                 place when it ends"
            );
            call.ask_at = Some(Instant::now() + ASK_SOON);
            return;
        }
        let filters = REPORTS.map(|filter| {
            if self.shares { format!("$share/{}/{filter}", self.group) } else { filter.to_owned() }
        });
        call.line.subscribe(&mut call.out, ASKED_REPORTS, &filters);
        call.line.subscribe(&mut call.out, ASKED_EVENTS, &presence::FILTERS.map(str::to_owned));
    }

    /// Whether no other server takes all messages.
    async fn may_be_alone(&mut self) -> bool {
        if self.alone.as_ref().is_some_and(|kept| !kept.is_finished()) {
            return true;
        }
        let services = &self.shared.services;
        let hold = services.db.hold(ALONE).await.unwrap_or_default();
        self.alone = hold.map(|hold| tokio::spawn(alone::keep(services.clone(), ALONE, hold)));
        self.alone.is_some()
    }

    fn unshare(&mut self) {
        tracing::warn!(
            "the broker knows no shared subscriptions: only one server of this database takes messages"
        );
        self.shares = false;
    }

    /// Listens and speaks until that is over.
    async fn talk(&mut self, call: &mut Call, stop: &mut watch::Receiver<bool>) -> Result<Infallible, End> {
        let beat = Duration::from_secs(u64::from(KEEP_ALIVE)) / 3;
        let mut pings = interval_at(Instant::now() + beat, beat);
        let mut stored = Vec::new();
        loop {
            if !call.out.is_empty() {
                call.flush().await?;
            }
            stored.clear();
            let ask_at = call.ask_at.unwrap_or_else(|| Instant::now() + ASK_AGAIN);
            call.input.reserve(4096);
            tokio::select! {
                biased;
                () = stopped(stop) => return Err(End::Stopped),
                _ = call.acks.1.recv_many(&mut stored, 256) => call.acknowledge(&stored)?,
                Some(order) = self.orders.recv() => self.order(call, order),
                read = call.stream.read_buf(&mut call.input) => {
                    match read {
                        Ok(0) => return Err(End::Lost("it hung up".into())),
                        Ok(_) => self.listen(call).await?,
                        Err(error) => return Err(End::Lost(error.to_string())),
                    }
                }
                _ = pings.tick() => {
                    if call.heard.elapsed() > beat * 4 {
                        return Err(End::Lost("it is silent".into()));
                    }
                    call.line.ping(&mut call.out);
                }
                () = sleep_until(ask_at), if call.ask_at.is_some() => {
                    call.ask_at = None;
                    self.ask(call).await;
                }
            }
        }
    }

    /// Follows everything that has arrived whole.
    async fn listen(&mut self, call: &mut Call) -> Result<(), End> {
        call.heard = Instant::now();
        loop {
            let heard = match call.line.read(&mut call.input) {
                Ok(None) => return Ok(()),
                Ok(Some(heard)) => heard,
                Err(_) => return Err(End::Lost("it sent something that is not MQTT".into())),
            };
            match heard {
                Heard::Message(publish) => self.arrive(call, *publish).await?,
                Heard::Taken(packet, taken) => call.told(packet, taken),
                Heard::Subscribed(packet, each) if packet == ASKED_EVENTS => {
                    if each.iter().any(Result::is_err) {
                        tracing::info!(
                            "the broker tells of no connections; a device is on line while it speaks"
                        );
                    }
                }
                Heard::Subscribed(_, each) => self.subscribed(call, &each).await,
                Heard::Goodbye(reason) => {
                    return Err(End::Lost(format!("it ended the connection: {reason}")));
                }
                Heard::Accepted { .. } | Heard::Refused { .. } | Heard::Else => {}
            }
            if call.out.len() > SEND_AT {
                call.flush().await?;
            }
        }
    }

    async fn subscribed(&mut self, call: &mut Call, each: &[Result<(), Denied>]) {
        let Some(denied) = each.iter().find_map(|granted| granted.err()) else {
            tracing::info!(shared = self.shares, "subscribed to what devices send");
            return;
        };
        if self.shares && denied != Denied::Forbidden {
            self.unshare();
            return self.ask(call).await;
        }
        let user = self.address.user.as_deref().unwrap_or("(nobody)");
        tracing::error!(
            user,
            "the broker refused the subscription to dev2app/# and millwright/+/+/up; allow this user to read them; it \
             is asked again"
        );
        call.ask_at = Some(Instant::now() + ASK_AGAIN);
    }

    /// A message of a device, or about one.
    async fn arrive(&mut self, call: &mut Call, publish: Publish) -> Result<(), End> {
        let Publish { dup, retain, topic, packet_id, payload, .. } = publish;
        let at = self.shared.services.clock.now();
        let unread = |error: domain::Error| {
            tracing::error!(?error, "the store does not answer; the broker keeps its messages meanwhile");
            End::Lost("the store does not answer".into())
        };
        if let Some(event) = presence::event(&topic) {
            if let Who::Device(known) =
                self.names.who(&self.shared.services, event.client_id).await.map_err(unread)?
            {
                self.shared
                    .presence
                    .told(&self.shared.services, &known, &event, &payload)
                    .await
                    .map_err(unread)?;
            }
            call.done(packet_id);
            return Ok(());
        }
        // What was kept for latecomers is old news.
        let did = if retain { None } else { sender(&topic) };
        let Some(did) = did else {
            call.done(packet_id);
            return Ok(());
        };
        let refused = match self.names.who(&self.shared.services, did).await.map_err(unread)? {
            Who::Refused(tenant, refusal) => Some((tenant, refusal)),
            Who::Device(known) => match rights::publish(&known, &topic) {
                None => Some((Some(known.tenant.id), Refusal::Topic)),
                Some(Purpose::Question) => None,
                Some(Purpose::Report(form)) => {
                    self.shared.presence.spoke(&known, at);
                    let acks = call.acks.0.clone();
                    let incoming = Incoming {
                        device: known,
                        form,
                        payload: payload.to_vec(),
                        at,
                        packet: packet_id.map(NonZeroU16::get),
                        repeat: dup,
                        done: match packet_id {
                            None => Box::new(|_| {}),
                            // The connection may be over by then; the broker then sends it again.
                            Some(packet) => Box::new(move |kept| drop(acks.send(Stored { packet, kept }))),
                        },
                    };
                    call.under_way += usize::from(packet_id.is_some());
                    if let Err(incoming) = self.shared.ingest.try_accept(incoming) {
                        // No room: the broker waits, and what it waits for is not held against it.
                        call.flush().await?;
                        self.shared.ingest.accept(incoming).await;
                        call.heard = Instant::now();
                    }
                    return Ok(());
                }
            },
        };
        if let Some((tenant, refusal)) = refused {
            let device = tenant.map(|tenant| (tenant, did));
            self.shared.refusals.count(&self.shared.services, device, refusal);
        }
        call.done(packet_id);
        Ok(())
    }

    fn order(&mut self, call: &mut Call, order: Outgoing) {
        // Whoever sent it has given up.
        if order.answer.is_closed() {
            return;
        }
        self.number = self.number.checked_add(1).unwrap_or(FIRST_MESSAGE);
        let Some(packet) = NonZeroU16::new(self.number) else { return };
        call.line.publish(&mut call.out, packet, &order.topic, order.payload);
        call.sent.retain(|_, (_, answer)| !answer.is_closed());
        call.sent.insert(packet, (order.online, order.answer));
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that the server is gone.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// The device that a topic is named after.
fn sender(topic: &str) -> Option<&str> {
    let mut parts = topic.split('/');
    match parts.next()? {
        "dev2app" => parts.next(),
        "millwright" => parts.nth(1),
        _ => None,
    }
}
