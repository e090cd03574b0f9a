//! An MQTT client as a device has one: versions 3.1 and 3.1.1, quality 1, nothing done behind the back of its owner.
//!
//! Who uses it decides what is sent when, what is sent again, and when a connection is cut off.

use std::num::NonZeroU16;

use bytes::{Bytes, BytesMut};
use rmqtt_codec::types::{Protocol, Publish, QoS};
use rmqtt_codec::v3::{Codec, Connect, ConnectAckReason, Packet, SubscribeReturnCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::codec::{Decoder, Encoder};

/// Largest packet from the server.
const MAX_PACKET: u32 = 256 * 1024;
/// Room for what is read at once.
const READ: usize = 2048;

/// How a connection begins.
pub struct Hello<'a> {
    /// Level of the protocol: 3 is MQTT 3.1, 4 is MQTT 3.1.1.
    pub level: u8,
    /// Client id and user name.
    pub name: &'a str,
    /// Password.
    pub passcode: &'a str,
    /// A sign of life comes at least so often, seconds.
    pub keep_alive: u16,
}

/// What the server says.
#[derive(Debug)]
pub enum Heard {
    /// The message with this number is stored.
    Acknowledged(NonZeroU16),
    /// A message: its topic, what it says, and its number if it wants to be acknowledged.
    Message(String, Bytes, Option<NonZeroU16>),
    /// So many of the filters asked for are refused.
    Subscribed(usize),
    /// The server is there.
    Pong,
}

/// Why there is no connection (any more).
#[derive(Debug)]
pub enum Lost {
    /// The server does not let this device in, for this reason.
    Refused(&'static str),
    /// Everything else, in words.
    Broken(String),
}

impl From<std::io::Error> for Lost {
    fn from(error: std::io::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

/// A connection. Dropping it cuts it off without a goodbye.
pub struct Client {
    stream: TcpStream,
    codec: Codec,
    input: BytesMut,
    out: BytesMut,
}

impl Client {
    /// Connects, and waits until the server lets the device in.
    pub async fn connect(address: &str, hello: &Hello<'_>) -> Result<Self, Lost> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let mut client =
            Self { stream, codec: Codec::new(MAX_PACKET), input: BytesMut::new(), out: BytesMut::new() };
        client.write(Packet::Connect(Box::new(Connect {
            protocol: Protocol(hello.level),
            clean_session: true,
            keep_alive: hello.keep_alive,
            last_will: None,
            client_id: hello.name.into(),
            username: Some(hello.name.into()),
            password: Some(Bytes::copy_from_slice(hello.passcode.as_bytes())),
            cert: None,
        })));
        // The codec writes the name of MQTT 3.1 with the level of 3.1.1, which strict brokers refuse.
        let name = Protocol(hello.level).name().as_bytes();
        if let Some(at) = client.out.windows(name.len()).position(|window| window == name)
            && let Some(level) = client.out.get_mut(at + name.len())
        {
            *level = hello.level;
        }
        client.send().await?;
        match client.packet().await? {
            Packet::ConnectAck(ack) if ack.return_code == ConnectAckReason::ConnectionAccepted => Ok(client),
            Packet::ConnectAck(ack) => Err(match ack.return_code {
                ConnectAckReason::ServiceUnavailable => Lost::Broken("the server is not ready".to_owned()),
                refused => Lost::Refused(refused.reason()),
            }),
            other => Err(Lost::Broken(format!("an answer that is none: {other:?}"))),
        }
    }

    /// Queues a message of quality 1; `again` says that it may have been sent before.
    pub fn publish(&mut self, topic: &str, payload: &Bytes, number: NonZeroU16, again: bool) {
        self.write(Packet::Publish(Box::new(Publish {
            dup: again,
            retain: false,
            qos: QoS::AtLeastOnce,
            topic: topic.into(),
            packet_id: Some(number),
            payload: payload.clone(),
            properties: None,
        })));
    }

    /// Queues a wish to get what comes under these filters.
    pub fn subscribe(&mut self, number: NonZeroU16, filters: &[String]) {
        let topic_filters = filters.iter().map(|filter| (filter.as_str().into(), QoS::AtLeastOnce)).collect();
        self.write(Packet::Subscribe { packet_id: number, topic_filters });
    }

    /// Queues the acknowledgement of a message.
    pub fn acknowledge(&mut self, number: NonZeroU16) {
        self.write(Packet::PublishAck { packet_id: number });
    }

    /// Queues a sign of life.
    pub fn ping(&mut self) {
        self.write(Packet::PingRequest);
    }

    fn write(&mut self, packet: Packet) {
        let before = self.out.len();
        if self.codec.encode(packet, &mut self.out).is_err() {
            // Only what is longer than the protocol allows cannot be written.
            self.out.truncate(before);
        }
    }

    /// Sends what is queued.
    pub async fn send(&mut self) -> Result<(), Lost> {
        if !self.out.is_empty() {
            self.stream.write_all(&self.out).await?;
            self.out.clear();
        }
        Ok(())
    }

    /// Waits for the next thing the server says. Nothing is lost when the wait is given up.
    pub async fn hear(&mut self) -> Result<Heard, Lost> {
        Ok(match self.packet().await? {
            Packet::PublishAck { packet_id } => Heard::Acknowledged(packet_id),
            Packet::Publish(publish) => {
                Heard::Message(publish.topic.to_string(), publish.payload, publish.packet_id)
            }
            Packet::SubscribeAck { status, .. } => {
                Heard::Subscribed(status.iter().filter(|code| **code == SubscribeReturnCode::Failure).count())
            }
            Packet::PingResponse => Heard::Pong,
            other => return Err(Lost::Broken(format!("a packet that is not for a device: {other:?}"))),
        })
    }

    async fn packet(&mut self) -> Result<Packet, Lost> {
        loop {
            match self.codec.decode(&mut self.input) {
                Ok(Some((packet, _))) => return Ok(packet),
                Ok(None) => {}
                Err(error) => return Err(Lost::Broken(format!("what came is not MQTT: {error}"))),
            }
            self.input.reserve(READ);
            if self.stream.read_buf(&mut self.input).await? == 0 {
                return Err(Lost::Broken("the server closed the connection".to_owned()));
            }
        }
    }

    /// Says goodbye and ends the connection.
    pub async fn goodbye(mut self) -> Result<(), Lost> {
        self.write(Packet::Disconnect);
        self.send().await?;
        Ok(self.stream.shutdown().await?)
    }
}
