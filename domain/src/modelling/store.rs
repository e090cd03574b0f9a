//! Statements of the two models.

pub(super) mod attributes;
pub(super) mod dependences;
pub(super) mod nodes;
pub(super) mod trees;
