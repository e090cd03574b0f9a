//! Applications and people, made and listed on their pages.

use std::collections::{HashMap, HashSet};

use super::app;
use crate::access::{Access, Area};
use crate::db::{Conn, dialect::is_unique_violation};
use crate::events::Topic;
use crate::fleet::params::{CreateApp, CreateUser, ImportUsers, ListUsers};
use crate::fleet::place::Place;
use crate::fleet::replies::Paged;
use crate::fleet::store::users::{self, NewUser, Taken, UserRow};
use crate::fleet::store::{people, places};
use crate::fleet::user::{check, check_key, check_name};
use crate::fleet::view::{App, Imported, ImportedLine, UserDetail, UserInfo};
use crate::fleet::{Slice, import};
use crate::{Code, Ctx, Error, Result, Text, text};

/// What those who register people take turns by.
const LOCK: &str = "device_user";

fn key() -> String {
    crate::id::uuid().replace('-', "")
}

/// Makes an application.
pub async fn create_app(ctx: &Ctx, params: CreateApp) -> Result<App> {
    ctx.require(Area::Fleet, Access::Write)?;
    let name = check_name("name", &params.name)?.to_owned();
    let appid = match params.appid.filter(|appid| !appid.trim().is_empty()) {
        Some(appid) => appid.trim().to_owned(),
        None => key(),
    };
    check_key("appid", &appid)?;
    let mut tx = ctx.begin().await?;
    let created_at = ctx.now();
    let made = users::insert_app(&mut tx, ctx.tenant_id(), ctx.next_id(), (&appid, &name), created_at).await;
    made.map_err(|error| {
        if is_unique_violation(&error) {
            return Error::invalid("appid", text!("{appid} is taken", "{appid} 已存在"));
        }
        error
    })?;
    tx.commit().await?;
    ctx.changed(Topic::Fleet);
    Ok(App { appid, name, users: 0, created_at })
}

/// The applications, the newest first.
pub async fn list_apps(ctx: &Ctx) -> Result<Vec<App>> {
    ctx.require(Area::Fleet, Access::Read)?;
    let mut conn = ctx.read().await?;
    users::apps(&mut conn, ctx.tenant_id()).await
}

/// People for their page, the newest first.
pub async fn list_users(ctx: &Ctx, params: ListUsers) -> Result<Paged<UserInfo>> {
    ctx.require(Area::Fleet, Access::Read)?;
    let slice = Slice::check(params.limit, params.skip)?;
    let mut conn = ctx.read().await?;
    let app_id = match &params.appid {
        Some(appid) => Some(app(ctx, &mut conn, appid).await?),
        None => None,
    };
    let (total, objects) = users::list(&mut conn, ctx.tenant_id(), app_id, &params, slice).await?;
    Ok(Paged { meta: slice.meta(total), objects })
}

/// A person in full, for their page.
pub async fn get_user(ctx: &Ctx, uid: String) -> Result<UserDetail> {
    ctx.require(Area::Fleet, Access::Read)?;
    let mut conn = ctx.read().await?;
    let found = people::find(&mut conn, ctx.tenant_id(), &uid).await?;
    found.ok_or_else(|| Error::Coded(Code::UidNotExist, text!("there is no user {uid}", "没有用户 {uid}")))
}

/// Registers a person; answers their uid.
pub async fn create_user(ctx: &Ctx, params: CreateUser) -> Result<String> {
    ctx.require(Area::Fleet, Access::Write)?;
    let user = check(params)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let app_id = app(ctx, &mut tx, &user.appid).await?;
    let mut taken = taken(ctx, &mut tx, app_id, [&user]).await?;
    taken.claim(&user).map_err(|(param, reason)| Error::invalid(param, reason))?;
    let made = register(ctx, &mut tx, app_id, vec![user]).await?;
    tx.commit().await?;
    ctx.changed(Topic::Fleet);
    made.into_iter().next().ok_or_else(|| Error::internal("one person is registered at a time"))
}

/// Registers the people of a table, as far as they can be, with an account of each line.
pub async fn import_users(ctx: &Ctx, params: ImportUsers) -> Result<Imported> {
    ctx.require(Area::Fleet, Access::Write)?;
    let lines = import::people(&params.appid, &params.csv)?;
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), LOCK).await?;
    let app_id = app(ctx, &mut tx, &params.appid).await?;
    let sound = lines.iter().filter_map(|(_, user)| user.as_ref().ok());
    let mut taken = taken(ctx, &mut tx, app_id, sound).await?;
    let mut reply = Imported::default();
    let mut people = Vec::new();
    for (number, user) in lines {
        let claimed = user.and_then(|user| match taken.claim(&user) {
            Ok(()) => Ok(user),
            Err((param, Text { en, zh })) => Err(text!("{param} {en}", "{param} {zh}")),
        });
        let problem = match claimed {
            Ok(user) => {
                people.push(user);
                reply.created += 1;
                None
            }
            Err(problem) => {
                reply.failed += 1;
                Some(problem)
            }
        };
        let line = i64::try_from(number).unwrap_or(i64::MAX);
        reply.lines.push(ImportedLine { line, uid: None, problem });
    }
    let mut uids = register(ctx, &mut tx, app_id, people).await?.into_iter();
    tx.commit().await?;
    ctx.changed(Topic::Fleet);
    for line in reply.lines.iter_mut().filter(|line| line.problem.is_none()) {
        line.uid = uids.next();
    }
    Ok(reply)
}

/// What can be had only once.
#[derive(Default)]
struct Claims(HashMap<&'static str, HashSet<String>>);

impl Claims {
    /// Takes what this person has for them, or says what of it is taken.
    fn claim(&mut self, user: &CreateUser) -> Result<(), (&'static str, Text)> {
        let wanted = unique(user);
        for (param, value) in wanted {
            if let Some(value) = value
                && self.0.get(param).is_some_and(|taken| taken.contains(value))
            {
                return Err((param, text!("{value} is taken", "{value} 已存在")));
            }
        }
        for (param, value) in wanted {
            self.0.entry(param).or_default().extend(value.clone());
        }
        Ok(())
    }
}

fn unique(user: &CreateUser) -> [(&'static str, &Option<String>); 4] {
    [("uid", &user.uid), ("username", &user.username), ("phone", &user.phone), ("email", &user.email)]
}

async fn taken(
    ctx: &Ctx,
    conn: &mut Conn,
    app_id: i64,
    people: impl IntoIterator<Item = &CreateUser>,
) -> Result<Claims> {
    let mut wanted = Taken::default();
    for user in people {
        wanted.uid.extend(user.uid.clone());
        wanted.username.extend(user.username.clone());
        wanted.phone.extend(user.phone.clone());
        wanted.email.extend(user.email.clone());
    }
    let found = users::taken(conn, ctx.tenant_id(), app_id, &wanted).await?;
    Ok(Claims(found.into_iter().map(|(param, values)| (param, values.into_iter().collect())).collect()))
}

fn place(user: &CreateUser) -> Option<Place> {
    let name = |name: &Option<String>| name.clone().unwrap_or_default();
    user.country.as_ref()?;
    Some(Place { country: name(&user.country), region: name(&user.region), city: name(&user.city) })
}

/// Keeps people who were checked; answers their uids in the same order.
async fn register(ctx: &Ctx, conn: &mut Conn, app_id: i64, people: Vec<CreateUser>) -> Result<Vec<String>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: HashSet<Place> = people.iter().filter_map(place).collect();
    let wanted: Vec<Place> = wanted.into_iter().collect();
    let places = places::ensure(conn, ctx.tenant_id(), &ctx.services.ids, &wanted).await?;
    let now = ctx.now();
    let new = |user: CreateUser| NewUser {
        id: ctx.next_id(),
        place_id: place(&user).and_then(|place| places.get(&place).copied()),
        row: UserRow {
            uid: user.uid.unwrap_or_else(key),
            username: user.username,
            name: user.name,
            phone: user.phone,
            email: user.email,
            birthday: user.birthday,
            gender: user.gender,
            address: user.address,
            remark: user.remark,
            anonymous: user.is_anonymous.unwrap_or(false),
            auth_src: None,
            created_at: now,
            modified_at: now,
        },
    };
    let new: Vec<NewUser> = people.into_iter().map(new).collect();
    users::insert(conn, ctx.tenant_id(), app_id, &new).await?;
    Ok(new.into_iter().map(|user| user.row.uid).collect())
}
