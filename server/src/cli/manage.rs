//! Commands that manage tenants, applications, identities and people.

use clap::{Args, Subcommand};
use domain::access::service as access;

use super::store::{Missing, Options};
use super::{Failure, say};

#[derive(Subcommand)]
pub(super) enum Tenant {
    /// Create a tenant and print login and one-time password of its administrator
    Create(CreateTenant),
    /// Remove a tenant and everything that is its own, for good: the demo plant, for one
    Delete(DeleteTenant),
}

#[derive(Args)]
pub(super) struct CreateTenant {
    /// Name of the tenant, unique in the installation
    #[arg(long, env = "MILLWRIGHT_NAME")]
    name: String,
    /// Time zone of its plant, an IANA name
    #[arg(long, env = "MILLWRIGHT_TIME_ZONE", value_name = "ZONE", default_value = "Asia/Shanghai")]
    time_zone: String,
}

#[derive(Args)]
pub(super) struct DeleteTenant {
    /// Name of the tenant
    #[arg(long, env = "MILLWRIGHT_NAME")]
    name: String,
    /// Do it; without this the command only says what would go
    #[arg(long, env = "MILLWRIGHT_YES")]
    yes: bool,
}

#[derive(Subcommand)]
pub(super) enum Identity {
    /// Map an enterprise of another system to a tenant, or one of its users to an employee
    Map(MapIdentity),
}

#[derive(Args)]
pub(super) struct MapIdentity {
    /// The other system, as calls name it (`source`)
    #[arg(long, env = "MILLWRIGHT_SOURCE")]
    source: String,
    /// The enterprise there (`corpId`)
    #[arg(long, env = "MILLWRIGHT_CORP_ID", value_name = "ID")]
    corp_id: String,
    /// The person there (`userId`)
    #[arg(long, env = "MILLWRIGHT_USER_ID", value_name = "ID", requires = "employee")]
    user_id: Option<String>,
    /// The employee here: login name or employeeId
    #[arg(long, env = "MILLWRIGHT_EMPLOYEE", requires = "user_id")]
    employee: Option<String>,
    /// Name of the tenant [default: the only or first one]
    #[arg(long, env = "MILLWRIGHT_TENANT", value_name = "NAME")]
    tenant: Option<String>,
}

#[derive(Subcommand)]
pub(super) enum App {
    /// Create an application and print its AppKey, AppSecret, AppCode and appId
    ///
    /// With the key and secret of another tenant's application, that application becomes a shared one and gets an
    /// appId for this tenant.
    Create(CreateApp),
}

#[derive(Args)]
pub(super) struct CreateApp {
    /// Name of the application
    #[arg(long, env = "MILLWRIGHT_NAME")]
    name: String,
    /// Name of the tenant [default: the only or first one]
    #[arg(long, env = "MILLWRIGHT_TENANT", value_name = "NAME")]
    tenant: Option<String>,
    /// AppKey to use instead of a new one
    #[arg(long, env = "MILLWRIGHT_APP_KEY", value_name = "KEY", requires = "app_secret")]
    app_key: Option<String>,
    /// AppSecret to use instead of a new one
    #[arg(
        long,
        env = "MILLWRIGHT_APP_SECRET",
        value_name = "SECRET",
        hide_env_values = true,
        requires = "app_key"
    )]
    app_secret: Option<String>,
    /// appId to use instead of a new one
    #[arg(long, env = "MILLWRIGHT_APP_ID", value_name = "ID")]
    app_id: Option<String>,
}

#[derive(Subcommand)]
pub(super) enum Admin {
    /// Set a new password for someone who signs in, and end their sessions
    ResetPassword(ResetPassword),
}

#[derive(Args)]
pub(super) struct ResetPassword {
    /// Login name
    #[arg(long, env = "MILLWRIGHT_LOGIN", value_name = "NAME")]
    login: String,
    /// The new password [default: a one-time password, which is printed]
    #[arg(long, env = "MILLWRIGHT_PASSWORD", hide_env_values = true)]
    password: Option<String>,
}

pub(super) async fn tenant(store: &Options, command: Tenant) -> Result<(), Failure> {
    match command {
        Tenant::Create(command) => create_tenant(store, command).await,
        Tenant::Delete(command) => delete_tenant(store, command).await,
    }
}

async fn delete_tenant(store: &Options, command: DeleteTenant) -> Result<(), Failure> {
    let services = store.open(Missing::Refuse).await?;
    let tenant = access::named_tenant(&services, &command.name).await?;
    if !command.yes {
        let (name, rows) = (&tenant.name, access::tenant_size(&services, &tenant).await?);
        return Err(Failure::new(format!(
            "this removes the tenant {name} and its {rows} rows for good; add --yes to do it"
        )));
    }
    let removed = access::delete_tenant(&services, &command.name).await?;
    say(&format!("removed: {}", removed.name))?;
    close(services).await
}

async fn create_tenant(store: &Options, command: CreateTenant) -> Result<(), Failure> {
    let services = store.open(Missing::Create).await?;
    let params = access::CreateTenant { name: command.name, time_zone: command.time_zone };
    let new = access::create_tenant(&services, params).await?;
    say(&format!("tenant: {}\nlogin: {}\npassword: {}", new.tenant.name, new.login, new.password))?;
    close(services).await
}

pub(super) async fn identity(store: &Options, Identity::Map(command): Identity) -> Result<(), Failure> {
    let (services, tenant) = store.open_for(command.tenant.as_deref()).await?;
    let params = access::MapIdentity {
        source: command.source,
        corp_id: command.corp_id,
        user_id: command.user_id,
        employee: command.employee,
    };
    let name = tenant.name.clone();
    access::map_identity(&access::system_ctx(&services, tenant), params).await?;
    say(&format!("tenant: {name}"))?;
    close(services).await
}

pub(super) async fn app(store: &Options, App::Create(command): App) -> Result<(), Failure> {
    let (services, tenant) = store.open_for(command.tenant.as_deref()).await?;
    let params = access::CreateApplication {
        name: command.name,
        app_key: command.app_key,
        app_secret: command.app_secret,
        app_id: command.app_id,
    };
    let new = access::create_application(&access::system_ctx(&services, tenant), params).await?;
    say(&format!("AppKey: {}\nAppSecret: {}", new.app_key, new.app_secret))?;
    for (name, value) in [("AppCode", new.app_code), ("appId", new.app_id)] {
        if let Some(value) = value {
            say(&format!("{name}: {value}"))?;
        }
    }
    close(services).await
}

pub(super) async fn admin(store: &Options, Admin::ResetPassword(command): Admin) -> Result<(), Failure> {
    let services = store.open(Missing::Refuse).await?;
    let tenant = access::tenant_of_login(&services, &command.login).await?.ok_or_else(|| {
        Failure::new(format!(
            "--login: nobody signs in as {}; check the name, or the data folder",
            command.login
        ))
    })?;
    let given = command.password.is_some();
    let params = access::ResetPassword { login: command.login, password: command.password };
    let new = access::reset_password(&access::system_ctx(&services, tenant), params).await?;
    for (name, value) in [("login", new.login), ("password", new.password.filter(|_| !given))] {
        if let Some(value) = value {
            say(&format!("{name}: {value}"))?;
        }
    }
    close(services).await
}

async fn close(services: domain::ctx::Services) -> Result<(), Failure> {
    services.db.close().await;
    Ok(())
}
