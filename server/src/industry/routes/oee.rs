//! Equipment states and OEE (chapter 5).

use domain::oee::service;

use crate::industry::registry::Registry;

/// Registers the endpoints of this area.
pub fn register(r: &mut Registry) {
    r.post(
        "/industry/oee/equipment/status/set",
        "1.0.1",
        "Say what an equipment did in a period",
        5000,
        service::set_equipment_status,
    )
    .write();
    r.get(
        "/industry/oee/dayshift/query",
        "1.0.1",
        "OEE of an equipment on a day or in one of its shifts",
        8000,
        service::query_day_shift,
    );
}
