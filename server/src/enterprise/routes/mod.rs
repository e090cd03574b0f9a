//! The endpoints, area by area: lists, nothing else.

mod auth;

use super::registry::Registry;

/// Registers all endpoints.
pub fn register(r: &mut Registry) {
    auth::register(r);
}
