//! Whom a signed call speaks for: decisions on `appId`, `(source, corpId)`, `userId` and `employeeId`.

use super::{Application, checked_name, tenant_by_id};
use crate::access::store::{applications, identities as store, people};
use crate::access::{Access, Actor, Area, Role};
use crate::ctx::Services;
use crate::db::Read;
use crate::{Code, Ctx, Error, Result, text};

/// The identity parameters of a call; absent and empty are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// `appId`: an instance of the calling application.
    pub app_id: Option<String>,
    /// `source`: the system that the next two ids are of.
    pub source: Option<String>,
    /// `corpId`: an enterprise, as that system calls it.
    pub corp_id: Option<String>,
    /// `userId`: a person, as that system calls them.
    pub user_id: Option<String>,
    /// `employeeId`: a person of the tenant.
    pub employee_id: Option<String>,
}

/// A mapping of an external identity to this tenant, and to one of its people.
#[derive(Clone, Debug, Default)]
pub struct MapIdentity {
    /// `source`.
    pub source: String,
    /// `corpId`.
    pub corp_id: String,
    /// `userId`; only together with the employee.
    pub user_id: Option<String>,
    /// The employee: `employeeId` or login name.
    pub employee: Option<String>,
}

/// A mapping as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalIdentity {
    /// `source`.
    pub source: String,
    /// `corpId`.
    pub corp_id: String,
    /// `userId`; `None` maps the enterprise itself.
    pub user_id: Option<String>,
    /// The employee it stands for.
    pub employee_id: Option<i64>,
}

/// The context of a signed call. A given identity that is not known here is refused; it never falls back.
pub async fn resolve_identity(
    services: &Services,
    application: &Application,
    identity: &Identity,
) -> Result<Ctx> {
    let given = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
    let app_id = given(&identity.app_id);
    let source = given(&identity.source);
    let corp_id = given(&identity.corp_id);
    let user_id = given(&identity.user_id);
    let employee_id = given(&identity.employee_id);

    let mut found = (application.tenant_id, None);
    if app_id.is_some() || corp_id.is_some() || user_id.is_some() || employee_id.is_some() {
        let mut read = services.db.read().await?;
        let corp = (source.as_deref(), corp_id.as_deref());
        found.0 = tenant(&mut read, application, app_id.as_deref(), corp).await?;
        found.1 = if let Some(employee_id) = employee_id {
            Some(employee(&mut read, found.0, employee_id.parse().ok()).await?)
        } else if let Some(user_id) = user_id {
            let id = user(&mut read, found.0, corp, &user_id).await?;
            Some(employee(&mut read, found.0, id).await?)
        } else {
            None
        };
    }
    let (tenant_id, employee) = found;
    let tenant = tenant_by_id(services, tenant_id).await?;
    let tenant = tenant.ok_or_else(|| Error::internal("an application without its tenant"))?;
    let actor = Actor::Application { id: application.id, name: application.name.clone(), employee };
    Ok(Ctx { actor, tenant, services: services.clone() })
}

async fn tenant(
    read: &mut Read,
    application: &Application,
    app_id: Option<&str>,
    (source, corp_id): (Option<&str>, Option<&str>),
) -> Result<i64> {
    let mapped = match corp_id {
        Some(corp_id) => store::tenant_of(read, source.unwrap_or_default(), corp_id, "").await?,
        None => None,
    };
    if let Some(app_id) = app_id {
        let tenant = applications::instance_tenant(read, application.id, app_id).await?;
        let tenant = tenant.ok_or(Error::Forbidden)?;
        return match mapped {
            // An enterprise that is known, and is another one, contradicts the instance.
            Some(mapped) if mapped != tenant => Err(Error::Forbidden),
            None if corp_id.is_some() => Err(unknown_enterprise()),
            Some(_) | None => Ok(tenant),
        };
    }
    if corp_id.is_none() {
        return Ok(application.tenant_id);
    }
    match mapped {
        Some(tenant) if tenant == application.tenant_id => Ok(tenant),
        // Knowing the name of another enterprise opens nothing: it must have subscribed to the application.
        Some(tenant) if applications::has_instance(read, tenant, application.id).await? => Ok(tenant),
        Some(_) | None => Err(unknown_enterprise()),
    }
}

fn unknown_enterprise() -> Error {
    Error::Coded(
        Code::TenantNotFound,
        text!(
            "no tenant of this application has this source and corpId",
            "该应用没有此 source 和 corpId 对应的租户"
        ),
    )
}

async fn user(
    read: &mut Read,
    tenant_id: i64,
    (source, corp_id): (Option<&str>, Option<&str>),
    user_id: &str,
) -> Result<Option<i64>> {
    let found = store::employees(read, tenant_id, source.unwrap_or_default(), corp_id, user_id).await?;
    // Without a corpId two enterprises of one tenant may use the same user id: nobody is guessed.
    Ok(if let [one] = found[..] { Some(one) } else { None })
}

async fn employee(read: &mut Read, tenant_id: i64, id: Option<i64>) -> Result<(i64, Role)> {
    let role = match id {
        Some(id) => people::role(read, tenant_id, id).await?,
        None => None,
    };
    match (id, role.as_deref().and_then(Role::from_stored)) {
        (Some(id), Some(role)) => Ok((id, role)),
        (Some(_) | None, None) | (None, Some(_)) => {
            Err(Error::Coded(Code::UserNotExist, text!("no such user in this tenant", "租户中没有该用户")))
        }
    }
}

/// Maps an external enterprise to this tenant, and one of its users to an employee. Repeating a mapping changes nothing,
/// a user may be mapped to another employee later.
pub async fn map_identity(ctx: &Ctx, params: MapIdentity) -> Result<()> {
    ctx.require(Area::Administration, Access::Write)?;
    let source = checked_name("source", &params.source)?;
    let corp_id = checked_name("corpId", &params.corp_id)?;
    let user_id = params.user_id.map(|user| checked_name("userId", &user)).transpose()?;
    if user_id.is_some() != params.employee.is_some() {
        return Err(Error::invalid(
            if user_id.is_some() { "employee" } else { "userId" },
            text!("userId and employee are given together", "userId 与员工须同时给出"),
        ));
    }
    let mut tx = ctx.begin().await?;
    tx.lock(0, "identity").await?;
    if store::tenant_of(&mut tx, &source, &corp_id, "").await?.is_some_and(|tenant| tenant != ctx.tenant_id())
    {
        return Err(Error::invalid(
            "corpId",
            text!("{corp_id} of {source} belongs to another tenant", "{source} 的 {corp_id} 属于其他租户"),
        ));
    }
    let enterprise = store::IdentityRow { source, corp_id, user_id: String::new(), employee_id: None };
    store::put(&mut tx, ctx.tenant_id(), &enterprise).await?;
    if let (Some(user_id), Some(employee)) = (user_id, params.employee) {
        let employee = employee.trim();
        let by_id = match employee.parse::<i64>() {
            Ok(id) => people::role(&mut tx, ctx.tenant_id(), id).await?.map(|_| id),
            Err(_) => None,
        };
        let by_login = people::by_login(&mut tx, &super::people::login_key(employee)).await?;
        let by_login = by_login.filter(|account| account.tenant_id == ctx.tenant_id());
        let employee_id = by_id.or(by_login.map(|account| account.employee_id)).ok_or_else(|| {
            Error::unknown(
                "employee",
                text!("an employee with the id or login {employee}", "编号或登录名为 {employee} 的员工"),
            )
        })?;
        let user = store::IdentityRow { user_id, employee_id: Some(employee_id), ..enterprise };
        store::put(&mut tx, ctx.tenant_id(), &user).await?;
    }
    tx.commit().await
}

/// The tenant's external identities, by source, enterprise and user.
pub async fn list_identities(ctx: &Ctx) -> Result<Vec<ExternalIdentity>> {
    ctx.require(Area::Administration, Access::Read)?;
    let mut read = ctx.read().await?;
    let rows = store::list(&mut read, ctx.tenant_id()).await?;
    Ok(rows
        .into_iter()
        .map(|row| ExternalIdentity {
            source: row.source,
            corp_id: row.corp_id,
            user_id: Some(row.user_id).filter(|user| !user.is_empty()),
            employee_id: row.employee_id,
        })
        .collect())
}
