//! The fleet: groups of devices, reports over them, the people who use them.

pub mod groups;
pub mod reports;
pub mod results;
pub mod users;

#[cfg(feature = "ssr")]
mod server;
