//! What went wrong, in the words of the Enterprise API. The one place where they stand.

use axum::http::StatusCode;
use domain::{Code, Error, Text};
use serde_json::{Value, json};

/// A failure as a caller sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// HTTP status.
    pub status: StatusCode,
    /// `error_code`.
    pub code: u16,
    /// `error_message`, as documented to the letter.
    pub message: &'static str,
    /// `detail_message`: what is wrong here and what would be right.
    pub detail: Option<String>,
}

impl Failure {
    /// There is no endpoint at this path.
    pub fn not_found() -> Self {
        Self { status: StatusCode::NOT_FOUND, code: 404, message: "API not found", detail: None }
    }

    /// There is an endpoint at this path, but not with this method.
    pub fn method_not_allowed(allowed: &str) -> Self {
        let detail = Some(format!("use {allowed}"));
        Self { status: StatusCode::METHOD_NOT_ALLOWED, code: 405, message: "method not allowed", detail }
    }

    /// The body of the answer.
    pub fn body(&self) -> Value {
        json!({"error_code": self.code, "error_message": self.message, "detail_message": self.detail})
    }
}

/// The documented failure for an error of a service.
pub fn failure(error: &Error) -> Failure {
    let ((status, code, message), detail) = match error {
        Error::Invalid { param, reason } => {
            ((StatusCode::BAD_REQUEST, 5002, "form invalid"), Some(format!("{param}: {}", reason.en)))
        }
        Error::Coded(code, Text { en, .. }) => (coded(*code), Some(en.clone()).filter(|en| !en.is_empty())),
        Error::Forbidden => (coded(Code::ProductOperationNotAllowed), None),
        Error::Unauthenticated => (coded(Code::TokenInvalid), None),
        Error::Deadline => {
            (coded(Code::CallInnerapiFailed), Some("it took too long; nothing was changed".into()))
        }
        Error::Database(_) => ((StatusCode::INTERNAL_SERVER_ERROR, 5601, "kairosdb query error!"), None),
        Error::Internal(_) => (coded(Code::CallInnerapiFailed), None),
    };
    Failure { status, code, message, detail }
}

fn coded(code: Code) -> (StatusCode, u16, &'static str) {
    match code {
        Code::BodyJsonInvalid => (StatusCode::BAD_REQUEST, 5001, "body json invalid"),
        Code::EnterpriseIdNotExist => (StatusCode::NOT_FOUND, 5003, "enterprise id not exist"),
        Code::EnterpriseSecretError => (StatusCode::BAD_REQUEST, 5004, "enterprise secret error"),
        Code::ProductSecretError => (StatusCode::BAD_REQUEST, 5005, "product secret error"),
        Code::ProductExistDevicegroups => (StatusCode::BAD_REQUEST, 5006, "product exist devicegroups"),
        Code::AssociationNotExist => (StatusCode::NOT_FOUND, 5007, "association not exist"),
        Code::AssociationExisted => (StatusCode::BAD_REQUEST, 5008, "association existed"),
        Code::TokenInvalid => (StatusCode::BAD_REQUEST, 5009, "token invalid"),
        Code::TokenNotMatchProductKey => (StatusCode::BAD_REQUEST, 5010, "token not match product_key"),
        Code::TokenHasExpired => (StatusCode::BAD_REQUEST, 5011, "token has expired"),
        Code::IpNotInWhiteList => (StatusCode::BAD_REQUEST, 5012, "ip not in white list"),
        Code::ApiCallRateLimit => (StatusCode::FORBIDDEN, 5013, "API call rate limit execeed quota"),
        Code::ReportNotGenerated => (StatusCode::BAD_REQUEST, 5014, "Report has not been generated!"),
        Code::ProductKeyNotExist => (StatusCode::NOT_FOUND, 5015, "Product key not exist!"),
        Code::AppidNotExist => (StatusCode::NOT_FOUND, 5016, "Appid not exist!"),
        Code::UidNotExist => (StatusCode::NOT_FOUND, 5017, "Uid not exist!"),
        Code::ProductOperationNotAllowed => (StatusCode::FORBIDDEN, 5018, "product operation not allowed"),
        Code::CanNotDeletePublishedProduct => {
            (StatusCode::BAD_REQUEST, 5020, "can not delete published product!")
        }
        Code::EnterpriseIsExist => (StatusCode::BAD_REQUEST, 5021, "enterprise is exist"),
        Code::ApiDenyToVisit => (StatusCode::FORBIDDEN, 5024, "api deny to visit!"),
        Code::DeviceGroupNotBelongToThisProduct => {
            (StatusCode::FORBIDDEN, 5201, "device group not belong to this product")
        }
        Code::ParentGroupNotExist => (StatusCode::NOT_FOUND, 5202, "parent group not exist"),
        Code::AlreadyHasOneRootGroup => (StatusCode::BAD_REQUEST, 5203, "already has one root group"),
        Code::GroupHasSubgroup => (StatusCode::BAD_REQUEST, 5204, "group has subgroup"),
        Code::GroupHasDeviceItem => (StatusCode::BAD_REQUEST, 5205, "group has device item"),
        Code::GroupNotExist => (StatusCode::NOT_FOUND, 5206, "group not exist"),
        Code::DeviceNotExist => (StatusCode::NOT_FOUND, 5301, "device not exist"),
        Code::DeviceNotBelongToThisProduct => {
            (StatusCode::FORBIDDEN, 5302, "device not belong to this product")
        }
        Code::DeviceNotBound => (StatusCode::BAD_REQUEST, 5303, "device not bound"),
        Code::DeviceIsDisabled => (StatusCode::BAD_REQUEST, 5304, "device is disabled"),
        Code::DeviceOffline => (StatusCode::BAD_REQUEST, 5305, "device offline!"),
        Code::AttrInvalid => (StatusCode::BAD_REQUEST, 5401, "attr invalid!"),
        Code::DatapointDataNotFound => (StatusCode::NOT_FOUND, 5402, "datapoint data not found!"),
        Code::SendCommandFailed => (StatusCode::BAD_REQUEST, 5403, "send command failed!"),
        Code::RemoteControlNotAllowed => (StatusCode::FORBIDDEN, 5404, "remote control not allowed!"),
        Code::AttrsNotExist => (StatusCode::NOT_FOUND, 5405, "attrs not exist!"),
        Code::DatapointsMalformed => (StatusCode::INTERNAL_SERVER_ERROR, 5406, "Datapoints malformed"),
        Code::GenerateMetaFailed => (StatusCode::INTERNAL_SERVER_ERROR, 5407, "generate meta failed"),
        Code::RawDataError => (StatusCode::BAD_REQUEST, 5408, "raw data error!"),
        Code::CallInnerapiFailed => (StatusCode::INTERNAL_SERVER_ERROR, 5409, "call innerapi failed!"),
        // Failures of the industry API: no service behind this one has them.
        Code::QueryResultEmpty
        | Code::UserNotExist
        | Code::TenantNotFound
        | Code::TechnologyNotExist
        | Code::ProcessNotExist
        | Code::StepNotExist => coded(Code::CallInnerapiFailed),
    }
}
