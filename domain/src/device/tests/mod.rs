//! Tests of products and devices.

mod devices;
mod logs;
mod plant;
mod products;
