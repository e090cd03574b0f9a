//! One connection of one device, from its first byte to its last.

use std::collections::HashMap;
use std::num::NonZeroU16;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use domain::device::ingest::{Done, Form, Incoming};
use domain::device::refusal::Refusal;
use domain::device::session::OfflineReason;
use domain::device::session::service::{Known, Login, NewConnection, go_offline, go_online, log_in};
use futures::FutureExt;
use rmqtt_codec::types::{Publish, QoS};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

use super::registry::{Held, Outgoing};
use super::rights::{self, Purpose};
use super::server::Shared;
use super::wire::{Broken, Goodbye, Hello, Refused, Said, Wire};

/// Whoever has not said who it is by then is no device.
const HELLO: Duration = Duration::from_secs(10);
/// A device that takes nothing for so long is gone.
const SEND: Duration = Duration::from_secs(20);
/// The connection before this one gets so long to be put on record.
const TAKEOVER: Duration = Duration::from_secs(5);
/// Room for what is read at once.
const READ: usize = 4096;
/// Answers are sent when there are this many bytes of them.
const SEND_AT: usize = 16 * 1024;

/// A stream of bytes from and to a device.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// Serves a connection to its end.
pub(super) async fn serve(shared: Arc<Shared>, mut stream: impl Stream, address: String) {
    let mut wire = Wire::default();
    let mut input = BytesMut::with_capacity(512);
    let hello = match timeout(HELLO, hello(&mut stream, &mut wire, &mut input)).await {
        Ok(Ok(Some(hello))) => hello,
        Ok(Ok(None)) | Err(_) => return,
        Ok(Err(broken)) => {
            return shared.refusals.count(&shared.services, None, refusal(broken));
        }
    };
    let mut out = BytesMut::new();
    let known = match welcome(&shared, &hello).await {
        Ok(known) => known,
        Err(refused) => {
            wire.refuse(&mut out, refused);
            let _ = timeout(SEND, send(&mut stream, &mut out)).await;
            let _ = timeout(SEND, stream.shutdown()).await;
            return;
        }
    };
    let now = shared.services.clock.now();
    let (held, before) = shared.registry.enter(&known, now);
    if let Some(before) = before {
        before.end(OfflineReason::OfflineForce);
        // Its end comes before this beginning in the record.
        if timeout(TAKEOVER, before.over()).await.is_err() {
            tracing::warn!(did = known.did, "an earlier connection does not end");
        }
    }
    let number = held.entry.number.to_string();
    let new = NewConnection {
        broker: &shared.broker,
        connection: &number,
        address: Some(address),
        keep_alive: i64::from(hello.keep_alive),
    };
    let online = go_online(&shared.services, &known, new).await;
    let entry = Arc::clone(&held.entry);
    let over = held.over.clone();
    if let Ok(Some(at)) = online {
        entry.began(at);
        wire.accept(&mut out);
        let acks = mpsc::unbounded_channel();
        let connection = Connection {
            shared: Arc::clone(&shared),
            known: Arc::clone(&known),
            held,
            wire,
            stream,
            input,
            out,
            acks,
            received: HashMap::new(),
            number: 0,
            quiet: patience(hello.keep_alive),
            heard: Instant::now(),
        };
        let will = hello.will.clone();
        let ended = AssertUnwindSafe(connection.run()).catch_unwind().await;
        let ended = ended.unwrap_or_else(|_| {
            tracing::error!(did = known.did, "a connection ended by a mistake of the server");
            Ended::with(OfflineReason::OfflineException)
        });
        if ended.will
            && let Some((topic, message)) = will
        {
            say_will(&shared, &known, &topic, &message).await;
        }
        let this = (shared.broker.as_str(), number.as_str());
        let mut pause = Duration::from_millis(100);
        while let Err(error) = go_offline(&shared.services, &known, this, entry.beats(), ended.reason).await {
            tracing::error!(?error, did = known.did, "the end of a connection is not on record yet");
            if pause > Duration::from_secs(10) {
                break;
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    } else {
        let refused = if online.is_ok() { Refused::NotAllowed } else { Refused::Unavailable };
        if let Err(error) = online {
            tracing::error!(?error, did = known.did, "a device could not be put on line");
        }
        wire.refuse(&mut out, refused);
        let _ = timeout(SEND, send(&mut stream, &mut out)).await;
    }
    shared.registry.leave(&entry);
    over.send_replace(true);
}

/// How long a device may say nothing: one and a half times what it promised.
fn patience(keep_alive: u16) -> Option<Duration> {
    (keep_alive > 0).then(|| Duration::from_millis(1500) * u32::from(keep_alive))
}

fn refusal(broken: Broken) -> Refusal {
    match broken {
        Broken::TooLarge => Refusal::Size,
        Broken::Malformed => Refusal::Protocol,
    }
}

async fn hello(
    stream: &mut impl Stream,
    wire: &mut Wire,
    input: &mut BytesMut,
) -> Result<Option<Hello>, Broken> {
    loop {
        if let Some(hello) = wire.hello(input)? {
            return Ok(Some(hello));
        }
        match stream.read_buf(input).await {
            Ok(0) | Err(_) => return Ok(None),
            Ok(_) => {}
        }
    }
}

/// Who this is, if it may come in.
async fn welcome(shared: &Shared, hello: &Hello) -> Result<Arc<Known>, Refused> {
    let services = &shared.services;
    let did = hello.user.as_deref().unwrap_or_default();
    let password = hello.password.as_deref().unwrap_or_default();
    if did.is_empty() || did != hello.client_id {
        shared.refusals.count(services, None, Refusal::Credentials);
        return Err(Refused::Credentials);
    }
    let known = match log_in(services, did, password).await {
        Ok(Login::Accepted(known)) => known,
        Ok(Login::Unknown(tenant)) => {
            shared.refusals.count(services, tenant.map(|tenant| (tenant, did)), Refusal::Credentials);
            return Err(Refused::Credentials);
        }
        Ok(Login::Disabled(tenant)) => {
            shared.refusals.count(services, Some((tenant, did)), Refusal::Disabled);
            return Err(Refused::NotAllowed);
        }
        Err(error) => {
            tracing::error!(?error, did, "a device could not be looked up");
            return Err(Refused::Unavailable);
        }
    };
    match &hello.will {
        Some((topic, _)) if rights::publish(&known, topic).is_none() => {
            shared.refusals.count(services, Some((known.tenant.id, did)), Refusal::Topic);
            Err(Refused::NotAllowed)
        }
        _ => Ok(known),
    }
}

async fn say_will(shared: &Shared, known: &Arc<Known>, topic: &str, message: &Bytes) {
    if let Some(Purpose::Report(form)) = rights::publish(known, topic) {
        let at = shared.services.clock.now();
        let incoming = Incoming {
            device: Arc::clone(known),
            form,
            payload: message.to_vec(),
            at,
            packet: None,
            repeat: false,
            done: Box::new(|_| {}),
        };
        shared.ingest.accept(incoming).await;
    }
}

async fn send(stream: &mut impl Stream, out: &mut BytesMut) -> std::io::Result<()> {
    stream.write_all(out).await?;
    out.clear();
    stream.flush().await
}

/// How a connection ended.
struct Ended {
    reason: OfflineReason,
    /// What MQTT 5 calls it.
    goodbye: Option<Goodbye>,
    /// Whether the device's will is to be said.
    will: bool,
}

impl Ended {
    fn with(reason: OfflineReason) -> Self {
        Self { reason, goodbye: None, will: true }
    }

    fn saying(reason: OfflineReason, goodbye: Goodbye) -> Self {
        Self { goodbye: Some(goodbye), ..Self::with(reason) }
    }
}

/// What became of a message.
struct Stored {
    packet: NonZeroU16,
    quality: QoS,
    stored: bool,
}

struct Connection<S> {
    shared: Arc<Shared>,
    known: Arc<Known>,
    held: Held,
    wire: Wire,
    stream: S,
    input: BytesMut,
    out: BytesMut,
    acks: (mpsc::UnboundedSender<Stored>, mpsc::UnboundedReceiver<Stored>),
    /// Messages of quality 2 that are not over: whether the device was told that they are stored.
    received: HashMap<NonZeroU16, bool>,
    /// Number of the last message to the device.
    number: u16,
    quiet: Option<Duration>,
    heard: Instant,
}

enum Next {
    Read(std::io::Result<usize>),
    Stored,
    Outgoing(Outgoing),
    End(OfflineReason),
    Quiet,
}

impl<S: Stream> Connection<S> {
    async fn run(mut self) -> Ended {
        let ended = loop {
            if let Err(ended) = self.step().await {
                break ended;
            }
        };
        // What was decided is still told, in good time.
        if let Some(goodbye) = ended.goodbye {
            self.wire.goodbye(&mut self.out, goodbye);
        }
        let _ = timeout(Duration::from_millis(500), send(&mut self.stream, &mut self.out)).await;
        let _ = timeout(Duration::from_millis(500), self.stream.shutdown()).await;
        ended
    }

    async fn step(&mut self) -> Result<(), Ended> {
        if !self.out.is_empty() {
            self.flush().await?;
        }
        let mut finished = Vec::new();
        self.input.reserve(READ);
        let quiet_at = self.quiet.map(|quiet| self.heard + quiet);
        let next = tokio::select! {
            biased;
            Some(reason) = self.held.end.recv() => Next::End(reason),
            _ = self.acks.1.recv_many(&mut finished, 256) => Next::Stored,
            Some(outgoing) = self.held.outgoing.recv() => Next::Outgoing(outgoing),
            read = self.stream.read_buf(&mut self.input) => Next::Read(read),
            () = until(quiet_at) => Next::Quiet,
        };
        match next {
            Next::Read(Ok(0) | Err(_)) => Err(Ended::with(self.lost())),
            Next::Read(Ok(_)) => self.listen().await,
            Next::Stored => self.acknowledge(finished),
            Next::Outgoing(outgoing) => {
                self.tell(outgoing);
                Ok(())
            }
            Next::End(reason) => Err(self.told(reason)),
            Next::Quiet => Err(Ended::saying(OfflineReason::NoHeartbeat, Goodbye::KeepAliveTimeout)),
        }
    }

    /// Why a connection ends that broke.
    fn lost(&self) -> OfflineReason {
        if self.shared.encrypted { OfflineReason::SslClosed } else { OfflineReason::TcpClosed }
    }

    /// Somebody here wants it to end.
    fn told(&self, reason: OfflineReason) -> Ended {
        let goodbye = match reason {
            OfflineReason::OfflineForce => Goodbye::SessionTakenOver,
            OfflineReason::OfflineReset => Goodbye::AdministrativeAction,
            _ => Goodbye::ServerShuttingDown,
        };
        Ended::saying(reason, goodbye)
    }

    async fn flush(&mut self) -> Result<(), Ended> {
        match timeout(SEND, send(&mut self.stream, &mut self.out)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => {
                self.out.clear();
                Err(Ended::with(self.lost()))
            }
        }
    }

    /// Follows everything that has arrived whole.
    async fn listen(&mut self) -> Result<(), Ended> {
        self.heard = Instant::now();
        let now = self.shared.services.clock.now();
        self.held.entry.heard(now);
        loop {
            match self.wire.read(&mut self.input) {
                Ok(None) => return Ok(()),
                Ok(Some(said)) => self.follow(said, now).await?,
                Err(broken) => return Err(self.broken(broken)),
            }
            if self.out.len() > SEND_AT {
                self.flush().await?;
            }
        }
    }

    fn broken(&self, broken: Broken) -> Ended {
        self.count(refusal(broken));
        match broken {
            Broken::TooLarge => {
                Ended::saying(OfflineReason::OfflineSendingDataSizeOverflow, Goodbye::PacketTooLarge)
            }
            Broken::Malformed => Ended::saying(OfflineReason::OfflineException, Goodbye::MalformedPacket),
        }
    }

    fn count(&self, refusal: Refusal) {
        let device = Some((self.known.tenant.id, self.known.did.as_str()));
        self.shared.refusals.count(&self.shared.services, device, refusal);
    }

    async fn follow(&mut self, said: Said, now: i64) -> Result<(), Ended> {
        match said {
            Said::Publish(publish) => return self.publish(*publish, now).await,
            Said::Release(packet) => {
                self.received.remove(&packet);
                self.wire.complete(&mut self.out, packet);
            }
            Said::Subscribe(packet, filters) => self.subscribe(packet, filters),
            Said::Unsubscribe(packet, filters) => {
                filters.iter().for_each(|filter| self.held.entry.unsubscribe(filter));
                self.wire.unsubscribed(&mut self.out, packet, filters.len());
            }
            Said::Ping => {
                self.held.entry.beat(now);
                self.wire.pong(&mut self.out);
            }
            Said::Goodbye(will) => {
                return Err(Ended { will, ..Ended::with(OfflineReason::MqttDisconnect) });
            }
            Said::Else => {}
        }
        Ok(())
    }

    fn subscribe(&mut self, packet: NonZeroU16, filters: Vec<(String, QoS)>) {
        let mut granted = Vec::with_capacity(filters.len());
        for (filter, quality) in filters {
            if rights::subscribe(&self.known, &filter) {
                granted.push(self.held.entry.subscribe(filter, quality));
            } else {
                self.count(Refusal::Topic);
                granted.push(None);
            }
        }
        self.wire.subscribed(&mut self.out, packet, &granted);
    }

    async fn publish(&mut self, publish: Publish, now: i64) -> Result<(), Ended> {
        let Publish { dup, qos, topic, packet_id, payload, .. } = publish;
        let Some(purpose) = rights::publish(&self.known, &topic) else {
            self.count(Refusal::Topic);
            return match packet_id {
                // Nothing was promised.
                None => Ok(()),
                Some(packet) if self.wire.can_refuse() => {
                    self.answer(packet, qos, false);
                    Ok(())
                }
                Some(_) => Err(Ended::with(OfflineReason::OfflineException)),
            };
        };
        if qos == QoS::ExactlyOnce
            && let Some(packet) = packet_id
        {
            match self.received.insert(packet, false) {
                None => {}
                Some(told) => {
                    self.received.insert(packet, told);
                    if told {
                        self.wire.received(&mut self.out, packet, true);
                    }
                    return Ok(());
                }
            }
        }
        match purpose {
            Purpose::Question => {
                if let Some(packet) = packet_id {
                    self.answer(packet, qos, true);
                }
                Ok(())
            }
            Purpose::Report(form) => self.report(form, payload, dup, packet_id, qos, now).await,
        }
    }

    async fn report(
        &mut self,
        form: Form,
        payload: Bytes,
        repeat: bool,
        packet: Option<NonZeroU16>,
        quality: QoS,
        at: i64,
    ) -> Result<(), Ended> {
        let acks = self.acks.0.clone();
        let done: Done = match packet {
            None => Box::new(|_| {}),
            Some(packet) => Box::new(move |stored| {
                // The connection may be over by now; the device then sends it again.
                let _ = acks.send(Stored { packet, quality, stored });
            }),
        };
        let incoming = Incoming {
            device: Arc::clone(&self.known),
            form,
            payload: payload.to_vec(),
            at,
            packet: packet.map(NonZeroU16::get),
            repeat,
            done,
        };
        let Err(incoming) = self.shared.ingest.try_accept(incoming) else { return Ok(()) };
        // No room: this device waits, and what it waits for is not held against it.
        self.flush().await?;
        let ended = tokio::select! {
            biased;
            Some(reason) = self.held.end.recv() => Some(reason),
            () = self.shared.ingest.accept(incoming) => None,
        };
        self.heard = Instant::now();
        match ended {
            Some(reason) => Err(self.told(reason)),
            None => Ok(()),
        }
    }

    fn answer(&mut self, packet: NonZeroU16, quality: QoS, accepted: bool) {
        if quality == QoS::ExactlyOnce {
            if accepted {
                self.received.insert(packet, true);
            } else {
                self.received.remove(&packet);
            }
            self.wire.received(&mut self.out, packet, accepted);
        } else {
            self.wire.acknowledge(&mut self.out, packet, accepted);
        }
    }

    fn acknowledge(&mut self, finished: Vec<Stored>) -> Result<(), Ended> {
        for Stored { packet, quality, stored } in finished {
            if !stored {
                // Not acknowledged, so that the device keeps it and sends it again.
                return Err(Ended::saying(OfflineReason::OfflineException, Goodbye::UnspecifiedError));
            }
            self.answer(packet, quality, true);
        }
        Ok(())
    }

    fn tell(&mut self, outgoing: Outgoing) {
        let number = (outgoing.quality != QoS::AtMostOnce).then(|| {
            self.number = self.number.wrapping_add(1).max(1);
            NonZeroU16::new(self.number).unwrap_or(NonZeroU16::MIN)
        });
        self.wire.publish(&mut self.out, &outgoing.topic, outgoing.payload, number);
    }
}

/// Waits until then; for ever without a time.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
