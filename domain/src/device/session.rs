//! Connections of devices: who is on line, since when, and why no longer.
//!
//! A connection is a row of `device_session` from its beginning to its end, so that a restart of the server neither loses
//! nor invents a transition: each connection gives one record of coming on line and one of going off line. A server that
//! is stopped ends its connections itself; what a killed one left open is closed at the next start, at the last sign of
//! life that was written down.

#[cfg(feature = "server")]
pub mod outside;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
mod store;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::time::Millis;

/// Why a device went off line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfflineReason {
    /// It said goodbye.
    MqttDisconnect,
    /// It said nothing for one and a half times the interval it promised.
    NoHeartbeat,
    /// Its connection ended without a goodbye.
    TcpClosed,
    /// The same on an encrypted connection.
    SslClosed,
    /// It came on line again over another connection, which took the place of this one.
    OfflineForce,
    /// It was reset or deregistered.
    OfflineReset,
    /// It broke the protocol, or the server ended.
    OfflineException,
    /// It sent too often.
    OfflineSendingDensityOverflow,
    /// It sent a message that was too large.
    OfflineSendingDataSizeOverflow,
}

/// Signs of life over a connection: how many, and the distances between them in milliseconds. The first distance is
/// counted from the beginning of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beats {
    /// How many.
    pub count: i64,
    /// Shortest distance; 0 without any.
    pub min: Millis,
    /// Longest distance; 0 without any.
    pub max: Millis,
    /// All distances together.
    pub total: Millis,
    /// The last one; the beginning of the connection without any.
    pub last_at: Millis,
}

impl Beats {
    /// None yet, on a connection that began then.
    pub fn since(online_at: Millis) -> Self {
        Self { count: 0, min: 0, max: 0, total: 0, last_at: online_at }
    }

    /// One more.
    pub fn beat(&mut self, at: Millis) {
        let distance = (at - self.last_at).max(0);
        self.min = if self.count == 0 { distance } else { self.min.min(distance) };
        self.max = self.max.max(distance);
        self.total += distance;
        self.count += 1;
        self.last_at = self.last_at.max(at);
    }
}

/// What the record of coming on line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnlinePayload {
    /// The interval the device promised to be heard in, in seconds.
    pub keep_alive: i64,
}

/// Heartbeats of a connection that is over, in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// How many.
    pub count: i64,
    /// Longest distance.
    pub max: i64,
    /// Mean distance.
    pub avg: i64,
    /// From the last one to going off line.
    pub last: i64,
    /// Shortest distance.
    pub min: i64,
}

/// What the record of going off line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfflinePayload {
    /// How long the connection lasted, in seconds.
    pub duration: i64,
    /// Its heartbeats.
    pub heartbeat: Heartbeat,
    /// Why it ended.
    pub reason: OfflineReason,
}

impl OfflinePayload {
    /// The record of a connection that ended at `at`.
    pub fn of(online_at: Millis, beats: &Beats, reason: OfflineReason, at: Millis) -> Self {
        let seconds = |span: Millis| (span.max(0) + 500) / 1000;
        let mean = if beats.count == 0 { 0 } else { beats.total / beats.count };
        Self {
            duration: seconds(at - online_at),
            heartbeat: Heartbeat {
                count: beats.count,
                max: seconds(beats.max),
                avg: seconds(mean),
                last: seconds(at - beats.last_at),
                min: seconds(beats.min),
            },
            reason,
        }
    }
}
