//! Who calls: the enterprise behind a token, headers or a body, from an address that may, within its quota.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use domain::enterprise::{Enterprise, Quota, service};
use domain::{Code, Ctx, Error, Result, text};
use ipnet::IpNet;
use serde_json::{Map, Value};

use super::adapter::Adapter;

/// The caller of `Authorization: token …`, whose token must be of this product.
pub(super) async fn of_token(
    adapter: &Adapter,
    parts: &Parts,
    product_key: Option<&str>,
    quota: &mut Option<Quota>,
) -> Result<Ctx> {
    let token = token(&parts.headers).ok_or_else(|| {
        Error::Coded(
            Code::TokenInvalid,
            text!(
                "send the header Authorization: token <token>",
                "请发送请求头 Authorization: token <token>"
            ),
        )
    })?;
    let grant = service::find_token(&adapter.services, token).await?;
    let ctx = admit(adapter, parts, &grant.enterprise, quota).await?;
    service::check_token(&ctx, &grant, product_key).await?;
    Ok(ctx)
}

/// The caller of the enterprise's headers.
pub(super) async fn of_headers(adapter: &Adapter, parts: &Parts, quota: &mut Option<Quota>) -> Result<Ctx> {
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (id, secret) = (text("x-gizwits-enterprise-id"), text("x-gizwits-enterprise-secret"));
    of_secret(adapter, parts, id.trim(), secret.trim(), quota).await
}

/// The caller whose credentials the body carries.
pub(super) async fn of_body(
    adapter: &Adapter,
    parts: &Parts,
    params: &Map<String, Value>,
    quota: &mut Option<Quota>,
) -> Result<Ctx> {
    let text = |name: &str| match params.get(name) {
        None | Some(Value::Null) => Err(Error::missing(name)),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Number(number)) => Ok(number.to_string()),
        Some(_) => Err(Error::invalid(name, text!("must be text", "应为字符串"))),
    };
    let (id, secret) = (text("enterprise_id")?, text("enterprise_secret")?);
    of_secret(adapter, parts, &id, &secret, quota).await
}

async fn of_secret(
    adapter: &Adapter,
    parts: &Parts,
    id: &str,
    secret: &str,
    quota: &mut Option<Quota>,
) -> Result<Ctx> {
    let enterprise = service::find_enterprise(&adapter.services, id).await?;
    if !enterprise.has_secret(secret) {
        // Whoever only guesses must not use up the calls of others.
        *quota = service::quota_of(&adapter.services, &enterprise).await?;
        return Err(Error::Coded(
            Code::EnterpriseSecretError,
            text!("this is not the secret of {id}", "{id} 的密钥不正确"),
        ));
    }
    admit(adapter, parts, &enterprise, quota).await
}

/// Lets an enterprise in that proved who it is: from an address that may, and within its quota.
async fn admit(
    adapter: &Adapter,
    parts: &Parts,
    enterprise: &Enterprise,
    quota: &mut Option<Quota>,
) -> Result<Ctx> {
    let address = address(parts, adapter.public_url.is_some());
    if !may_call(&enterprise.allowed_addresses, address) {
        *quota = service::quota_of(&adapter.services, enterprise).await?;
        let address = address.map_or_else(|| "?".to_owned(), |address| address.to_string());
        return Err(Error::Coded(
            Code::IpNotInWhiteList,
            text!("{address} is not allowed to call", "不允许 {address} 调用"),
        ));
    }
    *quota = service::count_call(&adapter.services, enterprise).await?;
    if quota.is_some_and(|quota| quota.exceeded) {
        let most = enterprise.calls_per_hour;
        return Err(Error::Coded(
            Code::ApiCallRateLimit,
            text!(
                "more than {most} calls in an hour; see X-RateLimit-Reset",
                "每小时调用超过 {most} 次，见 X-RateLimit-Reset"
            ),
        ));
    }
    service::enterprise_ctx(&adapter.services, enterprise).await
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?.trim();
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("token") && !token.is_empty()).then_some(token)
}

/// Where the call comes from. Behind a proxy: what the proxy says, at the end of `X-Forwarded-For`.
fn address(parts: &Parts, behind_proxy: bool) -> Option<IpAddr> {
    let peer =
        parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
    if !behind_proxy {
        return peer;
    }
    let last = parts.headers.get_all("x-forwarded-for").iter().next_back();
    let said = last.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
    said.map(|address| address.to_canonical()).or(peer)
}

/// Whether an address is on the list. An empty list lets all call.
fn may_call(allowed: &[String], address: Option<IpAddr>) -> bool {
    let holds = |entry: &String| {
        let network = entry.parse::<IpNet>().or_else(|_| entry.parse::<IpAddr>().map(IpNet::from));
        network.is_ok_and(|network| address.is_some_and(|address| network.contains(&address)))
    };
    allowed.is_empty() || allowed.iter().any(holds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks_are_told_apart_from_others() {
        let list = ["10.0.0.0/8".to_owned(), "192.0.2.7".to_owned(), "2001:db8::/32".to_owned()];
        for (address, may) in [
            ("10.1.2.3", true),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("2001:db8::1", true),
            ("::1", false),
        ] {
            assert_eq!(may_call(&list, address.parse().ok()), may, "{address}");
        }
        assert!(!may_call(&list, None));
        assert!(may_call(&[], None));
    }
}
