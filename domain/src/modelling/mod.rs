//! The factory model, the process model, their attributes and dependences (chapter 4).

pub mod node;
pub mod params;
pub mod replies;
mod routes;

#[cfg(feature = "server")]
pub mod lookup;
#[cfg(feature = "server")]
mod references;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
mod store;
#[cfg(test)]
mod tests;

pub use node::{Flag, Model, Node, NodeKind};
pub use params::*;
pub use replies::*;
pub use routes::{RouteCenter, RouteOperation, RouteStep};
