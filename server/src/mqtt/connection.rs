//! What a device says and is told while it is connected.

use std::collections::HashMap;
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use domain::device::ingest::{Done, Form, Incoming};
use domain::device::refusal::Refusal;
use domain::device::session::OfflineReason;
use domain::device::session::service::Known;
use rmqtt_codec::types::{Publish, QoS};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

use super::registry::{Held, Outgoing};
use super::rights::{self, Purpose};
use super::server::Shared;
use super::wire::{Broken, Goodbye, Said, Wire};

/// A device that takes nothing for so long is gone.
pub(super) const SEND: Duration = Duration::from_secs(20);
/// Seconds in which a device is to be heard that promised nothing.
const UNPROMISED: u16 = 2400;
/// Room for what is read at once.
const READ: usize = 4096;
/// Answers are sent when there are this many bytes of them.
const SEND_AT: usize = 16 * 1024;

/// A stream of bytes from and to a device.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// How long a device may say nothing: one and a half times what it promised. One that promised nothing would be on line
/// for ever once its network is gone: it is to be heard all the same, and told so where its protocol can.
fn patience(keep_alive: u16) -> Duration {
    Duration::from_millis(1500) * u32::from(if keep_alive == 0 { UNPROMISED } else { keep_alive })
}

/// How broken input is counted.
pub(super) fn refusal(broken: Broken) -> Refusal {
    match broken {
        Broken::TooLarge => Refusal::Size,
        Broken::Malformed => Refusal::Protocol,
    }
}

pub(super) async fn send(stream: &mut impl Stream, out: &mut BytesMut) -> std::io::Result<()> {
    stream.write_all(out).await?;
    out.clear();
    stream.flush().await
}

/// How a connection ended.
pub(super) struct Ended {
    pub reason: OfflineReason,
    /// What MQTT 5 calls it.
    goodbye: Option<Goodbye>,
    /// Whether the device's will is to be said.
    pub will: bool,
}

impl Ended {
    pub fn with(reason: OfflineReason) -> Self {
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
    kept: bool,
}

/// A device's connection that is on record.
pub(super) struct Connection<S> {
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
    quiet: Duration,
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
    /// A connection that is accepted with its first step.
    pub fn new(
        shared: &Arc<Shared>,
        known: &Arc<Known>,
        held: Held,
        (stream, mut wire, input): (S, Wire, BytesMut),
        keep_alive: u16,
    ) -> Self {
        let mut out = BytesMut::new();
        wire.accept(&mut out, (keep_alive == 0).then_some(UNPROMISED));
        Self {
            shared: Arc::clone(shared),
            known: Arc::clone(known),
            held,
            wire,
            stream,
            input,
            out,
            acks: mpsc::unbounded_channel(),
            received: HashMap::new(),
            number: 0,
            quiet: patience(keep_alive),
            heard: Instant::now(),
        }
    }

    /// Serves it to its end.
    pub async fn run(mut self) -> Ended {
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
        let quiet_at = self.heard + self.quiet;
        let next = tokio::select! {
            biased;
            Some(reason) = self.held.end.recv() => Next::End(reason),
            _ = self.acks.1.recv_many(&mut finished, 256) => Next::Stored,
            Some(outgoing) = self.held.outgoing.recv() => Next::Outgoing(outgoing),
            read = self.stream.read_buf(&mut self.input) => Next::Read(read),
            () = sleep_until(quiet_at) => Next::Quiet,
        };
        match next {
            Next::Read(Ok(0) | Err(_)) => Err(Ended::with(self.lost())),
            Next::Read(Ok(_)) => self.listen().await,
            Next::Stored => self.acknowledge(finished),
            Next::Outgoing(outgoing) => {
                self.tell(outgoing);
                Ok(())
            }
            Next::End(reason) => Err(Self::told(reason)),
            Next::Quiet => Err(Ended::saying(OfflineReason::NoHeartbeat, Goodbye::KeepAliveTimeout)),
        }
    }

    /// Why a connection ends that broke.
    fn lost(&self) -> OfflineReason {
        if self.shared.encrypted { OfflineReason::SslClosed } else { OfflineReason::TcpClosed }
    }

    /// Somebody here wants it to end.
    fn told(reason: OfflineReason) -> Ended {
        let goodbye = match reason {
            OfflineReason::OfflineForce => Goodbye::SessionTakenOver,
            OfflineReason::OfflineReset => Goodbye::AdministrativeAction,
            _ => Goodbye::ServerShuttingDown,
        };
        Ended::saying(reason, goodbye)
    }

    async fn flush(&mut self) -> Result<(), Ended> {
        if let Ok(Ok(())) = timeout(SEND, send(&mut self.stream, &mut self.out)).await {
            return Ok(());
        }
        self.out.clear();
        Err(Ended::with(self.lost()))
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
                for filter in &filters {
                    self.held.entry.unsubscribe(filter);
                }
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
            Some(packet) => Box::new(move |kept| {
                // The connection may be over by now; the device then sends it again.
                let _ = acks.send(Stored { packet, quality, kept });
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
            Some(reason) => Err(Self::told(reason)),
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
        for Stored { packet, quality, kept } in finished {
            if !kept {
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
