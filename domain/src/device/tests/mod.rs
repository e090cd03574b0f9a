//! Tests of products and devices.

mod datapoints;
mod devices;
mod logs;
mod plant;
mod products;
