//! Metadata and master-data records (chapter 17).

use domain::masterdata::service;

use crate::industry::registry::Registry;

/// Registers the endpoints of this area.
pub fn register(r: &mut Registry) {
    records(r);
    metadata(r);
}

/// Records.
fn records(r: &mut Registry) {
    r.post(
        "/industry/masterdata/record/write",
        "1.0.4",
        "Insert, modify or archive records",
        5000,
        service::write_records,
    )
    .write();
    r.post(
        "/industry/masterdata/record/query",
        "1.0.6",
        "Records by condition, as a table",
        3000,
        service::query_records,
    )
    .json_string();
}

/// Their definitions.
fn metadata(r: &mut Registry) {
    r.post(
        "/industry/metadata/query",
        "1.0.3",
        "Metadata with their properties",
        3000,
        service::query_metadata,
    );
    r.post(
        "/industry/metadata/property/query",
        "1.0.3",
        "Properties of metadata",
        3000,
        service::query_properties,
    );
    r.post("/industry/metadata/create", "1.0.1", "Create metadata", 5000, service::create_metadata).write();
    r.post(
        "/industry/metadata/modify",
        "1.0.1",
        "Replace the properties of metadata",
        5000,
        service::modify_metadata,
    )
    .write();
    r.post(
        "/industry/metadata/delete",
        "1.0.1",
        "Delete metadata without records",
        5000,
        service::delete_metadata,
    )
    .write();
}
