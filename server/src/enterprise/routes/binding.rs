//! Who uses which device.

use domain::fleet::service;

use crate::enterprise::registry::Registry;

/// Registers the endpoints of this area.
pub fn register(r: &mut Registry) {
    let bindings = "/v1/products/{product_key}/devices/bindings";
    r.post(bindings, "Bind devices to a person", service::bind_devices);
    r.delete(bindings, "End the use of devices by a person", service::unbind_devices);
}
