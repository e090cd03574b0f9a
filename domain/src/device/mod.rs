//! Products, their devices, and what these sent.

pub mod view;
