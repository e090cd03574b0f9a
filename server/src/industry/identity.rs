//! Whom a call speaks for: the platform parameters that all endpoints take besides their own.

use domain::access::service::Identity;
use domain::{Error, Result, text};
use serde_json::{Map, Value};

use super::shape::Shape;

/// The platform parameters with what they say, in the order in which the document lists them.
pub const PLATFORM_PARAMS: [(&str, &str); 9] = [
    ("appId", "Instance of the calling application"),
    ("employeeId", "Person of the tenant on whose behalf the call is made"),
    ("corpId", "Enterprise, as `source` calls it"),
    ("cropId", "Another spelling of `corpId`"),
    ("userId", "Person, as `source` calls them"),
    ("source", "System that `corpId` and `userId` are of, such as DINGDING or SAAS"),
    ("agentId", "Application of the enterprise; not used"),
    ("platForm", "Device of the caller; not used"),
    ("platform", "Operating platform; not used"),
];

/// Takes the platform parameters out. A name that the endpoint declares itself is its subject, and stays.
pub fn take(params: &mut Map<String, Value>, shape: &Shape) -> Result<Identity> {
    let mut taken = |name: &str| -> Result<Option<String>> {
        if shape.field(name).is_some() {
            return Ok(None);
        }
        match params.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text).filter(|text| !text.is_empty())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(Error::invalid(name, text!("must be text", "应为字符串"))),
        }
    };
    let identity = Identity {
        app_id: taken("appId")?,
        source: taken("source")?,
        corp_id: taken("corpId")?,
        user_id: taken("userId")?,
        employee_id: taken("employeeId")?,
    };
    // The other spelling, where the usual one is absent.
    let crop_id = taken("cropId")?;
    Ok(Identity { corp_id: identity.corp_id.or(crop_id), ..identity })
}
