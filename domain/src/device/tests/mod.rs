//! Tests of products and devices.

mod datapoints;
mod devices;
mod logs;
mod places;
mod plant;
mod products;
