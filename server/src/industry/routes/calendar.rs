//! Factory calendar (chapter 1).

use domain::calendar::service;

use crate::industry::registry::Registry;

/// Registers the endpoints of this area.
pub fn register(r: &mut Registry) {
    shifts(r);
    planned_shutdowns(r);
    r.post(
        "/industry/factorycalendar/querydaytype",
        "1.0.0",
        "Tell workdays, rest days and undefined days of a period",
        5000,
        service::query_day_types,
    );
    r.post(
        "/industry/factorycalendar/getbydate",
        "1.0.1",
        "Get the shifts and planned shutdowns in force on a date",
        6000,
        service::get_calendar_on_date,
    );
}

fn shifts(r: &mut Registry) {
    r.post("/industry/factorycalendar/shift/add", "1.0.0", "Add a shift", 6000, service::add_shift).write();
    r.post("/industry/factorycalendar/shift/update", "1.0.0", "Change a shift", 5000, service::update_shift)
        .write();
    r.post("/industry/factorycalendar/shift/delete", "1.0.0", "Delete a shift", 5000, service::delete_shift)
        .write();
    r.post(
        "/industry/factorycalendar/shift/query",
        "1.0.1",
        "Page through the shifts of a node",
        5000,
        service::query_shifts,
    );
    r.post("/industry/factorycalendar/shift/getbyid", "1.0.1", "Get a shift", 5000, service::get_shift);
    r.post(
        "/industry/factorycalendar/shift/getbytime",
        "1.0.1",
        "Get the shift in force at a point in time",
        5000,
        service::get_shift_at,
    );
}

fn planned_shutdowns(r: &mut Registry) {
    r.post(
        "/industry/factorycalendar/plannedshutdown/add",
        "1.0.0",
        "Add a planned shutdown",
        5000,
        service::add_planned_shutdown,
    )
    .write();
    r.post(
        "/industry/factorycalendar/plannedshutdown/update",
        "1.0.0",
        "Change a planned shutdown",
        5000,
        service::update_planned_shutdown,
    )
    .write();
    r.post(
        "/industry/factorycalendar/plannedshutdown/delete",
        "1.0.0",
        "Delete a planned shutdown",
        5000,
        service::delete_planned_shutdown,
    )
    .write();
    r.post(
        "/industry/factorycalendar/plannedshutdown/query",
        "1.0.1",
        "Page through the planned shutdowns of a node",
        5000,
        service::query_planned_shutdowns,
    );
    r.post(
        "/industry/factorycalendar/plannedshutdown/getbyid",
        "1.0.0",
        "Get a planned shutdown",
        5000,
        service::get_planned_shutdown,
    );
    r.post(
        "/industry/factorycalendar/plannedshutdown/isbytime",
        "1.0.1",
        "Tell whether a planned shutdown covers a point in time",
        5000,
        service::is_planned_shutdown_at,
    );
}
