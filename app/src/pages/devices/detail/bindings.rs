//! The machines the device speaks for, and the people who use it.

use domain::device::view::{BoundEquipment, BoundUser};
use leptos::prelude::*;

use crate::api::device::DevicePage;
use crate::api::{Answer, Result};
use crate::ui::{Column, DataTable, EmptyState, Panel, Skeleton};
use crate::words::{tu, tu_string, words};

type Row = (BoundUser, (String, Option<String>));

/// The tab.
pub fn tab(device: Resource<Result<Answer<DevicePage>>>) -> AnyView {
    view! {
        <Transition fallback=Skeleton>
            {move || Suspend::new(async move {
                let page = device.await.and_then(Answer::read).ok()?;
                Some(view! { {machines(&page.device.equipment)} {people(page.device.users.into_iter().zip(page.users).collect())} })
            })}
        </Transition>
    }
    .into_any()
}

fn machines(equipment: &[BoundEquipment]) -> AnyView {
    let w = words();
    if equipment.is_empty() {
        return view! {
            <Panel title=tu_string!(w, device.machines)>
                <EmptyState title=tu_string!(w, device.machines_none) why=tu_string!(w, device.machines_none_why) />
            </Panel>
        }
        .into_any();
    }
    let machine = |one: &BoundEquipment| {
        let name = one.name.clone().unwrap_or_else(|| one.asset_num.clone());
        view! {
            <li>
                <span class="st">
                    <a class="fig" href=format!("/oee/machine/{}", one.id)>
                        {name}
                    </a>
                    <code>{one.asset_num.clone()}</code>
                </span>
            </li>
        }
    };
    let machines = equipment.iter().map(machine).collect_view();
    view! {
        <Panel title=tu_string!(w, device.machines)>
            <ul>{machines}</ul>
        </Panel>
    }
    .into_any()
}

fn people(rows: Vec<Row>) -> AnyView {
    let w = words();
    if rows.is_empty() {
        return view! {
            <Panel title=tu_string!(w, device.users)>
                <EmptyState title=tu_string!(w, device.users_none) why=tu_string!(w, device.users_none_why) />
            </Panel>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("user", tu_string!(w, device.user), |(user, _): &Row| {
            view! {
                <span class="two">
                    <span>{user.name.clone().unwrap_or_else(|| user.uid.clone())}</span>
                    <small class="mono">{user.uid.clone()}</small>
                </span>
            }
        }),
        Column::new("app", tu_string!(w, device.app), |(user, _): &Row| user.app.clone()).wide_only(),
        Column::new("role", tu_string!(w, device.role), |(user, _): &Row| {
            let words = if user.owner {
                tu_string!(words(), device.owner)
            } else {
                tu_string!(words(), device.guest)
            };
            view! { <span class="tag">{words}</span> }
        }),
        Column::new("from", tu_string!(w, device.bound), |(_, (from, _)): &Row| from.clone()),
        Column::new("until", tu_string!(w, device.unbound), |(_, (_, until)): &Row| match until {
            Some(until) => until.clone().into_any(),
            None => view! { <span class="tag good">{tu!(words(), device.still)}</span> }.into_any(),
        }),
    ];
    view! {
        <Panel title=tu_string!(w, device.users) flush=true>
            <DataTable columns rows caption=tu_string!(w, device.users) />
        </Panel>
    }
    .into_any()
}
