//! The one error type of all services.
//!
//! A variant says what went wrong in the plant's terms; each API family maps it to its own code, status and sentence in
//! exactly one place. What a client may read is in the variant, what only the log may read is in [`Error::Internal`].

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// Result of every service.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a service did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A parameter is missing, unreadable or against a rule. Industry code 460.
    #[error("{param}: {reason}")]
    Invalid {
        /// Name of the parameter as the contract spells it, with a path for nested ones (`items[2].beginTime`).
        param: String,
        /// What is wrong and what would be right.
        reason: Text,
    },
    /// A documented failure with a code of its own.
    #[error("{0:?}: {1}")]
    Coded(Code, Text),
    /// The actor may not do this, or a given identity is not known here. Industry code 403.
    #[error("request forbidden.")]
    Forbidden,
    /// No, or no valid, credentials.
    #[error("not signed in")]
    Unauthenticated,
    /// The documented time for the call ran out; nothing was written. Industry code 20056.
    #[error("deadline exceeded")]
    Deadline,
    /// Our fault, or the database's. The cause goes to the log, never to a client. Industry code 500, 1009 for SQL.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database refused or failed. Industry code 1009 where the entry lists it, else 500.
    #[cfg(feature = "server")]
    #[error("database error")]
    Database(#[from] sqlx::Error),
}

/// Documented failures that have a code of their own in one of the contracts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Code {
    /// 22000 Query Result is Empty.
    QueryResultEmpty,
    /// 107313 the user is not exist.
    UserNotExist,
    /// 102126 tenant not fund (so spelled).
    TenantNotFound,
    /// 600408 the technology does not exist.
    TechnologyNotExist,
    /// 600409 the process does not exist.
    ProcessNotExist,
    /// 600410 the step does not exist.
    StepNotExist,
}

impl Error {
    /// A refused parameter: `Error::invalid("pageSize", text!("must be at most {max}", "不能大于 {max}"))`.
    pub fn invalid(param: impl Into<String>, reason: Text) -> Self {
        Self::Invalid { param: param.into(), reason }
    }

    /// A required parameter that was not given.
    pub fn missing(param: impl Into<String>) -> Self {
        Self::invalid(param, crate::text!("is required", "必填"))
    }

    /// A reference to something that does not exist: `what` names the kind in both languages.
    pub fn unknown(param: impl Into<String>, what: Text) -> Self {
        let Text { en, zh } = what;
        Self::invalid(param, crate::text!("{en} does not exist", "{zh}不存在"))
    }

    /// Wraps a cause that only the log may see.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}
