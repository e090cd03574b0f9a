//! Applications: their keys, secrets, codes and instances.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use super::{checked_name, digest, readable_secret};
use crate::access::store::applications::{self as store, ApplicationRow, NewSecrets};
use crate::access::{Access, Area};
use crate::ctx::Services;
use crate::db::Tx;
use crate::db::dialect::is_unique_violation;
use crate::time::Millis;
use crate::{Ctx, Error, Result, id, text};

/// Characters of an `AppCode` that a list shows.
const PREFIX: usize = 6;

/// An application that may call the industry API.
#[derive(Clone, PartialEq, Eq)]
pub struct Application {
    /// Its id.
    pub id: i64,
    /// The tenant it belongs to.
    pub tenant_id: i64,
    /// Its name.
    pub name: String,
    /// `AppKey`: who signs.
    pub app_key: String,
    /// `AppSecret`: with what. Never logged, never shown again.
    pub app_secret: String,
    /// Whether `AUTHORIZATION: APPCODE …` is accepted instead of a signature.
    pub app_code_allowed: bool,
    /// Used by several tenants, each with an instance of its own.
    pub shared: bool,
}

impl fmt::Debug for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Application")
            .field("id", &self.id)
            .field("tenant_id", &self.tenant_id)
            .field("name", &self.name)
            .field("app_key", &self.app_key)
            .field("app_code_allowed", &self.app_code_allowed)
            .field("shared", &self.shared)
            .finish_non_exhaustive()
    }
}

/// An application as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationInfo {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// `AppKey`.
    pub app_key: String,
    /// First characters of the `AppCode`.
    pub app_code_prefix: String,
    /// `appId` for its own tenant.
    pub app_id: Option<String>,
    /// Used by several tenants.
    pub shared: bool,
    /// Out of use for good.
    pub revoked: bool,
    /// When it was created.
    pub created_at: Millis,
}

/// An application to create. What is not given is made.
#[derive(Clone, Default)]
pub struct CreateApplication {
    /// Its name.
    pub name: String,
    /// `AppKey`. The key of another tenant's application, with its secret, gives this tenant an instance of it.
    pub app_key: Option<String>,
    /// `AppSecret`.
    pub app_secret: Option<String>,
    /// `appId` of the instance for this tenant.
    pub app_id: Option<String>,
}

/// Keys and secrets of an application, shown this once.
pub struct NewApplication {
    /// `AppKey`.
    pub app_key: String,
    /// `AppSecret`.
    pub app_secret: String,
    /// `AppCode`; `None` when the application existed and only got an instance.
    pub app_code: Option<String>,
    /// `appId` of the instance for this tenant.
    pub app_id: Option<String>,
}

/// The application with this `AppKey`, unless it is revoked. A rotation or revocation by any process counts within two
/// seconds.
pub async fn application_by_key(services: &Services, app_key: &str) -> Result<Option<Arc<Application>>> {
    if let Some(application) = services.directory.by_key.get(app_key) {
        return Ok(Some(application));
    }
    let asked = Instant::now();
    let mut read = services.db.read().await?;
    let Some(application) = usable(store::by_key(&mut read, app_key).await?) else { return Ok(None) };
    services.directory.by_key.put(app_key.to_owned(), asked, Arc::clone(&application));
    Ok(Some(application))
}

/// The application with this `AppCode`, unless it is revoked or does not allow codes.
pub async fn application_by_code(services: &Services, app_code: &str) -> Result<Option<Arc<Application>>> {
    let hash = digest(app_code);
    if let Some(application) = services.directory.by_code.get(&hash) {
        return Ok(Some(application));
    }
    let asked = Instant::now();
    let mut read = services.db.read().await?;
    let found = usable(store::by_code_hash(&mut read, &hash).await?);
    let Some(application) = found.filter(|application| application.app_code_allowed) else {
        return Ok(None);
    };
    services.directory.by_code.put(hash, asked, Arc::clone(&application));
    Ok(Some(application))
}

fn usable(row: Option<ApplicationRow>) -> Option<Arc<Application>> {
    row.filter(|row| !row.revoked).map(|row| {
        Arc::new(Application {
            id: row.id,
            tenant_id: row.tenant_id,
            name: row.name,
            app_key: row.app_key,
            app_secret: row.app_secret,
            app_code_allowed: row.app_code_allowed,
            shared: row.shared,
        })
    })
}

/// Creates an application of the tenant, with its instance. With key and secret of another tenant's application, that
/// one becomes shared and gets an instance for this tenant.
pub async fn create_application(ctx: &Ctx, params: CreateApplication) -> Result<NewApplication> {
    ctx.require(Area::Administration, Access::Write)?;
    let name = checked_name("name", &params.name)?;
    let app_key = params.app_key.map_or_else(|| Ok(id::digits(9)), |key| checked_token("appKey", &key))?;
    let app_id = params.app_id.map_or_else(|| Ok(id::uuid()), |id| checked_token("appId", &id))?;
    let given = params.app_secret.map(|secret| checked_token("appSecret", &secret)).transpose()?;
    let mut tx = ctx.begin().await?;
    tx.lock(0, "application").await?;
    if let Some(existing) = store::by_key(&mut tx, &app_key).await? {
        return subscribe(ctx, tx, existing, given, app_id).await;
    }
    let app_secret = given.unwrap_or_else(|| readable_secret(32));
    let app_code = readable_secret(32);
    let row = ApplicationRow {
        id: ctx.next_id(),
        tenant_id: ctx.tenant_id(),
        name,
        app_key,
        app_secret: String::new(),
        app_code_allowed: true,
        shared: false,
        revoked: false,
    };
    let hash = digest(&app_code);
    store::insert(&mut tx, ctx.tenant_id(), &row, &secrets(&app_secret, &app_code, &hash), ctx.now()).await?;
    store::insert_instance(&mut tx, ctx.tenant_id(), row.id, &app_id).await.map_err(app_id_taken)?;
    tx.commit().await?;
    Ok(NewApplication { app_key: row.app_key, app_secret, app_code: Some(app_code), app_id: Some(app_id) })
}

/// Gives this tenant an instance of another tenant's application, to those who know its secret.
async fn subscribe(
    ctx: &Ctx,
    mut tx: Tx,
    existing: ApplicationRow,
    given: Option<String>,
    app_id: String,
) -> Result<NewApplication> {
    let taken = || {
        let key = &existing.app_key;
        Error::invalid("appKey", text!("{key} is taken; choose another one", "{key} 已被占用，请换一个"))
    };
    if existing.tenant_id == ctx.tenant_id()
        || existing.revoked
        || given.is_none_or(|secret| digest(&secret) != digest(&existing.app_secret))
        || store::has_instance(&mut tx, ctx.tenant_id(), existing.id).await?
    {
        return Err(taken());
    }
    store::share(&mut tx, existing.tenant_id, existing.id).await?;
    store::insert_instance(&mut tx, ctx.tenant_id(), existing.id, &app_id).await.map_err(app_id_taken)?;
    tx.commit().await?;
    ctx.services.directory.forget_applications();
    Ok(NewApplication {
        app_key: existing.app_key,
        app_secret: existing.app_secret,
        app_code: None,
        app_id: Some(app_id),
    })
}

/// Takes an application of the tenant out of use, for good.
pub async fn revoke_application(ctx: &Ctx, app_key: &str) -> Result<()> {
    ctx.require(Area::Administration, Access::Write)?;
    let mut tx = ctx.begin().await?;
    if !store::revoke(&mut tx, ctx.tenant_id(), app_key).await? {
        return Err(unknown_key());
    }
    tx.commit().await?;
    ctx.services.directory.forget_applications();
    Ok(())
}

/// Gives an application of the tenant a new secret and a new `AppCode`; key and `appId` stay.
pub async fn rotate_application(ctx: &Ctx, app_key: &str) -> Result<NewApplication> {
    ctx.require(Area::Administration, Access::Write)?;
    let app_secret = readable_secret(32);
    let app_code = readable_secret(32);
    let hash = digest(&app_code);
    let mut tx = ctx.begin().await?;
    let secrets = secrets(&app_secret, &app_code, &hash);
    if !store::rotate(&mut tx, ctx.tenant_id(), app_key, &secrets).await? {
        return Err(unknown_key());
    }
    tx.commit().await?;
    ctx.services.directory.forget_applications();
    Ok(NewApplication { app_key: app_key.to_owned(), app_secret, app_code: Some(app_code), app_id: None })
}

/// The tenant's own applications, newest first.
pub async fn list_applications(ctx: &Ctx) -> Result<Vec<ApplicationInfo>> {
    ctx.require(Area::Administration, Access::Read)?;
    let mut read = ctx.read().await?;
    let rows = store::list(&mut read, ctx.tenant_id()).await?;
    Ok(rows
        .into_iter()
        .map(|row| ApplicationInfo {
            id: row.id,
            name: row.name,
            app_key: row.app_key,
            app_code_prefix: row.app_code_prefix,
            app_id: row.app_id,
            shared: row.shared,
            revoked: row.revoked,
            created_at: row.created_at,
        })
        .collect())
}

fn secrets<'a>(app_secret: &'a str, app_code: &'a str, hash: &'a str) -> NewSecrets<'a> {
    NewSecrets { secret: app_secret, code_hash: hash, code_prefix: &app_code[..PREFIX] }
}

/// Keys, secrets and ids travel in headers and signed text: printable ASCII without spaces.
fn checked_token(param: &str, token: &str) -> Result<String> {
    let token = token.trim();
    if (1..=128).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(token.to_owned());
    }
    Err(Error::invalid(
        param,
        text!("must be 1 to 128 ASCII characters without spaces", "应为 1 至 128 个不含空格的 ASCII 字符"),
    ))
}

fn app_id_taken(error: Error) -> Error {
    if is_unique_violation(&error) {
        return Error::invalid("appId", text!("is taken; choose another one", "已被占用，请换一个"));
    }
    error
}

fn unknown_key() -> Error {
    Error::unknown("appKey", text!("an application with this key", "该 AppKey 的应用"))
}
