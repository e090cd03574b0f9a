//! A new product without datapoints.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::product::CreateProduct;
use crate::ui::{Drafted, Field, FormError, Panel, Select, failure};
use crate::words::{tu, tu_string, words};

/// How devices put values into bytes, in words.
pub fn protocol_name(protocol: &str) -> &'static str {
    match protocol {
        "var_len" => tu_string!(words(), device.protocol_variable),
        _ => tu_string!(words(), device.protocol_fixed),
    }
}

/// The form.
#[component]
pub fn NewPane(
    /// What it does.
    create: ServerAction<CreateProduct>,
) -> impl IntoView {
    let w = words();
    let error = failure(create);
    let protocols =
        ["standard", "var_len"].map(|protocol| (protocol.to_owned(), protocol_name(protocol).to_owned()));
    view! {
        <div class="edit-form">
            <Panel title=tu_string!(w, device.product_new)>
                <ActionForm action=create attr:class="stack2">
                    <Drafted path=CreateProduct::PATH>
                        <div class="params">
                            <Field name="name" label=tu_string!(w, device.name) required=true error />
                            <Select
                                name="protocol"
                                label=tu_string!(w, device.protocol)
                                options=protocols.to_vec()
                                error
                            />
                            <Field
                                name="product_key"
                                label=tu_string!(w, device.key)
                                help=tu_string!(w, device.key_new_help)
                                error
                            />
                            <Field
                                name="product_secret"
                                kind="password"
                                autocomplete="off"
                                label=tu_string!(w, device.secret)
                                help=tu_string!(w, device.secret_new_help)
                                required=true
                                error
                            />
                        </div>
                        <FormError error fields=&["name", "protocol", "product_key", "product_secret"] />
                        <div class="acts">
                            <button
                                class="btn primary"
                                type="submit"
                                aria-disabled=move || create.pending().get().then_some("true")
                            >
                                {tu!(w, device.product_create)}
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
