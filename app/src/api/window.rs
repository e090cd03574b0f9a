//! The time range of a page, resolved in the plant's zone.

use domain::Millis;
use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::Result;
use crate::range::Shift;

/// A resolved range: instants for the services, wall times for the picker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// First instant.
    pub begin: Millis,
    /// Instant after the last.
    pub end: Millis,
    /// The current instant.
    pub now: Millis,
    /// `begin` on the plant's clock.
    pub begin_wall: DateTime,
    /// `end` on the plant's clock.
    pub end_wall: DateTime,
    /// The plant's clock.
    pub now_wall: DateTime,
    /// IANA name of the plant's zone.
    pub zone: String,
    /// The shifts around the range.
    pub shifts: Vec<Shift>,
}

/// Resolves a range of the URL, see [`crate::range`].
#[server(input = GetUrl, endpoint = "window")]
pub async fn resolve_window(range: String) -> Result<Window> {
    let ctx = crate::ssr::ctx()?;
    Ok(crate::ssr::window(&ctx, &range).await)
}
