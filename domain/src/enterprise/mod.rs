//! Enterprises as callers of the Enterprise API: credentials, tokens, quota, and the lists they are answered with.

mod listing;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
mod store;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::{MINUTE, Millis};

pub use listing::{Listing, Meta, Scroll, Slice};

/// How long a token is good.
pub const TOKEN_LIFE: Millis = 7 * 24 * 60 * MINUTE;
/// An expired token is still told from one that never was, this long.
pub const EXPIRED_KEPT: Millis = 7 * 24 * 60 * MINUTE;
/// Calls in an hour when nothing else is said.
pub const DEFAULT_CALLS_PER_HOUR: i64 = 3600;
/// The hour of the quota.
pub const QUOTA_SPAN: Millis = 60 * MINUTE;

/// A caller of the Enterprise API. It belongs to a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enterprise {
    /// The name it calls itself.
    pub enterprise_id: String,
    /// Its tenant.
    pub tenant_id: i64,
    /// How its secret is kept: SHA-256.
    pub secret_hash: String,
    /// Calls it may make in an hour; 0 is no limit.
    pub calls_per_hour: i64,
    /// Addresses and networks it may call from; empty for all.
    pub allowed_addresses: Vec<String>,
}

/// An enterprise to create.
#[derive(Clone, Debug, Default)]
pub struct CreateEnterprise {
    /// Its id; a new one when none is given.
    pub enterprise_id: Option<String>,
    /// Its secret; a new one when none is given.
    pub enterprise_secret: Option<String>,
    /// Calls in an hour; [`DEFAULT_CALLS_PER_HOUR`] when none is given, 0 for no limit.
    pub calls_per_hour: Option<i64>,
    /// Addresses and networks it may call from; empty for all.
    pub allowed_addresses: Vec<String>,
}

/// An enterprise just created. The secret is shown this once.
#[derive(Clone, Debug)]
pub struct NewEnterprise {
    /// Its id.
    pub enterprise_id: String,
    /// Its secret.
    pub enterprise_secret: String,
}

/// What a token opens.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Whose it is.
    pub enterprise: Enterprise,
    /// The product it is good for.
    pub product_id: i64,
    /// When it ends.
    pub expires_at: Millis,
}

/// What is left of an enterprise's calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Calls in an hour.
    pub limit: i64,
    /// Calls left.
    pub remaining: i64,
    /// When the counted hour ends.
    pub reset_at: Millis,
    /// Whether this call was one too many.
    pub exceeded: bool,
}

/// Credentials for a token.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct IssueToken {
    /// The product.
    pub product_key: String,
    /// Id of the enterprise.
    pub enterprise_id: String,
    /// Secret of the enterprise.
    pub enterprise_secret: String,
    /// Secret of the product.
    pub product_secret: String,
}

/// A token, good for one product.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct IssuedToken {
    /// What `Authorization: token …` carries; the store has only its hash.
    pub token: String,
    /// When it ends, in seconds since 1970.
    pub expire_at: i64,
}
