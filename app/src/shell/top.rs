//! The top bar: range, live, language, theme, person.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::api::session::{Prefer, SignOut};
use crate::live::Live;
use crate::shell::Person;
use crate::ui::{Icon, RangeBar};
use crate::words::{chinese, tu, tu_string, words};
use domain::access::Role;
use leptos::server_fn::ServerFn;

/// Paths of the pages that show a time range.
const TIMED: &[&str] = &["/oee", "/device/"];

/// The top bar.
#[component]
pub fn TopBar() -> impl IntoView {
    let path = use_location().pathname;
    let timed = Memo::new(move |_| path.with(|path| TIMED.iter().any(|timed| path.starts_with(timed))));
    view! {
        <header class="top">
            <Show when=move || timed.get()>
                <RangeBar />
                <LiveToggle />
            </Show>
            <div class="end">
                <LanguageSwitch />
                {Person::show(|me| {
                    view! {
                        <ThemeSwitch dark=me.dark />
                        <PersonMenu name=me.name role=me.role />
                    }
                })}
            </div>
        </header>
    }
}

/// Says whether figures follow the plant, lets them stand still, and says when the connection is lost.
#[component]
fn LiveToggle() -> impl IntoView {
    let live = expect_context::<Live>();
    let title = move || {
        if live.lost.get() {
            tu_string!(words(), common.stale_why)
        } else if live.on.get() {
            tu_string!(words(), shell.live_on)
        } else {
            tu_string!(words(), shell.live_off)
        }
    };
    view! {
        <button
            class="live"
            class:lost=live.lost
            type="button"
            aria-pressed=move || live.on.get().to_string()
            title=title
            on:click=move |_| live.toggle()
        >
            <i></i>
            <span role="status">
                {move || if live.lost.get() { tu_string!(words(), shell.live_lost) } else { tu_string!(words(), shell.live) }}
            </span>
        </button>
    }
}

/// Says the other language; works without scripting.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let other = if chinese() { "en" } else { "zh" };
    view! {
        <form method="post" action=Prefer::PATH class="inline">
            <input type="hidden" name="language" value=other />
            <button class="btn quiet lang" type="submit" lang=other>
                {tu!(words(), shell.language)}
            </button>
        </form>
    }
}

/// Offers both themes and shows, by style, only the one that is not on.
#[component]
pub fn ThemeSwitch(
    /// The theme chosen before; without one the system decides.
    dark: Option<bool>,
) -> impl IntoView {
    let to = |theme: &'static str, name: &'static str, icon: &'static str| {
        view! {
            <button
                class=format!("btn sq quiet to-{theme}")
                type="submit"
                name="theme"
                value=theme
                aria-label=name
                title=name
                aria-pressed=(dark == Some(theme == "dark")).to_string()
            >
                <Icon name=icon />
            </button>
        }
    };
    view! {
        <form method="post" action=Prefer::PATH class="inline">
            {to("dark", tu_string!(words(), shell.theme_dark), "i-moon")}
            {to("light", tu_string!(words(), shell.theme_light), "i-sun")}
        </form>
    }
}

#[component]
fn PersonMenu(name: String, role: Role) -> impl IntoView {
    let role = match role {
        Role::Administrator => tu_string!(words(), shell.administrator),
        Role::Viewer => tu_string!(words(), shell.viewer),
    };
    view! {
        <details class="menu">
            <summary class="btn quiet who" aria-label=name.clone()>
                <Icon name="i-user" />
                <span>{name.clone()}</span>
            </summary>
            <div class="menu-b">
                <p>
                    <b>{name}</b>
                    <small>{role}</small>
                </p>
                <form method="post" action=SignOut::PATH>
                    <button class="btn quiet" type="submit">
                        <Icon name="i-power" />
                        {tu!(words(), shell.sign_out)}
                    </button>
                </form>
            </div>
        </details>
    }
}
