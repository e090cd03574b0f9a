//! Rules of people who use devices, and of the applications they use them with.

use super::params::CreateUser;
use crate::time::parse_date;
use crate::{Error, Result, text};

/// Longest text of a field, in characters.
const LONGEST: usize = 200;

/// Names an application or a person on the wire: letters, digits, `-`, `_` and `.`, at most 64.
pub fn check_key(param: &str, key: &str) -> Result<()> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if key.is_empty() || key.len() > 64 || !key.chars().all(fits) {
        return Err(Error::invalid(
            param,
            text!(
                "must be 1 to 64 letters, digits, '-', '_' or '.'",
                "应为 1 至 64 个字母、数字、“-”、“_”或“.”"
            ),
        ));
    }
    Ok(())
}

/// A name that people read: 1 to 64 characters.
pub fn check_name<'a>(param: &str, name: &'a str) -> Result<&'a str> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::missing(param));
    }
    if name.chars().count() > 64 || name.chars().any(char::is_control) {
        return Err(Error::invalid(
            param,
            text!("must be 1 to 64 printable characters", "应为 1 至 64 个可显示字符"),
        ));
    }
    Ok(name)
}

/// A person as they can be registered: blanks around texts removed, empty ones taken as absent.
pub fn check(user: CreateUser) -> Result<CreateUser> {
    let mut user = user;
    let texts = [
        ("uid", &mut user.uid),
        ("username", &mut user.username),
        ("name", &mut user.name),
        ("phone", &mut user.phone),
        ("email", &mut user.email),
        ("birthday", &mut user.birthday),
        ("gender", &mut user.gender),
        ("address", &mut user.address),
        ("remark", &mut user.remark),
        ("country", &mut user.country),
        ("region", &mut user.region),
        ("city", &mut user.city),
    ];
    for (param, text) in texts {
        *text = text.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if let Some(text) = text
            && (text.chars().count() > LONGEST || text.chars().any(char::is_control))
        {
            return Err(Error::invalid(
                param,
                text!("must be at most {LONGEST} printable characters", "最多 {LONGEST} 个可显示字符"),
            ));
        }
    }
    if let Some(uid) = &user.uid {
        check_key("uid", uid)?;
    }
    if let Some(birthday) = &user.birthday {
        parse_date("birthday", birthday)?;
    }
    if let Some(email) = &user.email {
        check_email(email)?;
    }
    if user.country.is_none() && (user.region.is_some() || user.city.is_some()) {
        return Err(Error::invalid(
            "country",
            text!("must be given with region and city", "有省份或城市时必填"),
        ));
    }
    if user.region.is_none() && user.city.is_some() {
        return Err(Error::invalid("region", text!("must be given with city", "有城市时必填")));
    }
    let unknown = user.username.is_none() && user.phone.is_none() && user.email.is_none();
    user.is_anonymous = Some(user.is_anonymous.unwrap_or(unknown));
    Ok(user)
}

fn check_email(email: &str) -> Result<()> {
    let sound = email
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    if sound {
        Ok(())
    } else {
        Err(Error::invalid("email", text!("must be an e-mail address", "应为邮箱地址")))
    }
}
