//! Registering people, one or a table of them.

use domain::fleet::view::App;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::results::results;
use crate::api::fleet::users::{BindDevices, CreateApp, CreateUser, ImportUsers, UnbindDevice};
use crate::ui::{Drafted, Field, FormError, Lines, Panel, Select, failure};
use crate::words::{tu, tu_string, words};

const FIELDS: &[&str] =
    &["appid", "uid", "username", "name", "phone", "email", "country", "region", "city", "remark"];

/// What the page can do. It outlives what is fetched, so that an answer is not lost.
#[derive(Clone, Copy)]
pub struct Writes {
    /// Makes an application.
    pub app: ServerAction<CreateApp>,
    create: ServerAction<CreateUser>,
    import: ServerAction<ImportUsers>,
    /// Binds devices.
    pub bind: ServerAction<BindDevices>,
    /// Ends a binding.
    pub unbind: ServerAction<UnbindDevice>,
}

impl Writes {
    /// Nothing done yet.
    pub fn new() -> Self {
        Self {
            app: ServerAction::new(),
            create: ServerAction::new(),
            import: ServerAction::new(),
            bind: ServerAction::new(),
            unbind: ServerAction::new(),
        }
    }

    /// Grows with each thing done.
    pub fn done(self) -> usize {
        self.app.version().get()
            + self.create.version().get()
            + self.import.version().get()
            + self.bind.version().get()
            + self.unbind.version().get()
    }
}

fn options(apps: &[App]) -> Vec<(String, String)> {
    apps.iter().map(|app| (app.appid.clone(), app.name.clone())).collect()
}

/// The form that the address asks for.
pub fn pane(edit: &str, apps: &[App], writes: Writes) -> AnyView {
    let form = match edit {
        "new" => create(apps, writes),
        "import" => import(apps, writes),
        _ => return ().into_any(),
    };
    view! { <div class="edit-form">{form}</div> }.into_any()
}

fn buttons(label: &'static str) -> AnyView {
    view! {
        <div class="acts">
            <button class="btn primary" type="submit">
                {label}
            </button>
            <a class="btn quiet" href="/devices/users">
                {tu!(words(), common.cancel)}
            </a>
        </div>
    }
    .into_any()
}

fn create(apps: &[App], writes: Writes) -> AnyView {
    let w = words();
    let action = writes.create;
    let error = failure(action);
    let options = options(apps);
    view! {
        <Panel title=tu_string!(w, fleet.new_user)>
            <ActionForm action attr:class="stack2">
                <Drafted path=CreateUser::PATH>
                    <div class="params three">
                        <Select name="appid" label=tu_string!(w, device.app) options error />
                        <Field name="username" label=tu_string!(w, fleet.username) error />
                        <Field name="name" label=tu_string!(w, fleet.person_name) error />
                        <Field name="phone" label=tu_string!(w, fleet.phone) error />
                        <Field name="email" label=tu_string!(w, fleet.email) error />
                        <Field name="uid" label="uid" help=tu_string!(w, fleet.appid_help) error />
                        <Field name="country" label=tu_string!(w, fleet.country) error />
                        <Field name="region" label=tu_string!(w, fleet.region) error />
                        <Field name="city" label=tu_string!(w, fleet.city) error />
                    </div>
                    <Field name="remark" label=tu_string!(w, fleet.remark) error />
                    <FormError error fields=FIELDS />
                    {buttons(tu_string!(w, fleet.create))}
                </Drafted>
            </ActionForm>
        </Panel>
    }
    .into_any()
}

fn import(apps: &[App], writes: Writes) -> AnyView {
    let w = words();
    let action = writes.import;
    let error = failure(action);
    let options = options(apps);
    view! {
        <Panel title=tu_string!(w, fleet.import_users)>
            <ActionForm action attr:class="stack2">
                <Drafted path=ImportUsers::PATH>
                    <input type="hidden" name="back" value="/devices/users?edit=import" />
                    <Select name="appid" label=tu_string!(w, device.app) options error />
                    <Lines name="csv" label=tu_string!(w, fleet.csv) help=tu_string!(w, fleet.csv_help) error />
                    <FormError error fields=&["appid", "csv"] />
                    {buttons(tu_string!(w, device.import_do))}
                </Drafted>
            </ActionForm>
            {results(action)}
        </Panel>
    }
    .into_any()
}
