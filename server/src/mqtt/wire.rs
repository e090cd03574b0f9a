//! MQTT as this server needs it: one small set of packets for all versions of the protocol.

use std::num::NonZeroU16;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::{Bytes, BytesMut};
use rmqtt_codec::error::DecodeError;
use rmqtt_codec::types::{Publish, QoS};
use rmqtt_codec::version::{ProtocolVersion, VersionCodec};
use rmqtt_codec::{v3, v5};
use tokio_util::codec::{Decoder, Encoder};

/// Largest CONNECT: a name, a password and a will.
const MAX_HELLO: u32 = 8 * 1024;
/// Largest packet of a device that proved who it is.
pub(super) const MAX_PACKET: u32 = 64 * 1024;

/// What is wrong with what came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// More bytes than allowed.
    TooLarge,
    /// Not MQTT, or not here.
    Malformed,
}

impl From<DecodeError> for Broken {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::MaxSizeExceeded { .. } => Self::TooLarge,
            _ => Self::Malformed,
        }
    }
}

/// How a connection begins.
#[derive(Debug)]
pub(super) struct Hello {
    pub client_id: String,
    pub user: Option<String>,
    pub password: Option<Bytes>,
    /// Seconds.
    pub keep_alive: u16,
    /// Topic and message that the device wants to have said when its connection breaks.
    pub will: Option<(String, Bytes)>,
}

/// What a device says after that.
#[derive(Debug)]
pub(super) enum Said {
    /// A message.
    Publish(Box<Publish>),
    /// The end of a message of quality 2.
    Release(NonZeroU16),
    /// It wants to have what comes under these filters.
    Subscribe(NonZeroU16, Vec<(String, QoS)>),
    /// It no longer wants to.
    Unsubscribe(NonZeroU16, Vec<String>),
    /// It is there.
    Ping,
    /// Goodbye; whether the will shall be said all the same.
    Goodbye(bool),
    /// Something that needs no answer.
    Else,
}

/// Why a connection was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Wrong name or passcode.
    Credentials,
    /// Known, and not allowed.
    NotAllowed,
    /// The store does not answer.
    Unavailable,
}

/// What a device that speaks MQTT 5 is told when the server ends its connection.
pub(super) use rmqtt_codec::v5::DisconnectReasonCode as Goodbye;

/// The protocol of one connection.
#[derive(Default)]
pub(super) enum Wire {
    /// Not known before the first packet.
    #[default]
    New,
    /// MQTT 3.1 and 3.1.1.
    V3(v3::Codec),
    /// MQTT 5.
    V5(v5::Codec),
}

impl Wire {
    /// Reads the beginning of a connection; `None` until all of it is there.
    pub fn hello(&mut self, input: &mut BytesMut) -> Result<Option<Hello>, Broken> {
        if matches!(self, Self::New) {
            match guarded(|| VersionCodec.decode(input))? {
                Some(ProtocolVersion::MQTT3) => *self = Self::V3(v3::Codec::new(MAX_HELLO)),
                Some(ProtocolVersion::MQTT5) => *self = Self::V5(v5::Codec::new(MAX_HELLO, 0)),
                None => return Ok(None),
            }
        }
        match self {
            Self::New => Ok(None),
            Self::V3(codec) => match guarded(|| codec.decode(input))? {
                None => Ok(None),
                Some((v3::Packet::Connect(hello), _)) => {
                    codec.set_max_size(MAX_PACKET);
                    Ok(Some(Hello {
                        client_id: hello.client_id.to_string(),
                        user: hello.username.map(|user| user.to_string()),
                        password: hello.password,
                        keep_alive: hello.keep_alive,
                        will: hello.last_will.map(|will| (will.topic.to_string(), will.message)),
                    }))
                }
                Some(_) => Err(Broken::Malformed),
            },
            Self::V5(codec) => match guarded(|| codec.decode(input))? {
                None => Ok(None),
                Some((v5::Packet::Connect(hello), _)) => {
                    codec.set_max_inbound_size(MAX_PACKET);
                    if let Some(largest) = hello.max_packet_size {
                        codec.set_max_outbound_size(largest.get());
                    }
                    Ok(Some(Hello {
                        client_id: hello.client_id.to_string(),
                        user: hello.username.map(|user| user.to_string()),
                        password: hello.password,
                        keep_alive: hello.keep_alive,
                        will: hello.last_will.map(|will| (will.topic.to_string(), will.message)),
                    }))
                }
                Some(_) => Err(Broken::Malformed),
            },
        }
    }

    /// Reads the next packet; `None` until all of it is there.
    pub fn read(&mut self, input: &mut BytesMut) -> Result<Option<Said>, Broken> {
        match self {
            Self::New => Err(Broken::Malformed),
            Self::V3(codec) => {
                let Some((packet, _)) = guarded(|| codec.decode(input))? else { return Ok(None) };
                said_in_v3(packet).map(Some)
            }
            Self::V5(codec) => {
                let Some((packet, _)) = guarded(|| codec.decode(input))? else { return Ok(None) };
                said_in_v5(packet).map(Some)
            }
        }
    }

    /// Whether a single message can be refused; in older versions only a connection can.
    pub fn can_refuse(&self) -> bool {
        matches!(self, Self::V5(_))
    }

    fn write(&mut self, out: &mut BytesMut, v3: v3::Packet, v5: impl FnOnce() -> v5::Packet) {
        let before = out.len();
        let written = match self {
            Self::New => Ok(()),
            Self::V3(codec) => codec.encode(v3, out),
            Self::V5(codec) => codec.encode(v5(), out),
        };
        // More than the device takes: it is spared.
        if written.is_err() {
            out.truncate(before);
        }
    }

    /// Accepts a connection; with the seconds in which the device is to be heard, if not those it promised.
    pub fn accept(&mut self, out: &mut BytesMut, keep_alive: Option<u16>) {
        let accepted =
            v3::ConnectAck { return_code: v3::ConnectAckReason::ConnectionAccepted, session_present: false };
        self.write(out, v3::Packet::ConnectAck(accepted), || {
            v5::ConnectAck {
                max_packet_size: Some(MAX_PACKET),
                max_qos: QoS::ExactlyOnce,
                retain_available: false,
                server_keepalive_sec: keep_alive,
                shared_subscription_available: false,
                subscription_identifiers_available: false,
                ..v5::ConnectAck::default()
            }
            .into()
        });
    }

    /// Refuses a connection.
    pub fn refuse(&mut self, out: &mut BytesMut, refused: Refused) {
        use v3::ConnectAckReason as Old;
        use v5::ConnectAckReason as New;
        let (old, new) = match refused {
            Refused::Credentials => (Old::BadUserNameOrPassword, New::BadUserNameOrPassword),
            Refused::NotAllowed => (Old::NotAuthorized, New::NotAuthorized),
            Refused::Unavailable => (Old::ServiceUnavailable, New::ServerUnavailable),
        };
        let old = v3::ConnectAck { return_code: old, session_present: false };
        self.write(out, v3::Packet::ConnectAck(old), || {
            v5::ConnectAck { reason_code: new, ..v5::ConnectAck::default() }.into()
        });
    }

    /// Acknowledges a message of quality 1 (or, with `false`, refuses it).
    pub fn acknowledge(&mut self, out: &mut BytesMut, packet_id: NonZeroU16, accepted: bool) {
        self.write(out, v3::Packet::PublishAck { packet_id }, || {
            v5::Packet::PublishAck(publish_ack(packet_id, accepted))
        });
    }

    /// Says that a message of quality 2 is stored (or refused).
    pub fn received(&mut self, out: &mut BytesMut, packet_id: NonZeroU16, accepted: bool) {
        self.write(out, v3::Packet::PublishReceived { packet_id }, || {
            v5::Packet::PublishReceived(publish_ack(packet_id, accepted))
        });
    }

    /// Says that the exchange of a message of quality 2 is over.
    pub fn complete(&mut self, out: &mut BytesMut, packet_id: NonZeroU16) {
        self.write(out, v3::Packet::PublishComplete { packet_id }, || {
            v5::Packet::PublishComplete(v5::PublishAck2 { packet_id, ..v5::PublishAck2::default() })
        });
    }

    /// Answers a subscription: the quality granted for each filter, `None` for what is not the device's.
    pub fn subscribed(&mut self, out: &mut BytesMut, packet_id: NonZeroU16, granted: &[Option<QoS>]) {
        let old = granted.iter().map(|quality| {
            quality.map_or(v3::SubscribeReturnCode::Failure, v3::SubscribeReturnCode::Success)
        });
        let old = v3::Packet::SubscribeAck { packet_id, status: old.collect() };
        self.write(out, old, || {
            let status = granted.iter().map(|quality| match quality {
                None => v5::SubscribeAckReason::NotAuthorized,
                Some(QoS::AtMostOnce) => v5::SubscribeAckReason::GrantedQos0,
                Some(_) => v5::SubscribeAckReason::GrantedQos1,
            });
            let (properties, reason_string) = (Vec::new(), None);
            v5::Packet::SubscribeAck(v5::SubscribeAck {
                packet_id,
                properties,
                reason_string,
                status: status.collect(),
            })
        });
    }

    /// Answers the end of subscriptions.
    pub fn unsubscribed(&mut self, out: &mut BytesMut, packet_id: NonZeroU16, filters: usize) {
        self.write(out, v3::Packet::UnsubscribeAck { packet_id }, || {
            v5::Packet::UnsubscribeAck(v5::UnsubscribeAck {
                packet_id,
                properties: Vec::new(),
                reason_string: None,
                status: vec![v5::UnsubscribeAckReason::Success; filters],
            })
        });
    }

    /// Answers a sign of life.
    pub fn pong(&mut self, out: &mut BytesMut) {
        self.write(out, v3::Packet::PingResponse, || v5::Packet::PingResponse);
    }

    /// Sends a message to the device.
    pub fn publish(&mut self, out: &mut BytesMut, topic: &str, payload: Vec<u8>, number: Option<NonZeroU16>) {
        let publish = Publish {
            dup: false,
            retain: false,
            qos: if number.is_some() { QoS::AtLeastOnce } else { QoS::AtMostOnce },
            topic: topic.into(),
            packet_id: number,
            payload: payload.into(),
            properties: None,
        };
        self.write(out, publish.clone().into(), || publish.into());
    }

    /// Says why the server ends the connection, where the protocol knows how.
    pub fn goodbye(&mut self, out: &mut BytesMut, reason: Goodbye) {
        if let Self::V5(codec) = self {
            let before = out.len();
            if codec.encode(v5::Disconnect::new(reason).into(), out).is_err() {
                out.truncate(before);
            }
        }
    }
}

fn publish_ack(packet_id: NonZeroU16, accepted: bool) -> v5::PublishAck {
    let reason_code =
        if accepted { v5::PublishAckReason::Success } else { v5::PublishAckReason::NotAuthorized };
    v5::PublishAck { packet_id, reason_code, properties: Vec::new(), reason_string: None }
}

fn said_in_v3(packet: v3::Packet) -> Result<Said, Broken> {
    Ok(match packet {
        v3::Packet::Publish(publish) => Said::Publish(publish),
        v3::Packet::PublishRelease { packet_id } => Said::Release(packet_id),
        v3::Packet::Subscribe { packet_id, topic_filters } => Said::Subscribe(
            packet_id,
            topic_filters.into_iter().map(|(filter, quality)| (filter.to_string(), quality)).collect(),
        ),
        v3::Packet::Unsubscribe { packet_id, topic_filters } => {
            Said::Unsubscribe(packet_id, topic_filters.iter().map(ToString::to_string).collect())
        }
        v3::Packet::PingRequest => Said::Ping,
        v3::Packet::Disconnect => Said::Goodbye(false),
        v3::Packet::PublishAck { .. }
        | v3::Packet::PublishReceived { .. }
        | v3::Packet::PublishComplete { .. } => Said::Else,
        v3::Packet::Connect(_)
        | v3::Packet::ConnectAck(_)
        | v3::Packet::SubscribeAck { .. }
        | v3::Packet::UnsubscribeAck { .. }
        | v3::Packet::PingResponse => return Err(Broken::Malformed),
    })
}

fn said_in_v5(packet: v5::Packet) -> Result<Said, Broken> {
    Ok(match packet {
        v5::Packet::Publish(publish) => Said::Publish(publish),
        v5::Packet::PublishRelease(release) => Said::Release(release.packet_id),
        v5::Packet::Subscribe(asked) => Said::Subscribe(
            asked.packet_id,
            asked.topic_filters.into_iter().map(|(filter, how)| (filter.to_string(), how.qos)).collect(),
        ),
        v5::Packet::Unsubscribe(asked) => {
            Said::Unsubscribe(asked.packet_id, asked.topic_filters.iter().map(ToString::to_string).collect())
        }
        v5::Packet::PingRequest => Said::Ping,
        v5::Packet::Disconnect(goodbye) => {
            Said::Goodbye(goodbye.reason_code == Goodbye::DisconnectWithWillMessage)
        }
        v5::Packet::PublishAck(_) | v5::Packet::PublishReceived(_) | v5::Packet::PublishComplete(_) => {
            Said::Else
        }
        v5::Packet::Connect(_)
        | v5::Packet::ConnectAck(_)
        | v5::Packet::SubscribeAck(_)
        | v5::Packet::UnsubscribeAck(_)
        | v5::Packet::PingResponse
        | v5::Packet::Auth(_) => return Err(Broken::Malformed),
    })
}

/// Bytes of strangers must not end more than the reading of them.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, DecodeError>) -> Result<T, Broken> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(read) => read.map_err(Broken::from),
        Err(_) => Err(Broken::Malformed),
    }
}
