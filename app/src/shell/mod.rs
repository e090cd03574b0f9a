//! The frame around every page: routes, navigation, top bar.

mod nav;
mod top;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Outlet, ParentRoute, Redirect, Route, Router, Routes};
use leptos_router::{Lazy, SsrMode, path};

use crate::api::session::{Me, who_is_signed_in};
use crate::live::Live;
use crate::pages::{calendar, devices, fleet, logs, model, oee, process, sign_in};
use crate::ui::{NotFound, ToastRack, Toasts};
pub use nav::Logo;
pub use top::{LanguageSwitch, ThemeSwitch};

use crate::words::{I18nContextProvider, tu_string, words};

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Live::provide();
    view! {
        <I18nContextProvider>
            // Until the lazily loaded page has said its own, a page would have no title.
            <Title formatter=title text="" />
            <Router>
                <Routes fallback=NotFound>
                    <Route path=path!("/sign-in") view={Lazy::<sign_in::SignInPage>::new()} ssr=SsrMode::Async />
                    <ParentRoute path=path!("") view=Shell ssr=SsrMode::Async>
                        <Route path=path!("") view={|| view! { <Redirect path="/oee" /> }} ssr=SsrMode::Async />
                        <Route path=path!("oee") view={Lazy::<oee::OverviewPage>::new()} ssr=SsrMode::Async />
                        <Route path=path!("oee/line/:id") view={Lazy::<oee::LinePage>::new()} ssr=SsrMode::Async />
                        <Route path=path!("oee/machine/:id") view={Lazy::<oee::MachinePage>::new()} ssr=SsrMode::Async />
                        <Route path=path!("calendar") view={Lazy::<calendar::CalendarPage>::new()} ssr=SsrMode::Async />
                        <Route path=path!("model") view={Lazy::<model::ModelPage>::new()} ssr=SsrMode::Async />
                        <Route path=path!("process") view={Lazy::<process::ProcessPage>::new()} ssr=SsrMode::Async />
                        <Route path=path!("devices") view={Lazy::<devices::DevicesPage>::new()} ssr=SsrMode::Async />
                        <Route path=path!("devices/groups") view={Lazy::<fleet::groups::GroupsPage>::new()} ssr=SsrMode::Async />
                        <Route path=path!("devices/reports") view={Lazy::<fleet::reports::ReportsPage>::new()} ssr=SsrMode::Async />
                        <Route path=path!("devices/users") view={Lazy::<fleet::users::UsersPage>::new()} ssr=SsrMode::Async />
                        <Route path=path!("device/:id") view={Lazy::<devices::detail::DeviceDetailPage>::new()} ssr=SsrMode::Async />
                        <Route path=path!("products") view={Lazy::<devices::products::ProductsPage>::new()} ssr=SsrMode::Async />
                        <Route path=path!("products/:id") view={Lazy::<devices::products::ProductPage>::new()} ssr=SsrMode::Async />
                        <Route path=path!("logs") view={Lazy::<logs::LogsPage>::new()} ssr=SsrMode::Async />
                    </ParentRoute>
                </Routes>
            </Router>
        </I18nContextProvider>
    }
}

fn title(page: String) -> String {
    if page.is_empty() { "Millwright".to_owned() } else { format!("{page} · Millwright") }
}

/// Navigation, top bar and the page between them.
#[component]
fn Shell() -> impl IntoView {
    let person = Resource::new(|| (), |()| who_is_signed_in());
    provide_context(Person(person));
    Live::follow();
    provide_context(Toasts::default());
    view! {
        <a class="skip" href="#main">
            {tu_string!(words(), shell.skip)}
        </a>
        <div class="shell">
            <nav::Navigation />
            <top::TopBar />
            <main class="main" id="main" tabindex="-1">
                <Outlet />
            </main>
            <nav::TabBar />
            <ToastRack />
        </div>
    }
}

/// Who is signed in, for the pages inside the shell.
#[derive(Clone, Copy)]
pub struct Person(pub Resource<crate::api::Result<Me>>);

impl Person {
    /// Shows something of the person once it is known.
    fn show<V: IntoView + 'static>(view: impl Fn(Me) -> V + Copy + Send + 'static) -> impl IntoView {
        let person = expect_context::<Self>().0;
        view! {
            <Transition fallback=|| ()>
                {move || Suspend::new(async move { person.await.ok().map(view) })}
            </Transition>
        }
    }
}
