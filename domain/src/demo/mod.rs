//! The demo plant: a deterministic story in ordinary data, written through the ordinary services into a tenant of its own.

#[cfg(feature = "server")]
mod model;
pub mod plan;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
mod story;

#[cfg(test)]
mod tests;

/// Name of the demo plant's tenant.
pub const TENANT: &str = "霜桥泵厂";
/// Login name that the sign-in page of a demo offers; it belongs to the tenant's administrator.
pub const LOGIN: &str = "demo";
/// Its password: no secret, the sign-in page shows it.
pub const PASSWORD: &str = "demo-plant";
/// Production days that are told before today.
pub const DAYS: i64 = 60;
