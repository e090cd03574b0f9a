//! SQL of the quality tables.

mod pieces;

pub(crate) use pieces::pieces;
