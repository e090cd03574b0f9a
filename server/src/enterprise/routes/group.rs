//! Groups of devices.

use domain::fleet::service;

use crate::enterprise::registry::Registry;

/// Registers the endpoints of this area.
pub fn register(r: &mut Registry) {
    let groups = "/v1/products/{product_key}/device_groups";
    let group = "/v1/products/{product_key}/device_groups/{gid}";
    r.get(groups, "The groups of a product as a tree", service::group_tree);
    r.post(groups, "Make a group", service::create_group);
    r.delete(group, "Delete an empty group", service::delete_group);
    r.get(group, "MAC addresses of a group's own devices", service::group_macs);
    r.put(group, "Put devices into a group, or take them out", service::update_group);
}
