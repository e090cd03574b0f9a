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
    /// 5001 body json invalid
    BodyJsonInvalid,
    /// 5003 enterprise id not exist
    EnterpriseIdNotExist,
    /// 5004 enterprise secret error
    EnterpriseSecretError,
    /// 5005 product secret error
    ProductSecretError,
    /// 5006 product exist devicegroups
    ProductExistDevicegroups,
    /// 5007 association not exist
    AssociationNotExist,
    /// 5008 association existed
    AssociationExisted,
    /// 5009 token invalid
    TokenInvalid,
    /// 5010 token not match `product_key`
    TokenNotMatchProductKey,
    /// 5011 token has expired
    TokenHasExpired,
    /// 5012 ip not in white list
    IpNotInWhiteList,
    /// 5013 API call rate limit execeed quota
    ApiCallRateLimit,
    /// 5014 Report has not been generated!
    ReportNotGenerated,
    /// 5015 Product key not exist!
    ProductKeyNotExist,
    /// 5016 Appid not exist!
    AppidNotExist,
    /// 5017 Uid not exist!
    UidNotExist,
    /// 5018 product operation not allowed
    ProductOperationNotAllowed,
    /// 5020 can not delete published product!
    CanNotDeletePublishedProduct,
    /// 5021 enterprise is exist
    EnterpriseIsExist,
    /// 5024 api deny to visit!
    ApiDenyToVisit,
    /// 5201 device group not belong to this product
    DeviceGroupNotBelongToThisProduct,
    /// 5202 parent group not exist
    ParentGroupNotExist,
    /// 5203 already has one root group
    AlreadyHasOneRootGroup,
    /// 5204 group has subgroup
    GroupHasSubgroup,
    /// 5205 group has device item
    GroupHasDeviceItem,
    /// 5206 group not exist
    GroupNotExist,
    /// 5301 device not exist
    DeviceNotExist,
    /// 5302 device not belong to this product
    DeviceNotBelongToThisProduct,
    /// 5303 device not bound
    DeviceNotBound,
    /// 5304 device is disabled
    DeviceIsDisabled,
    /// 5305 device offline!
    DeviceOffline,
    /// 5401 attr invalid!
    AttrInvalid,
    /// 5402 datapoint data not found!
    DatapointDataNotFound,
    /// 5403 send command failed!
    SendCommandFailed,
    /// 5404 remote control not allowed!
    RemoteControlNotAllowed,
    /// 5405 attrs not exist!
    AttrsNotExist,
    /// 5406 Datapoints malformed
    DatapointsMalformed,
    /// 5407 generate meta failed
    GenerateMetaFailed,
    /// 5408 raw data error!
    RawDataError,
    /// 5409 call innerapi failed!
    CallInnerapiFailed,
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
