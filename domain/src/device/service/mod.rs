//! Use cases of products and devices.

mod products;

pub use products::{product_by_key, product_by_secret, readable_product};
