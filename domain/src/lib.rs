//! Millwright's rules and storage.
//!
//! One module an area (`calendar`, `modelling`, `oee`, …): `mod.rs` holds entities, parameter types, validation and pure
//! rules and compiles to WebAssembly; `service.rs` holds the use cases, `store.rs` the SQL of that area, private to it.
//! Nothing here knows HTTP, JSON envelopes or views.

pub mod error;
pub mod interval;
pub mod page;
pub mod patch;
pub mod text;
pub mod time;

#[cfg(feature = "server")]
pub mod ctx;
#[cfg(feature = "server")]
pub mod db;
#[cfg(feature = "server")]
pub mod events;
#[cfg(feature = "server")]
pub mod id;

pub mod access;
pub mod calendar;
pub mod demo;
pub mod device;
pub mod enterprise;
pub mod fleet;
pub mod log;
pub mod masterdata;
pub mod modelling;
pub mod oee;
pub mod quality;

pub use error::{Code, Error, Result};
pub use interval::{Interval, IntervalSet};
pub use page::Page;
pub use patch::Patch;
pub use text::Text;
pub use time::Millis;

#[cfg(feature = "server")]
pub use ctx::Ctx;
#[cfg(feature = "testing")]
pub use pastey;
