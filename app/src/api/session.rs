//! Signing in and out, and the preferences kept in cookies.

use domain::access::Role;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::{Data, Result};

/// Who is signed in, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The person's name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The enterprise.
    pub tenant: String,
    /// The zone of its plant, by IANA name.
    pub zone: String,
    /// Whether the page is asked for in the dark theme.
    pub dark: Option<bool>,
}

/// Who is signed in.
#[server(input = GetUrl, output = Data, endpoint = "me")]
pub async fn who_is_signed_in() -> Result<Me> {
    let ctx = crate::ssr::ctx()?;
    let role = crate::ssr::respond(crate::ssr::role(&ctx))?;
    Ok(Me {
        name: ctx.actor.name().to_owned(),
        role,
        tenant: ctx.tenant.name.clone(),
        zone: ctx.tenant.zone.name().to_owned(),
        dark: crate::ssr::dark(),
    })
}

/// What the sign-in page says of this installation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInFacts {
    /// Name and password of the demo plant, if this is one.
    pub demo: Option<(String, String)>,
    /// Whether the page is asked for in the dark theme.
    pub dark: Option<bool>,
}

/// What the sign-in page says of this installation.
#[server(input = GetUrl, output = Data, endpoint = "sign-in-facts")]
pub async fn get_sign_in_facts() -> Result<SignInFacts> {
    Ok(SignInFacts { demo: crate::ssr::demo(), dark: crate::ssr::dark() })
}

/// Opens a session and goes on to `next`.
#[server(endpoint = "sign-in")]
pub async fn sign_in(login: String, password: String, next: Option<String>) -> Result<()> {
    crate::ssr::session::open(login, password).await?;
    leptos_axum::redirect(crate::ssr::session::safe_path(next.as_deref()));
    Ok(())
}

/// Ends the session.
#[server(endpoint = "sign-out")]
pub async fn sign_out() -> Result<()> {
    crate::ssr::session::close().await?;
    leptos_axum::redirect("/sign-in");
    Ok(())
}

/// Keeps the theme (`light`, `dark`) or the language (`zh`, `en`) for a year, and reloads the page it was asked on.
#[server(endpoint = "preferences")]
pub async fn prefer(theme: Option<String>, language: Option<String>) -> Result<()> {
    crate::ssr::session::keep("theme", theme.as_deref(), &["light", "dark"]);
    crate::ssr::session::keep("language", language.as_deref(), &["zh", "en"]);
    Ok(())
}
