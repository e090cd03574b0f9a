//! What browsers see: the pages, their server functions, the embedded site, live events.

mod assets;
mod csv;
mod draft;
mod events;
mod guard;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use app::ssr::{Settings, document};
use axum::Router;
use axum::middleware;
use axum::routing::get;
use domain::ctx::Services;
use leptos::config::LeptosOptions;
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes, generate_route_list};

/// How the server was started, as far as the pages care.
#[derive(Clone, Debug, Default)]
pub struct WebConfig {
    /// Scheme and host that browsers use, when a proxy stands before the server: `https://plant.example`. It decides the
    /// Origin check and whether cookies are Secure.
    pub public_url: Option<String>,
    /// Name and password of the demo plant, shown on the sign-in page.
    pub demo: Option<(String, String)>,
}

/// What the handlers of this module share.
#[derive(Clone)]
struct Web {
    services: Services,
    config: Arc<WebConfig>,
}

/// The routes of the pages: everything browsers ask for.
pub fn router(services: Services, config: WebConfig) -> Router {
    let web = Web { services: services.clone(), config: Arc::new(config) };
    let settings = Settings { public_url: web.config.public_url.clone(), demo: web.config.demo.clone() };
    let site = assets::site();
    let provide = move || {
        provide_context(services.clone());
        provide_context(settings.clone());
        provide_context(site.clone());
    };
    let options = LeptosOptions::builder().output_name("app").build();
    let pages = generate_route_list(app::shell::App);
    Router::new()
        .leptos_routes_with_context(&options, pages, provide.clone(), document)
        .fallback(leptos_axum::file_and_error_handler_with_context::<LeptosOptions, _>(provide, |_| {
            document()
        }))
        .with_state(options)
        .route("/ui/events", get(events::events))
        .route("/oee.csv", get(csv::oee))
        .route("/oee/machine.csv", get(csv::machine_states))
        .layer(middleware::from_fn(draft::keep))
        .layer(middleware::from_fn_with_state(web.clone(), guard::guard))
        .merge(assets::router())
        .layer(middleware::map_response(guard::security_headers))
}
