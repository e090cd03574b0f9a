//! The devices of a group itself.

use domain::fleet::view::{GroupInfo, Member};
use leptos::form::ActionForm;
use leptos::prelude::*;

use super::forms::Writes;
use super::href;
use crate::api::fleet::groups::{GroupPage, PAGE};
use crate::pages::devices::marks::State;
use crate::ui::{Column, DataTable, EmptyState, FormError, Panel, failure, grouped, link_with};
use crate::words::{tu, tu_string, words};

/// Their panel: who may change the group takes some of them out.
pub fn panel(page: &GroupPage, group: &GroupInfo, writes: Writes) -> AnyView {
    let w = words();
    let note = grouped(page.total);
    if page.members.is_empty() {
        let paste = page.writable.then(|| {
            let href = link_with([("edit", Some("assign".to_owned())), ("page", None)]);
            view! {
                <a class="btn s" href=href>
                    {tu!(words(), fleet.paste)}
                </a>
            }
        });
        return view! {
            <Panel title=tu_string!(w, fleet.members)>
                <EmptyState title=tu_string!(w, fleet.no_members) why=tu_string!(w, fleet.no_members_why)>
                    {paste}
                </EmptyState>
            </Panel>
        }
        .into_any();
    }
    let csv = {
        let product = page.product.as_ref().map(|product| product.id).unwrap_or_default();
        format!("/ui/fleet/group.csv?query[product]={product}&query[group]={}", group.id)
    };
    let (writable, chosen) = (page.writable, writes.chosen);
    let columns = vec![
        Column::new("device", tu_string!(w, device.device), move |device: &Member| {
            let choose = tu_string!(words(), fleet.choose, name = device.mac.clone()).to_string();
            let (did, own) = (device.did.clone(), device.did.clone());
            let toggle = move |_| {
                chosen.update(|chosen| {
                    if chosen.contains(&own) {
                        chosen.retain(|did| *did != own);
                    } else {
                        chosen.push(own.clone());
                    }
                });
            };
            let checked = {
                let did = did.clone();
                move || chosen.with(|chosen| chosen.contains(&did))
            };
            let tick = writable.then(|| {
                view! {
                    <input
                        class="tick"
                        type="checkbox"
                        name="dids[]"
                        value=did
                        aria-label=choose
                        prop:checked=checked
                        on:change=toggle
                    />
                }
            });
            view! {
                <span class="picked">
                    {tick}
                    <a class="two" href=format!("/device/{}", device.id)>
                        <span>{device.serial_number.clone().unwrap_or_else(|| device.mac.clone())}</span>
                        <small class="mono">{device.did.clone()}</small>
                    </a>
                </span>
            }
        }),
        Column::new("state", tu_string!(w, device.state), |device: &Member| {
            let state = state(device);
            view! { <span class="st">{state.mark()} {state.name()}</span> }
        }),
        Column::new("mac", tu_string!(w, device.mac), |device: &Member| {
            view! { <code>{device.mac.clone()}</code> }
        })
        .wide_only(),
    ];
    let table = view! {
        <DataTable
            columns
            rows=page.members.clone()
            caption=tu_string!(w, fleet.members)
            paging=(page.total, PAGE, page.page)
            csv
        />
    };
    if !page.writable {
        return view! { <Panel title=tu_string!(w, fleet.members) note flush=true>{table}</Panel> }
            .into_any();
    }
    let action = writes.remove;
    let error = failure(action);
    let product_key = page.product.as_ref().map(|product| product.product_key.clone());
    let (gid, back) = (group.gid.clone(), href(page, Some(group.id)));
    view! {
        <Panel title=tu_string!(w, fleet.members) note flush=true>
            <ActionForm action>
                <input type="hidden" name="product_key" value=product_key />
                <input type="hidden" name="gid" value=gid />
                <input type="hidden" name="back" value=back />
                {table}
                <div class="pad take-out">
                    <FormError error />
                    <button class="btn s" type="submit">
                        {tu!(w, fleet.take_out)}
                    </button>
                </div>
            </ActionForm>
        </Panel>
    }
    .into_any()
}

fn state(device: &Member) -> State {
    if device.disabled {
        State::Disabled
    } else if device.faults > 0 {
        State::Fault
    } else if device.alarms > 0 {
        State::Alarm
    } else if device.online {
        State::Online
    } else {
        State::Offline
    }
}
