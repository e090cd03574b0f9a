//! Shifts and planned shutdowns: a node's month, what is in force on a day, and the forms that change it.

mod day;
mod form;
mod grid;
mod list;
mod ruler;
mod wall;

use domain::calendar::DayType;
use domain::modelling::Model;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::api::calendar::{CalendarView, Draft, Layout, get_calendar, get_draft};
use crate::api::modelling::{Branch, get_tree};
use crate::api::{Answer, Result};
use crate::live::version;
use crate::pages::model::tree::{ModelTree, Place};
use crate::ui::{EmptyState, ErrorView, Icon, PageHeader, Panel, Skeleton, link_with, query};
use crate::words::{tu, tu_string, words};

/// Shifts and planned shutdowns.
pub struct CalendarPage {
    tree: Resource<Result<Answer<Vec<Branch>>>>,
    view: Resource<Result<Answer<Option<CalendarView>>>>,
    draft: Resource<Result<Answer<Option<Draft>>>>,
    writes: form::Writes,
}

fn layout(name: &str) -> Layout {
    match name {
        "week" => Layout::Week,
        "list" => Layout::List,
        _ => Layout::Month,
    }
}

#[lazy_route]
impl LazyRoute for CalendarPage {
    fn data() -> Self {
        let (node, date, view, edit) = (query("node"), query("date"), query("view"), query("edit"));
        let (model, calendar, writes) = (version("modelling"), version("calendar"), form::Writes::new());
        let tree = Resource::new(
            move || (node.get(), model.get()),
            |(node, _)| get_tree(Model::Factory, node, false),
        );
        let view = Resource::new(
            move || (node.get(), date.get(), layout(&view.get()), (calendar.get(), writes.done())),
            |(node, date, layout, _)| get_calendar(node, date, layout),
        );
        // Not live: nobody's typing is taken away by another person's change.
        let draft = Resource::new(
            move || (node.get(), date.get(), edit.get()),
            |(node, date, edit)| async move {
                if edit.is_empty() { Ok(Answer::none()) } else { get_draft(node, date, edit).await }
            },
        );
        Self { tree, view, draft, writes }
    }

    fn view(this: Self) -> AnyView {
        let CalendarPage { tree, view, draft, writes } = this;
        let now = query("view");
        view! {
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    match view.await.and_then(Answer::read) {
                        Err(error) => view! {
                            <PageHeader title=tu_string!(words(), calendar.title) />
                            <ErrorView error />
                        }
                        .into_any(),
                        Ok(None) => no_factory().into_any(),
                        Ok(Some(view)) => head(&view, layout(&now.get_untracked())).into_any(),
                    }
                })}
            </Transition>
            <div class="grid g-cal">
                <Transition fallback=|| ()>
                    {move || Suspend::new(async move {
                        let (branches, view) = (tree.await.and_then(Answer::read), view.await.and_then(Answer::read).ok().flatten()?);
                        Some(side(branches, &view))
                    })}
                </Transition>
                <Transition fallback=|| ()>
                    {move || Suspend::new(async move {
                        let view = view.await.and_then(Answer::read).ok().flatten()?;
                        Some(match layout(&now.get_untracked()) {
                            Layout::Month => view! { <grid::Grid view /> }.into_any(),
                            Layout::Week => view! { <ruler::Ruler view /> }.into_any(),
                            Layout::List => view! { <list::Records view /> }.into_any(),
                        })
                    })}
                </Transition>
                <div class="stack cal-pane">
                    // Outside of what follows the plant: what somebody types stays.
                    <form::FormPane draft writes />
                    <Transition fallback=|| ()>
                        {move || Suspend::new(async move {
                            view.await.and_then(Answer::read).ok().flatten().map(|view| view! { <day::DayPane view /> })
                        })}
                    </Transition>
                </div>
            </div>
        }
        .into_any()
    }
}

fn no_factory() -> impl IntoView {
    view! {
        <PageHeader title=tu_string!(words(), calendar.title) />
        <Panel>
            <EmptyState title=tu_string!(words(), calendar.empty) why=tu_string!(words(), calendar.empty_why)>
                <a class="btn" href="/model">
                    {tu!(words(), calendar.to_model)}
                </a>
            </EmptyState>
        </Panel>
    }
}

fn head(view: &CalendarView, now: Layout) -> impl IntoView + use<> {
    let in_month = |date: &str| now == Layout::Week || date.starts_with(&view.date.to_string()[..7]);
    let counted = view.days.days.iter().filter(|day| in_month(&day.date));
    let workdays = counted.clone().filter(|day| day.day_type == DayType::Workday).count();
    let planned: f64 = counted.map(|day| day.planned_minutes).sum();
    let node = view.node().map(|node| node.name.clone()).unwrap_or_default();
    let current = view.node().map(|node| node.id);
    let minutes = grid::whole(planned);
    let facts = tu_string!(words(), calendar.facts, node, days = workdays, minutes).to_string();
    let crumb =
        |node: &domain::calendar::CalendarNode| (format!("/calendar?node={}", node.id), node.name.clone());
    let crumbs = view.days.chain.iter().skip(1).rev().map(crumb).collect();
    let tab = |layout: Layout, name: Option<&str>, words: &'static str| {
        let href = link_with([("view", name.map(str::to_owned)), ("edit", None)]);
        view! {
            <a href=href aria-current=(layout == now).then_some("true")>
                {words}
            </a>
        }
    };
    let tabs = view! {
        <span class="seg" role="group" aria-label=tu_string!(words(), calendar.layouts)>
            {tab(Layout::Month, None, tu_string!(words(), calendar.month))}
            {tab(Layout::Week, Some("week"), tu_string!(words(), calendar.week))}
            {tab(Layout::List, Some("list"), tu_string!(words(), calendar.list))}
        </span>
    };
    let csv =
        format!("/ui/calendar.csv?node={}&date={}&layout={now:?}", current.unwrap_or_default(), view.date);
    let writes = view.writable.then(|| {
        let shift = link_with([("edit", Some("shift".to_owned()))]);
        let shutdown = link_with([("edit", Some("shutdown".to_owned()))]);
        view! {
            <a class="btn" href=shutdown>
                {tu!(words(), calendar.new_shutdown)}
            </a>
            <a class="btn primary" href=shift>
                <Icon name="i-plus" />
                {tu!(words(), calendar.new_shift)}
            </a>
        }
    });
    view! {
        <PageHeader title=tu_string!(words(), calendar.title) facts crumbs>
            {tabs}
            <a class="btn" href=csv download="" rel="external">
                <Icon name="i-dl" />
                "CSV"
            </a>
            {writes}
        </PageHeader>
    }
}

fn side(branches: Result<Vec<Branch>>, view: &CalendarView) -> impl IntoView + use<> {
    let current = view.node().map(|node| node.id);
    view! {
        <div class="stack cal-side">
            <Panel title=tu_string!(words(), calendar.nodes)>
                <ModelTree
                    place=Place { page: "/calendar", model: Model::Factory, archived: false }
                    branches
                    current
                />
            </Panel>
            <Panel title=tu_string!(words(), calendar.legend)>
                <grid::Legend />
            </Panel>
        </div>
    }
}
