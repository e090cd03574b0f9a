//! The people who use devices: the list, one of them with their devices, applications, reports.

mod apps;
mod forms;
mod list;
mod person;
mod reports;

use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use leptos_router::{LazyRoute, lazy_route};

use super::tabs;
use crate::api::fleet::users::{UserFrame, UserPage, UserQuery, UserView, get_device_users, get_user_frame};
use crate::api::{Answer, Kind, Result};
use crate::live::version;
use crate::ui::{EmptyState, ErrorView, Icon, PageHeader, Panel, Skeleton, link_with, query};
use crate::words::{tu, tu_string, words};
use forms::Writes;

/// The people who use devices.
pub struct UsersPage {
    query: Memo<UserQuery>,
    frame: Resource<Result<Answer<UserFrame>>>,
    data: Resource<Result<Answer<UserPage>>>,
    writes: Writes,
}

#[lazy_route]
impl LazyRoute for UsersPage {
    fn data() -> Self {
        let (tab, text, app, page, user) =
            (query("tab"), query("text"), query("app"), query("page"), query("user"));
        let (product, cycle, start, end) = (query("product"), query("cycle"), query("start"), query("end"));
        let query = Memo::new(move |_| UserQuery {
            tab: tab.get(),
            text: text.get(),
            app: app.get(),
            page: page.get(),
            user: user.get(),
            product: product.get(),
            cycle: cycle.get(),
            start: start.get(),
            end: end.get(),
        });
        let (changed, writes) = (version("fleet"), Writes::new());
        // Not live: nobody's typing is taken away by another person's change.
        let frame = Resource::new(
            move || (query.get(), writes.app.version().get()),
            |(query, _)| get_user_frame(query),
        );
        let source = move || (query.get(), changed.get(), writes.done());
        let data = Resource::new(source, |(query, ..)| get_device_users(query));
        Self { query, frame, data, writes }
    }

    fn view(this: Self) -> AnyView {
        let UsersPage { query, frame, data, writes } = this;
        let edit = crate::ui::query("edit");
        view! {
            <Transition fallback=|| ()>
                {move || {
                    let edit = edit.get();
                    Suspend::new(async move {
                        let answer = frame.await.and_then(Answer::read);
                        answer.map_or_else(|_| title(), |frame| above(&frame, &query.get_untracked(), &edit, writes))
                    })
                }}
            </Transition>
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    match data.await.and_then(Answer::read) {
                        Ok(page) => content(&page, &query.get_untracked(), writes),
                        Err(error) if matches!(error.kind, Kind::Invalid | Kind::Coded(_)) => gone(),
                        Err(error) => view! { <ErrorView error /> }.into_any(),
                    }
                })}
            </Transition>
        }
        .into_any()
    }
}

/// There is nobody of this id, or no such application or product.
fn gone() -> AnyView {
    #[cfg(feature = "ssr")]
    crate::ssr::not_found();
    let w = words();
    view! {
        <Panel>
            <EmptyState title=tu_string!(w, fleet.user_gone) why=tu_string!(w, device.gone_why)>
                <a class="btn s" href="/devices/users">
                    {tu!(w, fleet.users)}
                </a>
            </EmptyState>
        </Panel>
    }
    .into_any()
}

/// The address of a file with what the filter leaves.
fn csv(query: &UserQuery, tab: &str) -> String {
    let mut map = ParamsMap::new();
    for (name, value) in [
        ("query[tab]", tab),
        ("query[text]", query.text.as_str()),
        ("query[app]", &query.app),
        ("query[product]", &query.product),
        ("query[cycle]", &query.cycle),
        ("query[start]", &query.start),
        ("query[end]", &query.end),
    ] {
        map.insert(name, value.to_owned());
    }
    format!("/ui/fleet/users.csv{}", map.to_query_string())
}

fn crumbs() -> Vec<(String, String)> {
    vec![("/devices".to_owned(), tu_string!(words(), device.title).to_owned())]
}

/// The head alone, where nothing could be read.
fn title() -> AnyView {
    view! { <PageHeader title=tu_string!(words(), fleet.users) crumbs=crumbs() /> }.into_any()
}

/// Head, parts of the page and its forms: all that stays while others change what is shown.
fn above(frame: &UserFrame, asked: &UserQuery, edit: &str, writes: Writes) -> AnyView {
    let w = words();
    if let Some(user) = &frame.user {
        return person::above(frame, user, edit, writes);
    }
    if !asked.user.is_empty() {
        // Its head comes with it.
        return ().into_any();
    }
    let people = asked.tab.is_empty();
    let link = |edit: &'static str, label: &'static str, class: &'static str| {
        let href = link_with([("edit", Some(edit.to_owned())), ("page", None)]);
        view! {
            <a class=class href=href>
                {(edit == "new").then(|| view! { <Icon name="i-plus" /> })}
                {label}
            </a>
        }
    };
    let actions = (people && frame.writable && !frame.apps.is_empty()).then(|| {
        view! {
            {link("import", tu_string!(w, fleet.import_users), "btn")}
            {link("new", tu_string!(w, fleet.new_user), "btn primary")}
        }
    });
    let tabs = tabs([
        ("", tu_string!(w, fleet.users)),
        ("apps", tu_string!(w, fleet.apps)),
        ("reports", tu_string!(w, fleet.reports)),
    ]);
    let forms = match asked.tab.as_str() {
        "reports" => reports::filter(&frame.report),
        "apps" if frame.writable => apps::form(writes),
        "" => {
            let form = if frame.writable { forms::pane(edit, &frame.apps, writes) } else { ().into_any() };
            view! {
                {form}
                {list::search(&frame.apps, asked)}
            }
            .into_any()
        }
        _ => ().into_any(),
    };
    view! {
        <PageHeader title=tu_string!(w, fleet.users) crumbs=crumbs()>
            {actions}
        </PageHeader>
        {tabs}
        {forms}
    }
    .into_any()
}

fn content(page: &UserPage, asked: &UserQuery, writes: Writes) -> AnyView {
    match &page.view {
        UserView::People(people) => list::view(page, people, asked),
        UserView::One(person) => person::view(page, person, writes),
        UserView::Apps => apps::view(page),
        UserView::Reports(report) => reports::view(report, asked),
    }
}
