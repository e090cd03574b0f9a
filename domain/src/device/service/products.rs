//! Products: how they are found, made and changed.

use serde_json::Value;

use crate::access::service::digest;
use crate::access::{Access, Area};
use crate::db::dialect::is_unique_violation;
use crate::device::machine::MachineRule;
use crate::device::position::PositionRule;
use crate::device::store::products as store;
use crate::device::{
    CreateProduct, DEFAULT_RETENTION_DAYS, Definition, MAX_RETENTION_DAYS, NewProduct, OfProduct, Product,
    Protocol, UpdateProduct,
};
use crate::events::Topic;
use crate::{Code, Ctx, Error, Patch, Result, id, text};

/// Longest name, key or secret.
const MAX_LENGTH: usize = 128;

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
    store::by_key(&mut read, ctx.tenant_id(), product_key).await?.ok_or_else(|| not_there(product_key))
}

/// The product that a parameter named `product_secret` means: its key, as the text of the document has it, or its secret.
/// 5005 when it is neither.
pub async fn product_by_secret(ctx: &Ctx, secret: &str) -> Result<Product> {
    ctx.require(Area::Device, Access::Read)?;
    let mut read = ctx.read().await?;
    if let Some(product) = store::by_key(&mut read, ctx.tenant_id(), secret).await? {
        return Ok(product);
    }
    store::by_secret(&mut read, ctx.tenant_id(), &digest(secret)).await?.ok_or_else(|| {
        Error::Coded(
            Code::ProductSecretError,
            text!("this is neither key nor secret of a product", "既不是产品标识也不是产品密钥"),
        )
    })
}

/// All products, newest first.
pub async fn list_products(ctx: &Ctx) -> Result<Vec<Product>> {
    ctx.require(Area::Device, Access::Read)?;
    let mut read = ctx.read().await?;
    store::list(&mut read, ctx.tenant_id()).await
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

/// The datapoints of a product; 5402 while it has none.
pub async fn product_datapoint(ctx: &Ctx, params: OfProduct) -> Result<Definition> {
    ctx.require(Area::Device, Access::Read)?;
    let product = product_by_key(ctx, &params.product_key).await?;
    let definition = Definition::parse(&product.definition).map_err(|error| {
        tracing::error!(%error, product = product.product_key, "a stored definition cannot be read");
        Error::Coded(Code::DatapointsMalformed, text!("import them again", "请重新导入数据点"))
    })?;
    if definition.is_empty() { Err(no_datapoints()) } else { Ok(definition) }
}

/// Creates a product, not published. Its secret is answered this once.
pub async fn create_product(ctx: &Ctx, params: CreateProduct) -> Result<NewProduct> {
    ctx.require(Area::Device, Access::Write)?;
    let product_key = checked("product_key", params.product_key)?.unwrap_or_else(id::hex32);
    let product_secret = checked("product_secret", params.product_secret)?.unwrap_or_else(id::hex32);
    let definition = params.definition.map(Definition::read).transpose()?;
    let said = definition.as_ref().map(|definition| definition.product_name().to_owned());
    let name = checked_name(&params.name.or(said).unwrap_or_default())?;
    let definition = match definition {
        Some(definition) => definition.of_product(&name, &product_key),
        None => Definition::build(&name, &product_key, Protocol::default(), &[])?,
    };
    let now = ctx.now();
    let product = Product {
        id: ctx.next_id(),
        name,
        secret_hash: digest(&product_secret),
        definition: definition.document().to_string(),
        published: false,
        logs_enabled: false,
        api_enabled: true,
        retention_days: DEFAULT_RETENTION_DAYS,
        machine_rule: None,
        position_rule: None,
        created_at: now,
        modified_at: now,
        product_key,
    };
    let mut tx = ctx.begin().await?;
    store::insert(&mut tx, ctx.tenant_id(), &product).await.map_err(|error| {
        if is_unique_violation(&error) {
            let key = &product.product_key;
            return Error::invalid(
                "product_key",
                text!("{key} is taken; choose another", "{key} 已被使用，请换一个"),
            );
        }
        error
    })?;
    tx.commit().await?;
    ctx.changed(Topic::Device);
    Ok(NewProduct { id: product.id, product_key: product.product_key, product_secret: Some(product_secret) })
}

/// Creates a product from its definition, under the key that is given, else the definition's own; a product of the tenant
/// with that key gets the definition instead, and the secret if one is given.
pub async fn import_product(ctx: &Ctx, params: CreateProduct) -> Result<NewProduct> {
    ctx.require(Area::Device, Access::Write)?;
    let own = params
        .definition
        .as_ref()
        .and_then(|definition| definition.get("product_key"))
        .and_then(Value::as_str);
    let own = own.filter(|key| !key.is_empty()).map(str::to_owned);
    let Some(product_key) = params.product_key.clone().or(own) else {
        return create_product(ctx, params).await;
    };
    let mut read = ctx.read().await?;
    let known = store::by_key(&mut read, ctx.tenant_id(), &product_key).await?;
    drop(read);
    let Some(known) = known else {
        return create_product(ctx, CreateProduct { product_key: Some(product_key), ..params }).await;
    };
    let secret = checked("product_secret", params.product_secret)?;
    let update = UpdateProduct {
        product_key: product_key.clone(),
        name: params.name,
        definition: params.definition,
        ..UpdateProduct::default()
    };
    change(ctx, update, secret.as_deref(), Definition::parse).await?;
    Ok(NewProduct { id: known.id, product_key, product_secret: secret })
}

/// Changes what is given of a product.
pub async fn update_product(ctx: &Ctx, params: UpdateProduct) -> Result<Product> {
    ctx.require(Area::Device, Access::Write)?;
    change(ctx, params, None, Definition::parse).await
}

/// Changes what is given; `redefine` makes the new definition out of the stored one, where none is given.
pub(super) async fn change(
    ctx: &Ctx,
    params: UpdateProduct,
    secret: Option<&str>,
    redefine: impl FnOnce(&str) -> Result<Definition> + Send,
) -> Result<Product> {
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), "product").await?;
    let known = store::by_key(&mut tx, ctx.tenant_id(), &params.product_key).await?;
    let known = known.ok_or_else(|| not_there(&params.product_key))?;
    let name = params.name.map_or_else(|| Ok(known.name.clone()), |name| checked_name(&name))?;
    let definition = match params.definition {
        Some(document) => Definition::read(document)?,
        None => redefine(&known.definition)?,
    }
    .of_product(&name, &known.product_key);
    let document = definition.document().to_string();
    let redefined = document != known.definition;
    let retention_days = params.retention_days.unwrap_or(known.retention_days);
    if !(1..=MAX_RETENTION_DAYS).contains(&retention_days) {
        return Err(Error::invalid(
            "retention_days",
            text!("must be 1 to {MAX_RETENTION_DAYS}", "应为 1 至 {MAX_RETENTION_DAYS}"),
        ));
    }
    let rule = |given: Patch<Value>, known: &Option<String>| match given {
        Patch::Keep => known.clone(),
        Patch::Clear => None,
        Patch::Set(rule) => Some(Value::to_string(&rule)),
    };
    let machine_rule = rule(params.machine_rule, &known.machine_rule);
    let position_rule = rule(params.position_rule, &known.position_rule);
    // a rule names datapoints: those of the definition that is in force from now on
    let checked = |rule: &Option<String>, known: &Option<String>| {
        let rule = rule.as_ref().filter(|rule| redefined || known.as_ref() != Some(rule));
        rule.map(|rule| serde_json::from_str::<Value>(rule).map_err(Error::internal)).transpose()
    };
    if let Some(rule) = checked(&machine_rule, &known.machine_rule)? {
        MachineRule::read(&rule, &definition)?;
    }
    if let Some(rule) = checked(&position_rule, &known.position_rule)? {
        PositionRule::read(&rule, &definition)?;
    }
    let product = Product {
        definition: document,
        name,
        secret_hash: secret.map_or_else(|| known.secret_hash.clone(), digest),
        published: params.published.unwrap_or(known.published),
        logs_enabled: params.logs_enabled.unwrap_or(known.logs_enabled),
        api_enabled: params.api_enabled.unwrap_or(known.api_enabled),
        retention_days,
        machine_rule,
        position_rule,
        modified_at: ctx.now(),
        ..known
    };
    store::update(&mut tx, ctx.tenant_id(), &product).await?;
    tx.commit().await?;
    ctx.changed(Topic::Device);
    Ok(product)
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::missing("name"));
    }
    if name.chars().count() > MAX_LENGTH || name.chars().any(char::is_control) {
        return Err(Error::invalid(
            "name",
            text!("must be 1 to {MAX_LENGTH} printable characters", "应为 1 至 {MAX_LENGTH} 个可显示字符"),
        ));
    }
    Ok(name.to_owned())
}

/// A key or a secret, as paths and topics carry it.
fn checked(param: &str, value: Option<String>) -> Result<Option<String>> {
    let Some(value) = value else { return Ok(None) };
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if value.is_empty() || value.len() > MAX_LENGTH || !value.chars().all(plain) {
        return Err(Error::invalid(
            param,
            text!(
                "must be 1 to {MAX_LENGTH} letters, digits or - _ .",
                "应为 1 至 {MAX_LENGTH} 个字母、数字或 - _ ."
            ),
        ));
    }
    Ok(Some(value))
}

pub(super) fn not_there(product_key: &str) -> Error {
    Error::Coded(
        Code::ProductKeyNotExist,
        text!("there is no product {product_key}", "产品 {product_key} 不存在"),
    )
}

pub(super) fn no_datapoints() -> Error {
    Error::Coded(
        Code::DatapointDataNotFound,
        text!("define the datapoints of the product first", "请先定义产品的数据点"),
    )
}
