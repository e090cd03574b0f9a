//! Devices on the wire: an MQTT server for devices that only ever speak with this program.
//!
//! MQTT 3.1, 3.1.1 and 5 by RMQTT's own protocol library (`rmqtt-codec`). A device reaches its own topics and nobody
//! else's, so there is nothing to route between clients: what a device sends goes to the store and is acknowledged after
//! the commit, what it is told comes from a service.

mod arrival;
mod connection;
mod registry;
mod rights;
mod server;
#[cfg(test)]
mod tests;
mod tls;
mod wire;

pub use server::{Options, Running};
