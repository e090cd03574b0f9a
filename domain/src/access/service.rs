//! Use cases of tenants, applications, people and sessions.

mod applications;
mod directory;
mod identity;
mod password;
mod people;
mod sessions;
mod tenants;

pub use applications::{
    Application, ApplicationInfo, CreateApplication, NewApplication, application_by_code, application_by_key,
    create_application, list_applications, revoke_application, rotate_application,
};
pub use directory::Directory;
pub use identity::{
    ExternalIdentity, Identity, MapIdentity, list_identities, map_identity, resolve_identity,
};
pub use people::{
    CreateEmployee, EmployeeInfo, NewPassword, ResetPassword, create_employee, list_employees, reset_password,
};
pub use sessions::{
    ChangePassword, NewSession, SignIn, change_password, clean_up_sessions, session_ctx, sign_in, sign_out,
};
pub use tenants::{
    CreateTenant, NewTenant, create_default_tenant, create_tenant, default_tenant, delete_tenant,
    find_tenant, list_tenants, named_tenant, system_ctx, tenant_by_id, tenant_of_login, tenant_size,
};

use crate::{Error, Result, text};

/// Longest name of a tenant, an application or a person.
const MAX_NAME: usize = 128;

/// A trimmed name of 1 to 128 characters.
fn checked_name(param: &str, name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::missing(param));
    }
    if name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(Error::invalid(
            param,
            text!("must be 1 to {MAX_NAME} printable characters", "应为 1 至 {MAX_NAME} 个可显示字符"),
        ));
    }
    Ok(name.to_owned())
}

/// SHA-256 as text: how tokens and codes with enough randomness of their own are kept.
pub(crate) fn digest(secret: &str) -> String {
    use base64::Engine;
    use sha2::{Digest, Sha256};
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()))
}

/// A secret that is easily told, typed and given on a command line: letters and digits, none that look alike.
fn readable_secret(length: usize) -> String {
    std::iter::repeat_with(|| crate::id::secret(length))
        .flat_map(String::into_bytes)
        .map(char::from)
        .filter(|c| c.is_ascii_alphanumeric() && !"0O1lI".contains(*c))
        .take(length)
        .collect()
}
