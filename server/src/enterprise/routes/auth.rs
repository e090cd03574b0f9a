//! Tokens.

use domain::enterprise::service;

use crate::enterprise::registry::Registry;

/// Registers the endpoints of this area.
pub fn register(r: &mut Registry) {
    r.post("/v1/products/{product_key}/access_token", "Issue a token for a product", service::issue_token)
        .credentials();
}
