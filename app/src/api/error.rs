//! A service's failure as it crosses to the browser: typed, with its sentence in both languages.

use domain::{Code, Text, text};
use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// Result of every server function.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, as far as a person may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Error {
    /// Which kind of failure.
    pub kind: Kind,
    /// The parameter at fault, for the field that shows the sentence under itself.
    pub param: Option<String>,
    /// The sentence.
    pub text: Text,
    /// Id of the request, to find it in the log.
    pub request: Option<String>,
}

/// The kinds of failure that pages tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A parameter was refused; `param` names it.
    Invalid,
    /// A documented failure.
    Coded(Code),
    /// The person may not do this.
    Forbidden,
    /// The session has ended, or there was none.
    Unauthenticated,
    /// It took too long; nothing was written.
    Deadline,
    /// Our fault.
    Internal,
    /// The server did not answer.
    Network,
}

impl Error {
    /// A failure of this kind with its sentence.
    pub fn new(kind: Kind, text: Text) -> Self {
        Self { kind, param: None, text, request: None }
    }

    /// The sentence for this field, if the failure is about it.
    pub fn for_field(&self, param: &str) -> Option<&Text> {
        (self.param.as_deref() == Some(param)).then_some(&self.text)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.text.fmt(f)
    }
}

impl std::error::Error for Error {}

impl From<domain::Error> for Error {
    fn from(error: domain::Error) -> Self {
        use domain::Error as E;
        let (kind, text) = match error {
            E::Invalid { param, reason } => {
                return Self { param: Some(param), ..Self::new(Kind::Invalid, reason) };
            }
            E::Coded(code, text) => (Kind::Coded(code), text),
            E::Forbidden => (Kind::Forbidden, text!("Your role does not allow this", "您的角色无此权限")),
            E::Unauthenticated => (Kind::Unauthenticated, text!("Your session has ended", "登录已失效")),
            E::Deadline => {
                (Kind::Deadline, text!("This took too long; nothing was changed", "超时，未作任何更改"))
            }
            // In one arm: the second one exists only where the store is compiled in.
            _ => (Kind::Internal, text!("Something went wrong on the server", "服务器出错")),
        };
        Self::new(kind, text)
    }
}

impl FromServerFnError for Error {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => {
                Self::new(Kind::Network, text!("The server did not answer", "服务器没有应答"))
            }
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                Self::new(Kind::Invalid, text!("The request could not be read", "无法读取请求"))
            }
            _ => Self::new(Kind::Internal, text!("Something went wrong on the server", "服务器出错")),
        }
    }
}
