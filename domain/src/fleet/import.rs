//! Tables of people, read from comma-separated values (RFC 4180).

use super::params::CreateUser;
use super::user;
use crate::{Error, Result, Text, text};

/// Most lines in one import.
pub const MAX_LINES: usize = 10_000;

/// A line of a table: its number in the text, and its fields.
type Line = (usize, Vec<String>);

/// Cuts a text into lines and fields. Quoted fields may hold commas, line ends and doubled quotes.
pub fn cut(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut fields = Vec::new();
    let mut field = String::new();
    let (mut number, mut begun) = (1, 1);
    let mut quoted = false;
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text).chars().peekable();
    while let Some(c) = rest.next() {
        number += usize::from(c == '\n');
        match c {
            '"' if quoted && rest.peek() == Some(&'"') => {
                rest.next();
                field.push('"');
            }
            '"' if quoted || field.is_empty() => quoted = !quoted,
            _ if quoted => field.push(c),
            ',' => fields.push(std::mem::take(&mut field)),
            '\r' if rest.peek() == Some(&'\n') => {}
            '\n' => {
                fields.push(std::mem::take(&mut field));
                lines.push((begun, std::mem::take(&mut fields)));
                begun = number;
            }
            _ => field.push(c),
        }
    }
    fields.push(field);
    lines.push((begun, fields));
    lines.retain(|(_, fields)| fields.iter().any(|field| !field.trim().is_empty()));
    lines
}

/// The columns that are read, by their names in a head line.
const COLUMNS: [(&str, &str, Set); 13] = [
    ("uid", "用户id", |user, value| user.uid = Some(value)),
    ("username", "用户名", |user, value| user.username = Some(value)),
    ("name", "姓名", |user, value| user.name = Some(value)),
    ("phone", "手机", |user, value| user.phone = Some(value)),
    ("email", "邮箱", |user, value| user.email = Some(value)),
    ("birthday", "生日", |user, value| user.birthday = Some(value)),
    ("gender", "性别", |user, value| user.gender = Some(value)),
    ("address", "地址", |user, value| user.address = Some(value)),
    ("remark", "备注", |user, value| user.remark = Some(value)),
    ("is_anonymous", "匿名", |user, value| {
        user.is_anonymous = Some(matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "是"));
    }),
    ("country", "国家", |user, value| user.country = Some(value)),
    ("region", "省份", |user, value| user.region = Some(value)),
    ("city", "城市", |user, value| user.city = Some(value)),
];

type Set = fn(&mut CreateUser, String);

/// The people a table names, each with the line they stand on, or why that line cannot be read.
pub fn people(appid: &str, csv: &str) -> Result<Vec<(usize, Result<CreateUser, Text>)>> {
    let mut lines = cut(csv).into_iter();
    let (_, head) = lines.next().ok_or_else(|| Error::missing("csv"))?;
    if lines.len() > MAX_LINES {
        return Err(Error::invalid(
            "csv",
            text!("must be at most {MAX_LINES} lines", "一次最多 {MAX_LINES} 行"),
        ));
    }
    let columns = head.iter().map(|name| column(name)).collect::<Result<Vec<Set>>>()?;
    Ok(lines.map(|(number, fields)| (number, person(appid, &columns, fields))).collect())
}

fn column(name: &str) -> Result<Set> {
    let name = name.trim();
    let named = COLUMNS.iter().find(|(en, zh, _)| en.eq_ignore_ascii_case(name) || *zh == name);
    named.map(|(.., set)| *set).ok_or_else(|| {
        let known = COLUMNS.map(|(en, ..)| en).join(", ");
        Error::invalid(
            "csv",
            text!(
                "has the unknown column '{name}'; known are {known}",
                "有未知的列“{name}”，可用的列：{known}"
            ),
        )
    })
}

fn person(appid: &str, columns: &[Set], fields: Vec<String>) -> Result<CreateUser, Text> {
    if fields.len() > columns.len() {
        let (has, most) = (fields.len(), columns.len());
        return Err(text!(
            "has {has} fields, but there are {most} columns",
            "有 {has} 个字段，但只有 {most} 列"
        ));
    }
    let mut found = CreateUser { appid: appid.to_owned(), ..CreateUser::default() };
    for (set, value) in columns.iter().zip(fields) {
        let value = value.trim();
        if !value.is_empty() {
            set(&mut found, value.to_owned());
        }
    }
    user::check(found).map_err(|error| match error {
        Error::Invalid { param, reason } => {
            let Text { en, zh } = reason;
            text!("{param} {en}", "{param} {zh}")
        }
        other => {
            let other = other.to_string();
            text!("{other}", "{other}")
        }
    })
}
