//! Signing in.

mod caliper;

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

use crate::api::Result;
use crate::api::session::{SignIn, SignInFacts, get_sign_in_facts};
use crate::shell::{LanguageSwitch, Logo, ThemeSwitch};
use crate::ui::{Drafted, Field, FormError, Icon, query};
use crate::words::{tu, tu_string, words};

/// Signing in.
pub struct SignInPage {
    facts: Resource<Result<SignInFacts>>,
    attempt: ServerAction<SignIn>,
}

#[lazy_route]
impl LazyRoute for SignInPage {
    fn data() -> Self {
        Self { facts: Resource::new(|| (), |()| get_sign_in_facts()), attempt: ServerAction::new() }
    }

    fn view(this: Self) -> AnyView {
        let facts = this.facts;
        view! {
            <Title text=tu_string!(words(), sign_in.title) />
            <div class="signin">
                <aside class="si-art">
                    <a class="brand" href="/sign-in">
                        <Logo />
                        <span>"Millwright"</span>
                    </a>
                    <div>
                        <caliper::Caliper />
                    </div>
                    <p class="si-line">
                        {tu!(words(), sign_in.line_1)} <br /> {tu!(words(), sign_in.line_2)}
                    </p>
                    <p class="mut">
                        {tu!(words(), sign_in.self_hosted)} " · "
                        {tu!(words(), sign_in.version, number = env!("CARGO_PKG_VERSION"))}
                    </p>
                </aside>
                <main class="si-form" id="main">
                    <div class="si-col">
                        <Transition fallback=|| ()>
                            {move || Suspend::new(async move {
                                let facts = facts.await.unwrap_or_default();
                                view! {
                                    <div class="si-top">
                                        <span class="brand si-brand">
                                            <Logo />
                                            <span>"Millwright"</span>
                                        </span>
                                        <LanguageSwitch />
                                        <ThemeSwitch dark=facts.dark />
                                    </div>
                                    <SignInForm attempt=this.attempt demo=facts.demo />
                                }
                            })}
                        </Transition>
                    </div>
                </main>
            </div>
        }
        .into_any()
    }
}

#[component]
fn SignInForm(attempt: ServerAction<SignIn>, demo: Option<(String, String)>) -> impl IntoView {
    let next = query("next");
    let error = Signal::derive(move || attempt.value().with(|v| v.as_ref()?.as_ref().err().cloned()));
    let pending = attempt.pending();
    let demo = demo.map(|(login, password)| {
        view! {
            <div class="note brass">
                <Icon name="i-info" />
                <div>
                    <b>{tu!(words(), sign_in.demo_title)}</b>
                    " "
                    {tu!(words(), sign_in.demo_login)}
                    " "
                    <code>{login}</code>
                    {tu!(words(), sign_in.demo_password)}
                    " "
                    <code>{password}</code>
                    {tu!(words(), sign_in.demo_end)}
                </div>
            </div>
        }
    });
    view! {
        <ActionForm action=attempt attr:class="si-fields">
            <Drafted path=SignIn::PATH>
            <h1>{tu!(words(), sign_in.title)}</h1>
            <FormError error fields=&["login", "password"] />
            <input type="hidden" name="next" value=move || next.get() />
            <Field
                name="login"
                label=tu_string!(words(), sign_in.login)
                autocomplete="username"
                required=true
                error
            />
            <Field
                name="password"
                label=tu_string!(words(), sign_in.password)
                kind="password"
                autocomplete="current-password"
                required=true
                help=tu_string!(words(), sign_in.keep)
                error
            />
            <button class="btn primary lg" type="submit" aria-disabled=move || pending.get().then_some("true")>
                {move || {
                    if pending.get() {
                        tu_string!(words(), sign_in.submitting)
                    } else {
                        tu_string!(words(), sign_in.submit)
                    }
                }}
            </button>
            {demo}
            <p class="help">
                {tu!(words(), sign_in.lost)} " " <code>"millwright admin reset-password"</code>
                {tu!(words(), sign_in.lost_end)}
            </p>
            </Drafted>
        </ActionForm>
    }
}
