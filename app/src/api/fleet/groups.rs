//! Groups: the tree, the devices of a group, and what is done to them.

use domain::fleet::view::{GroupInfo, Member, ProductName};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, StreamingText, TextStream};
use serde::{Deserialize, Serialize};

use super::results::Results;
use crate::api::{Answer, Data, Error, Result};

#[cfg(feature = "ssr")]
use super::server::groups as server;

/// Devices on a page.
pub const PAGE: i64 = 50;

/// Which group to show, as the address has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupQuery {
    /// Id of the product; the newest, when it is empty.
    pub product: String,
    /// Id of the group; the one at the top, when it is empty.
    pub group: String,
    /// Page of its devices, from 1.
    pub page: String,
}

/// The groups of a product, and one of them in full.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPage {
    /// The products to choose of.
    pub products: Vec<ProductName>,
    /// The chosen one.
    pub product: Option<ProductName>,
    /// Its groups, each after the one it is part of.
    pub groups: Vec<GroupInfo>,
    /// The chosen group.
    pub group: Option<GroupInfo>,
    /// When it was made.
    pub made: String,
    /// How many devices are in it.
    pub total: i64,
    /// Those of the page.
    pub members: Vec<Member>,
    /// Page, from 1.
    pub page: i64,
    /// Whether the person may change it.
    pub writable: bool,
}

/// The groups of a product, and one of them in full.
#[server(input = GetUrl, output = Data, endpoint = "fleet/groups")]
pub async fn get_groups(query: GroupQuery) -> Result<Answer<GroupPage>> {
    Answer::of(crate::ssr::respond(server::page(&crate::ssr::ctx()?, &query).await))
}

/// The devices of a group, as CSV.
#[server(input = GetUrl, output = StreamingText, endpoint = "fleet/group.csv")]
pub async fn download_group(query: GroupQuery) -> Result<TextStream<Error>> {
    let rows = crate::ssr::respond(server::rows(&crate::ssr::ctx()?, &query).await)?;
    let head = ["did", "mac", "serialNumber", "online", "disabled", "openFaults", "openAlarms"];
    Ok(crate::api::csv::file("group.csv", &head, rows))
}

/// Makes a group below another one, or at the top when `parent` is empty, and goes to it.
#[server(endpoint = "fleet/group/create")]
pub async fn create_group(product_key: String, parent: String, name: String) -> Result<()> {
    let to = server::create(&crate::ssr::ctx()?, (product_key, parent, name)).await;
    leptos_axum::redirect(&crate::ssr::respond(to)?);
    Ok(())
}

/// Names a group.
#[server(endpoint = "fleet/group/rename")]
pub async fn rename_group(product_key: String, gid: String, name: String, back: String) -> Result<()> {
    use domain::fleet::params::OneGroup;
    let one = OneGroup { product_key, gid };
    let ctx = crate::ssr::ctx()?;
    crate::ssr::respond(domain::fleet::service::rename_group(&ctx, one, name).await)?;
    leptos_axum::redirect(crate::ssr::session::safe_path(Some(&back)));
    Ok(())
}

/// Makes a group part of another one.
#[server(endpoint = "fleet/group/move")]
pub async fn move_group(product_key: String, gid: String, parent_gid: String, back: String) -> Result<()> {
    use domain::fleet::params::OneGroup;
    let one = OneGroup { product_key, gid };
    let ctx = crate::ssr::ctx()?;
    crate::ssr::respond(domain::fleet::service::move_group(&ctx, one, parent_gid).await)?;
    leptos_axum::redirect(crate::ssr::session::safe_path(Some(&back)));
    Ok(())
}

/// Deletes an empty group, and goes to the one it was part of.
#[server(endpoint = "fleet/group/delete")]
pub async fn delete_group(product_key: String, gid: String, back: String) -> Result<()> {
    use domain::fleet::params::OneGroup;
    let one = OneGroup { product_key, gid };
    let ctx = crate::ssr::ctx()?;
    crate::ssr::respond(domain::fleet::service::delete_group(&ctx, one).await)?;
    leptos_axum::redirect(crate::ssr::session::safe_path(Some(&back)));
    Ok(())
}

/// Puts the devices of a pasted list into a group (`assign`), with those of other groups when `reassign` is `true`, or takes
/// them out (`unassign`).
#[server(output = Data, endpoint = "fleet/group/assign")]
pub async fn assign_devices(
    product_key: String,
    gid: String,
    action: String,
    reassign: String,
    names: String,
    back: String,
) -> Result<Answer<Results>> {
    use domain::fleet::params::AssignDevices;
    let reassign = reassign == "true";
    let params = AssignDevices { product_key, gid, action, reassign, names };
    let results = crate::ssr::respond(server::assign(&crate::ssr::ctx()?, params).await)?;
    super::server::show(&back, &results);
    Answer::of(Ok(results))
}

/// Takes devices out of a group.
#[server(endpoint = "fleet/group/remove")]
pub async fn remove_devices(
    product_key: String,
    gid: String,
    #[server(default)] dids: Vec<String>,
    back: String,
) -> Result<()> {
    use domain::fleet::params::AssignDevices;
    let (action, names) = ("unassign".to_owned(), dids.join("\n"));
    let params = AssignDevices { product_key, gid, action, reassign: false, names };
    crate::ssr::respond(server::assign(&crate::ssr::ctx()?, params).await)?;
    leptos_axum::redirect(crate::ssr::session::safe_path(Some(&back)));
    Ok(())
}
