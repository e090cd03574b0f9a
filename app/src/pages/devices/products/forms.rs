//! Importing a product by its definition, and its settings.

use domain::device::view::ProductDetail;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::device::{ImportProduct, SetProduct};
use crate::ui::{Drafted, Field, FormError, Icon, Panel, Select, drafted, failure};
use crate::words::{chinese, tu, tu_string, words};

/// What the pages can do. It outlives what is fetched, so that an answer is not lost.
#[derive(Clone, Copy)]
pub struct Writes {
    import: ServerAction<ImportProduct>,
    set: ServerAction<SetProduct>,
}

impl Writes {
    /// Nothing done yet.
    pub fn new() -> Self {
        Self { import: ServerAction::new(), set: ServerAction::new() }
    }

    /// Grows with each thing done.
    pub fn done(self) -> usize {
        self.import.version().get() + self.set.version().get()
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
    let chinese = chinese();
    let refused = move || {
        error.with(|error| Some(error.as_ref()?.for_field("definition")?.in_language(chinese).to_owned()))
    };
    view! {
        <div class="edit-form">
            <Panel title=tu_string!(w, device.import)>
                <ActionForm action attr:class="stack2">
                    <Drafted path=ImportProduct::PATH>
                        <div class="field" class:bad=move || refused().is_some()>
                            <label for="f-definition">{tu!(w, device.definition)}</label>
                            <textarea
                                class="in area mono"
                                id="f-definition"
                                name="definition"
                                rows="10"
                                required
                                spellcheck="false"
                                aria-describedby="f-definition-help"
                            >
                                {drafted("definition", String::new())}
                            </textarea>
                            {move || match refused() {
                                Some(reason) => {
                                    view! {
                                        <p class="err" id="f-definition-help" role="alert">
                                            <Icon name="i-warn" small=true />
                                            <span>{reason}</span>
                                        </p>
                                    }
                                        .into_any()
                                }
                                None => {
                                    view! {
                                        <p class="help" id="f-definition-help">
                                            {tu!(w, device.definition_help)}
                                        </p>
                                    }
                                        .into_any()
                                }
                            }}
                        </div>
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
                                autocomplete=Some("off")
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

/// Whether it is published, who may read it, and how long messages are kept.
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
    let choice = |yes: bool| if yes { "true" } else { "false" };
    let options = || {
        vec![
            ("true".to_owned(), tu_string!(w, device.yes).to_owned()),
            ("false".to_owned(), tu_string!(w, device.no).to_owned()),
        ]
    };
    view! {
        <Panel title=tu_string!(w, device.settings)>
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
                    <FormError error fields=&["retention_days"] />
                    <div class="acts">
                        <button
                            class="btn"
                            type="submit"
                            aria-disabled=move || action.pending().get().then_some("true")
                        >
                            {tu!(w, common.save)}
                        </button>
                    </div>
                </Drafted>
            </ActionForm>
        </Panel>
    }
}
