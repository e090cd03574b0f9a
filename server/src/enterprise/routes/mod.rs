//! The endpoints, area by area: lists, nothing else.

mod auth;
mod control;

use super::registry::Registry;

/// Registers all endpoints.
pub fn register(r: &mut Registry) {
    auth::register(r);
    control::register(r);
}
