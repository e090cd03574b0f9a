//! SQL of sessions and failed sign-ins.

use crate::Result;
use crate::db::{Conn, sql};
use crate::time::Millis;

#[derive(sqlx::FromRow)]
pub(crate) struct SessionRow {
    pub(crate) tenant_id: i64,
    pub(crate) employee_id: i64,
    pub(crate) name: String,
    pub(crate) role: String,
}

pub(crate) async fn insert(
    conn: &mut Conn,
    tenant_id: i64,
    employee_id: i64,
    token_hash: &str,
    created_at: Millis,
    expires_at: Millis,
) -> Result<()> {
    sql("INSERT INTO session (token_hash, tenant_id, employee_id, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5)")
    .bind(token_hash)
    .bind(tenant_id)
    .bind(employee_id)
    .bind(created_at)
    .bind(expires_at)
    .run(conn)
    .await?;
    Ok(())
}

/// The active employee behind a session that has not expired.
pub(crate) async fn find(conn: &mut Conn, token_hash: &str, now: Millis) -> Result<Option<SessionRow>> {
    sql("SELECT s.tenant_id, s.employee_id, e.name, e.role
         FROM session s JOIN employee e ON e.tenant_id = s.tenant_id AND e.id = s.employee_id
         WHERE s.token_hash = $1 AND s.expires_at > $2 AND e.active = $3")
    .bind(token_hash)
    .bind(now)
    .bind(true)
    .optional(conn)
    .await
}

pub(crate) async fn delete(conn: &mut Conn, token_hash: &str) -> Result<()> {
    sql("DELETE FROM session WHERE token_hash = $1").bind(token_hash).run(conn).await?;
    Ok(())
}

/// Ends the employee's sessions, but the one with this hash.
pub(crate) async fn delete_others(
    conn: &mut Conn,
    tenant_id: i64,
    employee_id: i64,
    kept_hash: &str,
) -> Result<()> {
    sql("DELETE FROM session WHERE tenant_id = $1 AND employee_id = $2 AND token_hash <> $3")
        .bind(tenant_id)
        .bind(employee_id)
        .bind(kept_hash)
        .run(conn)
        .await?;
    Ok(())
}

/// Counts an attempt in advance, unless the login is blocked now; answers how many there were without success.
pub(crate) async fn count_attempt(conn: &mut Conn, login: &str, now: Millis) -> Result<Option<i64>> {
    let row: Option<(i64,)> = sql("INSERT INTO sign_in_failure (login, failures, blocked_until)
         VALUES ($1, 1, $2)
         ON CONFLICT (login) DO UPDATE SET failures = sign_in_failure.failures + 1
         WHERE sign_in_failure.blocked_until <= $2
         RETURNING failures")
    .bind(login)
    .bind(now)
    .optional(conn)
    .await?;
    Ok(row.map(|(failures,)| failures))
}

pub(crate) async fn block(conn: &mut Conn, login: &str, until: Millis) -> Result<()> {
    sql("UPDATE sign_in_failure SET blocked_until = $1 WHERE login = $2")
        .bind(until)
        .bind(login)
        .run(conn)
        .await?;
    Ok(())
}

pub(crate) async fn blocked_until(conn: &mut Conn, login: &str) -> Result<Option<Millis>> {
    let row: Option<(i64,)> =
        sql("SELECT blocked_until FROM sign_in_failure WHERE login = $1").bind(login).optional(conn).await?;
    Ok(row.map(|(until,)| until))
}

pub(crate) async fn forget_attempts(conn: &mut Conn, login: &str) -> Result<()> {
    sql("DELETE FROM sign_in_failure WHERE login = $1").bind(login).run(conn).await?;
    Ok(())
}

/// Removes expired sessions, and attempts whose pause ended before `attempts_before`.
pub(crate) async fn clean_up(conn: &mut Conn, now: Millis, attempts_before: Millis) -> Result<()> {
    sql("DELETE FROM session WHERE expires_at <= $1").bind(now).run(conn).await?;
    sql("DELETE FROM sign_in_failure WHERE blocked_until <= $1").bind(attempts_before).run(conn).await?;
    Ok(())
}
