//! Products: what kinds of devices there are, and the datapoints of each.

mod forms;

use domain::device::Kind;
use domain::device::view::{Point, ProductDetail, ProductLine};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};

use super::detail::value::range;
use crate::api::device::{Products, get_product, get_products};
use crate::api::{Answer, Kind as Failure, Result};
use crate::live::calm_version;
use crate::ui::{
    Column, DataTable, EmptyState, ErrorView, Icon, PageHeader, Panel, Skeleton, grouped, link_with, query,
};
use crate::words::{tu, tu_string, words};
use forms::{DevicesPane, ImportPane, SettingsPane, Writes};

/// A product in the list, and when it was made.
type Row = (String, ProductLine);
/// A product in full, and when it was made.
type Shown = (String, ProductDetail);

/// All products.
pub struct ProductsPage {
    products: Resource<Result<Answer<Products<Vec<Row>>>>>,
    writes: Writes,
}

#[lazy_route]
impl LazyRoute for ProductsPage {
    fn data() -> Self {
        let (changed, writes) = (calm_version("device"), Writes::new());
        let products = Resource::new(move || (changed.get(), writes.done()), |_| get_products());
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
                        writable.then(import)
                    })}
                </Transition>
            </PageHeader>
            {move || (edit.get() == "import").then(|| view! { <ImportPane writes /> })}
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

fn import() -> AnyView {
    let href = link_with([("edit", Some("import".to_owned()))]);
    view! {
        <a class="btn primary" href=href>
            <Icon name="i-plus" />
            {tu!(words(), device.import)}
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

/// One product.
pub struct ProductPage {
    product: Resource<Result<Answer<Products<Shown>>>>,
    writes: Writes,
}

#[lazy_route]
impl LazyRoute for ProductPage {
    fn data() -> Self {
        let (params, changed, writes) = (use_params_map(), calm_version("device"), Writes::new());
        let id = move || params.with(|params| params.get("id").and_then(|id| id.parse().ok()).unwrap_or(0));
        let product = Resource::new(move || (id(), changed.get(), writes.done()), |(id, ..)| get_product(id));
        Self { product, writes }
    }

    fn view(this: Self) -> AnyView {
        let ProductPage { product, writes } = this;
        view! {
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    match product.await.and_then(Answer::read) {
                        Ok(Products { shown: (made, product), writable }) => content(made, product, writable.then_some(writes)),
                        Err(error) if error.kind == Failure::Invalid => gone(),
                        Err(error) => {
                            view! {
                                <PageHeader title=tu_string!(words(), device.product) />
                                <ErrorView error />
                            }
                                .into_any()
                        }
                    }
                })}
            </Transition>
        }
        .into_any()
    }
}

/// There is no such product.
fn gone() -> AnyView {
    #[cfg(feature = "ssr")]
    crate::ssr::not_found();
    let w = words();
    view! {
        <PageHeader title=tu_string!(w, device.product_gone) />
        <Panel>
            <EmptyState title=tu_string!(w, device.product_gone) why=tu_string!(w, device.product_gone_why)>
                <a class="btn s" href="/products">
                    {tu!(w, device.products)}
                </a>
            </EmptyState>
        </Panel>
    }
    .into_any()
}

fn content(made: String, product: ProductDetail, writes: Option<Writes>) -> AnyView {
    let w = words();
    let line = &product.line;
    let crumbs = vec![("/products".to_owned(), tu_string!(w, device.products).to_owned())];
    let definition = format!("/ui/product.json?id={}", line.id);
    let devices = format!("/devices?products={}", line.id);
    let yes = |on: bool| if on { tu_string!(w, device.yes) } else { tu_string!(w, device.no) };
    let logs = !line.published || product.logs_enabled;
    let facts = view! {
        <dl class="dl">
            <dt>{tu!(w, device.key)}</dt>
            <dd>
                <code class="wrap">{line.product_key.clone()}</code>
            </dd>
            <dt>{tu!(w, device.state)}</dt>
            <dd>{published(line.published)}</dd>
            <dt>{tu!(w, device.api)}</dt>
            <dd>{yes(line.api_enabled)}</dd>
            <dt>{tu!(w, device.logs)}</dt>
            <dd>{yes(logs)}</dd>
            <dt>{tu!(w, device.retention)}</dt>
            <dd>{line.retention_days}</dd>
            <dt>{tu!(w, device.drives)}</dt>
            <dd>{yes(product.drives_machines)}</dd>
            <dt>{tu!(w, device.made)}</dt>
            <dd>{made}</dd>
        </dl>
    };
    let count = grouped(line.stock.total);
    let (id, settings) = (line.id, product.clone());
    view! {
        <PageHeader title=line.name.clone() crumbs>
            <a class="btn" href=devices>
                <Icon name="i-device" />
                {tu!(w, device.count, count)}
            </a>
            <a class="btn" href=definition download="" rel="external">
                <Icon name="i-dl" />
                {tu!(w, device.definition)}
            </a>
        </PageHeader>
        <div class="grid g-product">
            {points(&product.points)}
            <div class="stack">
                <Panel title=tu_string!(w, device.identity)>{facts}</Panel>
                {writes.map(|writes| view! { <SettingsPane product=settings writes /> <DevicesPane product=id writes /> })}
            </div>
        </div>
    }
    .into_any()
}

fn points(points: &[Point]) -> AnyView {
    let w = words();
    if points.is_empty() {
        return view! {
            <Panel title=tu_string!(w, device.points)>
                <EmptyState title=tu_string!(w, device.points_none) why=tu_string!(w, device.points_none_why) />
            </Panel>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("name", tu_string!(w, device.point), |point: &Point| {
            view! {
                <span class="two">
                    <span>{point.title.clone()}</span>
                    <small class="mono">{point.name.clone()}</small>
                </span>
            }
        }),
        Column::new("kind", tu_string!(w, device.kind), |point: &Point| {
            let (class, name) = match point.kind {
                Kind::Writable => ("tag", tu_string!(words(), device.kind_writable)),
                Kind::ReadOnly => ("tag", tu_string!(words(), device.kind_read)),
                Kind::Alert => ("tag warn", tu_string!(words(), device.alarm)),
                Kind::Fault => ("tag bad", tu_string!(words(), device.fault)),
            };
            view! { <span class=class>{name}</span> }
        }),
        Column::new("type", tu_string!(w, device.data_type), |point: &Point| {
            view! { <code>{point.word.clone()}</code> }
        })
        .wide_only(),
        Column::new("takes", tu_string!(w, device.takes), |point: &Point| {
            view! { <span class="wrap">{range(point)}</span> }
        }),
    ];
    let (note, rows) = (points.len().to_string(), points.to_vec());
    view! {
        <Panel title=tu_string!(w, device.points) note flush=true>
            <DataTable columns rows caption=tu_string!(w, device.points) />
        </Panel>
    }
    .into_any()
}
