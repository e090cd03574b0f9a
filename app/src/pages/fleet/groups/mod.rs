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
use crate::live::version;
use crate::ui::{EmptyState, ErrorView, Icon, PageHeader, Panel, Skeleton, grouped, link_with, query};
use crate::words::{tu, tu_string, words};
use forms::Writes;

/// Groups of devices.
pub struct GroupsPage {
    data: Resource<Result<Answer<GroupPage>>>,
    draft: Resource<Option<Result<Answer<GroupPage>>>>,
    writes: Writes,
}

#[lazy_route]
impl LazyRoute for GroupsPage {
    fn data() -> Self {
        let (product, group, page) = (query("product"), query("group"), query("page"));
        // What devices do all the time changes no group: nothing that is open here closes again.
        let (changed, writes, edit) = (version("fleet"), Writes::new(), query("edit"));
        let asked = move || GroupQuery { product: product.get(), group: group.get(), page: page.get() };
        let source = move || (asked(), changed.get(), writes.done());
        let data = Resource::new(source, |(query, ..)| get_groups(query));
        // Not live: nobody's typing is taken away by another person's change.
        let draft = Resource::new(
            move || (GroupQuery { page: String::new(), ..asked() }, edit.get()),
            |(query, edit)| async move { if edit.is_empty() { None } else { Some(get_groups(query).await) } },
        );
        Self { data, draft, writes }
    }

    fn view(this: Self) -> AnyView {
        let GroupsPage { data, draft, writes } = this;
        let edit = query("edit");
        view! {
            <Transition fallback=|| ()>
                {move || Suspend::new(async move { head(data.await.and_then(Answer::read).ok()) })}
            </Transition>
            <Transition fallback=|| ()>
                {move || Suspend::new(async move {
                    let page = draft.await?.and_then(Answer::read).ok()?;
                    Some(forms::pane(&edit.get_untracked(), &page, writes))
                })}
            </Transition>
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    match data.await.and_then(Answer::read) {
                        Ok(page) => content(&page, writes),
                        Err(error) if error.kind == Kind::Invalid => gone(),
                        Err(error) => view! { <ErrorView error /> }.into_any(),
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

/// The head, and the product where there are several.
fn head(page: Option<GroupPage>) -> AnyView {
    let w = words();
    let crumbs = vec![("/devices".to_owned(), tu_string!(w, device.title).to_owned())];
    let page = page.unwrap_or_default();
    let facts = page.groups.first().map(|root| {
        let (groups, devices) = (page.groups.len(), grouped(root.all_devices));
        tu_string!(w, fleet.groups_facts, groups, devices).to_string()
    });
    let new = (page.writable && page.product.is_some()).then(|| {
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
    view! {
        <PageHeader title=tu_string!(w, fleet.groups) facts=facts.unwrap_or_default() crumbs>
            {new}
        </PageHeader>
        {picker}
    }
    .into_any()
}

fn content(page: &GroupPage, writes: Writes) -> AnyView {
    let w = words();
    if page.product.is_none() {
        return no_products();
    }
    let Some(group) = &page.group else {
        return view! {
            <Panel>
                <EmptyState title=tu_string!(w, fleet.no_groups) why=tu_string!(w, fleet.no_groups_why) />
            </Panel>
        }
        .into_any();
    };
    let tree = tree::tree(page);
    view! {
        <div class="grid g-model">
            <Panel title=tu_string!(w, fleet.tree)>{tree}</Panel>
            <div class="stack">{facts_panel(page, group, writes)} {members::panel(page, group, writes)}</div>
        </div>
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
