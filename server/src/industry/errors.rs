//! What went wrong, in the words of the industry API. The one place where they stand.

use axum::http::StatusCode;
use domain::{Code, Error, Text, text};

use super::quirks::Quirks;

/// A failure that the call itself is answered with (HTTP 200).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// `code`.
    pub code: i64,
    /// `message`, and `localizedMsg` in Chinese.
    pub message: Text,
}

/// The documented failure for an error of a service. An entry's own list of codes decides where the general ones stand in.
pub fn failure(error: &Error, quirks: &Quirks) -> Failure {
    let (code, message) = match error {
        Error::Invalid { param, reason } => {
            let Text { en, zh } = reason;
            (460, text!("request parameter error. {param}: {en}", "请求参数错误：{param} {zh}"))
        }
        Error::Coded(code, _) => coded(*code),
        Error::Forbidden => forbidden(),
        Error::Unauthenticated => (401, text!("Request Authorized Error", "请求授权错误")),
        Error::Deadline => (20056, text!("Hsf Invoke Timeout", "服务调用超时")),
        Error::Database(_) if quirks.lists(1009) => (1009, text!("SQL invoke error", "SQL 执行出错")),
        Error::Database(_) | Error::Internal(_) => (500, text!("server error.", "系统错误")),
    };
    // An identity that is not known here has a code of its own in some entries only.
    let unlisted_identity = matches!(code, 102_126 | 107_313) && !quirks.lists(code);
    let (code, message) = if unlisted_identity { forbidden() } else { (code, message) };
    Failure { code, message }
}

fn forbidden() -> (i64, Text) {
    (403, text!("request forbidden.", "请求被禁止"))
}

fn coded(code: Code) -> (i64, Text) {
    match code {
        Code::QueryResultEmpty => (22000, text!("Query Result is Empty", "查询结果为空")),
        Code::UserNotExist => (107_313, text!("the user is not exist", "人员不存在或已删除")),
        Code::TenantNotFound => (102_126, text!("tenant not fund", "租户没有查到")),
        Code::TechnologyNotExist => (600_408, text!("technology does not exist", "工艺不存在")),
        Code::ProcessNotExist => (600_409, text!("process does not exist", "工序不存在")),
        Code::StepNotExist => (600_410, text!("step does not exist", "加工步骤不存在")),
        // Failures of the Enterprise API: no service behind this one has them.
        Code::BodyJsonInvalid
        | Code::EnterpriseIdNotExist
        | Code::EnterpriseSecretError
        | Code::ProductSecretError
        | Code::ProductExistDevicegroups
        | Code::AssociationNotExist
        | Code::AssociationExisted
        | Code::TokenInvalid
        | Code::TokenNotMatchProductKey
        | Code::TokenHasExpired
        | Code::IpNotInWhiteList
        | Code::ApiCallRateLimit
        | Code::ReportNotGenerated
        | Code::ProductKeyNotExist
        | Code::AppidNotExist
        | Code::UidNotExist
        | Code::ProductOperationNotAllowed
        | Code::CanNotDeletePublishedProduct
        | Code::EnterpriseIsExist
        | Code::ApiDenyToVisit
        | Code::DeviceGroupNotBelongToThisProduct
        | Code::ParentGroupNotExist
        | Code::AlreadyHasOneRootGroup
        | Code::GroupHasSubgroup
        | Code::GroupHasDeviceItem
        | Code::GroupNotExist
        | Code::DeviceNotExist
        | Code::DeviceNotBelongToThisProduct
        | Code::DeviceNotBound
        | Code::DeviceIsDisabled
        | Code::DeviceOffline
        | Code::AttrInvalid
        | Code::DatapointDataNotFound
        | Code::SendCommandFailed
        | Code::RemoteControlNotAllowed
        | Code::AttrsNotExist
        | Code::DatapointsMalformed
        | Code::GenerateMetaFailed
        | Code::RawDataError
        | Code::CallInnerapiFailed => (500, text!("server error.", "系统错误")),
    }
}

/// A refusal by the gateway, before any service is asked: HTTP status, headers, and the same in the body.
///
/// Messages are the documented ones. Which of the six-character codes belongs to which of the header checks is not
/// documented: `I400MH` (header required) and `I400HD` (invalid header) are the nearest ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No key, an unknown or a revoked one.
    InvalidAppKey,
    /// An `AppCode` that is unknown, or whose application does not take it.
    InvalidAppCode,
    /// No signature.
    EmptySignature,
    /// A timestamp that is none.
    InvalidTimestamp,
    /// A timestamp too far from now.
    TimestampExpired,
    /// The nonce was used before.
    NonceUsed,
    /// A body that is not the one of the digest.
    InvalidContentMd5,
    /// A wrong signature; with what the server would have signed.
    InvalidSignature(Vec<u8>),
    /// A stage that does not exist.
    InvalidStage,
    /// No such endpoint.
    ApiNotFound,
    /// The endpoint is not called with this method.
    InvalidMethod,
    /// A body beyond the limit.
    BodyTooLarge,
    /// A call without a body.
    EmptyBody,
    /// A body that is no JSON object.
    InvalidBody,
    /// Too many calls.
    Throttled,
}

impl Refusal {
    /// HTTP status, code and message.
    pub fn parts(&self) -> (StatusCode, &'static str, &'static str) {
        const BAD: StatusCode = StatusCode::BAD_REQUEST;
        match self {
            Self::InvalidAppKey => (BAD, "A400IK", "Invalid AppKey"),
            Self::InvalidAppCode => (StatusCode::UNAUTHORIZED, "A401AC", "Invalid AppCode"),
            Self::EmptySignature => (StatusCode::UNAUTHORIZED, "I400MH", "Empty Signature"),
            Self::InvalidTimestamp => (BAD, "I400HD", "Invalid Timestamp"),
            Self::TimestampExpired => (BAD, "I400HD", "Timestamp Expired"),
            Self::NonceUsed => (BAD, "I400HD", "Nonce Used"),
            Self::InvalidContentMd5 => (BAD, "I400HD", "Invalid Content-MD5"),
            Self::InvalidSignature(_) => (BAD, "I400HD", "Invalid Signature"),
            Self::InvalidStage => (BAD, "I400SG", "Invalid Stage"),
            Self::ApiNotFound => (StatusCode::NOT_FOUND, "I404NF", "API not found"),
            Self::InvalidMethod => (StatusCode::METHOD_NOT_ALLOWED, "I405UM", "Invalid HttpMethod"),
            Self::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "I413RL", "Request Body Too Large"),
            Self::EmptyBody => (BAD, "I400BD", "Empty Request Body"),
            Self::InvalidBody => (BAD, "I400BD", "Invalid Request Body"),
            Self::Throttled => (StatusCode::FORBIDDEN, "T429ID", "Throttled by API Flow Control"),
        }
    }

    /// The message, as bytes that a header can carry.
    pub fn header(&self) -> Vec<u8> {
        let (_, _, message) = self.parts();
        let mut header = message.as_bytes().to_vec();
        if let Self::InvalidSignature(string_to_sign) = self {
            // Clients cut this off the message and show it beside what they signed themselves.
            header.extend(b", Server StringToSign:`");
            let shown = string_to_sign.iter().take(4096).map(|byte| match byte {
                b'\n' => b'#',
                byte if byte.is_ascii_control() => b'?',
                byte => *byte,
            });
            header.extend(shown);
            header.push(b'`');
        }
        header
    }

    /// The sentence of the body's `localizedMsg`.
    pub fn chinese(&self) -> &'static str {
        match self {
            Self::InvalidAppKey => "AppKey 无效",
            Self::InvalidAppCode => "AppCode 无效",
            Self::EmptySignature => "缺少签名",
            Self::InvalidTimestamp => "时间戳无效",
            Self::TimestampExpired => "时间戳已过期",
            Self::NonceUsed => "随机数已被使用",
            Self::InvalidContentMd5 => "Content-MD5 与请求体不符",
            Self::InvalidSignature(_) => "签名无效",
            Self::InvalidStage => "环境参数无效",
            Self::ApiNotFound => "接口不存在",
            Self::InvalidMethod => "不支持的请求方法",
            Self::BodyTooLarge => "请求体过大",
            Self::EmptyBody => "请求体为空",
            Self::InvalidBody => "请求体格式错误",
            Self::Throttled => "请求被限流",
        }
    }
}
