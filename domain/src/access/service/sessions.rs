//! Signing in and out, and the sessions in between.

use super::people::login_key;
use super::{digest, password, tenant_by_id};
use crate::access::store::{people, sessions as store};
use crate::access::{Actor, Role};
use crate::ctx::Services;
use crate::time::{MINUTE, Millis};
use crate::{Ctx, Error, Result, id, text};

/// How long a session lasts.
const SESSION: Millis = 7 * 24 * 60 * MINUTE;
/// Attempts without a pause.
const FREE_ATTEMPTS: i64 = 5;
/// The longest pause after a failed attempt.
const LONGEST_PAUSE: Millis = 5 * MINUTE;
/// Attempts are forgotten this long after their pause.
const ATTEMPTS_KEPT: Millis = 60 * MINUTE;

/// Login name and password, as a person typed them.
#[derive(Clone)]
pub struct SignIn {
    /// Login name.
    pub login: String,
    /// Password.
    pub password: String,
}

/// A session just begun.
pub struct NewSession {
    /// What the cookie holds; the store has only its hash.
    pub token: String,
    /// When it ends by itself.
    pub expires_at: Millis,
    /// The password was made by the program or an administrator: ask for another one.
    pub password_is_one_time: bool,
}

/// A password to change by its owner.
#[derive(Clone)]
pub struct ChangePassword {
    /// The present one.
    pub current: String,
    /// The new one.
    pub new: String,
    /// Token of the session that goes on; all others of this person end.
    pub session: Option<String>,
}

/// Begins a session. A wrong name and a wrong password are refused alike ([`Error::Unauthenticated`]), after the same
/// work; after several failures the login pauses, in every process ([`Error::Invalid`] on `login`).
pub async fn sign_in(services: &Services, params: SignIn) -> Result<NewSession> {
    let login = login_key(&params.login);
    count_attempt(services, &login).await?;
    let mut read = services.db.read().await?;
    let account = people::by_login(&mut read, &login).await?.filter(|account| account.active);
    drop(read);
    let hash = account.as_ref().and_then(|account| account.password_hash.clone());
    let right = password::verify(services, hash, params.password).await?;
    let account = account.filter(|_| right).ok_or(Error::Unauthenticated)?;

    let token = id::secret(32);
    let now = services.clock.now();
    let expires_at = now + SESSION;
    let mut tx = services.db.begin().await?;
    store::insert(&mut tx, account.tenant_id, account.employee_id, &digest(&token), now, expires_at).await?;
    store::forget_attempts(&mut tx, &login).await?;
    tx.commit().await?;
    Ok(NewSession { token, expires_at, password_is_one_time: account.password_one_time })
}

/// Counts the attempt before it is made, so that attempts at once do not slip through together.
async fn count_attempt(services: &Services, login: &str) -> Result<()> {
    let now = services.clock.now();
    // Nobody has such a name; do not let it fill the table either.
    if login.len() > 256 {
        return Ok(());
    }
    let mut tx = services.db.begin().await?;
    let Some(failures) = store::count_attempt(&mut tx, login, now).await? else {
        let until = store::blocked_until(&mut tx, login).await?.unwrap_or(now);
        let seconds = (until - now).max(0) / 1000 + 1;
        return Err(Error::invalid(
            "login",
            text!("too many attempts; try again in {seconds} s", "尝试次数过多，请在 {seconds} 秒后重试"),
        ));
    };
    store::block(&mut tx, login, now + pause_after(failures)).await?;
    tx.commit().await
}

/// The pause after so many attempts without success: none at first, then 1 s, 2 s, 4 s, … up to five minutes.
fn pause_after(attempts: i64) -> Millis {
    match attempts - FREE_ATTEMPTS {
        ..0 => 0,
        doublings @ 0..10 => (1000_i64 << doublings).min(LONGEST_PAUSE),
        10.. => LONGEST_PAUSE,
    }
}

/// The context of a session; [`Error::Unauthenticated`] when it has ended or its owner has left.
pub async fn session_ctx(services: &Services, token: &str) -> Result<Ctx> {
    let now = services.clock.now();
    let mut read = services.db.read().await?;
    let row = store::find(&mut read, &digest(token), now).await?.ok_or(Error::Unauthenticated)?;
    drop(read);
    let role = Role::from_stored(&row.role).ok_or(Error::Unauthenticated)?;
    let tenant = tenant_by_id(services, row.tenant_id).await?.ok_or(Error::Unauthenticated)?;
    let actor = Actor::Employee { id: row.employee_id, name: row.name, role };
    Ok(Ctx { actor, tenant, services: services.clone() })
}

/// Ends a session; ending it again changes nothing.
pub async fn sign_out(services: &Services, token: &str) -> Result<()> {
    let mut tx = services.db.begin().await?;
    store::delete(&mut tx, &digest(token)).await?;
    tx.commit().await
}

/// Changes one's own password and ends one's other sessions.
pub async fn change_password(ctx: &Ctx, params: ChangePassword) -> Result<()> {
    let Actor::Employee { id: employee_id, .. } = ctx.actor else { return Err(Error::Forbidden) };
    password::check("newPassword", &params.new)?;
    let mut read = ctx.read().await?;
    let account = people::account(&mut read, ctx.tenant_id(), employee_id).await?.ok_or(Error::Forbidden)?;
    drop(read);
    count_attempt(&ctx.services, &account.login).await?;
    if !password::verify(&ctx.services, account.password_hash, params.current).await? {
        return Err(Error::invalid(
            "currentPassword",
            text!("is not your present password", "不是您当前的密码"),
        ));
    }
    let hash = password::hash(&ctx.services, params.new).await?;
    let kept = params.session.map(|token| digest(&token)).unwrap_or_default();
    let mut tx = ctx.begin().await?;
    people::set_password(&mut tx, ctx.tenant_id(), employee_id, &hash, false).await?;
    store::delete_others(&mut tx, ctx.tenant_id(), employee_id, &kept).await?;
    store::forget_attempts(&mut tx, &account.login).await?;
    tx.commit().await
}

/// Removes sessions that have ended and attempts of long ago.
pub async fn clean_up_sessions(services: &Services) -> Result<()> {
    let now = services.clock.now();
    let mut tx = services.db.begin().await?;
    store::clean_up(&mut tx, now, now - ATTEMPTS_KEPT).await?;
    tx.commit().await
}
