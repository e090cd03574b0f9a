//! Products.

use domain::device::service;

use crate::enterprise::registry::Registry;

/// Registers the endpoints of this area.
pub fn register(r: &mut Registry) {
    r.get("/v1/products/{product_key}/datapoint", "The datapoints of a product", service::product_datapoint);
}
