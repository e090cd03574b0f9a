//! The Enterprise API (`/v1/…`): tokens, quota, paging and endpoints of the device cloud.

pub mod adapter;
mod caller;
pub mod errors;
pub mod openapi;
mod paging;
pub mod registry;
mod routes;
#[cfg(test)]
mod tests;

pub use adapter::router;
