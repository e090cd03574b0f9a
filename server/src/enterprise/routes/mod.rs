//! The endpoints, area by area: lists, nothing else.

mod auth;
mod binding;
mod control;
mod device;
mod group;
mod product;
mod report;
mod user;

use super::registry::Registry;

/// Registers all endpoints.
pub fn register(r: &mut Registry) {
    auth::register(r);
    binding::register(r);
    control::register(r);
    device::register(r);
    group::register(r);
    product::register(r);
    report::register(r);
    user::register(r);
}
