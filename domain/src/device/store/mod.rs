//! SQL of products and devices.

pub(crate) mod devices;
pub(crate) mod logs;
pub(crate) mod places;
pub(crate) mod products;
pub(crate) mod search;
pub(crate) mod secrets;
