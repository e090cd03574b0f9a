//! Devices on the wire: an MQTT server for devices that only ever speak with this program, or a broker outside of it.
//!
//! MQTT 3.1, 3.1.1 and 5 by RMQTT's own protocol library (`rmqtt-codec`). A device reaches its own topics and nobody
//! else's, so there is nothing to route between clients: what a device sends goes to the store and is acknowledged after
//! the commit, what it is told comes from a service.
//!
//! A broker outside of this program (`outside`) is met as a client of it, by the same library: acknowledging after the
//! commit, reading each SUBACK and the reason of each PUBACK is all that is needed, and a client library would have to be
//! led around its own reconnecting and acknowledging. It may ask who may connect (`hooks`).

mod alone;
mod arrival;
mod connection;
pub mod hooks;
mod options;
mod outside;
mod registry;
mod rights;
mod server;
mod serving;
#[cfg(test)]
mod tests;
mod tls;
mod wire;

pub use options::Options;
pub use serving::{Place, Serving};
