//! Telling a device what to do.

pub mod outbox;
mod store;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::Definition;
use super::datapoint::to_hex;
use super::link::{self, Sent};
use super::payload::{Form, Order, Outgoing};
use crate::access::{Access, Area};
use crate::events::Topic;
use crate::{Code, Ctx, Error, Result, text};

/// Parameters of remote control.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct ControlDevice {
    /// Key of the product.
    pub product_key: String,
    /// The device.
    pub did: String,
    /// Values by the names of their datapoints.
    pub attrs: Option<Value>,
    /// A command as it is: numbers from 0 to 255, or text in `binary_coding`.
    pub raw: Option<Value>,
    /// How the text of `raw` is written: `hex` or `base64`.
    pub binary_coding: Option<String>,
}

/// Tells a device to set values, in the form of its last report. It is done once the device's connection has it.
pub async fn control_device(ctx: &Ctx, params: ControlDevice) -> Result<()> {
    ctx.require(Area::Device, Access::Write)?;
    let tenant_id = ctx.tenant_id();
    let mut read = ctx.read().await?;
    let device = store::device(&mut read, tenant_id, &params.did).await?.ok_or_else(|| {
        Error::Coded(Code::DeviceNotExist, text!("did: there is no such device", "did：设备不存在"))
    })?;
    drop(read);
    if device.product_key != params.product_key {
        return Err(Error::Coded(
            Code::DeviceNotBelongToThisProduct,
            text!("did: the device is one of another product", "did：该设备不属于此产品"),
        ));
    }
    if device.disabled {
        return Err(Error::Coded(
            Code::DeviceIsDisabled,
            text!("the device was deregistered; it has to register again", "设备已注销，需重新注册"),
        ));
    }
    let definition = Definition::parse(&device.definition)?;
    let attrs = params.attrs.as_ref().filter(|attrs| !attrs.is_null());
    let raw = params.raw.as_ref().filter(|raw| !raw.is_null());
    let order = Order::read(&definition, attrs, raw, params.binary_coding.as_deref())?;

    let last = Form::from_number(device.report_form);
    let form = Form::to_control(last, &definition);
    if send(ctx, &device, &params, order.encode(&definition, form)).await? {
        return Ok(());
    }
    // A device that never said how it speaks may listen to the other topic.
    if last.is_none() && send(ctx, &device, &params, order.encode(&definition, Form::Json)).await? {
        return Ok(());
    }
    Err(Error::Coded(
        Code::DeviceOffline,
        text!(
            "the device is off line, or does not listen to its topic; try again when it is back",
            "设备离线或未订阅其主题，请待其上线后重试"
        ),
    ))
}

/// Hands a message over and puts it on record; `false` when the device cannot be reached.
async fn send(ctx: &Ctx, device: &store::Device, params: &ControlDevice, outgoing: Outgoing) -> Result<bool> {
    let ControlDevice { did, product_key, .. } = params;
    let topic = match outgoing.form {
        Form::Json => format!("millwright/{product_key}/{did}/down"),
        Form::Fixed | Form::Variable => format!("app2dev/{did}/millwright"),
    };
    let attrs = outgoing.attrs.as_ref().map(serde_json::to_string).transpose().map_err(Error::internal)?;
    let at = ctx.now();
    let order = link::Order { did, topic: &topic, payload: &outgoing.payload, online: device.online };
    // Nothing is locked while the device or its broker is waited for; only what was sent is put on record.
    let sent = match ctx.services.links.broker() {
        Some(broker) => broker.send(order).await,
        None => outbox::send(&ctx.services, ctx.tenant_id(), order).await?,
    };
    match sent {
        Sent::Handed => {}
        Sent::Offline => return Ok(false),
        Sent::Busy => {
            return Err(Error::Coded(
                Code::SendCommandFailed,
                text!(
                    "the device has not taken its earlier commands yet, or its broker does not answer; try again in a \
                     moment",
                    "设备尚未接收先前的指令，或其消息服务器未应答，请稍后重试"
                ),
            ));
        }
    }
    let message = store::Message {
        device_id: device.id,
        at,
        seq: ctx.next_id() << 16,
        payload: to_hex(&outgoing.payload),
        attrs,
    };
    let mut tx = ctx.begin().await?;
    store::insert(&mut tx, ctx.tenant_id(), message).await?;
    tx.commit().await?;
    ctx.changed(Topic::Device);
    Ok(true)
}
