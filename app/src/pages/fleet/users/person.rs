//! One person, and their devices.

use domain::fleet::view::{BindingInfo, UserInfo};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::results::results;
use super::forms::Writes;
use super::list::name;
use crate::api::fleet::users::{BindDevices, PersonView, UserFrame, UserPage};
use crate::ui::{
    Column, DataTable, Drafted, EmptyState, FormError, Icon, Lines, PageHeader, Panel, Select, failure,
    link_with,
};
use crate::words::{tu, tu_string, words};

type Row = (BindingInfo, String, Option<String>);

/// Head and form of a person that may be changed.
pub fn above(frame: &UserFrame, user: &UserInfo, edit: &str, writes: Writes) -> AnyView {
    let may = !frame.report.products.is_empty();
    let bind = (may && edit == "bind").then(|| {
        let form = bind(frame, user, writes);
        view! { <div class="edit-form">{form}</div> }
    });
    view! {
        {head(user, may)}
        {bind}
    }
    .into_any()
}

fn head(user: &UserInfo, may_bind: bool) -> AnyView {
    let w = words();
    let crumbs = vec![
        ("/devices".to_owned(), tu_string!(w, device.title).to_owned()),
        ("/devices/users".to_owned(), tu_string!(w, fleet.users).to_owned()),
    ];
    let bind = may_bind.then(|| {
        let href = link_with([("edit", Some("bind".to_owned()))]);
        view! {
            <a class="btn primary" href=href>
                <Icon name="i-link" />
                {tu!(words(), fleet.bind)}
            </a>
        }
    });
    view! {
        <PageHeader title=name(user) crumbs>
            {bind}
        </PageHeader>
    }
    .into_any()
}

/// The page of a person.
pub fn view(page: &UserPage, person: &PersonView, writes: Writes) -> AnyView {
    let w = words();
    let user = &person.user.info;
    let mut facts = vec![
        ("uid", Some(user.uid.clone())),
        (tu_string!(w, device.app), Some(person.user.app.clone())),
        (tu_string!(w, fleet.username), user.username.clone()),
        (tu_string!(w, fleet.person_name), user.name.clone()),
        (tu_string!(w, fleet.phone), user.phone.clone()),
        (tu_string!(w, fleet.email), user.email.clone()),
        (tu_string!(w, fleet.birthday), person.user.birthday.clone()),
        (tu_string!(w, fleet.gender), person.user.gender.clone()),
        (tu_string!(w, device.place), Some(person.user.place.join(" › "))),
        (tu_string!(w, fleet.address), person.user.address.clone()),
        (tu_string!(w, fleet.remark), person.user.remark.clone()),
        (tu_string!(w, device.registered), Some(person.made.clone())),
    ];
    facts.retain(|(_, value)| value.as_ref().is_some_and(|value| !value.is_empty()));
    let fact = |(name, value): (&'static str, Option<String>)| {
        view! {
            <dt>{name}</dt>
            <dd class="wrap">{value}</dd>
        }
    };
    let facts = facts.into_iter().map(fact).collect_view();
    // Who may change nothing has no form, and the head with it.
    let head = (!page.writable).then(|| head(user, false));
    view! {
        {head}
        <div class="grid g-product">
            {devices(page, person, writes)}
            <Panel title=tu_string!(w, device.identity)>
                <dl class="dl">{facts}</dl>
            </Panel>
        </div>
    }
    .into_any()
}

fn devices(page: &UserPage, person: &PersonView, writes: Writes) -> AnyView {
    let w = words();
    if person.bindings.is_empty() {
        return view! {
            <Panel title=tu_string!(w, fleet.their_devices)>
                <EmptyState title=tu_string!(w, fleet.no_bindings) why=tu_string!(w, fleet.no_bindings_why) />
            </Panel>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("device", tu_string!(w, device.device), |(binding, ..): &Row| {
            view! {
                <a class="two" href=format!("/devices?text={}", binding.did)>
                    <span class="mono">{binding.mac.clone()}</span>
                    <small class="mono">{binding.did.clone()}</small>
                </a>
            }
        }),
        Column::new("role", tu_string!(w, device.role), |(binding, ..): &Row| {
            let words = if binding.owner {
                tu_string!(words(), device.owner)
            } else {
                tu_string!(words(), device.guest)
            };
            binding.unbound_at.is_none().then(|| view! { <span class="tag">{words}</span> })
        }),
        Column::new("from", tu_string!(w, device.bound), |(_, from, _): &Row| from.clone()).wide_only(),
        Column::new("until", tu_string!(w, device.unbound), |(_, _, until): &Row| match until {
            Some(until) => until.clone().into_any(),
            None => view! { <span class="tag good">{tu!(words(), device.still)}</span> }.into_any(),
        }),
    ];
    let mut columns = columns;
    if page.writable {
        let action = writes.unbind;
        columns.push(Column::new("unbind", tu_string!(w, fleet.act), move |(binding, ..): &Row| {
            let label = tu_string!(words(), fleet.unbind_one, name = binding.mac.clone()).to_string();
            let binding = binding.clone();
            binding.unbound_at.is_none().then(|| {
                view! {
                    <ActionForm action>
                        <input type="hidden" name="product_key" value=binding.product_key.clone() />
                        <input type="hidden" name="appid" value=binding.appid.clone() />
                        <input type="hidden" name="uid" value=binding.uid.clone() />
                        <input type="hidden" name="did" value=binding.did.clone() />
                        <input type="hidden" name="back" value=format!("/devices/users?user={}", binding.uid) />
                        <button class="btn s" type="submit" aria-label=label>
                            {tu!(words(), fleet.unbind)}
                        </button>
                    </ActionForm>
                }
            })
        }));
    }
    let note = person.user.info.devices.to_string();
    let error = failure(writes.unbind);
    let rows = person.bindings.clone();
    view! {
        <Panel title=tu_string!(w, fleet.their_devices) note flush=true>
            <FormError error />
            <DataTable columns rows caption=tu_string!(w, fleet.their_devices) />
        </Panel>
    }
    .into_any()
}

fn bind(frame: &UserFrame, user: &UserInfo, writes: Writes) -> AnyView {
    let w = words();
    let action = writes.bind;
    let error = failure(action);
    let products = frame.report.products.iter();
    let options = products.map(|product| (product.product_key.clone(), product.name.clone())).collect();
    let cancel = format!("/devices/users?user={}", user.uid);
    let (appid, uid) = (user.appid.clone(), user.uid.clone());
    view! {
        <Panel title=tu_string!(w, fleet.bind)>
            <ActionForm action attr:class="stack2">
                <Drafted path=BindDevices::PATH>
                    <input type="hidden" name="appid" value=appid />
                    <input type="hidden" name="uid" value=uid.clone() />
                    <input type="hidden" name="back" value=format!("/devices/users?user={uid}&edit=bind") />
                    <Select name="product_key" label=tu_string!(w, device.product) options error />
                    <Lines name="dids" label=tu_string!(w, fleet.dids) help=tu_string!(w, fleet.dids_help) rows="4" error />
                    <FormError error fields=&["dids", "product_key"] />
                    <div class="acts">
                        <button class="btn primary" type="submit">
                            {tu!(w, fleet.bind_do)}
                        </button>
                        <a class="btn quiet" href=cancel>
                            {tu!(w, common.cancel)}
                        </a>
                    </div>
                </Drafted>
            </ActionForm>
            {results(action)}
        </Panel>
    }
    .into_any()
}
