//! How a device gets its name: it registers with its product's key, its MAC and a passcode of its own making.
//!
//! The same MAC keeps its name. A device that is registered is only answered with its own passcode; it chooses another
//! after a reset, which needs the old one, or after its operator deregistered it.

mod store;

use serde::Deserialize;

use super::session::OfflineReason;
use super::session::service::same;
use crate::ctx::Services;
use crate::db::dialect::is_unique_violation;
use crate::events::{Changed, Topic};
use crate::{Code, Error, Result, id, text};

/// What a device registers with.
#[derive(Clone, Debug, Deserialize)]
pub struct RegisterDevice {
    /// Its password from now on: 6 to 32 printable ASCII characters.
    #[serde(default)]
    pub passcode: String,
    /// What tells it from others of its product: up to 32 letters, digits and `:` `-` `_` `.`.
    #[serde(default)]
    pub mac: String,
    /// Key of its product.
    #[serde(default)]
    pub product_key: String,
}

/// What a device is reset with.
#[derive(Clone, Debug, Deserialize)]
pub struct ResetDevice {
    /// Its name.
    #[serde(default)]
    pub did: String,
    /// Its passcode.
    #[serde(default)]
    pub passcode: String,
}

/// Gives a device its name (`did`). Whoever knows the product's key may ask, as firmware does.
pub async fn register_device(services: &Services, params: RegisterDevice) -> Result<String> {
    let RegisterDevice { passcode, mac, product_key } = checked(params)?;
    let mut attempts = 0;
    loop {
        attempts += 1;
        match try_to_register(services, &passcode, &mac, &product_key).await {
            // Another call registered the same MAC, or the name was taken: the next look finds out.
            Err(error) if is_unique_violation(&error) && attempts < 3 => {}
            answer => return answer,
        }
    }
}

async fn try_to_register(
    services: &Services,
    passcode: &str,
    mac: &str,
    product_key: &str,
) -> Result<String> {
    let mut tx = services.db.begin().await?;
    let Some((tenant_id, product_id)) = store::product(&mut tx, product_key).await? else {
        return Err(Error::Coded(
            Code::ProductKeyNotExist,
            text!("product_key: there is no product with this key", "product_key：没有使用该标识的产品"),
        ));
    };
    let did = match store::by_mac(&mut tx, tenant_id, product_id, mac).await? {
        // One that was imported without a passcode brings its own.
        Some(device) if device.disabled || device.passcode.is_empty() => {
            store::revive(&mut tx, tenant_id, device.id, passcode).await?;
            device.did
        }
        Some(device) if same(device.passcode.as_bytes(), passcode.as_bytes()) => return Ok(device.did),
        Some(_) => return Err(taken()),
        None => {
            let did = new_did();
            let device_id = services.ids.next();
            let now = services.clock.now();
            let new = store::NewDevice { product_id, did: &did, mac, passcode, now };
            store::insert(&mut tx, tenant_id, device_id, &new).await?;
            did
        }
    };
    tx.commit().await?;
    services.events.publish(Changed { tenant_id, topic: Topic::Device });
    Ok(did)
}

/// A reset takes a device out of service, as its own firmware asks: it is off line and stays so until it registers again.
pub async fn reset_device(services: &Services, params: ResetDevice) -> Result<()> {
    let ResetDevice { did, passcode } = params;
    if did.is_empty() {
        return Err(Error::missing("did"));
    }
    if passcode.is_empty() {
        return Err(Error::missing("passcode"));
    }
    let mut tx = services.db.begin().await?;
    let device = store::by_did(&mut tx, &did).await?;
    // Whoever does not know the passcode is not told which names exist.
    let Some(device) = device.filter(|device| same(device.passcode.as_bytes(), passcode.as_bytes())) else {
        return Err(Error::Coded(
            Code::DeviceNotExist,
            text!("there is no device with this did and passcode", "没有使用该 did 和 passcode 的设备"),
        ));
    };
    store::disable(&mut tx, device.tenant_id, device.id).await?;
    tx.commit().await?;
    services.links.end(&did, OfflineReason::OfflineReset);
    services.events.publish(Changed { tenant_id: device.tenant_id, topic: Topic::Device });
    Ok(())
}

/// Names and passcodes of devices that may connect, of all tenants, in the order of their names: so many of those after
/// this one. For whoever runs the installation, to let another broker know them.
pub async fn credentials(services: &Services, after: &str, limit: i64) -> Result<Vec<(String, String)>> {
    let mut read = services.db.read().await?;
    store::credentials(&mut read, after, limit).await
}

/// Whether a device of this name is registered.
pub async fn is_registered(services: &Services, did: &str) -> Result<bool> {
    let mut read = services.db.read().await?;
    Ok(store::by_did(&mut read, did).await?.is_some())
}

fn checked(params: RegisterDevice) -> Result<RegisterDevice> {
    let RegisterDevice { passcode, mac, product_key } = params;
    let mac = mac.trim().to_owned();
    if product_key.is_empty() {
        return Err(Error::missing("product_key"));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || ":-_.".contains(c);
    if mac.is_empty() || mac.len() > 32 || !mac.chars().all(allowed) {
        return Err(Error::invalid(
            "mac",
            text!("must be 1 to 32 letters, digits or : - _ .", "应为 1 至 32 个字母、数字或 : - _ ."),
        ));
    }
    if !(6..=32).contains(&passcode.len()) || !passcode.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::invalid(
            "passcode",
            text!(
                "must be 6 to 32 printable ASCII characters without blanks",
                "应为 6 至 32 个可显示的 ASCII 字符，不含空格"
            ),
        ));
    }
    Ok(RegisterDevice { passcode, mac, product_key })
}

fn taken() -> Error {
    Error::invalid(
        "passcode",
        text!(
            "is not that of the device registered with this mac; reset the device with its old passcode first",
            "与该 mac 已注册设备的 passcode 不符；请先用原 passcode 复位设备"
        ),
    )
}

/// 22 letters and digits.
fn new_did() -> String {
    std::iter::repeat_with(|| id::secret(22))
        .flat_map(String::into_bytes)
        .map(char::from)
        .filter(char::is_ascii_alphanumeric)
        .take(22)
        .collect()
}
