//! Devices: how they begin, and how they are found.

use super::products::product_by_key;
use crate::access::{Access, Area};
use crate::device::store::devices as store;
use crate::device::{Device, DeviceDetail, DeviceIdentity, NORMAL, OfMac, Product};
use crate::{Code, Ctx, Error, Result, id, text};

/// Longest MAC, passcode, serial number or kind.
pub(super) const MAX_LENGTH: usize = 64;

/// The device of a product by its id; 5301 when the tenant has none, 5302 when it is of another product.
pub async fn device_of(ctx: &Ctx, product: &Product, did: &str) -> Result<Device> {
    ctx.require(Area::Device, Access::Read)?;
    let mut read = ctx.read().await?;
    let device = store::by_did(&mut read, ctx.tenant_id(), did).await?;
    let device = device.ok_or_else(|| not_there(did))?;
    if device.product_id == product.id { Ok(device) } else { Err(of_another(did, product)) }
}

/// Id and passcode of a device by its MAC.
pub async fn get_did(ctx: &Ctx, params: OfMac) -> Result<DeviceIdentity> {
    let (_, device) = by_mac(ctx, &params).await?;
    Ok(DeviceIdentity { did: device.did, passcode: device.passcode })
}

/// What a device is, by its MAC.
pub async fn device_detail(ctx: &Ctx, params: OfMac) -> Result<DeviceDetail> {
    let (product, device) = by_mac(ctx, &params).await?;
    Ok(DeviceDetail {
        product_key: product.product_key,
        mac: device.mac,
        did: device.did,
        is_online: device.online,
        is_disabled: device.disabled,
        r#type: device.kind,
    })
}

async fn by_mac(ctx: &Ctx, params: &OfMac) -> Result<(Product, Device)> {
    ctx.require(Area::Device, Access::Read)?;
    let product = product_by_key(ctx, &params.product_key).await?;
    let mac = params.mac.trim();
    if mac.is_empty() {
        return Err(Error::missing("mac"));
    }
    let mut read = ctx.read().await?;
    if let Some(device) = store::by_mac(&mut read, ctx.tenant_id(), product.id, mac).await? {
        return Ok((product, device));
    }
    let elsewhere = store::is_mac_known(&mut read, ctx.tenant_id(), mac).await?;
    Err(if elsewhere { of_another(mac, &product) } else { not_there(mac) })
}

/// A device as it begins.
pub(super) fn new_device(ctx: &Ctx, product: &Product, mac: &str, did: String, passcode: String) -> Device {
    Device {
        id: ctx.next_id(),
        product_id: product.id,
        did,
        mac: mac.to_owned(),
        passcode,
        kind: NORMAL.to_owned(),
        serial_number: None,
        disabled: false,
        created_at: ctx.now(),
        activated_at: None,
        online: false,
        online_latest: None,
        place_id: None,
        place_source: None,
        longitude: None,
        latitude: None,
        group_id: None,
        mcu_hard_version: None,
        mcu_soft_version: None,
        wifi_hard_version: None,
        wifi_soft_version: None,
        report_form: 0,
        latest: None,
        latest_at: None,
        open_faults: 0,
        open_alarms: 0,
    }
}

/// A new id of a device: 22 letters and digits.
pub(super) fn new_did() -> String {
    let letters = std::iter::repeat_with(|| id::secret(24)).flat_map(String::into_bytes).map(char::from);
    letters.filter(char::is_ascii_alphanumeric).take(22).collect()
}

/// A trimmed word of printable letters without spaces, as topics, headers and queries carry it.
pub(super) fn checked<'a>(param: &str, value: &'a str) -> Result<&'a str> {
    let value = value.trim();
    if value.is_empty() {
        return Err(Error::missing(param));
    }
    if value.len() > MAX_LENGTH || !value.chars().all(|c| c.is_ascii_graphic()) {
        return Err(Error::invalid(
            param,
            text!(
                "must be 1 to {MAX_LENGTH} letters, digits and signs without spaces",
                "应为 1 至 {MAX_LENGTH} 个字母、数字或符号，不含空格"
            ),
        ));
    }
    Ok(value)
}

fn not_there(name: &str) -> Error {
    Error::Coded(Code::DeviceNotExist, text!("there is no device {name}", "设备 {name} 不存在"))
}

fn of_another(name: &str, product: &Product) -> Error {
    let key = &product.product_key;
    Error::Coded(
        Code::DeviceNotBelongToThisProduct,
        text!("{name} is of another product than {key}", "{name} 不属于产品 {key}"),
    )
}
