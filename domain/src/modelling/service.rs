//! Use cases of the two models.

mod attributes;
mod browse;
mod dependences;
mod equipment;
mod info;
mod nodes;
mod resolve;
mod routes;
mod trees;

pub use attributes::{create_attribute, delete_attribute, query_attributes};
pub use browse::{get_node, list_children, preview_delete, search_nodes};
pub use dependences::{add_technics_dependence, delete_technics_dependence};
pub use equipment::query_equipment;
pub use info::{
    get_beltline, get_factory, get_machining_center, get_process, get_step, get_technology, get_workshop,
};
pub use nodes::{
    create_factory_node, create_process_node, delete_factory_node, delete_process_node, update_factory_node,
    update_process_node,
};
pub use routes::{list_kind, list_operations};
pub use trees::{query_factory_tree, query_process_tree};

/// Held by every write of this area: its rules look at parents, children and codes.
const LOCK: &str = "modelling";
