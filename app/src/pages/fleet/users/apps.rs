//! Applications.

use domain::fleet::view::App;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::forms::Writes;
use crate::api::fleet::users::{CreateApp, UserPage};
use crate::ui::{Column, DataTable, Drafted, EmptyState, Field, FormError, Panel, failure, grouped};
use crate::words::{tu, tu_string, words};

type Row = (String, App);

/// The applications.
pub fn view(page: &UserPage) -> AnyView {
    let w = words();
    if page.apps.is_empty() {
        view! {
            <Panel title=tu_string!(w, fleet.apps)>
                <EmptyState title=tu_string!(w, fleet.no_apps) why=tu_string!(w, fleet.no_apps_why) />
            </Panel>
        }
        .into_any()
    } else {
        let columns = vec![
            Column::new("app", tu_string!(w, device.app), |(_, app): &Row| {
                view! {
                    <span class="two">
                        <span>{app.name.clone()}</span>
                        <small class="mono wrap">{app.appid.clone()}</small>
                    </span>
                }
            }),
            Column::new("users", tu_string!(w, fleet.users), |(_, app): &Row| {
                view! {
                    <a class="fig" href=format!("/devices/users?app={}", app.appid)>
                        {grouped(app.users)}
                    </a>
                }
            })
            .numeric(),
            Column::new("made", tu_string!(w, device.made), |(made, _): &Row| made.clone()).wide_only(),
        ];
        let note = page.apps.len().to_string();
        let rows = page.apps.clone();
        view! {
            <Panel title=tu_string!(w, fleet.apps) note flush=true>
                <DataTable columns rows caption=tu_string!(w, fleet.apps) />
            </Panel>
        }
        .into_any()
    }
}

/// The form for a new one.
pub fn form(writes: Writes) -> AnyView {
    let w = words();
    let action = writes.app;
    let error = failure(action);
    view! {
        <Panel title=tu_string!(w, fleet.new_app)>
            <ActionForm action attr:class="stack2">
                <Drafted path=CreateApp::PATH>
                    <div class="params">
                        <Field name="name" label=tu_string!(w, device.name) required=true error />
                        <Field name="appid" label="appid" help=tu_string!(w, fleet.appid_help) error />
                    </div>
                    <FormError error fields=&["name", "appid"] />
                    <div class="acts">
                        <button class="btn primary" type="submit">
                            {tu!(w, fleet.create)}
                        </button>
                    </div>
                </Drafted>
            </ActionForm>
        </Panel>
    }
    .into_any()
}
