//! The adapters of Millwright: what the outside world speaks, on top of the services in `domain`.

pub mod cli;
pub mod industry;
pub mod serve;
pub mod web;
