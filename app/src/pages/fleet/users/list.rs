//! The list.

use domain::fleet::view::{App, UserInfo};
use leptos::prelude::*;
use leptos_router::components::Form;

use super::csv;
use crate::api::fleet::users::{PAGE, PeopleView, UserPage, UserQuery};
use crate::ui::{Column, DataTable, EmptyState, Icon, Panel, Select, grouped};
use crate::words::{tu, tu_string, words};

type Row = (String, UserInfo);

/// What to call a person: their name, else what else is known of them.
pub fn name(user: &UserInfo) -> String {
    let known = [&user.name, &user.username, &user.phone, &user.email];
    let known = known.into_iter().flatten().find(|text| !text.is_empty());
    known.cloned().unwrap_or_else(|| tu_string!(words(), fleet.anonymous).to_owned())
}

/// The search.
pub fn search(apps: &[App], asked: &UserQuery) -> AnyView {
    let w = words();
    if apps.is_empty() {
        return ().into_any();
    }
    let filtered = is_filtered(asked);
    let options = std::iter::once((String::new(), tu_string!(w, fleet.any_app).to_owned()))
        .chain(apps.iter().map(|app| (app.appid.clone(), app.name.clone())))
        .collect();
    let (text, value) = (asked.text.clone(), asked.app.clone());
    view! {
        <Form method="GET" action="/devices/users" attr:class="panel fleet-filter" attr:role="search">
            <div class="field grow">
                <label for="f-text">{tu!(w, fleet.find)}</label>
                <div class="in-w">
                    <Icon name="i-search" />
                    <input class="in" type="search" id="f-text" name="text" value=text />
                </div>
            </div>
            <Select name="app" label=tu_string!(w, device.app) options value />
            <button class="btn" type="submit">
                {tu!(w, device.search_button)}
            </button>
            {filtered
                .then(|| {
                    view! {
                        <a class="btn quiet" href="/devices/users">
                            {tu!(w, device.clear)}
                        </a>
                    }
                })}
        </Form>
    }
    .into_any()
}

fn is_filtered(asked: &UserQuery) -> bool {
    !asked.text.is_empty() || !asked.app.is_empty()
}

/// List and pages.
pub fn view(page: &UserPage, people: &PeopleView, asked: &UserQuery) -> AnyView {
    let w = words();
    if page.apps.is_empty() {
        return view! {
            <Panel>
                <EmptyState title=tu_string!(w, fleet.no_apps) why=tu_string!(w, fleet.no_apps_why)>
                    <a class="btn s" href="/devices/users?tab=apps">
                        {tu!(w, fleet.apps)}
                    </a>
                </EmptyState>
            </Panel>
        }
        .into_any();
    }
    if people.people.is_empty() {
        let (title, why) = if is_filtered(asked) {
            (tu_string!(w, device.none), tu_string!(w, fleet.nobody_why))
        } else {
            (tu_string!(w, fleet.nobody), tu_string!(w, fleet.no_users_why))
        };
        return view! {
            <Panel>
                <EmptyState title why />
            </Panel>
        }
        .into_any();
    }
    let apps = page.apps.clone();
    let columns = vec![
        Column::new("user", tu_string!(w, fleet.user), |(_, user): &Row| {
            view! {
                <a class="two" href=format!("/devices/users?user={}", user.uid)>
                    <span>{name(user)}</span>
                    <small class="mono">{user.uid.clone()}</small>
                </a>
            }
        }),
        Column::new("app", tu_string!(w, device.app), move |(_, user): &Row| {
            let app = apps.iter().find(|(_, app)| app.appid == user.appid);
            app.map_or_else(|| user.appid.clone(), |(_, app)| app.name.clone())
        })
        .wide_only(),
        Column::new("phone", tu_string!(w, fleet.phone), |(_, user): &Row| {
            user.phone.clone().unwrap_or_else(|| "—".to_owned())
        })
        .wide_only(),
        Column::new("email", tu_string!(w, fleet.email), |(_, user): &Row| {
            user.email.clone().unwrap_or_else(|| "—".to_owned())
        })
        .wide_only(),
        Column::new("devices", tu_string!(w, device.title), |(_, user): &Row| grouped(user.devices))
            .numeric(),
        Column::new("made", tu_string!(w, device.registered), |(made, _): &Row| made.clone()).wide_only(),
    ];
    let title = tu_string!(w, fleet.people, count = grouped(people.total)).to_string();
    let (rows, paging, csv) = (people.people.clone(), (people.total, PAGE, people.page), csv(asked, ""));
    view! {
        <Panel title flush=true>
            <DataTable columns rows caption=tu_string!(w, fleet.users) paging csv />
        </Panel>
    }
    .into_any()
}
