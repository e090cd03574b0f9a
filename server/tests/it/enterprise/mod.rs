//! The Enterprise API against its catalogue.

mod access;
mod catalogue;
mod contract;
mod errors;
mod fleet;
mod openapi;
mod paging;
mod people;
mod replies;
pub(crate) mod support;
