//! Devices: facets, list and map of the same filter, all in the address; one device; products.

mod chosen;
pub mod detail;
mod facets;
mod list;
mod map;
pub mod marks;
pub mod products;

use domain::device::view::{DeviceList, DeviceMap};
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::api::device::{DeviceQuery, get_device_map, get_devices};
use crate::api::{Answer, Result};
use crate::live::calm_version;
use crate::ui::{ErrorView, Icon, PageHeader, Skeleton, grouped};
use crate::words::{tu, tu_string, words};

/// The devices of the plant.
pub struct DevicesPage {
    query: Memo<DeviceQuery>,
    list: Resource<Result<Answer<DeviceList>>>,
    map: Resource<Result<Answer<DeviceMap>>>,
}

#[lazy_route]
impl LazyRoute for DevicesPage {
    fn data() -> Self {
        let (query, changed) = (chosen::query_of_url(), calm_version("device"));
        let list = Resource::new(move || (query.get(), changed.get()), |(query, _)| get_devices(query));
        // Page and order change nothing on the map.
        let place =
            Memo::new(move |_| DeviceQuery { sort: String::new(), page: String::new(), ..query.get() });
        let map = Resource::new(move || (place.get(), changed.get()), |(query, _)| get_device_map(query));
        Self { query, list, map }
    }

    fn view(this: Self) -> AnyView {
        let DevicesPage { query, list, map } = this;
        view! {
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    let answer = list.await.and_then(Answer::read);
                    answer.map_or_else(|_| head(None), |list| head(Some(list)))
                })}
            </Transition>
            {move || view! { <chosen::Search query=query.get() /> }}
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    match list.await.and_then(Answer::read) {
                        Err(error) => view! { <ErrorView error /> }.into_any(),
                        Ok(shown) => body(shown, query, map).into_any(),
                    }
                })}
            </Transition>
        }
        .into_any()
    }
}

fn head(list: Option<DeviceList>) -> AnyView {
    let facts = list.map(|list| {
        let (all, online, trouble) =
            (grouped(list.stock.total), grouped(list.stock.online), grouped(list.stock.trouble));
        tu_string!(words(), device.facts, all, online, trouble).to_string()
    });
    view! {
        <PageHeader title=tu_string!(words(), device.title) facts=facts.unwrap_or_default()>
            <a class="btn" href="/devices/groups">
                <Icon name="i-tree" />
                {tu!(words(), shell.groups)}
            </a>
            <a class="btn" href="/devices/reports">
                <Icon name="i-cockpit" />
                {tu!(words(), shell.reports)}
            </a>
            <a class="btn" href="/devices/users">
                <Icon name="i-user" />
                {tu!(words(), shell.device_users)}
            </a>
            <a class="btn" href="/products">
                <Icon name="i-box" />
                {tu!(words(), device.products)}
            </a>
        </PageHeader>
    }
    .into_any()
}

fn body(
    shown: DeviceList,
    query: Memo<DeviceQuery>,
    map: Resource<Result<Answer<DeviceMap>>>,
) -> impl IntoView + use<> {
    if shown.stock.total == 0 && shown.facets.disabled == 0 {
        return list::none_yet(!shown.facets.products.is_empty()).into_any();
    }
    let asked = query.get_untracked();
    view! {
        {chosen::chips(&asked, &shown.facets)}
        <div class="grid g-dev">
            {facets::panel(&asked, &shown.facets)}
            {list::panel(shown, &asked)}
            <Transition fallback=Skeleton>
                {move || Suspend::new(async move {
                    match map.await.and_then(Answer::read) {
                        Err(error) => view! { <ErrorView error /> }.into_any(),
                        Ok(map) => view! { <map::MapPanel map /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}
