//! A product of four numbers with its devices, written through the ordinary services.

use std::path::Path;

use bytes::Bytes;
use domain::Ctx;
use domain::access::service as access;
use domain::ctx::Services;
use domain::db::Db;
use domain::device::datapoint::{Raw, to_hex};
use domain::device::frame::Frame;
use domain::device::p0::{Action, P0, Packing, Values};
use domain::device::registration::{RegisterDevice, register_device};
use domain::device::{CreateProduct, Definition, service};
use futures::{StreamExt, TryStreamExt};
use serde_json::{Value, json};

use crate::Result;

/// Key of the product.
pub const KEY: &str = "10ad10ad10ad10ad10ad10ad10ad10ad";
/// Secret of the product.
pub const SECRET: &str = "5ec2e75ec2e75ec2e75ec2e75ec2e700";
/// Passcode of all devices.
pub const PASSCODE: &str = "a-passcode";
/// Datapoints of the product.
const NAMES: [&str; 4] = ["speed", "pressure", "temperature", "pieces"];
/// Registrations under way at once: they share transactions.
const AT_ONCE: usize = 64;

/// A device that can connect.
#[derive(Clone)]
pub struct Device {
    /// Its name.
    pub did: String,
    /// Where it reports.
    pub topic: String,
    /// A report without its values.
    head: Bytes,
}

/// What there is.
pub struct Plant {
    /// The services it was written through.
    pub ctx: Ctx,
    /// Its devices.
    pub devices: Vec<Device>,
}

/// What the store has of a message: its bytes and its values.
#[derive(Clone)]
pub struct Row {
    /// Hexadecimal.
    pub payload: String,
    /// JSON.
    pub attrs: String,
}

fn values(number: u64) -> [u16; 4] {
    [1, 7, 31, 127].map(|factor| u16::try_from(number.wrapping_mul(factor) % 60_000).unwrap_or_default())
}

impl Device {
    /// A report with four values that depend on a number.
    pub fn message(&self, number: u64) -> Bytes {
        self.head.iter().copied().chain(values(number).into_iter().flat_map(u16::to_be_bytes)).collect()
    }
}

impl Plant {
    /// Rows as the store has them, some hundred different ones.
    pub fn rows(&self) -> Vec<Row> {
        let Some(device) = self.devices.first() else { return Vec::new() };
        let row = |number| {
            let attrs: serde_json::Map<String, Value> = NAMES
                .into_iter()
                .zip(values(number))
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect();
            Row { payload: to_hex(&device.message(number)), attrs: Value::Object(attrs).to_string() }
        };
        (0..500).map(row).collect()
    }
}

/// The definition of the product.
pub fn definition() -> Value {
    let attrs: Vec<_> = (0..)
        .zip(NAMES)
        .map(|(id, name): (u32, _)| {
            json!({"id": id, "name": name, "display_name": name, "type": "status_readonly", "data_type": "uint16",
                "uint_spec": {"min": 0, "max": 65535, "ratio": 1, "addition": 0}})
        })
        .collect();
    json!({"name": "Load", "product_key": KEY, "protocolType": "standard",
        "entities": [{"id": 0, "name": "entity0", "display_name": "Load", "attrs": attrs}]})
}

/// Opens an empty store with the product in it.
pub async fn open(folder: &Path) -> Result<Ctx> {
    std::fs::create_dir_all(folder)?;
    let services = Services::open(Db::open_sqlite(&crate::plant::file(folder)).await?).await?;
    access::create_default_tenant(&services).await?;
    let tenant = access::default_tenant(&services).await?.ok_or("there is no tenant")?;
    let ctx = access::system_ctx(&services, tenant);
    let product = CreateProduct {
        name: None,
        definition: Some(definition()),
        product_key: Some(KEY.to_owned()),
        product_secret: Some(SECRET.to_owned()),
    };
    service::import_product(&ctx, product).await?;
    Ok(ctx)
}

/// Opens an empty store and registers so many devices.
pub async fn build(folder: &Path, devices: usize) -> Result<Plant> {
    let ctx = open(folder).await?;
    let all = Definition::read(definition())?;
    let zeros: Values = all.datapoints().iter().map(|datapoint| (datapoint.id, Raw::Number(0))).collect();
    let p0 = P0::of_values(Action::Report, Packing::Fixed, zeros).encode(&all);
    let mut head = Frame::from_device(&p0).encode();
    head.truncate(head.len() - 8);
    let head = Bytes::from(head);
    let devices = futures::stream::iter(0..devices)
        .map(|number| {
            let params = RegisterDevice {
                passcode: PASSCODE.to_owned(),
                mac: format!("load-{number:05}"),
                product_key: KEY.to_owned(),
            };
            let (services, head) = (&ctx.services, head.clone());
            async move {
                let did = register_device(services, params).await?;
                Ok::<_, domain::Error>(Device { topic: format!("dev2app/{did}"), did, head })
            }
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(Plant { ctx, devices })
}
