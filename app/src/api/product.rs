//! Making products: new ones, their datapoints one by one, and what they mean for a machine.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::api::Result;

/// A new product without datapoints, and on to its page.
#[server(endpoint = "product/create")]
pub async fn create_product(
    name: String,
    protocol: String,
    product_key: String,
    product_secret: String,
) -> Result<()> {
    let given = (name, protocol, product_key, product_secret);
    let id = crate::ssr::respond(server::create(&crate::ssr::ctx()?, given).await)?;
    leptos_axum::redirect(&format!("/products/{id}"));
    Ok(())
}

/// A datapoint as a form has it: all of it text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PointForm {
    /// What programs call it.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// A remark.
    pub desc: String,
    /// Whether it is written, read, or speaks of trouble; the word of a definition.
    pub kind: String,
    /// bool, uint8, uint16, uint32, enum or binary.
    pub data_type: String,
    /// Least raw value of a number.
    pub min: String,
    /// Greatest raw value of a number.
    pub max: String,
    /// What one step of a number is.
    pub ratio: String,
    /// What raw 0 of a number is.
    pub addition: String,
    /// Words of an enumeration, a line each.
    pub choices: String,
    /// Length of a binary, bytes.
    pub len: String,
}

/// Adds a datapoint to a product, or changes the one that `was` names, and goes back to the product.
#[server(endpoint = "product/point")]
pub async fn put_point(id: i64, was: String, point: PointForm) -> Result<()> {
    crate::ssr::respond(server::put_point(&crate::ssr::ctx()?, id, was, point).await)?;
    leptos_axum::redirect(&format!("/products/{id}"));
    Ok(())
}

/// Removes a datapoint of a product, and goes back to it.
#[server(endpoint = "product/point/remove")]
pub async fn remove_point(id: i64, name: String) -> Result<()> {
    crate::ssr::respond(server::remove_point(&crate::ssr::ctx()?, id, name).await)?;
    leptos_axum::redirect(&format!("/products/{id}"));
    Ok(())
}

/// What the datapoints of a product mean for a machine, as a form has it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleForm {
    /// Datapoint that says the state; `*`: several do, each by a condition; empty: none does.
    pub from: String,
    /// What is asked for: values of the datapoint, or `name=1` and `name=0`.
    pub values: Vec<String>,
    /// The status of each of them; empty where it says nothing.
    pub statuses: Vec<String>,
    /// The turn of each condition.
    pub turns: Vec<String>,
    /// The status of everything else; empty where nothing is known then.
    pub otherwise: String,
    /// Datapoint that counts pieces.
    pub pieces: String,
    /// Datapoint that counts rejected pieces.
    pub scrap: String,
}

/// Sets what the datapoints of a product mean for a machine, and goes back to it.
#[server(endpoint = "product/machine")]
pub async fn set_machine_rule(id: i64, rule: RuleForm) -> Result<()> {
    crate::ssr::respond(server::set_rule(&crate::ssr::ctx()?, id, rule).await)?;
    leptos_axum::redirect(&format!("/products/{id}"));
    Ok(())
}

#[cfg(feature = "ssr")]
mod server;
