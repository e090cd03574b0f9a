//! The industry API (`/industry/…`, `/data/datasource/…`): signatures, envelopes and endpoints.

pub mod client;
pub mod envelope;
pub mod errors;
pub mod gateway;
pub mod identity;
pub mod nonces;
pub mod openapi;
pub mod quirks;
pub mod registry;
mod routes;
pub mod shape;
pub mod signature;
#[cfg(test)]
mod tests;

pub use gateway::router;
