//! Importing a product by its definition, and its settings.

use domain::device::view::ProductDetail;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::Error;
use crate::api::device::{ImportDevices, ImportProduct, SetProduct};
use crate::api::product::{CreateProduct, PutPoint, RemovePoint, SetMachineRule};
use crate::ui::{Drafted, Field, FormError, Icon, Panel, Select, done, drafted, failure, link_with};
use crate::words::{chinese, tu, tu_string, words};

/// What the pages can do. It outlives what is fetched, so that an answer is not lost.
#[derive(Clone, Copy)]
pub struct Writes {
    import: ServerAction<ImportProduct>,
    set: ServerAction<SetProduct>,
    devices: ServerAction<ImportDevices>,
    /// A new product.
    pub create: ServerAction<CreateProduct>,
    /// A datapoint, new or changed.
    pub point: ServerAction<PutPoint>,
    /// A datapoint less.
    pub remove: ServerAction<RemovePoint>,
    /// What the datapoints mean for a machine.
    pub rule: ServerAction<SetMachineRule>,
}

impl Writes {
    /// Nothing done yet.
    pub fn new() -> Self {
        Self {
            import: ServerAction::new(),
            set: ServerAction::new(),
            devices: ServerAction::new(),
            create: ServerAction::new(),
            point: ServerAction::new(),
            remove: ServerAction::new(),
            rule: ServerAction::new(),
        }
    }

    /// Grows with each thing done.
    pub fn done(self) -> Memo<usize> {
        let counts = [
            done(self.import),
            done(self.set),
            done(self.devices),
            done(self.create),
            done(self.point),
            done(self.remove),
            done(self.rule),
        ];
        Memo::new(move |_| counts.iter().map(|count| count.get()).sum())
    }
}

/// A field for many lines, with its help and its refusal.
#[component]
pub fn Lines(
    /// Name of the parameter it fills.
    name: &'static str,
    /// Its label.
    label: &'static str,
    /// What belongs in it.
    help: &'static str,
    /// Lines that it shows.
    rows: &'static str,
    /// What it holds at first.
    #[prop(optional, into)]
    value: String,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// The failure of the last attempt.
    error: Signal<Option<Error>>,
) -> impl IntoView {
    let chinese = chinese();
    let refused =
        move || error.with(|error| Some(error.as_ref()?.for_field(name)?.in_language(chinese).to_owned()));
    let (id, note) = (format!("f-{name}"), format!("f-{name}-help"));
    let note_id = note.clone();
    let note = move || match refused() {
        Some(reason) => view! {
            <p class="err" id=note.clone() role="alert">
                <Icon name="i-warn" small=true />
                <span>{reason}</span>
            </p>
        }
        .into_any(),
        None => view! {
            <p class="help" id=note.clone()>
                {help}
            </p>
        }
        .into_any(),
    };
    view! {
        <div class="field" class:bad=move || refused().is_some()>
            <label for=id.clone()>{label}</label>
            <textarea class="in area mono" id=id name=name rows=rows required=!optional spellcheck="false" aria-describedby=note_id>
                {drafted(name, value)}
            </textarea>
            {note}
        </div>
    }
}

/// The form that makes a product out of its definition, or gives a known one another definition.
#[component]
pub fn ImportPane(
    /// What the page can do.
    writes: Writes,
) -> impl IntoView {
    let w = words();
    let action = writes.import;
    let error = failure(action);
    view! {
        <div class="edit-form">
            <Panel title=tu_string!(w, device.import)>
                <ActionForm action attr:class="stack2">
                    <Drafted path=ImportProduct::PATH>
                        <Lines
                            name="definition"
                            label=tu_string!(w, device.definition)
                            help=tu_string!(w, device.definition_help)
                            rows="10"
                            error
                        />
                        <div class="params three">
                            <Field name="name" label=tu_string!(w, device.name) help=tu_string!(w, device.name_help) error />
                            <Field
                                name="product_key"
                                label=tu_string!(w, device.key)
                                help=tu_string!(w, device.key_help)
                                error
                            />
                            <Field
                                name="product_secret"
                                kind="password"
                                autocomplete="off"
                                label=tu_string!(w, device.secret)
                                help=tu_string!(w, device.secret_help)
                                error
                            />
                        </div>
                        <FormError error fields=&["definition", "name", "product_key", "product_secret"] />
                        <div class="acts">
                            <button
                                class="btn primary"
                                type="submit"
                                aria-disabled=move || action.pending().get().then_some("true")
                            >
                                {tu!(w, device.import_do)}
                            </button>
                            <a class="btn quiet" href="/products">
                                {tu!(w, common.cancel)}
                            </a>
                        </div>
                    </Drafted>
                </ActionForm>
            </Panel>
        </div>
    }
}

/// Whether it is published, who may read it, how long messages are kept, and what says where its devices are.
#[component]
pub fn SettingsPane(
    /// The product.
    product: ProductDetail,
    /// What the page can do.
    writes: Writes,
) -> impl IntoView {
    let w = words();
    let action = writes.set;
    let error = failure(action);
    let line = product.line;
    let (longitude, latitude) =
        product.position.map(|rule| (rule.longitude, rule.latitude)).unwrap_or_default();
    let choice = |yes: bool| if yes { "true" } else { "false" };
    let options = move || {
        vec![
            ("true".to_owned(), tu_string!(w, device.yes).to_owned()),
            ("false".to_owned(), tu_string!(w, device.no).to_owned()),
        ]
    };
    view! {
        <div class="edit-form"><Panel title=tu_string!(w, device.settings)>
            <ActionForm action attr:class="stack2">
                <Drafted path=SetProduct::PATH>
                    <input type="hidden" name="id" value=line.id />
                    <Select
                        name="published"
                        label=tu_string!(w, device.published)
                        options=options()
                        value=choice(line.published)
                    />
                    <Select
                        name="logs_enabled"
                        label=tu_string!(w, device.logs_published)
                        options=options()
                        value=choice(product.logs_enabled)
                    />
                    <Select name="api_enabled" label=tu_string!(w, device.api) options=options() value=choice(line.api_enabled) />
                    <Field
                        name="retention_days"
                        kind="number"
                        label=tu_string!(w, device.retention)
                        help=tu_string!(w, device.retention_help)
                        value=line.retention_days.to_string()
                        required=true
                        error
                    />
                    <Field
                        name="longitude_point"
                        label=tu_string!(w, device.longitude_point)
                        help=tu_string!(w, device.position_help)
                        value=longitude
                        error
                    />
                    <Field
                        name="latitude_point"
                        label=tu_string!(w, device.latitude_point)
                        help=tu_string!(w, device.position_help)
                        value=latitude
                        error
                    />
                    <FormError error fields=&["retention_days", "longitude_point", "latitude_point"] />
                    <div class="acts">
                        <button
                            class="btn primary"
                            type="submit"
                            aria-disabled=move || action.pending().get().then_some("true")
                        >
                            {tu!(w, common.save)}
                        </button>
                        <a class="btn quiet" href=link_with([("edit", None)])>
                            {tu!(w, common.cancel)}
                        </a>
                    </div>
                </Drafted>
            </ActionForm>
        </Panel></div>
    }
}

/// The form that makes devices known, or says where they are: a table, pasted.
#[component]
pub fn DevicesPane(
    /// Id of their product.
    product: i64,
    /// What the page can do.
    writes: Writes,
) -> impl IntoView {
    let w = words();
    let action = writes.devices;
    let error = failure(action);
    view! {
        <div class="edit-form"><Panel title=tu_string!(w, device.import_devices)>
            <ActionForm action attr:class="stack2">
                <Drafted path=ImportDevices::PATH>
                    <input type="hidden" name="id" value=product />
                    <Lines
                        name="table"
                        label=tu_string!(w, device.table)
                        help=tu_string!(w, device.table_help)
                        rows="6"
                        error
                    />
                    <FormError error fields=&["table"] />
                    <div class="acts">
                        <button
                            class="btn primary"
                            type="submit"
                            aria-disabled=move || action.pending().get().then_some("true")
                        >
                            {tu!(w, device.import_do)}
                        </button>
                        <a class="btn quiet" href=link_with([("edit", None)])>
                            {tu!(w, common.cancel)}
                        </a>
                    </div>
                </Drafted>
            </ActionForm>
        </Panel></div>
    }
}
