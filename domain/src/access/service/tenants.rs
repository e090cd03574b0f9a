//! Tenants: their creation with everything one begins with, and how they are found.

use std::sync::Arc;
use std::time::Instant;

use super::{checked_name, password};
use crate::access::store::{people, tenants as store};
use crate::access::{Actor, Role, Tenant};
use crate::ctx::Services;
use crate::db::dialect::is_unique_violation;
use crate::db::{Tx, schema};
use crate::time::Zone;
use crate::{Ctx, Error, Result, text};

/// Zone of a plant when none is said.
const DEFAULT_ZONE: &str = "Asia/Shanghai";
/// Name of the tenant that the first start creates.
const DEFAULT_NAME: &str = "Default";

/// A tenant to create.
#[derive(Clone, Debug)]
pub struct CreateTenant {
    /// Its name, unique in the installation.
    pub name: String,
    /// IANA zone of its plant.
    pub time_zone: String,
}

/// A tenant just created. The password is shown this once.
pub struct NewTenant {
    /// The tenant.
    pub tenant: Arc<Tenant>,
    /// Login name of its main account, an administrator.
    pub login: String,
    /// One-time password of the main account.
    pub password: String,
}

/// Creates a tenant with a root organization of its name and a main account.
pub async fn create_tenant(services: &Services, params: CreateTenant) -> Result<NewTenant> {
    create(services, params, false).await
}

/// Creates the tenant of the first start; `None` when there is a tenant already.
pub async fn create_default_tenant(services: &Services) -> Result<Option<NewTenant>> {
    if !list_tenants(services).await?.is_empty() {
        return Ok(None);
    }
    let params = CreateTenant { name: DEFAULT_NAME.to_owned(), time_zone: DEFAULT_ZONE.to_owned() };
    match create(services, params, true).await {
        Ok(new) => Ok(Some(new)),
        // Another process was faster.
        Err(error) if !list_tenants(services).await?.is_empty() => {
            tracing::debug!(%error, "the default tenant is there already");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

async fn create(services: &Services, params: CreateTenant, is_default: bool) -> Result<NewTenant> {
    let name = checked_name("name", &params.name)?;
    let zone = Zone::named(params.time_zone.trim())?;
    let tenant = Arc::new(Tenant { id: services.ids.next(), name, zone });
    let password = password::one_time();
    let hash = password::hash(services, password.clone()).await?;
    let mut tx = services.db.begin().await?;
    let login = free_admin_login(&mut tx).await?;
    let now = services.clock.now();
    store::insert(&mut tx, &tenant, is_default, now).await.map_err(|error| {
        if is_unique_violation(&error) {
            let name = &tenant.name;
            return Error::invalid(
                "name",
                text!(
                    "a tenant {name} exists already; choose another name",
                    "租户 {name} 已存在，请换一个名称"
                ),
            );
        }
        error
    })?;
    store::insert_organization(&mut tx, tenant.id, services.ids.next(), &tenant.name, now).await?;
    let employee = people::NewEmployee {
        id: services.ids.next(),
        name: &login,
        role: Role::Administrator,
        password_hash: Some(&hash),
        now,
    };
    people::insert(&mut tx, tenant.id, &employee).await?;
    people::insert_login(&mut tx, tenant.id, employee.id, &login).await?;
    tx.commit().await?;
    Ok(NewTenant { tenant, login, password })
}

/// What would go with a tenant: the number of rows that are its own.
pub async fn tenant_size(services: &Services, tenant: &Tenant) -> Result<i64> {
    let mut read = services.db.read().await?;
    let mut rows = 0;
    // As many statements as there are tables, whatever is in them.
    for table in schema::tenant_tables(&mut read).await? {
        rows += schema::count_of(&mut read, &table, tenant.id).await?;
    }
    Ok(rows)
}

/// Removes a tenant and everything that is its own, all at once and for good. Whoever uses one of its applications, or is
/// signed in, is refused from then on.
pub async fn delete_tenant(services: &Services, name: &str) -> Result<Arc<Tenant>> {
    let tenant = named_tenant(services, name).await?;
    let mut tx = services.db.begin().await?;
    // Writes of this tenant that are under way end before, later ones find no tenant.
    store::hold(&mut tx, tenant.id).await?;
    store::delete_what_points_here(&mut tx, tenant.id).await?;
    for table in schema::tenant_tables(&mut tx).await? {
        schema::delete_of(&mut tx, &table, tenant.id).await?;
    }
    store::delete(&mut tx, tenant.id).await?;
    tx.commit().await?;
    services.directory.forget_tenants();
    Ok(tenant)
}

/// The tenant of this name, or a refusal that says which there are.
pub async fn named_tenant(services: &Services, name: &str) -> Result<Arc<Tenant>> {
    if let Some(tenant) = find_tenant(services, name).await? {
        return Ok(tenant);
    }
    let names: Vec<_> = list_tenants(services).await?.into_iter().map(|tenant| tenant.name).collect();
    let (name, names) = (name.trim(), names.join(", "));
    Err(Error::invalid(
        "name",
        text!("no tenant is called {name}; there are: {names}", "没有名为 {name} 的租户，现有：{names}"),
    ))
}

/// `admin`, or the first of `admin-2`, `admin-3`, … that is free.
async fn free_admin_login(tx: &mut Tx) -> Result<String> {
    // The names of a whole installation: two tenants created at once must not draw the same one.
    tx.lock(0, "login").await?;
    let taken = people::admin_logins(tx).await?;
    let numbered = (2_u32..).map(|number| format!("admin-{number}"));
    let free = std::iter::once("admin".to_owned()).chain(numbered).find(|name| !taken.contains(name));
    Ok(free.expect("numbers do not run out"))
}

/// All tenants, the default one first, then by age.
pub async fn list_tenants(services: &Services) -> Result<Vec<Tenant>> {
    let mut read = services.db.read().await?;
    store::list(&mut read).await?.into_iter().map(TryInto::try_into).collect()
}

/// The tenant that is meant when none is named: the default one, or the only one.
pub async fn default_tenant(services: &Services) -> Result<Option<Arc<Tenant>>> {
    let mut read = services.db.read().await?;
    let rows = store::list(&mut read).await?;
    let only = rows.len() == 1;
    let row = rows.into_iter().find(|row| row.is_default || only);
    row.map(|row| Tenant::try_from(row).map(Arc::new)).transpose()
}

/// The tenant of this name.
pub async fn find_tenant(services: &Services, name: &str) -> Result<Option<Arc<Tenant>>> {
    let mut read = services.db.read().await?;
    let row = store::by_name(&mut read, name.trim()).await?;
    row.map(|row| Tenant::try_from(row).map(Arc::new)).transpose()
}

/// The tenant with this id, from memory when it was asked for a moment ago.
pub async fn tenant_by_id(services: &Services, id: i64) -> Result<Option<Arc<Tenant>>> {
    if let Some(tenant) = services.directory.tenants.get(&id) {
        return Ok(Some(tenant));
    }
    let asked = Instant::now();
    let mut read = services.db.read().await?;
    let Some(row) = store::by_id(&mut read, id).await? else { return Ok(None) };
    let tenant = Arc::new(Tenant::try_from(row)?);
    services.directory.tenants.put(id, asked, Arc::clone(&tenant));
    Ok(Some(tenant))
}

/// The tenant whose employee signs in with this name.
pub async fn tenant_of_login(services: &Services, login: &str) -> Result<Option<Arc<Tenant>>> {
    let mut read = services.db.read().await?;
    let account = people::by_login(&mut read, &super::people::login_key(login)).await?;
    drop(read);
    match account {
        Some(account) => tenant_by_id(services, account.tenant_id).await,
        None => Ok(None),
    }
}

/// A context in which the program itself, or its command line, acts in a tenant.
pub fn system_ctx(services: &Services, tenant: Arc<Tenant>) -> Ctx {
    Ctx { actor: Actor::System, tenant, services: services.clone() }
}
