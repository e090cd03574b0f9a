//! The navigation: one line a page.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::shell::Person;
use crate::ui::Icon;
use crate::words::{tu, tu_string, words};

/// A page in the navigation.
struct Entry {
    path: &'static str,
    icon: &'static str,
    name: &'static str,
    /// For the tab bar of a phone.
    short: &'static str,
}

/// The groups of pages. A new page is one line here.
fn groups() -> [(&'static str, Vec<Entry>); 3] {
    let w = words();
    let entry = |path, icon, name, short| Entry { path, icon, name, short };
    [
        (
            tu_string!(w, shell.plant),
            vec![
                entry("/oee", "i-oee", tu_string!(w, shell.oee), tu_string!(w, shell.oee)),
                entry("/calendar", "i-cal", tu_string!(w, shell.calendar), tu_string!(w, shell.calendar)),
                entry("/model", "i-tree", tu_string!(w, shell.model), tu_string!(w, shell.model_short)),
                entry(
                    "/process",
                    "i-route",
                    tu_string!(w, shell.process),
                    tu_string!(w, shell.process_short),
                ),
            ],
        ),
        (
            tu_string!(w, shell.fleet),
            vec![
                entry("/devices", "i-device", tu_string!(w, shell.devices), tu_string!(w, shell.devices)),
                entry("/devices/groups", "i-tree", tu_string!(w, shell.groups), tu_string!(w, shell.groups)),
                entry(
                    "/devices/reports",
                    "i-cockpit",
                    tu_string!(w, shell.reports),
                    tu_string!(w, shell.reports),
                ),
                entry(
                    "/devices/users",
                    "i-user",
                    tu_string!(w, shell.device_users),
                    tu_string!(w, shell.device_users),
                ),
                entry("/products", "i-box", tu_string!(w, shell.products), tu_string!(w, shell.products)),
            ],
        ),
        (
            tu_string!(w, shell.administration),
            vec![entry("/logs", "i-order", tu_string!(w, shell.logs), tu_string!(w, shell.logs_short))],
        ),
    ]
}

/// The navigation at the side.
#[component]
pub fn Navigation() -> impl IntoView {
    let group = |(title, entries): (&'static str, Vec<Entry>)| {
        let link = |entry: Entry| {
            view! {
                <A href=entry.path attr:class="nav-a" attr:title=entry.name exact=entry.path == "/devices">
                    <Icon name=entry.icon />
                    <span>{entry.name}</span>
                </A>
            }
        };
        view! {
            <h2>{title}</h2>
            {entries.into_iter().map(link).collect_view()}
        }
    };
    view! {
        <nav class="nav" aria-label=tu_string!(words(), shell.main_navigation)>
            <A href="/" attr:class="brand" exact=true>
                <Logo />
                <span>"Millwright"</span>
            </A>
            <div class="plant">
                {Person::show(|me| {
                    view! {
                        <span>
                            <b>{me.tenant}</b>
                            <small>{me.zone}</small>
                        </span>
                    }
                })}
            </div>
            {groups().into_iter().map(group).collect_view()}
            <div class="nav-end">
                <input class="fold" id="fold" type="checkbox" autocomplete="off" />
                <label class="nav-a fold-b" for="fold">
                    <Icon name="i-fold" />
                    <span>{tu!(words(), shell.fold)}</span>
                </label>
            </div>
        </nav>
    }
}

/// The tab bar at the bottom of a phone.
#[component]
pub fn TabBar() -> impl IntoView {
    let tab = |entry: Entry| {
        view! {
            <A href=entry.path>
                <Icon name=entry.icon />
                <span>{entry.short}</span>
            </A>
        }
    };
    let tabs = groups().into_iter().flat_map(|(_, entries)| entries).take(5).map(tab).collect_view();
    view! {
        <nav class="tabbar" aria-label=tu_string!(words(), shell.main_navigation)>
            {tabs}
        </nav>
    }
}

/// The mark of the product.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg aria-hidden="true" viewBox="0 0 24 24">
            <use_ href="#logo" />
        </svg>
    }
}
