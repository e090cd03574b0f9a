//! The document around the pages: head, hydration, patterns, and the policy that says what it may load.

use std::collections::HashMap;

use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use leptos::WasmSplitManifest;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;

use crate::shell::App;

const SPRITE: &str = include_str!("sprite.svg");

/// Where the browser finds the site's files. Provided to every page.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// The folder of this build, without a slash at the end: what is under it never changes.
    pub root: String,
    /// Which WebAssembly modules each lazy page needs.
    pub modules: HashMap<String, Vec<String>>,
}

/// The whole document.
pub fn document() -> impl IntoView {
    let site = use_context::<Site>().unwrap_or_default();
    let root = site.root.clone();
    let nonce = use_nonce();
    provide_context(WasmSplitManifest(reactive_graph_store(&site)));
    forbid_foreign_content(nonce.as_deref().unwrap_or_default());
    let theme = super::dark().map(|dark| if dark { "dark" } else { "light" });
    let start = format!(
        "import start, {{ hydrate }} from '{root}/app.js'; await start({{ module_or_path: '{root}/app.wasm' }}); hydrate();"
    );
    view! {
        <!DOCTYPE html>
        <html data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" type="image/svg+xml" href=format!("{root}/favicon.svg") />
                <link rel="stylesheet" href=format!("{root}/main.css") />
                <link rel="modulepreload" href=format!("{root}/app.js") />
                <link rel="preload" href=format!("{root}/app.wasm") r#as="fetch" r#type="application/wasm" crossorigin="" />
                <script type="module" nonce=nonce>
                    {start}
                </script>
                <MetaTags />
            </head>
            <body>
                <App />
                <div inner_html=SPRITE></div>
            </body>
        </html>
    }
}

fn reactive_graph_store(
    site: &Site,
) -> leptos::reactive::owner::ArcStoredValue<(String, HashMap<String, Vec<String>>, String)> {
    let loader = "__wasm_split.______________________.js".to_owned();
    leptos::reactive::owner::ArcStoredValue::new((site.root.clone(), site.modules.clone(), loader))
}

fn forbid_foreign_content(nonce: &str) {
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    if let (Ok(policy), Some(options)) = (HeaderValue::from_str(&policy), use_context::<ResponseOptions>()) {
        options.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}
