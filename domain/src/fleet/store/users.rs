//! SQL of applications and of the people who use devices.

use std::collections::HashMap;

use sqlx::FromRow;

use super::groups;
use crate::Result;
use crate::db::{Conn, Sql, sql};
use crate::fleet::Slice;
use crate::fleet::params::{ListUsers, SearchRegisteredUsers};
use crate::fleet::view::{App, UserInfo};
use crate::time::Millis;

/// A person as they are kept.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct UserRow {
    pub uid: String,
    pub username: Option<String>,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub birthday: Option<String>,
    pub gender: Option<String>,
    pub address: Option<String>,
    pub remark: Option<String>,
    pub anonymous: bool,
    pub auth_src: Option<String>,
    pub created_at: Millis,
    pub modified_at: Millis,
}

const COLUMNS: &str =
    "u.uid, u.username, u.name, u.phone, u.email, u.birthday, u.gender, u.address, u.remark,
    u.anonymous, u.auth_src, u.created_at, u.modified_at";

pub(crate) async fn app_id(conn: &mut Conn, tenant_id: i64, appid: &str) -> Result<Option<i64>> {
    let row: Option<(i64,)> = sql("SELECT id FROM device_app WHERE tenant_id = $1 AND appid = $2")
        .bind(tenant_id)
        .bind(appid)
        .optional(conn)
        .await?;
    Ok(row.map(|(id,)| id))
}

pub(crate) async fn insert_app(
    conn: &mut Conn,
    tenant_id: i64,
    id: i64,
    (appid, name): (&str, &str),
    now: Millis,
) -> Result<()> {
    sql("INSERT INTO device_app (tenant_id, id, appid, name, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(tenant_id)
        .bind(id)
        .bind(appid)
        .bind(name)
        .bind(now)
        .run(conn)
        .await?;
    Ok(())
}

pub(crate) async fn apps(conn: &mut Conn, tenant_id: i64) -> Result<Vec<App>> {
    let rows: Vec<(String, String, i64, Millis)> =
        sql("SELECT a.appid, a.name, CAST((SELECT COUNT(*) FROM device_user u
                WHERE u.tenant_id = a.tenant_id AND u.app_id = a.id) AS BIGINT), a.created_at
             FROM device_app a WHERE a.tenant_id = $1 ORDER BY a.created_at DESC, a.id DESC")
        .bind(tenant_id)
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(appid, name, users, created_at)| App { appid, name, users, created_at })
        .collect())
}

/// A person to be kept.
pub(crate) struct NewUser {
    pub id: i64,
    pub row: UserRow,
    pub place_id: Option<i64>,
}

/// People in one statement.
const CHUNK: usize = 500;

pub(crate) async fn insert(conn: &mut Conn, tenant_id: i64, app_id: i64, users: &[NewUser]) -> Result<()> {
    for chunk in users.chunks(CHUNK) {
        let mut query = sql("INSERT INTO device_user (tenant_id, id, app_id, uid, username, name, phone, email,
            birthday, gender, address, remark, anonymous, auth_src, place_id, created_at, modified_at) VALUES ");
        for (n, user) in chunk.iter().enumerate() {
            let row = &user.row;
            query = query.push(if n == 0 { "(" } else { ", (" }).arg(tenant_id).push(", ").arg(user.id);
            query = query.push(", ").arg(app_id).push(", ").arg(&row.uid);
            for text in [
                &row.username,
                &row.name,
                &row.phone,
                &row.email,
                &row.birthday,
                &row.gender,
                &row.address,
                &row.remark,
            ] {
                query = query.push(", ").arg(text.clone());
            }
            query = query.push(", ").arg(row.anonymous).push(", ").arg(row.auth_src.clone());
            query = query.push(", ").arg(user.place_id).push(", ").arg(row.created_at);
            query = query.push(", ").arg(row.modified_at).push(")");
        }
        query.run(conn).await?;
    }
    Ok(())
}

/// What of these is taken: uids in the tenant; user names, phone numbers and e-mail addresses in the application.
#[derive(Default)]
pub(crate) struct Taken {
    pub uid: Vec<String>,
    pub username: Vec<String>,
    pub phone: Vec<String>,
    pub email: Vec<String>,
}

impl Taken {
    fn lists(&self) -> [(&'static str, &Vec<String>); 4] {
        [("uid", &self.uid), ("username", &self.username), ("phone", &self.phone), ("email", &self.email)]
    }
}

pub(crate) async fn taken(
    conn: &mut Conn,
    tenant_id: i64,
    app_id: i64,
    wanted: &Taken,
) -> Result<HashMap<&'static str, Vec<String>>> {
    let mut found = HashMap::new();
    for (column, values) in wanted.lists() {
        let mut all = Vec::new();
        for chunk in values.chunks(CHUNK * 10) {
            let mut query =
                sql("SELECT ").push(column).push(" FROM device_user WHERE tenant_id = ").arg(tenant_id);
            if column != "uid" {
                query = query.push(" AND app_id = ").arg(app_id);
            }
            let rows: Vec<(String,)> =
                query.push(" AND ").push(column).push(" IN ").list(chunk).all(conn).await?;
            all.extend(rows.into_iter().map(|(value,)| value));
        }
        found.insert(column, all);
    }
    Ok(found)
}

pub(crate) async fn user_id(conn: &mut Conn, tenant_id: i64, app_id: i64, uid: &str) -> Result<Option<i64>> {
    let row: Option<(i64,)> =
        sql("SELECT id FROM device_user WHERE tenant_id = $1 AND app_id = $2 AND uid = $3")
            .bind(tenant_id)
            .bind(app_id)
            .bind(uid)
            .optional(conn)
            .await?;
    Ok(row.map(|(id,)| id))
}

fn registered(select: Sql, tenant_id: i64, app_id: Option<i64>, which: &SearchRegisteredUsers) -> Sql {
    let mut query = select.push(" FROM device_user u WHERE u.tenant_id = ").arg(tenant_id);
    if let Some(app_id) = app_id {
        query = query.push(" AND u.app_id = ").arg(app_id);
    }
    for (condition, value) in [
        (" AND u.username = ", &which.username),
        (" AND u.phone = ", &which.phone),
        (" AND u.email = ", &which.email),
    ] {
        if let Some(value) = value {
            query = query.push(condition).arg(value);
        }
    }
    query
}

/// A part of the list of registered people, and how many there are.
pub(crate) async fn search_registered(
    conn: &mut Conn,
    tenant_id: i64,
    app_id: Option<i64>,
    which: &SearchRegisteredUsers,
    slice: Slice,
) -> Result<(i64, Vec<UserRow>)> {
    let total =
        registered(sql("SELECT CAST(COUNT(*) AS BIGINT)"), tenant_id, app_id, which).count(conn).await?;
    let rows =
        newest(registered(sql("SELECT ").push(COLUMNS), tenant_id, app_id, which), slice).all(conn).await?;
    Ok((total, rows))
}

fn newest(query: Sql, slice: Slice) -> Sql {
    let query = query.push(" ORDER BY u.created_at DESC, u.id DESC LIMIT ").arg(slice.limit);
    query.push(" OFFSET ").arg(slice.skip)
}

/// Which people with devices are looked for.
pub(crate) struct Bound<'a> {
    pub product_id: i64,
    pub group_id: Option<i64>,
    /// A column of `u`, people, or of `d`, devices, and its value.
    pub like: Option<(&'static str, &'a str)>,
    /// Whether to say who owns the device that the condition names.
    pub by_device: bool,
}

fn bound(select: Sql, tenant_id: i64, which: &Bound<'_>) -> Sql {
    let query = select.push(" FROM device_user u WHERE u.tenant_id = ").arg(tenant_id);
    let query = use_of(query.push(" AND u.id IN (SELECT b.user_id"), tenant_id, which).push(")");
    like(query, which, "u.")
}

/// Appends the condition when it is one on this table.
fn like(query: Sql, which: &Bound<'_>, table: &str) -> Sql {
    match which.like {
        Some((column, value)) if column.starts_with(table) => {
            query.push(" AND ").push(column).push(" = ").arg(value)
        }
        _ => query,
    }
}

/// Bindings that last, of devices that are looked for.
fn use_of(query: Sql, tenant_id: i64, which: &Bound<'_>) -> Sql {
    let mut query = query
        .push(
            " FROM device_binding b JOIN device d ON d.tenant_id = b.tenant_id AND d.id = b.device_id
              WHERE b.unbound_at IS NULL AND b.tenant_id = ",
        )
        .arg(tenant_id)
        .push(" AND b.product_id = ")
        .arg(which.product_id);
    if let Some(group_id) = which.group_id {
        query = groups::within(query.push(" AND "), "d.group_id", tenant_id, which.product_id, group_id);
    }
    like(query, which, "d.")
}

#[derive(FromRow)]
struct BoundRow {
    #[sqlx(flatten)]
    user: UserRow,
    owner: i64,
}

/// A part of the list of people with devices, each with whether the device named is theirs, and how many there are.
pub(crate) async fn search_bound(
    conn: &mut Conn,
    tenant_id: i64,
    which: &Bound<'_>,
    slice: Slice,
) -> Result<(i64, Vec<(UserRow, bool)>)> {
    let total = bound(sql("SELECT CAST(COUNT(*) AS BIGINT)"), tenant_id, which).count(conn).await?;
    let mut select = sql("SELECT ").push(COLUMNS);
    select = if which.by_device {
        use_of(select.push(", CAST((SELECT MAX(CASE WHEN b.owner THEN 1 ELSE 0 END)"), tenant_id, which)
            .push(" AND b.user_id = u.id) AS BIGINT) AS owner")
    } else {
        select.push(", CAST(0 AS BIGINT) AS owner")
    };
    let rows: Vec<BoundRow> = newest(bound(select, tenant_id, which), slice).all(conn).await?;
    Ok((total, rows.into_iter().map(|row| (row.user, row.owner == 1)).collect()))
}

fn listed(select: Sql, tenant_id: i64, app_id: Option<i64>, which: &ListUsers) -> Sql {
    let mut query = select
        .push(
            " FROM device_user u JOIN device_app a ON a.tenant_id = u.tenant_id AND a.id = u.app_id
                WHERE u.tenant_id = ",
        )
        .arg(tenant_id);
    if let Some(app_id) = app_id {
        query = query.push(" AND u.app_id = ").arg(app_id);
    }
    if let Some(text) = &which.text {
        let mut before = " AND (";
        for column in ["u.uid", "u.username", "u.name", "u.phone", "u.email"] {
            query = query.push(before).contains(column, text);
            before = " OR ";
        }
        query = query.push(")");
    }
    query
}

/// People for a page, and how many there are.
pub(crate) async fn list(
    conn: &mut Conn,
    tenant_id: i64,
    app_id: Option<i64>,
    which: &ListUsers,
    slice: Slice,
) -> Result<(i64, Vec<UserInfo>)> {
    let total = listed(sql("SELECT CAST(COUNT(*) AS BIGINT)"), tenant_id, app_id, which).count(conn).await?;
    let select =
        sql("SELECT u.uid, a.appid, u.username, u.name, u.phone, u.email, u.anonymous AS is_anonymous,
        CAST((SELECT COUNT(*) FROM device_binding b WHERE b.tenant_id = u.tenant_id AND b.user_id = u.id
            AND b.unbound_at IS NULL) AS BIGINT) AS devices, u.created_at");
    let rows: Vec<InfoRow> = newest(listed(select, tenant_id, app_id, which), slice).all(conn).await?;
    Ok((total, rows.into_iter().map(Into::into).collect()))
}

#[derive(FromRow)]
struct InfoRow {
    uid: String,
    appid: String,
    username: Option<String>,
    name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    is_anonymous: bool,
    devices: i64,
    created_at: Millis,
}

impl From<InfoRow> for UserInfo {
    fn from(row: InfoRow) -> Self {
        Self {
            uid: row.uid,
            appid: row.appid,
            username: row.username,
            name: row.name,
            phone: row.phone,
            email: row.email,
            is_anonymous: row.is_anonymous,
            devices: row.devices,
            created_at: row.created_at,
        }
    }
}
