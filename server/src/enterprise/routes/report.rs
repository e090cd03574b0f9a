//! Reports over devices and people.

use domain::fleet::service;

use crate::enterprise::registry::Registry;

/// Registers the endpoints of this area.
pub fn register(r: &mut Registry) {
    devices(r);
    people(r);
}

fn devices(r: &mut Registry) {
    r.get("/v1/products/{product_key}/devices/locations", "Where devices are", service::locations);
    r.get("/v1/products/{product_key}/devices/summary", "The fleet at a glance", service::summary);
    r.get("/v1/products/{product_key}/incr_devices", "Devices that are new", service::incr_devices);
    r.get("/v1/products/{product_key}/active_devices", "Devices that reported", service::active_devices);
    r.get(
        "/v1/products/{product_key}/devices/report/liveness/history",
        "Active devices by days, weeks or months",
        service::liveness_history,
    );
    // As the document has it, and as it surely meant it.
    for path in [
        "/v1/products/{product_key}/devices/report/devices/report/rt",
        "/v1/products/{product_key}/devices/report/rt",
    ] {
        r.get(path, "What devices are like right now", service::realtime);
    }
    r.get(
        "/v1/products/{product_key}/fault/report/devices",
        "Devices that ever had a fault",
        service::fault_devices,
    );
    r.get("/v1/products/{product_key}/fault/report/events", "Occurrences of faults", service::fault_events);
    r.get(
        "/v1/products/{product_key}/alert/report/devices",
        "Devices that ever had an alarm, and the occurrences",
        service::alert_devices,
    );
    // The document has this report under the path before it.
    r.get("/v1/products/{product_key}/alert/report/events", "Occurrences of alarms", service::alert_events);
}

fn people(r: &mut Registry) {
    r.get("/v1/products/{product_key}/users/report/new", "New people", service::new_users);
    r.get(
        "/v1/products/{product_key}/users/report/total",
        "People who ever used a device",
        service::user_total,
    );
    r.get("/v1/users/liveness_total", "Active people of each day", service::active_users).headers();
    r.get("/v1/users/location", "Where people are", service::user_locations).headers();
}
