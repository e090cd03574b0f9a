//! The fleet: groups of devices, reports over them, the people who use them.

pub mod groups;
pub mod reports;
mod results;
pub mod users;

use domain::fleet::view::ProductName;
use leptos::prelude::*;

use crate::ui::{EmptyState, Panel, Select, link_with, query};
use crate::words::{tu, tu_string, words};

/// The field that chooses a product; nothing to see, where there is but one.
fn product_field(products: &[ProductName], chosen: Option<&ProductName>) -> AnyView {
    let value = chosen.map(|product| product.id.to_string()).unwrap_or_default();
    if products.len() < 2 {
        return view! { <input type="hidden" name="product" value=value /> }.into_any();
    }
    let options = products.iter().map(|product| (product.id.to_string(), product.name.clone())).collect();
    view! { <Select name="product" label=tu_string!(words(), device.product) options value /> }.into_any()
}

/// There is no product yet.
fn no_products() -> AnyView {
    let w = words();
    view! {
        <Panel>
            <EmptyState title=tu_string!(w, device.no_products) why=tu_string!(w, device.no_products_why)>
                <a class="btn s" href="/products">
                    {tu!(w, device.products)}
                </a>
            </EmptyState>
        </Panel>
    }
    .into_any()
}

/// The parts of a page, `?tab=` of the address; what belongs to one part only is left behind.
fn tabs<const N: usize>(parts: [(&'static str, &'static str); N]) -> AnyView {
    let tab = query("tab");
    let link = |(name, words): (&'static str, &'static str)| {
        let href = link_with([
            ("tab", (!name.is_empty()).then(|| name.to_owned())),
            ("page", None),
            ("edit", None),
            ("user", None),
            ("country", None),
            ("region", None),
        ]);
        view! {
            <a href=href aria-current=move || tab.with(|tab| tab == name).then_some("page")>
                {words}
            </a>
        }
    };
    view! {
        <nav class="tabs" aria-label=tu_string!(words(), device.tabs)>
            {parts.into_iter().map(link).collect_view()}
        </nav>
    }
    .into_any()
}

/// A share as a bar; the figure stands beside it.
fn share(part: i64, whole: i64) -> AnyView {
    let width = if whole > 0 { (100.0 * part as f64 / whole as f64).clamp(0.0, 100.0) } else { 0.0 };
    view! {
        <svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect class="f-s1" x="0" y="0" width="100" height="8" />
            <rect class="f-s4" x="0" y="0" width=format!("{width:.1}") height="8" />
        </svg>
    }
    .into_any()
}

/// A share in percent.
fn percent(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    let percent = 100.0 * part as f64 / whole as f64;
    format!("{percent:.1} %")
}
