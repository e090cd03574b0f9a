//! SQL of products and devices.

pub(crate) mod products;
