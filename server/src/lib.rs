//! The adapters of Millwright: what the outside world speaks, on top of the services in `domain`.

pub mod cli;
pub mod enterprise;
pub mod industry;
pub mod operation;
pub mod serve;
pub mod web;
