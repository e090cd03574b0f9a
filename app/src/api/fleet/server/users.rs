//! People.

use domain::fleet::dids::Dids;
use domain::fleet::params::{
    BindDevices, CreateUser, ImportUsers, ListUsers, OfGroup, QueryActiveUsers, QueryUserLocations,
};
use domain::fleet::period::{MAX_DAYS, days_before};
use domain::fleet::place::PlaceTree;
use domain::fleet::service;
use domain::fleet::view::{BindingInfo, ImportedLine, UserInfo};
use domain::page::MAX_PAGE_SIZE;
use domain::time::parse_date;
use domain::{Ctx, Result, text};

use super::places::{Open, rows};
use super::reports::{self, history, span};
use super::{ROWS, choose, writable};
use crate::api::fleet::reports::{Period, PlaceRow, ReportQuery};
use crate::api::fleet::results::{Became, ResultLine, Results};
use crate::api::fleet::users::{
    PAGE, PeopleView, PersonView, UserForm, UserFrame, UserPage, UserQuery, UserReports, UserView,
};

fn given(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A phone number or an e-mail address with its middle hidden.
fn masked(text: &str) -> String {
    let (own, rest) =
        text.split_once('@').map_or((text, String::new()), |(own, host)| (own, format!("@{host}")));
    let letters: Vec<char> = own.chars().collect();
    let keep = (letters.len() / 3).min(3);
    let first: String = letters[..keep].iter().collect();
    let last: String =
        if rest.is_empty() { letters[letters.len() - keep..].iter().collect() } else { String::new() };
    format!("{first}***{last}{rest}")
}

fn hide(user: &mut UserInfo) {
    for text in [&mut user.phone, &mut user.email].into_iter().flatten() {
        *text = masked(text);
    }
}

async fn people(ctx: &Ctx, query: &UserQuery, (page, size): (i64, i64)) -> Result<(i64, Vec<UserInfo>)> {
    let params = ListUsers {
        appid: given(&query.app),
        text: given(&query.text),
        limit: Some(size),
        skip: Some((page - 1).saturating_mul(size)),
    };
    let found = service::list_users(ctx, params).await?;
    Ok((found.meta.total, found.objects))
}

pub async fn frame(ctx: &Ctx, query: &UserQuery) -> Result<UserFrame> {
    let apps = service::list_apps(ctx).await?;
    let UserQuery { product, cycle, start, end, .. } = query.clone();
    let report =
        reports::frame(ctx, &ReportQuery { product, cycle, start, end, ..ReportQuery::default() }).await?;
    let user = if query.user.is_empty() {
        None
    } else {
        Some(service::get_user(ctx, query.user.clone()).await?.info)
    };
    Ok(UserFrame { apps, report, user: user.filter(|_| writable(ctx)), writable: writable(ctx) })
}

pub async fn page(ctx: &Ctx, query: &UserQuery) -> Result<UserPage> {
    let zone = &ctx.tenant.zone;
    let apps = service::list_apps(ctx).await?;
    let apps = apps.into_iter().map(|app| (zone.format(app.created_at), app)).collect();
    let view = match query.tab.as_str() {
        "apps" => UserView::Apps,
        "reports" => UserView::Reports(Box::new(reports(ctx, query).await?)),
        _ if !query.user.is_empty() => UserView::One(Box::new(person(ctx, query.user.clone()).await?)),
        _ => {
            let page = query.page.parse().unwrap_or(1).clamp(1, ROWS);
            let (total, people) = people(ctx, query, (page, PAGE)).await?;
            let shown = |mut user: UserInfo| {
                hide(&mut user);
                (zone.format(user.created_at), user)
            };
            UserView::People(PeopleView { total, page, people: people.into_iter().map(shown).collect() })
        }
    };
    Ok(UserPage { apps, writable: writable(ctx), view })
}

async fn person(ctx: &Ctx, uid: String) -> Result<PersonView> {
    let zone = &ctx.tenant.zone;
    let mut user = service::get_user(ctx, uid.clone()).await?;
    if !writable(ctx) {
        hide(&mut user.info);
    }
    let bindings = service::user_bindings(ctx, uid).await?;
    let timed = |binding: BindingInfo| {
        let (from, until) = (zone.format(binding.bound_at), binding.unbound_at.map(|at| zone.format(at)));
        (binding, from, until)
    };
    let made = zone.format(user.info.created_at);
    Ok(PersonView { user, made, bindings: bindings.into_iter().map(timed).collect() })
}

async fn reports(ctx: &Ctx, query: &UserQuery) -> Result<UserReports> {
    let product = choose(ctx, &query.product).await?.1;
    let span = span(ctx, (&query.cycle, &query.start, &query.end));
    let mut report = UserReports { product, span, ..UserReports::default() };
    let Some(key) = report.product.as_ref().map(|product| product.product_key.clone()) else {
        return Ok(report);
    };
    report.total = service::user_total(ctx, OfGroup { product_key: key.clone(), gid: None }).await?.total;
    let PlaceTree(places) =
        service::user_locations(ctx, QueryUserLocations { product_secret: key.clone() }).await?;
    let row = |row: PlaceRow<domain::fleet::place::Heads>| PlaceRow {
        path: row.path,
        open: row.open,
        branch: row.branch,
        figures: row.figures.0,
    };
    report.places = rows(&places, &Open::Named("", ""), |heads| heads.0).into_iter().map(row).collect();
    // What is refused stands at its field.
    if reports::refusal(ctx, &report.span).is_none() {
        (report.new, report.active) = over_time(ctx, key, &report).await?;
    }
    Ok(report)
}

async fn over_time(ctx: &Ctx, key: String, report: &UserReports) -> Result<(Vec<Period>, Vec<Period>)> {
    let params = history(&key, &report.span)?;
    let new = service::new_users(ctx, params).await?.data;
    let now = reports::running(ctx, &report.span)?;
    let new = new.into_iter().map(|period| {
        let name = period.of.date;
        Period { running: name == now, name, active: 0, new: period.count }
    });
    // 53 weeks are longer than what is counted by days.
    let end = parse_date("end", &report.span.end)?;
    let start = parse_date("start", &report.span.start)?.max(days_before(end, MAX_DAYS - 1));
    let params = QueryActiveUsers {
        product_secret: key,
        appid: None,
        start_date: start.to_string(),
        end_date: report.span.end.clone(),
    };
    let active = service::active_users(ctx, params).await?.data;
    let today = ctx.tenant.zone.date(ctx.now()).to_string();
    let active = active.into_iter().map(|day| Period {
        running: day.date == today,
        name: day.date,
        active: day.count,
        new: 0,
    });
    Ok((new.collect(), active.collect()))
}

/// A file: its name, its head, its rows.
type File = (&'static str, &'static [&'static str], Vec<Vec<String>>);

pub async fn file(ctx: &Ctx, query: &UserQuery) -> Result<File> {
    if query.tab == "reports" || query.tab == "active" {
        let report = reports(ctx, query).await?;
        return Ok(if query.tab == "active" {
            let row = |day: Period| vec![day.name, day.active.to_string()];
            ("active-users.csv", &["date", "active"], report.active.into_iter().map(row).collect())
        } else {
            let row = |period: Period| vec![period.name, period.new.to_string()];
            ("new-users.csv", &["period", "new"], report.new.into_iter().map(row).collect())
        });
    }
    let full = writable(ctx);
    let mut rows = Vec::new();
    for page in 1..=ROWS / MAX_PAGE_SIZE {
        let (total, found) = people(ctx, query, (page, MAX_PAGE_SIZE)).await?;
        rows.extend(found.into_iter().map(|mut user| {
            if !full {
                hide(&mut user);
            }
            vec![
                user.uid,
                user.appid,
                user.username.unwrap_or_default(),
                user.name.unwrap_or_default(),
                user.phone.unwrap_or_default(),
                user.email.unwrap_or_default(),
                u8::from(user.is_anonymous).to_string(),
                user.devices.to_string(),
                ctx.tenant.zone.format(user.created_at),
            ]
        }));
        if page * MAX_PAGE_SIZE >= total {
            break;
        }
    }
    let head = &["uid", "appid", "username", "name", "phone", "email", "anonymous", "devices", "registered"];
    Ok(("users.csv", head, rows))
}

/// Registers a person; answers where to go.
pub async fn create(ctx: &Ctx, form: UserForm) -> Result<String> {
    let params = CreateUser {
        appid: form.appid,
        uid: given(&form.uid),
        username: given(&form.username),
        name: given(&form.name),
        phone: given(&form.phone),
        email: given(&form.email),
        country: given(&form.country),
        region: given(&form.region),
        city: given(&form.city),
        remark: given(&form.remark),
        ..CreateUser::default()
    };
    let uid = service::create_user(ctx, params).await?;
    Ok(format!("/devices/users?user={uid}"))
}

pub async fn import(ctx: &Ctx, (appid, csv): (String, String)) -> Result<Results> {
    let imported = service::import_users(ctx, ImportUsers { appid, csv }).await?;
    let line = |line: ImportedLine| ResultLine {
        line: line.line,
        name: line.uid.unwrap_or_default(),
        became: if line.problem.is_none() { Became::Created } else { Became::Failed },
        note: line.problem,
    };
    Ok(Results::of(imported.lines.into_iter().map(line).collect()))
}

pub async fn bind(
    ctx: &Ctx,
    (product_key, appid, uid, dids): (String, String, String, String),
) -> Result<Results> {
    let apart = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '，' | '；');
    let dids: Vec<String> = dids.split(apart).map(str::to_owned).collect();
    let outcome =
        service::bind_devices(ctx, BindDevices { product_key, uid, appid, dids: Dids(dids) }).await?;
    let why = text!("unknown, disabled or of another product", "不存在、已停用或属于其他产品");
    let done = outcome.success.into_iter().map(|name| (name, Became::Bound, None));
    let failed = outcome.failed.into_iter().map(|name| (name, Became::Failed, Some(why.clone())));
    let line = |(name, became, note)| ResultLine { line: 0, name, became, note };
    Ok(Results::of(done.chain(failed).map(line).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_private_is_hidden_in_its_middle() {
        for (text, shown) in [
            ("13800138000", "138***000"),
            ("lin.wei@example.com", "li***@example.com"),
            ("ab", "***"),
            ("", "***"),
        ] {
            assert_eq!(masked(text), shown);
        }
    }
}
