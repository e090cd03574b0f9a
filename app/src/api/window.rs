//! The time range of a page, resolved in the plant's zone.

use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::api::{Data, Result};
use crate::range::Shift;

/// A resolved range, on the plant's clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// When it begins.
    pub begin_wall: DateTime,
    /// When it ends.
    pub end_wall: DateTime,
    /// The plant's clock.
    pub now_wall: DateTime,
    /// IANA name of the plant's zone.
    pub zone: String,
    /// The shifts around the range.
    pub shifts: Vec<Shift>,
}

/// The line or machine whose shifts a range is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// A production line.
    Line(i64),
    /// A machine.
    Machine(i64),
}

impl Place {
    /// The place that a page of this path shows.
    pub fn of(path: &str) -> Option<Self> {
        let id = |prefix| path.strip_prefix(prefix)?.parse().ok();
        id("/oee/line/").map(Self::Line).or_else(|| id("/oee/machine/").map(Self::Machine))
    }
}

/// Resolves a range of the URL, see [`crate::range`], by the shifts of a place; without one, of the first factory.
#[server(input = GetUrl, output = Data, endpoint = "window")]
pub async fn resolve_window(range: String, path: String) -> Result<Window> {
    use domain::modelling::NodeKind;
    let place = Place::of(&path).map(|place| match place {
        Place::Line(id) => (NodeKind::Beltline, id),
        Place::Machine(id) => (NodeKind::Equipment, id),
    });
    Ok(crate::ssr::window(&crate::ssr::ctx()?, &range, place).await)
}
