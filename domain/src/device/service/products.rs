//! Products: how they are found, made and changed.

use crate::access::service::digest;
use crate::access::{Access, Area};
use crate::device::{Product, store};
use crate::{Code, Ctx, Error, Result, text};

impl Product {
    /// Whether this is its secret.
    pub fn has_secret(&self, secret: &str) -> bool {
        digest(secret) == self.secret_hash
    }
}

/// The product of this key; 5015 when the tenant has none.
pub async fn product_by_key(ctx: &Ctx, product_key: &str) -> Result<Product> {
    ctx.require(Area::Device, Access::Read)?;
    let mut read = ctx.read().await?;
    store::products::by_key(&mut read, ctx.tenant_id(), product_key)
        .await?
        .ok_or_else(|| not_there(product_key))
}

/// The product that a parameter named `product_secret` means: its key, as the text of the document has it, or its secret.
/// 5015 when the tenant has none with that key, 5005 when it looks like a secret and is none.
pub async fn product_by_secret(ctx: &Ctx, secret: &str) -> Result<Product> {
    ctx.require(Area::Device, Access::Read)?;
    let mut read = ctx.read().await?;
    if let Some(product) = store::products::by_key(&mut read, ctx.tenant_id(), secret).await? {
        return Ok(product);
    }
    store::products::by_secret(&mut read, ctx.tenant_id(), &digest(secret)).await?.ok_or_else(|| {
        Error::Coded(
            Code::ProductSecretError,
            text!("this is neither key nor secret of a product", "既不是产品标识也不是产品密钥"),
        )
    })
}

/// Refuses a product that the Enterprise API does not serve (5024).
pub fn readable_product(product: &Product) -> Result<()> {
    if product.api_enabled {
        return Ok(());
    }
    Err(Error::Coded(
        Code::ApiDenyToVisit,
        text!("the Enterprise API is switched off for this product", "该产品未开通企业 API"),
    ))
}

fn not_there(product_key: &str) -> Error {
    Error::Coded(
        Code::ProductKeyNotExist,
        text!("there is no product {product_key}", "产品 {product_key} 不存在"),
    )
}
