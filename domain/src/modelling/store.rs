//! Statements of the two models.

pub(super) mod nodes;
