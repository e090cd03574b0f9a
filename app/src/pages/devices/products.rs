//! Products: what kinds of devices there are, and the datapoints of each.

mod forms;
mod new;
mod one;
mod point;
mod rule;

use domain::device::view::ProductLine;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::api::device::{Products, get_products};
use crate::api::{Answer, Result};
use crate::live::calm_version;
use crate::ui::{
    Column, DataTable, EmptyState, ErrorView, Icon, PageHeader, Panel, Skeleton, grouped, link_with, query,
};
use crate::words::{tu, tu_string, words};
use forms::{ImportPane, Writes};
pub use one::ProductPage;

/// A product in the list, and when it was made.
type Row = (String, ProductLine);

/// All products.
pub struct ProductsPage {
    products: Resource<Result<Answer<Products<Vec<Row>>>>>,
    writes: Writes,
}

#[lazy_route]
impl LazyRoute for ProductsPage {
    fn data() -> Self {
        let (changed, writes) = (calm_version("device"), Writes::new());
        let done = writes.done();
        let products = Resource::new(move || (changed.get(), done.get()), |_| get_products());
        Self { products, writes }
    }

    fn view(this: Self) -> AnyView {
        let ProductsPage { products, writes } = this;
        let edit = query("edit");
        view! {
            <PageHeader title=tu_string!(words(), device.products)>
                <a class="btn" href="/devices">
                    <Icon name="i-device" />
                    {tu!(words(), device.title)}
                </a>
                <Transition fallback=|| ()>
                    {move || Suspend::new(async move {
                        let writable = products.await.and_then(Answer::read).is_ok_and(|products| products.writable);
                        writable.then(ways)
                    })}
                </Transition>
            </PageHeader>
            {move || match edit.get().as_str() {
                "import" => view! { <ImportPane writes /> }.into_any(),
                "new" => view! { <new::NewPane create=writes.create /> }.into_any(),
                _ => ().into_any(),
            }}
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    match products.await.and_then(Answer::read) {
                        Err(error) => view! { <ErrorView error /> }.into_any(),
                        Ok(products) => table(products.shown),
                    }
                })}
            </Transition>
        }
        .into_any()
    }
}

/// The ways to a new product.
fn ways() -> AnyView {
    let to = |edit: &str| link_with([("edit", Some(edit.to_owned()))]);
    view! {
        <a class="btn" href=to("import")>
            {tu!(words(), device.import)}
        </a>
        <a class="btn primary" href=to("new")>
            <Icon name="i-plus" />
            {tu!(words(), device.product_new)}
        </a>
    }
    .into_any()
}

fn table(products: Vec<Row>) -> AnyView {
    let w = words();
    if products.is_empty() {
        return view! {
            <Panel>
                <EmptyState title=tu_string!(w, device.no_products) why=tu_string!(w, device.no_products_why) />
            </Panel>
        }
        .into_any();
    }
    let devices = |line: &ProductLine, extra: &str, count: i64| {
        let href = format!("/devices?products={}{extra}", line.id);
        view! {
            <a class="fig" href=href>
                {grouped(count)}
            </a>
        }
    };
    let columns = vec![
        Column::new("name", tu_string!(w, device.product), |(_, line): &Row| {
            view! {
                <a class="two" href=format!("/products/{}", line.id)>
                    <span>{line.name.clone()}</span>
                    <small class="mono">{line.product_key.clone()}</small>
                </a>
            }
        }),
        Column::new("state", tu_string!(w, device.state), |(_, line): &Row| published(line.published)),
        Column::new("points", tu_string!(w, device.points), |(_, line): &Row| line.points)
            .numeric()
            .wide_only(),
        Column::new("devices", tu_string!(w, device.title), move |(_, line): &Row| {
            devices(line, "", line.stock.total)
        })
        .numeric(),
        Column::new("online", tu_string!(w, device.online), move |(_, line): &Row| {
            devices(line, "&online=1", line.stock.online)
        })
        .numeric(),
        Column::new("trouble", tu_string!(w, device.fault_or_alarm), move |(_, line): &Row| {
            devices(line, "&fault=1&alarm=1", line.stock.trouble)
        })
        .numeric()
        .wide_only(),
        Column::new("retention", tu_string!(w, device.retention), |(_, line): &Row| line.retention_days)
            .numeric()
            .wide_only(),
        Column::new("created", tu_string!(w, device.made), |(made, _): &Row| made.clone()).wide_only(),
    ];
    view! {
        <Panel flush=true>
            <DataTable columns rows=products caption=tu_string!(w, device.products) />
        </Panel>
    }
    .into_any()
}

fn published(yes: bool) -> AnyView {
    let w = words();
    let name = if yes { tu_string!(w, device.published) } else { tu_string!(w, device.unpublished) };
    view! { <span class=if yes { "tag" } else { "tag dash" }>{name}</span> }.into_any()
}
