//! A node in full: what it is, what is below it, its attributes and links, and what refers to it.

use domain::modelling::{Model, Node, NodeDetail, NodeKind, Referrer, TreeRow};
use leptos::prelude::*;

use super::actions::{Actions, wire};
use super::attributes::Attributes;
use super::form::Writes;
use super::links::Links;
use super::operations::Operations;
use super::title;
use super::tree::{Place, flag_words, icon, kind_words};
use crate::api::modelling::NodePage;
use crate::ui::{Column, DataTable, EmptyState, Icon, PageHeader, Panel, grouped, link_with};
use crate::words::{chinese, tu, tu_string, words};

/// The head of the page: the way to the node, and what may be done with it.
pub fn head(page: &NodePage, place: Place) -> impl IntoView + use<> {
    let node = page.detail.as_ref().map(|detail| &detail.node);
    let name = node.map_or_else(|| title(place.model).to_owned(), |node| node.name.clone());
    let facts = node.map(|node| format!("{} · {}", kind_words(node.kind), node.code)).unwrap_or_default();
    let mut crumbs = Vec::new();
    if let Some(detail) = &page.detail {
        crumbs.push((place.page.to_owned(), title(place.model).to_owned()));
        crumbs.extend(detail.path.iter().map(|node| (place.href(node.id), node.name.clone())));
    }
    let usable = node.is_none_or(Node::usable);
    let child = match node {
        Some(node) => node.kind.child(),
        None => NodeKind::at(place.model, 1),
    };
    let writes = (page.writable && usable).then(|| {
        let edit = node.map(|_| {
            let href = link_with([("edit", Some("node".to_owned())), ("find", None)]);
            view! {
                <a class="btn" href=href>
                    <Icon name="i-edit" />
                    {tu!(words(), model.edit)}
                </a>
            }
        });
        let new = child.map(|kind| {
            let href = link_with([("edit", Some("new".to_owned())), ("find", None)]);
            view! {
                <a class="btn primary" href=href>
                    <Icon name="i-plus" />
                    {tu_string!(words(), model.new, kind = kind_words(kind)).to_string()}
                </a>
            }
        });
        view! {
            {edit}
            {new}
        }
    });
    let csv = format!("/ui/model.csv?model={}&archived={}", wire(place), place.archived);
    view! {
        <PageHeader title=name facts crumbs>
            <a class="btn" href=csv download="" rel="external">
                <Icon name="i-dl" />
                "CSV"
            </a>
            {writes}
        </PageHeader>
    }
}

/// The pane beside the tree.
#[component]
pub fn NodePane(
    /// What is known of the node.
    node: NodePage,
    /// Where the page is.
    place: Place,
    /// What it can do.
    writes: Writes,
) -> impl IntoView {
    let NodePage { detail, children, times, linkable, operations, writable } = node;
    let Some(detail) = detail else { return roots(children, place) };
    let NodeDetail { node, path: _, attributes, dependences, referrers } = detail;
    let writable = writable && node.usable();
    let linked = matches!(
        node.kind,
        NodeKind::Beltline | NodeKind::MachiningCenter | NodeKind::Technology | NodeKind::Process
    );
    let attributed = node.kind != NodeKind::Equipment;
    let below = match place.model {
        Model::Process => view! { <Operations operations current=node.id /> }.into_any(),
        Model::Factory => (!children.is_empty()).then(|| table(children, place, None)).into_any(),
    };
    let (doomed, owner) = (node.clone(), node.clone());
    let refers = referrers.clone();
    let (name, facts) = (node.name.clone(), facts(&node, times));
    view! {
        <Panel title=name>
            {facts}
            {writable.then(|| view! { <Actions node=doomed referrers=refers place writes /> })}
        </Panel>
        {below}
        {attributed.then(|| view! { <Attributes node=owner attributes place writes writable /> })}
        {linked.then(|| view! { <Links node dependences linkable place writes writable /> })}
        <Panel title=tu_string!(words(), model.referrers)>{referred(referrers)}</Panel>
    }
    .into_any()
}

fn facts(node: &Node, (created, modified): (String, String)) -> impl IntoView + use<> {
    let w = words();
    let class = if node.usable() { "tag" } else { "tag warn" };
    let description = node.description.clone().filter(|text| !text.is_empty()).map(|text| {
        view! {
            <dt>{tu!(w, model.description)}</dt>
            <dd>{text}</dd>
        }
    });
    view! {
        <dl class="dl">
            <dt>{tu!(w, model.kind)}</dt>
            <dd>{kind_words(node.kind)}</dd>
            <dt>{tu!(w, model.code)}</dt>
            <dd>
                <code>{node.code.clone()}</code>
            </dd>
            <dt>{tu!(w, model.id)}</dt>
            <dd>
                <code>{node.id}</code>
            </dd>
            <dt>{tu!(w, model.state)}</dt>
            <dd>
                <span class=class>{flag_words(node.flag)}</span>
            </dd>
            {description}
            <dt>{tu!(w, model.created)}</dt>
            <dd>{created}</dd>
            <dt>{tu!(w, model.modified)}</dt>
            <dd>{modified}</dd>
        </dl>
    }
}

fn roots(children: Vec<TreeRow>, place: Place) -> AnyView {
    let w = words();
    if !children.is_empty() {
        let title = match place.model {
            Model::Factory => tu_string!(w, model.roots),
            Model::Process => tu_string!(w, process.roots),
        };
        return table(children, place, Some(title)).into_any();
    }
    let (title, why) = match place.model {
        Model::Factory => (tu_string!(w, model.empty), tu_string!(w, model.empty_why)),
        Model::Process => (tu_string!(w, process.empty), tu_string!(w, process.empty_why)),
    };
    view! {
        <Panel>
            <EmptyState title=title why=why />
        </Panel>
    }
    .into_any()
}

fn table(children: Vec<TreeRow>, place: Place, title: Option<&'static str>) -> impl IntoView {
    let w = words();
    let title = title.unwrap_or_else(|| tu_string!(w, model.children));
    let name = move |row: &TreeRow| {
        let (href, icon, name) = (place.href(row.node.id), icon(row.node.kind), row.node.name.clone());
        view! {
            <a class="st" href=href>
                <Icon name=icon />
                {name}
            </a>
        }
    };
    let columns = vec![
        Column::new("name", tu_string!(w, model.name), name),
        Column::new("code", tu_string!(w, model.code), |row: &TreeRow| {
            view! { <code>{row.node.code.clone()}</code> }
        }),
        Column::new("state", tu_string!(w, model.state), |row: &TreeRow| flag_words(row.node.flag))
            .wide_only(),
        Column::new("children", tu_string!(w, model.count_below), |row: &TreeRow| row.children).numeric(),
    ];
    view! {
        <Panel title=title flush=true>
            <DataTable columns rows=children caption=title />
        </Panel>
    }
}

/// What refers to a node, in words.
pub fn referred(referrers: Vec<Referrer>) -> AnyView {
    if referrers.is_empty() {
        return view! { <p class="mut">{tu!(words(), model.referrers_none)}</p> }.into_any();
    }
    let line = |Referrer { what, count }: Referrer| {
        view! {
            <li>
                <b>{grouped(count)}</b>
                " "
                {what.in_language(chinese()).to_owned()}
            </li>
        }
    };
    view! { <ul>{referrers.into_iter().map(line).collect_view()}</ul> }.into_any()
}
