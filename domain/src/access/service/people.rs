//! Employees and their passwords, as an administrator handles them.

use super::{checked_name, password};
use crate::access::store::{people as store, sessions};
use crate::access::{Access, Area, Role};
use crate::db::dialect::is_unique_violation;
use crate::time::Millis;
use crate::{Ctx, Error, Result, text};

/// An employee to create.
#[derive(Clone, Debug)]
pub struct CreateEmployee {
    /// Shown name.
    pub name: String,
    /// Name to sign in with, unique in the installation; `None` for people who do not sign in.
    pub login: Option<String>,
    /// What they may do.
    pub role: Role,
}

/// An employee as a list shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmployeeInfo {
    /// `employeeId` = `auid`.
    pub id: i64,
    /// Shown name.
    pub name: String,
    /// Name they sign in with.
    pub login: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Whether they still belong to the tenant.
    pub active: bool,
    /// When they were created.
    pub created_at: Millis,
}

/// An account whose password is to be replaced.
#[derive(Clone)]
pub struct ResetPassword {
    /// Login name.
    pub login: String,
    /// The new password; one is made when none is given.
    pub password: Option<String>,
}

/// A password just set, shown this once.
pub struct NewPassword {
    /// The employee it is for.
    pub employee_id: i64,
    /// Login name.
    pub login: Option<String>,
    /// The password; `None` for people who do not sign in.
    pub password: Option<String>,
}

/// How a login name is kept and compared: trimmed, in lower case.
pub(super) fn login_key(login: &str) -> String {
    login.trim().to_lowercase()
}

/// Creates an employee, with a one-time password when they sign in.
pub async fn create_employee(ctx: &Ctx, params: CreateEmployee) -> Result<NewPassword> {
    ctx.require(Area::Administration, Access::Write)?;
    let name = checked_name("name", &params.name)?;
    let login = params.login.map(|login| checked_name("login", &login_key(&login))).transpose()?;
    let password = login.as_ref().map(|_| password::one_time());
    let hash = match &password {
        Some(password) => Some(password::hash(&ctx.services, password.clone()).await?),
        None => None,
    };
    let employee = store::NewEmployee {
        id: ctx.next_id(),
        name: &name,
        role: params.role,
        password_hash: hash.as_deref(),
        now: ctx.now(),
    };
    let mut tx = ctx.begin().await?;
    store::insert(&mut tx, ctx.tenant_id(), &employee).await?;
    if let Some(login) = &login {
        store::insert_login(&mut tx, ctx.tenant_id(), employee.id, login).await.map_err(|error| {
            if is_unique_violation(&error) {
                return Error::invalid(
                    "login",
                    text!("{login} is taken; choose another one", "{login} 已被占用，请换一个"),
                );
            }
            error
        })?;
    }
    tx.commit().await?;
    Ok(NewPassword { employee_id: employee.id, login, password })
}

/// The tenant's people, newest first.
pub async fn list_employees(ctx: &Ctx) -> Result<Vec<EmployeeInfo>> {
    ctx.require(Area::Administration, Access::Read)?;
    let mut read = ctx.read().await?;
    let rows = store::list(&mut read, ctx.tenant_id()).await?;
    rows.into_iter()
        .map(|row| {
            let role = Role::from_stored(&row.role).ok_or_else(|| Error::internal("an unknown role"))?;
            let store::EmployeeRow { id, name, login, active, created_at, .. } = row;
            Ok(EmployeeInfo { id, name, login, role, active, created_at })
        })
        .collect()
}

/// Replaces the password of one of the tenant's people, ends their sessions and lifts the pause after failed attempts.
pub async fn reset_password(ctx: &Ctx, params: ResetPassword) -> Result<NewPassword> {
    ctx.require(Area::Administration, Access::Write)?;
    let one_time = params.password.is_none();
    let password = params.password.unwrap_or_else(password::one_time);
    password::check("password", &password)?;
    let hash = password::hash(&ctx.services, password.clone()).await?;
    let login = login_key(&params.login);
    let mut tx = ctx.begin().await?;
    let account = store::by_login(&mut tx, &login).await?;
    let account = account
        .filter(|account| account.tenant_id == ctx.tenant_id())
        .ok_or_else(|| Error::unknown("login", text!("the login name {login}", "登录名 {login} ")))?;
    store::set_password(&mut tx, ctx.tenant_id(), account.employee_id, &hash, one_time).await?;
    sessions::delete_others(&mut tx, ctx.tenant_id(), account.employee_id, "").await?;
    sessions::forget_attempts(&mut tx, &login).await?;
    tx.commit().await?;
    Ok(NewPassword { employee_id: account.employee_id, login: Some(login), password: Some(password) })
}
