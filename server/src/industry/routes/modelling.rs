//! Factory and process models (chapter 4).

use domain::modelling::service;

use crate::industry::registry::Registry;

/// Registers the endpoints of this area.
pub fn register(r: &mut Registry) {
    read(r);
    write(r);
    attach(r);
}

/// The two trees and single nodes.
fn read(r: &mut Registry) {
    r.post(
        "/industry/modelling/technics/tree/query",
        "1.0.2",
        "Technologies with their processes and steps",
        3000,
        service::query_process_tree,
    );
    r.post(
        "/industry/modelling/technics/info/get",
        "1.0.1",
        "A technology with its attributes and production lines",
        3000,
        service::get_technology,
    );
    r.post(
        "/industry/modelling/process/info/get",
        "1.0.1",
        "A process with its attributes and machining centers",
        3000,
        service::get_process,
    );
    r.post(
        "/industry/modelling/step/info/get",
        "1.0.1",
        "A step with its attributes",
        3000,
        service::get_step,
    );
    r.post(
        "/industry/modelling/factory/tree/query",
        "1.0.2",
        "Factories with everything below them",
        10000,
        service::query_factory_tree,
    )
    .json_string();
    r.post(
        "/industry/modelling/factory/info/get",
        "1.0.1",
        "A factory with its attributes",
        3000,
        service::get_factory,
    );
    r.post(
        "/industry/modelling/workshop/info/get",
        "1.0.1",
        "A workshop with its attributes",
        3000,
        service::get_workshop,
    );
    r.post(
        "/industry/modelling/beltline/info/get",
        "1.0.1",
        "A production line with its attributes",
        3000,
        service::get_beltline,
    );
    r.post(
        "/industry/modelling/machiningcenter/info/get",
        "1.0.2",
        "A machining center with its attributes",
        3000,
        service::get_machining_center,
    );
    r.post(
        "/industry/modelling/equipment/list/query",
        "1.0.2",
        "The equipment below a node",
        3000,
        service::query_equipment,
    );
}

/// Nodes of both models.
fn write(r: &mut Registry) {
    r.post(
        "/industry/modelling/factory/create",
        "1.0.2",
        "Create a node of the factory model, or link an equipment",
        5000,
        service::create_factory_node,
    )
    .write();
    r.post(
        "/industry/modelling/factory/update",
        "1.0.1",
        "Change, publish or archive a node of the factory model",
        5000,
        service::update_factory_node,
    )
    .write();
    r.post(
        "/industry/modelling/factory/delete",
        "1.0.1",
        "Delete a node of the factory model",
        5000,
        service::delete_factory_node,
    )
    .write();
    r.post(
        "/industry/modelling/technics/create",
        "1.0.2",
        "Create a node of the process model",
        5000,
        service::create_process_node,
    )
    .write();
    r.post(
        "/industry/modelling/technics/update",
        "1.0.1",
        "Change, publish or archive a node of the process model",
        5000,
        service::update_process_node,
    )
    .write();
    r.post(
        "/industry/modelling/technics/delete",
        "1.0.1",
        "Delete a node of the process model",
        5000,
        service::delete_process_node,
    )
    .write();
}

/// Links between the models, and attributes.
fn attach(r: &mut Registry) {
    r.post(
        "/industry/modelling/technics/dependence/add",
        "1.0.1",
        "Link a line to a technology, or a machining center to a process",
        8000,
        service::add_technics_dependence,
    )
    .write();
    r.post(
        "/industry/modelling/technics/dependence/delete",
        "1.0.1",
        "Unlink them again",
        8000,
        service::delete_technics_dependence,
    )
    .write();
    r.post(
        "/industry/modelling/attribute/create",
        "1.0.1",
        "Create an attribute of a node",
        5000,
        service::create_attribute,
    )
    .write();
    r.post(
        "/industry/modelling/attribute/delete",
        "1.0.1",
        "Delete an attribute of a node",
        5000,
        service::delete_attribute,
    )
    .write();
    r.post(
        "/industry/modelling/attribute/query",
        "1.0.1",
        "Attributes of a node",
        5000,
        service::query_attributes,
    );
}
