//! A connection to the broker: what waits to be read, to be sent, and to be acknowledged.

use std::collections::HashMap;
use std::num::NonZeroU16;
use std::time::Duration;

use bytes::BytesMut;
use domain::device::link::Sent;
use tokio::io::AsyncReadExt;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout};

use super::line::{Heard, Line};
use crate::mqtt::connection::{SEND, Stream, send};
use crate::mqtt::server::END;
use crate::mqtt::wire::Broken;

/// How a visit ended.
pub(super) enum End {
    Stopped,
    Lost(String),
}

/// What became of a message of the broker.
pub(super) struct Stored {
    pub(super) packet: NonZeroU16,
    pub(super) kept: bool,
}

/// A connection to the broker.
pub(super) struct Call {
    pub(super) stream: Box<dyn Stream>,
    pub(super) line: Line,
    pub(super) input: BytesMut,
    pub(super) out: BytesMut,
    pub(super) acks: (mpsc::UnboundedSender<Stored>, mpsc::UnboundedReceiver<Stored>),
    /// Messages in the store's way in that wait for their acknowledgement.
    pub(super) under_way: usize,
    pub(super) sent: HashMap<NonZeroU16, (bool, oneshot::Sender<Sent>)>,
    pub(super) ask_at: Option<Instant>,
    pub(super) heard: Instant,
}

impl Call {
    /// A connection that was just made.
    pub(super) fn new(stream: Box<dyn Stream>, version5: bool) -> Self {
        Self {
            stream,
            line: Line::new(version5),
            input: BytesMut::with_capacity(4096),
            out: BytesMut::new(),
            acks: mpsc::unbounded_channel(),
            under_way: 0,
            sent: HashMap::new(),
            ask_at: None,
            heard: Instant::now(),
        }
    }

    /// Sends what is to be sent.
    pub(super) async fn flush(&mut self) -> Result<(), End> {
        match timeout(SEND, send(&mut self.stream, &mut self.out)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(End::Lost(error.to_string())),
            Err(_) => Err(End::Lost("it takes nothing any more".into())),
        }
    }

    /// The next packet.
    pub(super) async fn next(&mut self) -> Result<Heard, End> {
        loop {
            match self.line.read(&mut self.input) {
                Ok(Some(heard)) => return Ok(heard),
                Ok(None) => {}
                Err(Broken::TooLarge) => return Err(End::Lost("it sent a packet that is too large".into())),
                Err(Broken::Malformed) => return Err(End::Lost("it sent something that is not MQTT".into())),
            }
            match self.stream.read_buf(&mut self.input).await {
                Ok(0) => return Err(End::Lost("it hung up".into())),
                Ok(_) => {}
                Err(error) => return Err(End::Lost(error.to_string())),
            }
        }
    }

    /// A message that needs no storing.
    pub(super) fn done(&mut self, packet: Option<NonZeroU16>) {
        if let Some(packet) = packet {
            self.line.acknowledge(&mut self.out, packet);
        }
    }

    /// Acknowledges what is kept now.
    pub(super) fn acknowledge(&mut self, stored: &[Stored]) -> Result<(), End> {
        for Stored { packet, kept } in stored {
            self.under_way = self.under_way.saturating_sub(1);
            if !kept {
                // Not acknowledged: the broker sends it again to a new connection.
                return Err(End::Lost("its messages could not be stored".into()));
            }
            self.line.acknowledge(&mut self.out, *packet);
        }
        Ok(())
    }

    /// The broker has a message for a device.
    pub(super) fn told(&mut self, packet: NonZeroU16, taken: Result<Option<bool>, String>) {
        let Some((online, answer)) = self.sent.remove(&packet) else { return };
        let sent = match taken {
            // It need not say whether anybody listens.
            Ok(listens) if listens.unwrap_or(online) => Sent::Handed,
            Ok(_) => Sent::Offline,
            Err(reason) => {
                tracing::warn!(
                    reason,
                    "the broker refused a message to a device; allow this server to write app2dev/#"
                );
                Sent::Busy
            }
        };
        let _ = answer.send(sent);
    }

    /// Acknowledges what is stored in time, and says goodbye.
    pub(super) async fn leave(&mut self) {
        let until = Instant::now() + END / 2;
        while self.under_way > 0 {
            let mut stored = Vec::new();
            tokio::select! {
                _ = self.acks.1.recv_many(&mut stored, 256) => {
                    if self.acknowledge(&stored).is_err() {
                        break;
                    }
                }
                () = sleep_until(until) => break,
            }
        }
        self.line.goodbye(&mut self.out);
        let _ = timeout(Duration::from_millis(500), send(&mut self.stream, &mut self.out)).await;
    }
}
