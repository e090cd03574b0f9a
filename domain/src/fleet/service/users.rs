//! People searched for by the Enterprise API.

use super::{app, narrowed, product};
use crate::access::{Access, Area};
use crate::fleet::Slice;
use crate::fleet::params::{SearchBoundUsers, SearchRegisteredUsers};
use crate::fleet::replies::{BoundUser, Paged, RegisteredUser};
use crate::fleet::store::users::{self, Bound, UserRow};
use crate::time::Millis;
use crate::{Ctx, Error, Result, text};

fn seconds(at: Millis) -> i64 {
    at.div_euclid(1000)
}

/// Registered people (`user.search_registered`).
pub async fn search_registered_users(
    ctx: &Ctx,
    params: SearchRegisteredUsers,
) -> Result<Paged<RegisteredUser>> {
    ctx.require(Area::Fleet, Access::Read)?;
    let slice = Slice::check(params.limit, params.skip)?;
    let mut conn = ctx.read().await?;
    product(ctx, &mut conn, &params.product_key).await?;
    let app_id = match &params.appid {
        Some(appid) => Some(app(ctx, &mut conn, appid).await?),
        None => None,
    };
    let (total, rows) = users::search_registered(&mut conn, ctx.tenant_id(), app_id, &params, slice).await?;
    let shown = |row: UserRow| RegisteredUser {
        uid: row.uid,
        username: row.username,
        phone: row.phone,
        email: row.email,
        birthday: row.birthday,
        is_anonymous: row.anonymous,
        gender: row.gender,
        address: row.address,
        remark: row.remark,
        created_at: seconds(row.created_at),
        updated_at: seconds(row.modified_at),
    };
    Ok(Paged { meta: slice.meta(total), objects: rows.into_iter().map(shown).collect() })
}

/// What people with devices are searched by, and the column it is in.
const BY: [(&str, &str); 6] = [
    ("did", "d.did"),
    ("mac", "d.mac"),
    ("uid", "u.uid"),
    ("username", "u.username"),
    ("phone", "u.phone"),
    ("email", "u.email"),
];

/// People with devices of a product (`user.search_bound`).
pub async fn search_bound_users(ctx: &Ctx, params: SearchBoundUsers) -> Result<Paged<BoundUser>> {
    ctx.require(Area::Fleet, Access::Read)?;
    let slice = Slice::check(params.limit, params.skip)?;
    let like = match (params.r#type.as_deref(), params.val.as_deref()) {
        (None, None) => None,
        (None, Some(_)) => return Err(Error::missing("type")),
        (Some(_), None) => return Err(Error::missing("val")),
        (Some(by), Some(value)) => {
            let (_, column) = BY.into_iter().find(|(name, _)| *name == by).ok_or_else(|| {
                Error::invalid(
                    "type",
                    text!(
                        "must be did, mac, uid, username, phone or email",
                        "应为 did、mac、uid、username、phone 或 email"
                    ),
                )
            })?;
            Some((column, value))
        }
    };
    let by_device = params.r#type.as_deref() == Some("did");
    let mut conn = ctx.read().await?;
    let product_id = product(ctx, &mut conn, &params.product_key).await?;
    let group_id = narrowed(ctx, &mut conn, product_id, params.gid.as_deref()).await?;
    let which = Bound { product_id, group_id, like, by_device };
    let (total, rows) = users::search_bound(&mut conn, ctx.tenant_id(), &which, slice).await?;
    let shown = |(row, owner): (UserRow, bool)| BoundUser {
        uid: row.uid,
        username: row.username,
        name: row.name,
        phone: row.phone,
        email: row.email,
        birthday: row.birthday,
        gender: row.gender,
        address: row.address,
        remark: row.remark,
        created_at: seconds(row.created_at),
        is_anonymous: row.anonymous,
        auth_src: row.auth_src.and_then(|json| serde_json::from_str(&json).ok()),
        is_owner: by_device.then_some(owner),
    };
    Ok(Paged { meta: slice.meta(total), objects: rows.into_iter().map(shown).collect() })
}
