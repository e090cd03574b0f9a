//! Logs of applications (chapter 2).

use domain::log::service;

use crate::industry::registry::Registry;

/// Registers the endpoints of this area.
pub fn register(r: &mut Registry) {
    r.post(
        "/industry/message/log/send",
        "1.0.3",
        "Keep a log entry of an application",
        5000,
        service::send_log,
    )
    .write()
    .require_identity(&["appId"]);
}
