//! Devices: what they are and what they did.

use domain::device::service;

use crate::enterprise::registry::Registry;

/// Registers the endpoints of this area.
pub fn register(r: &mut Registry) {
    r.get("/v1/products/{product_key}/devices", "Id and passcode of a device by its MAC", service::get_did);
    r.get("/v1/products/{product_key}/device_detail", "A device by its MAC", service::device_detail);
    r.get("/v1/products/{product_key}/devices/search", "Search for devices", service::search_devices);
    r.get(
        "/v1/products/{product_key}/devices/{did}/online",
        "When a device was on line",
        service::online_log,
    );
    r.get(
        "/v1/products/{product_key}/devices/{did}/cmd",
        "Messages from and to a device",
        service::message_log,
    );
    r.get("/v1/products/{product_key}/devices/{did}/data", "What a device reported", service::data_history);
}
