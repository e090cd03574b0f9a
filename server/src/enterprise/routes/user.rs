//! People who use devices.

use domain::fleet::service;

use crate::enterprise::registry::Registry;

/// Registers the endpoints of this area.
pub fn register(r: &mut Registry) {
    r.get("/v1/users/search", "Search for registered people", service::search_registered_users).headers();
    r.get(
        "/v1/products/{product_key}/users/search",
        "Search for people with devices",
        service::search_bound_users,
    );
}
