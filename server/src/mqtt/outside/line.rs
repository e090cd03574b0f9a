//! MQTT as a client speaks it: one small set of packets for version 5 and for 3.1.1.

use std::num::{NonZeroU16, NonZeroU32};

use bytes::BytesMut;
use rmqtt_codec::types::{Publish, QoS};
use rmqtt_codec::v5::{PublishAckReason, PublishProperties, SubscribeAckReason};
use rmqtt_codec::{v3, v5};
use tokio_util::codec::{Decoder, Encoder};

use super::address::Address;
use crate::mqtt::wire::{Broken, guarded};

/// Messages that a broker may send before the first of them is acknowledged.
const UNDER_WAY: u16 = 1000;
/// Largest packet that a broker that knows limits is to send.
const MAX_PACKET: u32 = 1024 * 1024;
/// The session at the broker outlives this server by so long, in seconds: seven days.
const SESSION: u32 = 7 * 24 * 3600;
/// What a device is told is worth nothing after that, in seconds.
const COMMAND: u32 = 10;

/// What the broker says.
pub(super) enum Heard {
    /// Come in.
    Accepted {
        /// It remembers this client.
        remembered: bool,
        /// Whether it knows shared subscriptions, if it says so.
        shares: bool,
        /// Seconds in which it wants to be spoken to, if not as promised.
        keep_alive: Option<u16>,
    },
    /// Not in; whether another version of the protocol may be.
    Refused {
        version: bool,
        reason: String,
    },
    Message(Box<Publish>),
    /// A message has arrived: whether anybody listens, `None` when this version does not say; or why it was refused.
    Taken(NonZeroU16, Result<Option<bool>, String>),
    /// What became of each filter.
    Subscribed(NonZeroU16, Vec<Result<(), Denied>>),
    /// The connection ends, and why.
    Goodbye(String),
    Else,
}

/// Why there will be nothing under a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Denied {
    /// This client may not.
    Forbidden,
    /// No shared subscriptions here.
    Unshared,
    /// It does not say.
    Unknown,
}

/// The protocol of one connection.
pub(super) enum Line {
    V3(v3::Codec),
    V5(v5::Codec),
}

impl Line {
    pub fn new(version5: bool) -> Self {
        // An older broker cannot be told of a limit: a message above it would come again and again.
        if version5 { Self::V5(v5::Codec::new(MAX_PACKET, 0)) } else { Self::V3(v3::Codec::new(0)) }
    }

    fn write(&mut self, out: &mut BytesMut, v3: v3::Packet, v5: impl FnOnce() -> v5::Packet) {
        let before = out.len();
        let written = match self {
            Self::V3(codec) => codec.encode(v3, out),
            Self::V5(codec) => codec.encode(v5(), out),
        };
        if written.is_err() {
            out.truncate(before);
        }
    }

    /// Asks to come in, with what the broker remembers of this client.
    pub fn connect(&mut self, out: &mut BytesMut, client_id: &str, address: &Address, keep_alive: u16) {
        let user = address.user.as_deref().map(Into::into);
        let password = address.password.as_deref().map(|text| text.as_bytes().to_vec().into());
        let old = v3::Connect {
            clean_session: false,
            keep_alive,
            client_id: client_id.into(),
            username: user.clone(),
            password: password.clone(),
            ..v3::Connect::default()
        };
        self.write(out, v3::Packet::Connect(Box::new(old)), || {
            v5::Packet::Connect(Box::new(v5::Connect {
                clean_start: false,
                keep_alive,
                session_expiry_interval_secs: SESSION,
                receive_max: NonZeroU16::new(UNDER_WAY),
                max_packet_size: NonZeroU32::new(MAX_PACKET),
                client_id: client_id.into(),
                username: user,
                password,
                ..v5::Connect::default()
            }))
        });
    }

    /// Asks for what comes under filters, with quality 1.
    pub fn subscribe(&mut self, out: &mut BytesMut, packet_id: NonZeroU16, filters: &[String]) {
        let old = filters.iter().map(|filter| (filter.as_str().into(), QoS::AtLeastOnce)).collect();
        self.write(out, v3::Packet::Subscribe { packet_id, topic_filters: old }, || {
            let options = v5::SubscriptionOptions {
                qos: QoS::AtLeastOnce,
                // What was kept for latecomers is old news.
                retain_handling: v5::RetainHandling::NoAtSubscribe,
                ..v5::SubscriptionOptions::default()
            };
            let topic_filters = filters.iter().map(|filter| (filter.as_str().into(), options)).collect();
            v5::Packet::Subscribe(v5::Subscribe {
                packet_id,
                id: None,
                user_properties: Vec::new(),
                topic_filters,
            })
        });
    }

    /// Says that a message is stored.
    pub fn acknowledge(&mut self, out: &mut BytesMut, packet_id: NonZeroU16) {
        self.write(out, v3::Packet::PublishAck { packet_id }, || {
            v5::Packet::PublishAck(v5::PublishAck {
                packet_id,
                reason_code: PublishAckReason::Success,
                properties: Vec::new(),
                reason_string: None,
            })
        });
    }

    /// Sends a message for a device.
    pub fn publish(&mut self, out: &mut BytesMut, packet_id: NonZeroU16, topic: &str, payload: Vec<u8>) {
        let publish = Publish {
            dup: false,
            retain: false,
            qos: QoS::AtLeastOnce,
            topic: topic.into(),
            packet_id: Some(packet_id),
            payload: payload.into(),
            properties: None,
        };
        let old = v3::Packet::Publish(Box::new(publish.clone()));
        self.write(out, old, || {
            let properties = PublishProperties {
                message_expiry_interval: NonZeroU32::new(COMMAND),
                ..PublishProperties::default()
            };
            v5::Packet::Publish(Box::new(Publish { properties: Some(properties), ..publish }))
        });
    }

    /// A sign of life.
    pub fn ping(&mut self, out: &mut BytesMut) {
        self.write(out, v3::Packet::PingRequest, || v5::Packet::PingRequest);
    }

    /// Says goodbye; the broker keeps the session.
    pub fn goodbye(&mut self, out: &mut BytesMut) {
        self.write(out, v3::Packet::Disconnect, || {
            v5::Disconnect::new(v5::DisconnectReasonCode::NormalDisconnection).into()
        });
    }

    /// Reads the next packet; `None` until all of it is there.
    pub fn read(&mut self, input: &mut BytesMut) -> Result<Option<Heard>, Broken> {
        Ok(match self {
            Self::V3(codec) => guarded(|| codec.decode(input))?.map(|(packet, _)| heard_in_v3(packet)),
            Self::V5(codec) => guarded(|| codec.decode(input))?.map(|(packet, _)| heard_in_v5(packet)),
        })
    }
}

fn heard_in_v3(packet: v3::Packet) -> Heard {
    match packet {
        v3::Packet::ConnectAck(ack) if ack.return_code == v3::ConnectAckReason::ConnectionAccepted => {
            Heard::Accepted { remembered: ack.session_present, shares: true, keep_alive: None }
        }
        v3::Packet::ConnectAck(ack) => Heard::Refused {
            version: ack.return_code == v3::ConnectAckReason::UnacceptableProtocolVersion,
            reason: ack.return_code.reason().to_owned(),
        },
        v3::Packet::Publish(publish) => Heard::Message(publish),
        v3::Packet::PublishAck { packet_id } => Heard::Taken(packet_id, Ok(None)),
        v3::Packet::SubscribeAck { packet_id, status } => {
            let each = status.into_iter().map(|status| match status {
                v3::SubscribeReturnCode::Success(_) => Ok(()),
                v3::SubscribeReturnCode::Failure => Err(Denied::Unknown),
            });
            Heard::Subscribed(packet_id, each.collect())
        }
        _ => Heard::Else,
    }
}

fn heard_in_v5(packet: v5::Packet) -> Heard {
    match packet {
        v5::Packet::ConnectAck(ack) if ack.reason_code == v5::ConnectAckReason::Success => Heard::Accepted {
            remembered: ack.session_present,
            shares: ack.shared_subscription_available,
            keep_alive: ack.server_keepalive_sec,
        },
        v5::Packet::ConnectAck(ack) => Heard::Refused {
            version: ack.reason_code == v5::ConnectAckReason::UnsupportedProtocolVersion,
            reason: ack.reason_code.reason().to_owned(),
        },
        v5::Packet::Publish(publish) => Heard::Message(publish),
        v5::Packet::PublishAck(ack) => {
            let taken = match ack.reason_code {
                PublishAckReason::Success => Ok(Some(true)),
                PublishAckReason::NoMatchingSubscribers => Ok(Some(false)),
                other => Err(format!("{other:?}")),
            };
            Heard::Taken(ack.packet_id, taken)
        }
        v5::Packet::SubscribeAck(ack) => {
            let each = ack.status.into_iter().map(|status| match status {
                SubscribeAckReason::GrantedQos0
                | SubscribeAckReason::GrantedQos1
                | SubscribeAckReason::GrantedQos2 => Ok(()),
                SubscribeAckReason::NotAuthorized => Err(Denied::Forbidden),
                SubscribeAckReason::SharedSubscriptionNotSupported
                | SubscribeAckReason::TopicFilterInvalid => Err(Denied::Unshared),
                _ => Err(Denied::Unknown),
            });
            Heard::Subscribed(ack.packet_id, each.collect())
        }
        v5::Packet::Disconnect(goodbye) => Heard::Goodbye(format!("{:?}", goodbye.reason_code)),
        _ => Heard::Else,
    }
}
