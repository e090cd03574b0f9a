//! The device cloud: products and their datapoints, devices, and what they say.

pub mod datapoint;
pub mod decimal;
pub mod definition;
mod layout;

pub use datapoint::{DataType, Datapoint, Kind};
pub use definition::{Definition, Protocol};
