//! Use cases of enterprises, their tokens and their quota.

use std::net::IpAddr;

use super::{
    CreateEnterprise, DEFAULT_CALLS_PER_HOUR, EXPIRED_KEPT, Enterprise, Grant, IssueToken, IssuedToken,
    NewEnterprise, QUOTA_SPAN, Quota, TOKEN_LIFE, store,
};
use crate::access::service::{digest, tenant_by_id};
use crate::access::{Access, Actor, Area};
use crate::ctx::Services;
use crate::db::dialect::is_unique_violation;
use crate::device::service::{product_by_key, readable_product};
use crate::{Code, Ctx, Error, Result, id, text};

/// Longest id or secret.
const MAX_LENGTH: usize = 128;

/// Creates an enterprise. Its secret is answered this once.
pub async fn create_enterprise(ctx: &Ctx, params: CreateEnterprise) -> Result<NewEnterprise> {
    ctx.require(Area::Administration, Access::Write)?;
    let enterprise_id = given("enterpriseId", params.enterprise_id)?.unwrap_or_else(id::hex32);
    let enterprise_secret = given("enterpriseSecret", params.enterprise_secret)?.unwrap_or_else(id::hex32);
    let calls_per_hour = params.calls_per_hour.unwrap_or(DEFAULT_CALLS_PER_HOUR);
    if calls_per_hour < 0 {
        return Err(Error::invalid(
            "callsPerHour",
            text!("must be 0 (no limit) or more", "应为 0（不限）或更大"),
        ));
    }
    for address in &params.allowed_addresses {
        check_address(address)?;
    }
    let enterprise = Enterprise {
        enterprise_id,
        tenant_id: ctx.tenant_id(),
        secret_hash: digest(&enterprise_secret),
        calls_per_hour,
        allowed_addresses: params.allowed_addresses,
    };
    let mut tx = ctx.begin().await?;
    store::insert(&mut tx, ctx.tenant_id(), &enterprise, ctx.now()).await.map_err(|error| {
        if is_unique_violation(&error) {
            let id = &enterprise.enterprise_id;
            return Error::invalid(
                "enterpriseId",
                text!("{id} is taken; choose another", "{id} 已被使用，请换一个"),
            );
        }
        error
    })?;
    tx.commit().await?;
    Ok(NewEnterprise { enterprise_id: enterprise.enterprise_id, enterprise_secret })
}

fn given(param: &str, value: Option<String>) -> Result<Option<String>> {
    let Some(value) = value else { return Ok(None) };
    let length = value.chars().count();
    // Both travel in headers.
    if length == 0 || length > MAX_LENGTH || !value.chars().all(|c| c.is_ascii_graphic()) {
        return Err(Error::invalid(
            param,
            text!(
                "must be 1 to {MAX_LENGTH} letters, digits and signs",
                "应为 1 至 {MAX_LENGTH} 个字母、数字或符号"
            ),
        ));
    }
    Ok(Some(value))
}

/// An address, or a network such as `10.0.0.0/8`.
fn check_address(text: &str) -> Result<()> {
    let (address, prefix) =
        text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
    let fits = address.parse::<IpAddr>().is_ok_and(|address| {
        let most = if address.is_ipv4() { 32 } else { 128 };
        prefix.is_none_or(|prefix| prefix.parse::<u8>().is_ok_and(|prefix| prefix <= most))
    });
    if fits {
        return Ok(());
    }
    Err(Error::invalid(
        "allow",
        text!("{text} is no address or network such as 10.0.0.0/8", "{text} 不是地址或网段（如 10.0.0.0/8）"),
    ))
}

impl Enterprise {
    /// Whether this is its secret.
    pub fn has_secret(&self, secret: &str) -> bool {
        digest(secret) == self.secret_hash
    }
}

/// The enterprise of this id; 5003 when there is none.
pub async fn find_enterprise(services: &Services, id: &str) -> Result<Enterprise> {
    let mut read = services.db.read().await?;
    store::find(&mut read, id).await?.ok_or_else(|| {
        Error::Coded(Code::EnterpriseIdNotExist, text!("there is no enterprise {id}", "企业 {id} 不存在"))
    })
}

/// A context in which an enterprise acts in its tenant.
pub async fn enterprise_ctx(services: &Services, enterprise: &Enterprise) -> Result<Ctx> {
    let tenant = tenant_by_id(services, enterprise.tenant_id).await?.ok_or(Error::Unauthenticated)?;
    let actor = Actor::Application { id: 0, name: enterprise.enterprise_id.clone(), employee: None };
    Ok(Ctx { actor, tenant, services: services.clone() })
}

/// Issues a token for a product. Earlier ones stay good.
pub async fn issue_token(ctx: &Ctx, params: IssueToken) -> Result<IssuedToken> {
    let product = match product_by_key(ctx, &params.product_key).await {
        Ok(product) => product,
        Err(error) => return Err(foreign_product(ctx, &params, error).await?),
    };
    if !product.has_secret(&params.product_secret) {
        return Err(Error::Coded(
            Code::ProductSecretError,
            text!("this is not the secret of the product", "产品密钥不正确"),
        ));
    }
    if !product.api_enabled {
        return Err(Error::Coded(
            Code::AssociationNotExist,
            text!("the Enterprise API is switched off for this product", "该产品未开通企业 API"),
        ));
    }
    let (token, now) = (id::hex32(), ctx.now());
    let expires_at = now + TOKEN_LIFE;
    let mut tx = ctx.begin().await?;
    store::insert_token(
        &mut tx,
        ctx.tenant_id(),
        &digest(&token),
        &params.enterprise_id,
        product.id,
        (now, expires_at),
    )
    .await?;
    tx.commit().await?;
    Ok(IssuedToken { token, expire_at: expires_at / 1000 })
}

/// Whoever knows the secret of another tenant's product is told that it is not associated; others that there is none.
async fn foreign_product(ctx: &Ctx, params: &IssueToken, none: Error) -> Result<Error> {
    let mut read = ctx.read().await?;
    let known = store::product_secret(&mut read, &params.product_key).await?;
    if known.is_some_and(|hash| hash == digest(&params.product_secret)) {
        let id = &params.enterprise_id;
        return Ok(Error::Coded(
            Code::AssociationExisted,
            text!("the product belongs to another enterprise than {id}", "该产品不属于企业 {id}"),
        ));
    }
    Ok(none)
}

/// What a token opens, even if it has expired; 5009 when there is no such token.
pub async fn find_token(services: &Services, token: &str) -> Result<Grant> {
    let mut read = services.db.read().await?;
    store::find_token(&mut read, &digest(token)).await?.ok_or_else(|| {
        Error::Coded(
            Code::TokenInvalid,
            text!("there is no such token; get a new one", "令牌不存在，请重新获取"),
        )
    })
}

/// Refuses a token that has expired (5011), an unknown product (5015), the token of another product (5010), and a product
/// that the Enterprise API does not serve (5024).
pub async fn check_token(ctx: &Ctx, grant: &Grant, product_key: Option<&str>) -> Result<()> {
    if grant.expires_at <= ctx.now() {
        return Err(Error::Coded(Code::TokenHasExpired, text!("get a new token", "请重新获取令牌")));
    }
    let Some(product_key) = product_key else { return Ok(()) };
    let product = product_by_key(ctx, product_key).await?;
    if product.id != grant.product_id {
        return Err(Error::Coded(
            Code::TokenNotMatchProductKey,
            text!(
                "the token is good for another product; get one for {product_key}",
                "令牌属于其他产品，请为 {product_key} 获取令牌"
            ),
        ));
    }
    readable_product(&product)
}

/// Counts a call of an enterprise. `None` where it has no limit.
pub async fn count_call(services: &Services, enterprise: &Enterprise) -> Result<Option<Quota>> {
    if enterprise.calls_per_hour == 0 {
        return Ok(None);
    }
    let now = services.clock.now();
    let mut tx = services.db.begin().await?;
    let (begin_at, calls) =
        store::count_call(&mut tx, enterprise.tenant_id, &enterprise.enterprise_id, now, now - QUOTA_SPAN)
            .await?;
    tx.commit().await?;
    Ok(Some(quota(enterprise, begin_at, calls)))
}

/// What is left of an enterprise's calls, without counting one.
pub async fn quota_of(services: &Services, enterprise: &Enterprise) -> Result<Option<Quota>> {
    if enterprise.calls_per_hour == 0 {
        return Ok(None);
    }
    let now = services.clock.now();
    let mut read = services.db.read().await?;
    let counted = store::calls(&mut read, enterprise.tenant_id, &enterprise.enterprise_id).await?;
    let counted = counted.filter(|(begin_at, _)| *begin_at > now - QUOTA_SPAN);
    let (begin_at, calls) = counted.unwrap_or((now, 0));
    Ok(Some(quota(enterprise, begin_at, calls)))
}

fn quota(enterprise: &Enterprise, begin_at: i64, calls: i64) -> Quota {
    let limit = enterprise.calls_per_hour;
    Quota {
        limit,
        remaining: (limit - calls).max(0),
        reset_at: begin_at + QUOTA_SPAN,
        exceeded: calls > limit,
    }
}

/// Removes tokens that expired a while ago.
pub async fn clean_up_tokens(services: &Services) -> Result<()> {
    let mut tx = services.db.begin().await?;
    store::delete_tokens(&mut tx, services.clock.now() - EXPIRED_KEPT).await?;
    tx.commit().await
}
