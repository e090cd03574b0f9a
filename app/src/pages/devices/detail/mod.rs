//! One device: what it is and says now, what it was, when it was on line, what was said, who uses it.

mod bindings;
mod control;
mod events;
mod facts;
mod history;
mod messages;
mod online;
mod points;
pub mod value;

use std::sync::Arc;

use domain::device::view::{Before, MessageEntry, OnlineEntry};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};

use super::marks::state;
use crate::api::device::{
    ControlDevice, DevicePage, Log, get_device, get_history, get_messages, get_online_log,
};
use crate::api::{Answer, Kind, Result};
use crate::live::calm_version;
use crate::ui::{
    EmptyState, ErrorView, Icon, PageHeader, Panel, RangePresets, Skeleton, link_with, query, use_range,
};
use crate::words::{tu, tu_string, words};

/// The parts of the page, `?tab=` of the address.
const TABS: [&str; 4] = ["", "online", "messages", "bindings"];

/// One device.
pub struct DeviceDetailPage {
    device: Resource<Result<Answer<DevicePage>>>,
    history: Resource<Option<Result<Answer<history::Drawn>>>>,
    online: Resource<Option<Result<Answer<Log<OnlineEntry>>>>>,
    messages: Resource<Option<Result<Answer<Log<MessageEntry>>>>>,
    control: ServerAction<ControlDevice>,
}

#[lazy_route]
impl LazyRoute for DeviceDetailPage {
    fn data() -> Self {
        let (range, params, changed) = (use_range(), use_params_map(), calm_version("device"));
        let (tab, point, before) = (query("tab"), query("point"), query("before"));
        let id = Memo::new(move |_| {
            params.with(|params| params.get("id").and_then(|id| id.parse().ok()).unwrap_or(0))
        });
        let control = ServerAction::new();
        let source = move || (id.get(), changed.get(), control.version().get());
        let device = Resource::new(source, |(id, ..)| get_device(id));
        // Only what the tab shows is read.
        let is = move |name: &'static str| tab.with(|tab| tab == name);
        let history = Resource::new(
            move || (id.get(), range.get(), point.get(), is(""), changed.get()),
            |(id, range, point, shown, _)| async move {
                if shown { Some(get_history(id, point, range.to_string()).await) } else { None }
            },
        );
        let online = Resource::new(
            move || (id.get(), range.get(), before.get(), is("online"), changed.get()),
            |(id, range, before, shown, _)| async move {
                if shown { Some(get_online_log(id, range.to_string(), before).await) } else { None }
            },
        );
        let messages = Resource::new(
            move || (id.get(), range.get(), before.get(), is("messages"), changed.get()),
            |(id, range, before, shown, _)| async move {
                if shown { Some(get_messages(id, range.to_string(), before).await) } else { None }
            },
        );
        Self { device, history, online, messages, control }
    }

    fn view(this: Self) -> AnyView {
        let DeviceDetailPage { device, history, online, messages, control } = this;
        let tab = query("tab");
        view! {
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    match device.await.and_then(Answer::read) {
                        Ok(page) => header(&page),
                        Err(error) if error.kind == Kind::Invalid => gone(),
                        Err(error) => {
                            view! {
                                <PageHeader title=tu_string!(words(), device.device) />
                                <ErrorView error />
                            }
                                .into_any()
                        }
                    }
                })}
            </Transition>
            {move || match tab.get().as_str() {
                "online" => online::tab(online),
                "messages" => messages::tab(messages),
                "bindings" => bindings::tab(device),
                _ => overview(device, history, control),
            }}
        }
        .into_any()
    }
}

/// There is no such device.
fn gone() -> AnyView {
    #[cfg(feature = "ssr")]
    crate::ssr::not_found();
    let w = words();
    view! {
        <PageHeader title=tu_string!(w, device.gone) />
        <Panel>
            <EmptyState title=tu_string!(w, device.gone) why=tu_string!(w, device.gone_why)>
                <a class="btn s" href="/devices">
                    {tu!(w, device.title)}
                </a>
            </EmptyState>
        </Panel>
    }
    .into_any()
}

fn header(page: &DevicePage) -> AnyView {
    let w = words();
    let line = &page.device.line;
    let title = line.serial_number.clone().filter(|serial| !serial.is_empty());
    let crumbs = vec![("/devices".to_owned(), tu_string!(w, device.title).to_owned())];
    let range = use_range();
    let tab = query("tab");
    let counts = [0, 0, 0, page.device.users.len() + page.device.equipment.len()];
    let link = |(name, count): (&'static str, usize)| {
        let href = link_with([
            ("tab", (!name.is_empty()).then(|| name.to_owned())),
            ("before", None),
            ("page", None),
        ]);
        let words = match name {
            "online" => tu_string!(w, device.tab_online),
            "messages" => tu_string!(w, device.tab_messages),
            "bindings" => tu_string!(w, device.tab_bindings),
            _ => tu_string!(w, device.tab_now),
        };
        view! {
            <a href=href aria-current=move || tab.with(|tab| tab == name).then_some("page")>
                {words}
                {(count > 0).then(|| view! { <small>{count}</small> })}
            </a>
        }
    };
    let state = state(line);
    view! {
        <PageHeader title=title.unwrap_or_else(|| line.mac.clone()) facts=line.product.clone() crumbs>
            {state}
            {move || view! { <RangePresets range=range.get() /> }}
        </PageHeader>
        <nav class="tabs" aria-label=tu_string!(w, device.tabs)>
            {TABS.into_iter().zip(counts).map(link).collect_view()}
        </nav>
    }
    .into_any()
}

fn overview(
    device: Resource<Result<Answer<DevicePage>>>,
    history: Resource<Option<Result<Answer<history::Drawn>>>>,
    control: ServerAction<ControlDevice>,
) -> AnyView {
    view! {
        <Transition fallback=Skeleton>
            {move || Suspend::new(async move {
                let page = Arc::new(device.await.and_then(Answer::read).ok()?);
                let drawn = page.device.points.iter().any(domain::device::view::Point::drawn);
                Some(view! {
                    <div class="grid g-mach">
                        <div class="stack">
                            {points::panel(&page, control)}
                            {facts::panel(&page)}
                        </div>
                        <div class="stack">
                            {drawn.then(|| history::panel(&page, history))}
                            {events::panel(&page)}
                        </div>
                    </div>
                })
            })}
        </Transition>
    }
    .into_any()
}

/// The links of a log: to the newest page, and to older entries.
fn turning(older: Option<Before>) -> AnyView {
    let w = words();
    let before = query("before");
    let newest = link_with([("before", None)]);
    let older = older.map(|Before { at, entry: (ts, seq) }| {
        let href = link_with([("before", Some(format!("{at}_{ts}_{seq}")))]);
        view! {
            <a class="btn s" href=href>
                {tu!(w, device.older)}
                <Icon name="i-right" small=true />
            </a>
        }
    });
    view! {
        <nav class="pager" aria-label=tu_string!(w, device.pages)>
            {move || {
                let newest = newest.clone();
                (!before.get().is_empty())
                    .then(|| {
                        view! {
                            <a class="btn s" href=newest>
                                <Icon name="i-left" small=true />
                                {tu!(w, device.newest)}
                            </a>
                        }
                    })
            }}
            {older}
        </nav>
    }
    .into_any()
}

/// A link to the file of a log in the range that is shown.
fn file(path: &'static str) -> AnyView {
    let (range, params) = (use_range(), use_params_map());
    let href = move || {
        let id = params.with(|params| params.get("id")).unwrap_or_default();
        format!("{path}?id={id}&range={}", range.get())
    };
    view! {
        <a class="btn s" href=href download="" rel="external">
            <Icon name="i-dl" small=true />
            {tu!(words(), common.csv)}
        </a>
    }
    .into_any()
}
