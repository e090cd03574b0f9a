//! Commands that manage callers of the Enterprise API and the products they ask about.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use domain::access::service::system_ctx;
use domain::device::{CreateProduct, service as device};
use domain::enterprise::{CreateEnterprise, DEFAULT_CALLS_PER_HOUR, service as enterprise};
use serde_json::Value;

use super::store::Options;
use super::{Failure, say};

#[derive(Subcommand)]
pub(super) enum Enterprise {
    /// Create a caller of the Enterprise API and print its id and secret
    Create(CreateCaller),
}

#[derive(Args)]
pub(super) struct CreateCaller {
    /// Name of the tenant [default: the only or first one]
    #[arg(long, env = "MILLWRIGHT_TENANT", value_name = "NAME")]
    tenant: Option<String>,
    /// Id to use instead of a new one
    #[arg(long, env = "MILLWRIGHT_ENTERPRISE_ID", value_name = "ID", requires = "enterprise_secret")]
    enterprise_id: Option<String>,
    /// Secret to use instead of a new one
    #[arg(
        long,
        env = "MILLWRIGHT_ENTERPRISE_SECRET",
        value_name = "SECRET",
        hide_env_values = true,
        requires = "enterprise_id"
    )]
    enterprise_secret: Option<String>,
    /// Calls it may make in an hour, over all its tokens; 0 for no limit
    #[arg(long, env = "MILLWRIGHT_CALLS_PER_HOUR", value_name = "N", default_value_t = DEFAULT_CALLS_PER_HOUR)]
    calls_per_hour: i64,
    /// Addresses and networks it may call from, such as 192.0.2.7,10.0.0.0/8 [default: all]
    #[arg(long, env = "MILLWRIGHT_ALLOW", value_name = "ADDRESSES", value_delimiter = ',')]
    allow: Vec<String>,
}

#[derive(Subcommand)]
pub(super) enum Product {
    /// Create a product from the definition of its datapoints, and print its key and secret
    ///
    /// The file holds what the Enterprise API answers at /v1/products/…/datapoint. A product of the tenant with that key
    /// gets the new definition instead; its secret stays unless one is given.
    Import(ImportProduct),
}

#[derive(Args)]
pub(super) struct ImportProduct {
    /// The definition, JSON
    file: PathBuf,
    /// Name of the tenant [default: the only or first one]
    #[arg(long, env = "MILLWRIGHT_TENANT", value_name = "NAME")]
    tenant: Option<String>,
    /// Key to use instead of the definition's, or of a new one
    #[arg(long, env = "MILLWRIGHT_PRODUCT_KEY", value_name = "KEY")]
    product_key: Option<String>,
    /// Secret to use instead of a new one
    #[arg(long, env = "MILLWRIGHT_PRODUCT_SECRET", value_name = "SECRET", hide_env_values = true)]
    product_secret: Option<String>,
}

pub(super) async fn enterprise(
    store: &Options,
    Enterprise::Create(command): Enterprise,
) -> Result<(), Failure> {
    let (services, tenant) = store.open_for(command.tenant.as_deref()).await?;
    let params = CreateEnterprise {
        enterprise_id: command.enterprise_id,
        enterprise_secret: command.enterprise_secret,
        calls_per_hour: Some(command.calls_per_hour),
        allowed_addresses: command.allow,
    };
    let new = enterprise::create_enterprise(&system_ctx(&services, tenant), params).await?;
    say(&format!("enterprise_id: {}\nenterprise_secret: {}", new.enterprise_id, new.enterprise_secret))?;
    services.db.close().await;
    Ok(())
}

pub(super) async fn product(store: &Options, Product::Import(command): Product) -> Result<(), Failure> {
    let file = command.file.display();
    let text = std::fs::read_to_string(&command.file)
        .map_err(|error| Failure::new(format!("cannot read {file}: {error}")))?;
    let definition: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| Failure::new(format!("{file} is no JSON: {error}")))?;
    let (services, tenant) = store.open_for(command.tenant.as_deref()).await?;
    let params = CreateProduct {
        name: None,
        definition: Some(definition),
        product_key: command.product_key,
        product_secret: command.product_secret,
    };
    let new =
        device::import_product(&system_ctx(&services, tenant), params).await.map_err(
            |error| match error {
                // What is wrong in the file is named by where it stands there.
                domain::Error::Invalid { param, reason }
                    if !matches!(&*param, "product_key" | "product_secret") =>
                {
                    Failure::new(format!("{file}: {param}: {}", reason.en))
                }
                other => other.into(),
            },
        )?;
    say(&format!("product_key: {}", new.product_key))?;
    if let Some(secret) = new.product_secret {
        say(&format!("product_secret: {secret}"))?;
    }
    services.db.close().await;
    Ok(())
}
