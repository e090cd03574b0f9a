//! The demo plant (design: ordinary data, written through the ordinary services).

pub mod plan;
