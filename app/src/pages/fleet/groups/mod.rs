//! Groups of devices: the tree of a product, and one group with its devices.

mod forms;
mod members;
mod tree;

use domain::fleet::view::GroupInfo;
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::{LazyRoute, lazy_route};

use super::{no_products, product_field};
use crate::api::fleet::groups::{GroupPage, GroupQuery, get_groups};
use crate::api::{Answer, Kind, Result};
use crate::live::{calm_version, version};
use crate::ui::{EmptyState, ErrorView, Icon, PageHeader, Panel, Skeleton, grouped, link_with, query};
use crate::words::{tu, tu_string, words};
use forms::Writes;

/// Groups of devices.
pub struct GroupsPage {
    data: Resource<Result<Answer<GroupPage>>>,
    writes: Writes,
}

#[lazy_route]
impl LazyRoute for GroupsPage {
    fn data() -> Self {
        let (product, group, page) = (query("product"), query("group"), query("page"));
        let (devices, fleet, writes) = (calm_version("device"), version("fleet"), Writes::new());
        let asked = move || GroupQuery { product: product.get(), group: group.get(), page: page.get() };
        let source = move || (asked(), devices.get(), fleet.get(), writes.done());
        Self { data: Resource::new(source, |(query, ..)| get_groups(query)), writes }
    }

    fn view(this: Self) -> AnyView {
        let GroupsPage { data, writes } = this;
        view! {
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    match data.await.and_then(Answer::read) {
                        Ok(page) => content(page, writes),
                        Err(error) if error.kind == Kind::Invalid => gone(),
                        Err(error) => {
                            view! {
                                <PageHeader title=tu_string!(words(), fleet.groups) />
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

/// There is no such product or group.
fn gone() -> AnyView {
    #[cfg(feature = "ssr")]
    crate::ssr::not_found();
    let w = words();
    view! {
        <PageHeader title=tu_string!(w, fleet.groups) />
        <Panel>
            <EmptyState title=tu_string!(w, fleet.group_gone) why=tu_string!(w, device.gone_why)>
                <a class="btn s" href="/devices/groups">
                    {tu!(w, fleet.groups)}
                </a>
            </EmptyState>
        </Panel>
    }
    .into_any()
}

/// What to call a group: its name, else the begin of its id.
fn name(group: &GroupInfo) -> String {
    if group.name.is_empty() { group.gid.chars().take(8).collect() } else { group.name.clone() }
}

/// The page of a group.
fn href(page: &GroupPage, group: Option<i64>) -> String {
    let product = page.product.as_ref().map(|product| product.id).unwrap_or_default();
    let group = group.map(|id| format!("&group={id}")).unwrap_or_default();
    format!("/devices/groups?product={product}{group}")
}

fn content(page: GroupPage, writes: Writes) -> AnyView {
    let w = words();
    let crumbs = vec![("/devices".to_owned(), tu_string!(w, device.title).to_owned())];
    if page.product.is_none() {
        return view! {
            <PageHeader title=tu_string!(w, fleet.groups) crumbs />
            {no_products()}
        }
        .into_any();
    }
    let (groups, devices) =
        (page.groups.len(), page.groups.first().map(|root| grouped(root.all_devices)).unwrap_or_default());
    let facts = if page.groups.is_empty() {
        String::new()
    } else {
        tu_string!(w, fleet.groups_facts, groups, devices).to_string()
    };
    let new = page.writable.then(|| {
        let href = link_with([("edit", Some("new".to_owned())), ("page", None)]);
        view! {
            <a class="btn primary" href=href>
                <Icon name="i-plus" />
                {tu!(words(), fleet.new_group)}
            </a>
        }
    });
    let picker = (page.products.len() > 1).then(|| {
        let field = product_field(&page.products, page.product.as_ref());
        view! {
            <Form method="GET" action="/devices/groups" attr:class="panel fleet-filter">
                {field}
                <button class="btn" type="submit">
                    {tu!(words(), shell.apply)}
                </button>
            </Form>
        }
    });
    let edit = query("edit");
    let forms = {
        let page = page.clone();
        move || forms::pane(&edit.get(), &page, writes)
    };
    let body = match &page.group {
        None => view! {
            {forms}
            <Panel>
                <EmptyState title=tu_string!(w, fleet.no_groups) why=tu_string!(w, fleet.no_groups_why) />
            </Panel>
        }
        .into_any(),
        Some(group) => {
            let tree = tree::tree(&page);
            view! {
                <div class="grid g-model">
                    <Panel title=tu_string!(w, fleet.tree)>{tree}</Panel>
                    <div class="stack">
                        {forms} {facts_panel(&page, group, writes)} {members::panel(&page, group, writes)}
                    </div>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <PageHeader title=tu_string!(w, fleet.groups) facts crumbs>
            {new}
        </PageHeader>
        {picker}
        {body}
    }
    .into_any()
}

fn facts_panel(page: &GroupPage, group: &GroupInfo, writes: Writes) -> AnyView {
    let w = words();
    let all = format!("/devices?group={}", group.id);
    let actions = page.writable.then(|| forms::actions(page, group, writes));
    let way = tree::way(page, group);
    let facts = view! {
        <dl class="dl">
            <dt>{tu!(w, fleet.way)}</dt>
            <dd>{way}</dd>
            <dt>{tu!(w, fleet.own_devices)}</dt>
            <dd>{grouped(group.devices)}</dd>
            <dt>{tu!(w, fleet.all_devices)}</dt>
            <dd>
                <a class="fig" href=all>
                    {grouped(group.all_devices)}
                </a>
            </dd>
            <dt>"gid"</dt>
            <dd>
                <code class="wrap">{group.gid.clone()}</code>
            </dd>
            <dt>{tu!(w, device.made)}</dt>
            <dd>{page.made.clone()}</dd>
        </dl>
    };
    view! { <Panel title=name(group)>{facts} {actions}</Panel> }.into_any()
}
