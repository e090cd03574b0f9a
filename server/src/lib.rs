//! The adapters of Millwright: what the outside world speaks, on top of the services in `domain`.

pub mod cli;
pub mod dev;
pub mod enterprise;
pub mod geoip;
pub mod industry;
pub mod mqtt;
pub mod operation;
pub mod serve;
pub mod simulate;
pub mod web;
