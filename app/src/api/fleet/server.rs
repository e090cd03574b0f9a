//! From the texts of an address to the services' parameters, and from instants to wall times.

pub mod groups;
pub mod places;
pub mod reports;
pub mod users;

use domain::access::{Access, Area};
use domain::fleet::service::list_product_names;
use domain::fleet::view::ProductName;
use domain::{Ctx, Error, Result, text};

use super::results::Results;

/// Most rows of a file.
const ROWS: i64 = 100_000;

fn writable(ctx: &Ctx) -> bool {
    ctx.actor.may(Area::Fleet, Access::Write)
}

/// The products, and the one with this id; the newest, when none is named.
async fn choose(ctx: &Ctx, id: &str) -> Result<(Vec<ProductName>, Option<ProductName>)> {
    let products = list_product_names(ctx).await?;
    let chosen = if id.is_empty() {
        products.first().cloned()
    } else {
        let known = id.parse().ok().and_then(|id: i64| products.iter().find(|product| product.id == id));
        let unknown = || Error::invalid("product", text!("There is no such product", "没有此产品"));
        Some(known.cloned().ok_or_else(unknown)?)
    };
    Ok((products, chosen))
}

/// Without scripting, what became of a list is shown by the page that the form came from.
pub(super) fn show(back: &str, results: &Results) {
    if !crate::ssr::is_plain_form() {
        return;
    }
    let brief = serde_json::to_string(&results.clone().brief()).unwrap_or_default();
    let mut query = leptos_router::params::ParamsMap::new();
    query.insert("results", brief);
    let path = crate::ssr::session::safe_path(Some(back));
    let query = query.to_query_string();
    let query = query.trim_start_matches('?');
    let separator = if path.contains('?') { '&' } else { '?' };
    leptos_axum::redirect(&format!("{path}{separator}{query}"));
}
