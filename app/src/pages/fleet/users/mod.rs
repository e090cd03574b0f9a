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
use crate::api::fleet::users::{UserPage, UserQuery, UserView, get_device_users};
use crate::api::{Answer, Kind, Result};
use crate::live::version;
use crate::ui::{EmptyState, ErrorView, Icon, PageHeader, Panel, Skeleton, link_with, query};
use crate::words::{tu, tu_string, words};
use forms::Writes;

/// The people who use devices.
pub struct UsersPage {
    query: Memo<UserQuery>,
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
        let source = move || (query.get(), changed.get(), writes.done());
        let data = Resource::new(source, |(query, ..)| get_device_users(query));
        Self { query, data, writes }
    }

    fn view(this: Self) -> AnyView {
        let UsersPage { query, data, writes } = this;
        view! {
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    match data.await.and_then(Answer::read) {
                        Ok(page) => content(page, &query.get_untracked(), writes),
                        Err(error) if matches!(error.kind, Kind::Invalid | Kind::Coded(_)) => gone(),
                        Err(error) => {
                            view! {
                                <PageHeader title=tu_string!(words(), fleet.users) />
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

/// There is nobody of this id, or no such application or product.
fn gone() -> AnyView {
    #[cfg(feature = "ssr")]
    crate::ssr::not_found();
    let w = words();
    view! {
        <PageHeader title=tu_string!(w, fleet.users) />
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

fn content(page: UserPage, asked: &UserQuery, writes: Writes) -> AnyView {
    let w = words();
    let crumbs = vec![("/devices".to_owned(), tu_string!(w, device.title).to_owned())];
    if let UserView::One(person) = &page.view {
        return person::view(&page, person, writes);
    }
    let tabs = tabs([
        ("", tu_string!(w, fleet.users)),
        ("apps", tu_string!(w, fleet.apps)),
        ("reports", tu_string!(w, fleet.reports)),
    ]);
    let link = |edit: &'static str, label: &'static str, class: &'static str| {
        let href = link_with([("edit", Some(edit.to_owned())), ("page", None)]);
        view! {
            <a class=class href=href>
                {(edit == "new").then(|| view! { <Icon name="i-plus" /> })}
                {label}
            </a>
        }
    };
    let people = matches!(page.view, UserView::People(_));
    let actions = (people && page.writable && !page.apps.is_empty()).then(|| {
        view! {
            {link("import", tu_string!(w, fleet.import_users), "btn")}
            {link("new", tu_string!(w, fleet.new_user), "btn primary")}
        }
    });
    let edit = query("edit");
    let forms = {
        let (apps, writable) = (page.apps.clone(), page.writable && people);
        move || if writable { forms::pane(&edit.get(), &apps, writes) } else { ().into_any() }
    };
    let body = match &page.view {
        UserView::People(people) => list::view(&page, people, asked),
        UserView::Apps => apps::view(&page, writes),
        UserView::Reports(report) => reports::view(&page, report, asked),
        UserView::One(_) => ().into_any(),
    };
    view! {
        <PageHeader title=tu_string!(w, fleet.users) crumbs>
            {actions}
        </PageHeader>
        {tabs}
        {forms}
        {body}
    }
    .into_any()
}
