//! SQL of employees and the names they sign in with.

use std::collections::HashSet;

use crate::Result;
use crate::access::Role;
use crate::db::{Conn, sql};
use crate::time::Millis;

pub(crate) struct NewEmployee<'a> {
    pub(crate) id: i64,
    pub(crate) name: &'a str,
    pub(crate) role: Role,
    /// Of a one-time password.
    pub(crate) password_hash: Option<&'a str>,
    pub(crate) now: Millis,
}

/// An employee as signing in sees them.
#[derive(sqlx::FromRow)]
pub(crate) struct Account {
    pub(crate) tenant_id: i64,
    pub(crate) employee_id: i64,
    pub(crate) login: String,
    pub(crate) password_hash: Option<String>,
    pub(crate) password_one_time: bool,
    pub(crate) active: bool,
}

#[derive(sqlx::FromRow)]
pub(crate) struct EmployeeRow {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) login: Option<String>,
    pub(crate) active: bool,
    pub(crate) created_at: Millis,
}

pub(crate) async fn insert(conn: &mut Conn, tenant_id: i64, employee: &NewEmployee<'_>) -> Result<()> {
    sql("INSERT INTO employee
             (tenant_id, id, name, role, password_hash, password_one_time, active, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(tenant_id)
    .bind(employee.id)
    .bind(employee.name)
    .bind(employee.role.as_str())
    .bind(employee.password_hash)
    .bind(true)
    .bind(true)
    .bind(employee.now)
    .run(conn)
    .await?;
    Ok(())
}

pub(crate) async fn insert_login(
    conn: &mut Conn,
    tenant_id: i64,
    employee_id: i64,
    login: &str,
) -> Result<()> {
    sql("INSERT INTO login (name, tenant_id, employee_id) VALUES ($1, $2, $3)")
        .bind(login)
        .bind(tenant_id)
        .bind(employee_id)
        .run(conn)
        .await?;
    Ok(())
}

/// Login names of main accounts, of the whole installation.
pub(crate) async fn admin_logins(conn: &mut Conn) -> Result<HashSet<String>> {
    let rows: Vec<(String,)> = sql("SELECT name FROM login WHERE name LIKE 'admin%'").all(conn).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

const ACCOUNT: &str = "SELECT l.tenant_id, l.employee_id, l.name AS login, e.password_hash,
        e.password_one_time, e.active
     FROM login l JOIN employee e ON e.tenant_id = l.tenant_id AND e.id = l.employee_id
     WHERE ";

/// The account behind a login name, whichever tenant it belongs to.
pub(crate) async fn by_login(conn: &mut Conn, login: &str) -> Result<Option<Account>> {
    sql(ACCOUNT).push("l.name = ").arg(login).optional(conn).await
}

/// The account of an employee of this tenant.
pub(crate) async fn account(conn: &mut Conn, tenant_id: i64, employee_id: i64) -> Result<Option<Account>> {
    sql(ACCOUNT)
        .push("l.tenant_id = ")
        .arg(tenant_id)
        .push(" AND l.employee_id = ")
        .arg(employee_id)
        .optional(conn)
        .await
}

/// The stored role of an active employee of this tenant.
pub(crate) async fn role(conn: &mut Conn, tenant_id: i64, employee_id: i64) -> Result<Option<String>> {
    let row: Option<(String,)> =
        sql("SELECT role FROM employee WHERE tenant_id = $1 AND id = $2 AND active = $3")
            .bind(tenant_id)
            .bind(employee_id)
            .bind(true)
            .optional(conn)
            .await?;
    Ok(row.map(|(role,)| role))
}

pub(crate) async fn set_password(
    conn: &mut Conn,
    tenant_id: i64,
    employee_id: i64,
    hash: &str,
    one_time: bool,
) -> Result<()> {
    sql("UPDATE employee SET password_hash = $1, password_one_time = $2 WHERE tenant_id = $3 AND id = $4")
        .bind(hash)
        .bind(one_time)
        .bind(tenant_id)
        .bind(employee_id)
        .run(conn)
        .await?;
    Ok(())
}

pub(crate) async fn list(conn: &mut Conn, tenant_id: i64) -> Result<Vec<EmployeeRow>> {
    sql("SELECT e.id, e.name, e.role, l.name AS login, e.active, e.created_at
         FROM employee e LEFT JOIN login l ON l.tenant_id = e.tenant_id AND l.employee_id = e.id
         WHERE e.tenant_id = $1 ORDER BY e.created_at DESC, e.id DESC")
    .bind(tenant_id)
    .all(conn)
    .await
}
