//! Server functions, one file an area: two lines each over a service of `domain`.
//!
//! They are public HTTP endpoints under `/ui`. Rights are checked by the service, never here. Reads are
//! `#[server(input = GetUrl, output = Data)]`, writes POST through an `ActionForm`, which works before WebAssembly has
//! arrived:
//!
//! ```ignore
//! #[server(input = GetUrl, output = Data, endpoint = "oee/overview")]
//! pub async fn overview(params: QueryOverview) -> Result<Answer<Overview>> {
//!     let ctx = crate::ssr::ctx()?;
//!     Answer::of(crate::ssr::respond(service::query_overview(&ctx, params).await))
//! }
//! ```

#![expect(missing_docs, reason = "the server macro makes a public struct of each function's arguments")]

pub mod answer;
pub mod calendar;
pub mod codec;
#[cfg(feature = "ssr")]
pub mod csv;
pub mod device;
pub mod error;
pub mod fleet;
pub mod log;
pub mod modelling;
pub mod oee;
pub mod product;
pub mod session;
pub mod window;

pub use answer::Answer;
pub use codec::Data;
pub use error::{Error, Kind, Result};
