//! Remote control.

use domain::device::control;

use crate::enterprise::registry::Registry;

/// Registers the endpoints of this area.
pub fn register(r: &mut Registry) {
    r.post(
        "/v1/products/{product_key}/devices/{did}/control",
        "Tell a device what to do",
        control::control_device,
    );
}
