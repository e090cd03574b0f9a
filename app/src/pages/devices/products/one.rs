//! One product: its datapoints, what they mean, its settings.

use domain::device::Kind;
use domain::device::view::{Point, ProductDetail};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};

use super::super::detail::value::range;
use super::forms::{DevicesPane, SettingsPane, Writes};
use super::new::protocol_name;
use super::{point, published, rule};
use crate::api::device::{Products, get_product};
use crate::api::{Answer, Kind as Failure, Result};
use crate::live::calm_version;
use crate::ui::{
    Column, DataTable, EmptyState, ErrorView, Icon, PageHeader, Panel, Skeleton, grouped, link_with, query,
};
use crate::words::{tu, tu_string, words};

/// A product in full, and when it was made.
type Shown = (String, ProductDetail);

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
        let (edit, done) = (query("edit"), writes.done());
        // What the devices do must not take a form away from under the hands of who fills it in.
        let calm = Memo::new(move |known: Option<&_>| {
            let now = changed.get();
            if edit.with(String::is_empty) { now } else { known.copied().unwrap_or(now) }
        });
        let product = Resource::new(move || (id(), calm.get(), done.get()), |(id, ..)| get_product(id));
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
            <dt>{tu!(w, device.protocol)}</dt>
            <dd>{protocol_name(&product.protocol)}</dd>
            <dt>{tu!(w, device.made)}</dt>
            <dd>{made}</dd>
        </dl>
    }
    .into_any();
    let writable = writes.is_some();
    let change = move || {
        let href = link_with([("edit", Some("settings".to_owned()))]);
        writable.then(|| view! { <a class="btn s" href=href>{tu!(words(), device.rule_edit)}</a> }).into_any()
    };
    let facts = view! { <Panel title=tu_string!(w, device.identity) tools=change>{facts}</Panel> }.into_any();
    let devices_form = link_with([("edit", Some("devices".to_owned()))]);
    let count = grouped(line.stock.total);
    let (id, settings) = (line.id, product.clone());
    let machine =
        rule::RulePanel { product: id, rule: product.machine.clone(), points: product.points.clone() };
    let machine = machine.view(writes.map(|writes| writes.rule));
    let pane = writes.map(|writes| {
        let (edit, chosen) = (query("edit"), query("point"));
        let definition = product.definition.clone();
        move || match edit.get().as_str() {
            "point" => {
                let (definition, name) = (definition.clone(), chosen.get());
                view! { <point::PointPane product=id definition name writes /> }.into_any()
            }
            "settings" => view! { <SettingsPane product=settings.clone() writes /> }.into_any(),
            "devices" => view! { <DevicesPane product=id writes /> }.into_any(),
            _ => ().into_any(),
        }
    });
    let head = view! {
        <PageHeader title=line.name.clone() crumbs>
            <a class="btn" href=devices>
                <Icon name="i-device" />
                {tu!(w, device.count, count)}
            </a>
            {writable
                .then(|| {
                    view! {
                        <a class="btn" href=devices_form>
                            <Icon name="i-plus" />
                            {tu!(w, device.import_devices)}
                        </a>
                    }
                })}
            <a class="btn" href=definition download="" rel="external">
                <Icon name="i-dl" />
                {tu!(w, device.definition)}
            </a>
        </PageHeader>
    }
    .into_any();
    view! {
        {head}
        <div class="grid g-product">
            <div class="stack">
                {pane}
                {points(&product.points, writes.is_some())}
            </div>
            <div class="stack">
                {facts}
                {machine}
            </div>
        </div>
    }
    .into_any()
}

/// The datapoints; where they may be changed, each leads to its form.
fn points(points: &[Point], writable: bool) -> AnyView {
    let w = words();
    let add = move || {
        let href = link_with([("edit", Some("point".to_owned())), ("point", None)]);
        writable.then(|| {
            view! {
                <a class="btn s" href=href>
                    <Icon name="i-plus" small=true />
                    {tu!(words(), device.point_new)}
                </a>
            }
        })
    };
    if points.is_empty() {
        return view! {
            <Panel title=tu_string!(w, device.points)>
                <EmptyState title=tu_string!(w, device.points_none) why=tu_string!(w, device.points_none_why)>
                    {add()}
                </EmptyState>
            </Panel>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("name", tu_string!(w, device.point), move |point: &Point| {
            let words = view! {
                <span>{point.title.clone()}</span>
                <small class="mono">{point.name.clone()}</small>
            };
            if writable {
                let href =
                    link_with([("edit", Some("point".to_owned())), ("point", Some(point.name.clone()))]);
                view! { <a class="two" href=href>{words}</a> }.into_any()
            } else {
                view! { <span class="two">{words}</span> }.into_any()
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
        <Panel title=tu_string!(w, device.points) note tools=move || add().into_any() flush=true>
            <DataTable columns rows caption=tu_string!(w, device.points) />
        </Panel>
    }
    .into_any()
}
