//! Production reports and quality controls (chapter 11).

use domain::quality::service;

use crate::industry::registry::Registry;

/// Registers the endpoints of this area.
pub fn register(r: &mut Registry) {
    r.post(
        "/industry/qualitytrace/qualitycontrol/grade/create",
        "1.0.3",
        "Add a grade to a quality control",
        5000,
        service::create_grade,
    )
    .write();
    r.post(
        "/industry/qualitytrace/qualitycontrol/grade/query",
        "1.0.2",
        "Query grades",
        10000,
        service::query_grades,
    );
    r.post(
        "/industry/qualitytrace/qualitycontrol/grade/update",
        "1.0.4",
        "Correct a grade",
        5000,
        service::update_grade,
    )
    .write();
    r.post(
        "/industry/qualitytrace/qualitycontrol/grade/delete",
        "1.0.1",
        "Delete a grade",
        5000,
        service::delete_grade,
    )
    .write();
    r.post(
        "/industry/qualitytrace/qualitycontrol/create",
        "1.0.1",
        "Record a quality control",
        5000,
        service::create_control,
    )
    .write();
    r.post(
        "/industry/qualitytrace/qualitycontrol/update",
        "1.0.1",
        "Correct a quality control",
        5000,
        service::update_control,
    )
    .write();
    r.post(
        "/industry/qualitytrace/qualitycontrol/delete",
        "1.0.1",
        "Delete a quality control",
        5000,
        service::delete_control,
    )
    .write();
    r.post(
        "/industry/qualitytrace/qualitycontrol/query",
        "1.0.1",
        "Query quality controls",
        5000,
        service::query_controls,
    );
    r.post(
        "/industry/qualitytrace/qualitycontrol/get",
        "1.0.1",
        "Read a quality control",
        5000,
        service::get_control,
    );
    r.post(
        "/industry/qualitytrace/qualitycontrol/output/calc",
        "1.0.0",
        "Say what is still to be inspected",
        5000,
        service::calc_output,
    );
    r.post(
        "/industry/qualitytrace/productionreport/add",
        "1.0.2",
        "Report production",
        5000,
        service::add_report,
    )
    .write();
    r.post(
        "/industry/qualitytrace/productionreport/update",
        "1.0.2",
        "Correct a production report",
        5000,
        service::update_report,
    )
    .write();
    r.post(
        "/industry/qualitytrace/productionreport/delete",
        "1.0.2",
        "Delete production reports",
        5000,
        service::delete_reports,
    )
    .write();
    r.post(
        "/industry/qualitytrace/productionreport/query",
        "1.0.2",
        "Read a production report",
        5000,
        service::get_report,
    );
    r.post(
        "/industry/qualitytrace/productionreport/pagequery",
        "1.0.0",
        "Query production reports",
        5000,
        service::query_reports,
    );
}
