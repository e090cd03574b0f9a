//! Fields: label above, unit inside at the end, help below; a refusal stands in the help's place.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::context::Provider;
use leptos::prelude::*;
use leptos::serde_json;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use super::Icon;
use crate::api::{Error, Kind};
use crate::words::{chinese, tu, words};

/// Why the last attempt failed.
pub fn failure<S>(action: ServerAction<S>) -> Signal<Option<Error>>
where
    S: ServerFn<Error = Error> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    Signal::derive(move || action.value().with(|answer| answer.as_ref()?.as_ref().err().cloned()))
}

/// How often an action has done what it does. A refusal does not count: what was typed stays.
pub fn done<S>(action: ServerAction<S>) -> Memo<usize>
where
    S: ServerFn<Output = (), Error = Error> + Clone + Send + Sync + 'static,
{
    Memo::new(move |before: Option<&usize>| {
        let done = action.value().with(|answer| matches!(answer, Some(Ok(()))));
        before.copied().unwrap_or(0) + usize::from(done)
    })
}

/// What was typed into the form around a field, when it was refused before scripts had arrived.
#[derive(Clone, Default)]
struct Draft(Arc<HashMap<String, String>>);

/// Around the fields of a form: one that was sent without scripts and refused comes back with what was typed.
#[component]
pub fn Drafted(
    /// Path of the server function that the form is sent to.
    path: &'static str,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let query = use_query_map();
    let draft = query.with_untracked(|query| {
        let own = query.get_str("__path") == Some(path);
        own.then(|| serde_json::from_str(query.get_str("__draft")?).ok()).flatten()
    });
    view! { <Provider value=Draft(Arc::new(draft.unwrap_or_default()))>{children()}</Provider> }
}

/// What a field holds at first: what was typed into it, else this value.
pub fn drafted(name: &str, value: String) -> String {
    use_context::<Draft>().and_then(|Draft(typed)| typed.get(name).cloned()).unwrap_or(value)
}

/// The refusal of one field out of an action's answer, as a signal the field can show.
pub fn refusal(error: Signal<Option<Error>>, param: &'static str) -> Signal<Option<String>> {
    let chinese = chinese();
    Signal::derive(move || {
        error.with(|error| Some(error.as_ref()?.for_field(param)?.in_language(chinese).to_owned()))
    })
}

/// An input with its label, help and refusal.
#[component]
pub fn Field(
    /// Name of the parameter it fills.
    name: &'static str,
    /// Its label.
    #[prop(into)]
    label: String,
    /// `text`, `password`, `number`, `date`, `datetime-local` …
    #[prop(default = "text")]
    kind: &'static str,
    /// What it holds at first.
    #[prop(optional, into)]
    value: String,
    /// The unit, inside at the end.
    #[prop(optional, into)]
    unit: String,
    /// What the value means or where it comes from.
    #[prop(optional, into)]
    help: String,
    /// Whether it must be filled.
    #[prop(optional)]
    required: bool,
    /// What a password manager should fill in.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// The failure of the last attempt: shown here when it is about this field.
    #[prop(optional, into)]
    error: Signal<Option<Error>>,
) -> impl IntoView {
    let refused = refusal(error, name);
    let value = drafted(name, value);
    let id = format!("f-{name}");
    let help_id = format!("{id}-help");
    let note = {
        let help_id = help_id.clone();
        move || match refused.get() {
            Some(reason) => view! {
                <p class="err" id=help_id.clone() role="alert">
                    <Icon name="i-warn" small=true />
                    <span>{reason}</span>
                </p>
            }
            .into_any(),
            None if help.is_empty() => ().into_any(),
            None => view! {
                <p class="help" id=help_id.clone()>
                    {help.clone()}
                </p>
            }
            .into_any(),
        }
    };
    view! {
        <div class="field" class:bad=move || refused.get().is_some()>
            <label for=id.clone()>
                {label}
            </label>
            <div class="in-w">
                <input
                    class="in"
                    id=id
                    name=name
                    type=kind
                    value=value
                    required=required
                    autocomplete=autocomplete
                    aria-invalid=move || refused.get().is_some().then_some("true")
                    aria-describedby=help_id
                />
                {(!unit.is_empty()).then(|| view! { <span class="unit">{unit}</span> })}
            </div>
            {note}
        </div>
    }
}

/// A choice of few values.
#[component]
pub fn Select(
    /// Name of the parameter it fills.
    name: &'static str,
    /// Its label.
    #[prop(into)]
    label: String,
    /// Values and the words for them.
    options: Vec<(String, String)>,
    /// The value chosen at first.
    #[prop(optional, into)]
    value: String,
    /// The failure of the last attempt: shown here when it is about this field.
    #[prop(optional, into)]
    error: Signal<Option<Error>>,
) -> impl IntoView {
    let refused = refusal(error, name);
    let value = drafted(name, value);
    let id = format!("f-{name}");
    let option = |(key, words): (String, String)| {
        let selected = key == value;
        view! {
            <option value=key selected=selected>
                {words}
            </option>
        }
    };
    let options = options.into_iter().map(option).collect_view();
    view! {
        <div class="field" class:bad=move || refused.get().is_some()>
            <label for=id.clone()>{label}</label>
            <select class="in" id=id name=name>
                {options}
            </select>
            {move || {
                refused
                    .get()
                    .map(|reason| {
                        view! {
                            <p class="err" role="alert">
                                <Icon name="i-warn" small=true />
                                <span>{reason}</span>
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// The failure of a form that is about none of its fields, above its buttons.
#[component]
pub fn FormError(
    /// The failure of the last attempt.
    #[prop(into)]
    error: Signal<Option<Error>>,
    /// The fields that show their own refusals.
    #[prop(optional)]
    fields: &'static [&'static str],
) -> impl IntoView {
    let chinese = chinese();
    move || {
        let error = error.get()?;
        let own_field = error.param.as_deref().is_some_and(|param| fields.contains(&param));
        (!own_field).then(|| {
            let request = (error.kind == Kind::Internal).then_some(error.request).flatten();
            view! {
                <div class="note bad" role="alert">
                    <Icon name="i-warn" />
                    <div>
                        {error.text.in_language(chinese).to_owned()}
                        {request.map(|id| view! { <br /> {tu!(words(), common.error_request, id)} })}
                    </div>
                </div>
            }
        })
    }
}
