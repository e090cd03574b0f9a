//! The endpoints, area by area: lists, nothing else.

mod auth;
mod control;
mod device;
mod product;

use super::registry::Registry;

/// Registers all endpoints.
pub fn register(r: &mut Registry) {
    auth::register(r);
    control::register(r);
    device::register(r);
    product::register(r);
}
