//! Tests of products and devices.

mod devices;
mod logs;
mod places;
mod plant;
mod products;
