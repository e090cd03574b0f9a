//! SQL of the quality tables.

pub(super) mod controls;
pub(super) mod grades;
mod pieces;
pub(super) mod reports;

pub(crate) use pieces::pieces;
