//! Products and devices that the tests stand on.

use serde_json::{Value, json};

use crate::db::sql;
use crate::device::service::{create_product, import_devices, product_by_key};
use crate::device::{CreateProduct, ImportDevice, ImportDevices, Product};
use crate::{Ctx, Error};

/// The definition of an air conditioner.
pub(super) fn definition(key: &str) -> Value {
    json!({
        "name": "Air conditioner",
        "product_key": key,
        "protocolType": "standard",
        "packetVersion": "0x00000004",
        "entities": [{"id": 0, "name": "entity0", "display_name": "Unit", "attrs": [
            {"id": 0, "name": "switch", "display_name": "On", "type": "status_writable", "data_type": "bool",
             "position": {"byte_offset": 0, "bit_offset": 0, "len": 1, "unit": "bit"}},
            {"id": 1, "name": "set_temp", "display_name": "Wanted", "type": "status_writable", "data_type": "uint8",
             "uint_spec": {"min": 16, "max": 30, "ratio": 1, "addition": 0},
             "position": {"byte_offset": 1, "bit_offset": 0, "len": 1, "unit": "byte"}},
            {"id": 2, "name": "alert_full", "display_name": "Full", "type": "alert", "data_type": "bool",
             "position": {"byte_offset": 2, "bit_offset": 0, "len": 1, "unit": "bit"}},
            {"id": 3, "name": "fault_roomtemp", "display_name": "Sensor", "type": "fault", "data_type": "bool",
             "position": {"byte_offset": 3, "bit_offset": 0, "len": 1, "unit": "bit"}},
        ]}],
    })
}

/// A product with this key and the secret `secret`.
pub(super) async fn product(ctx: &Ctx, key: &str) -> Product {
    let params = CreateProduct {
        definition: Some(definition(key)),
        product_key: Some(key.into()),
        product_secret: Some("secret".into()),
        ..CreateProduct::default()
    };
    create_product(ctx, params).await.expect("a product");
    product_by_key(ctx, key).await.expect("the product")
}

/// A device in Guangzhou.
pub(super) fn in_guangzhou(mac: &str) -> ImportDevice {
    ImportDevice {
        mac: mac.into(),
        did: Some(format!("did-{mac}")),
        passcode: Some("123456".into()),
        country: Some("China".into()),
        region: Some("Guangdong".into()),
        city: Some("Guangzhou".into()),
        longitude: Some(113.28),
        latitude: Some(23.12),
        ..ImportDevice::default()
    }
}

/// Imports devices.
pub(super) async fn import(ctx: &Ctx, key: &str, devices: Vec<ImportDevice>) {
    let params = ImportDevices { product_key: key.into(), devices };
    import_devices(ctx, params).await.expect("an import");
}

/// Runs a statement as the tests need it.
pub(super) async fn run(ctx: &Ctx, statement: crate::db::Sql) {
    let mut tx = ctx.begin().await.expect("a write");
    statement.run(&mut tx).await.expect("a statement");
    tx.commit().await.expect("a commit");
}

/// A message of a device, or to it.
pub(super) async fn message(ctx: &Ctx, device_id: i64, (ts, seq, at): (i64, i64, i64), attrs: Option<&str>) {
    let insert =
        sql("INSERT INTO device_message (tenant_id, device_id, ts, seq, at, direction, payload, attrs)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(ctx.tenant_id())
        .bind(device_id)
        .bind(ts)
        .bind(seq)
        .bind(at)
        .bind(if attrs.is_some() { 1_i64 } else { 2 })
        .bind("0000000309000090010101000010")
        .bind(attrs);
    run(ctx, insert).await;
}

/// The parameter a refusal names.
pub(super) fn param<T: std::fmt::Debug>(answer: crate::Result<T>) -> String {
    match answer {
        Err(Error::Invalid { param, .. }) => param,
        other => panic!("no refused parameter: {other:?}"),
    }
}

/// The code of a refusal.
pub(super) fn code<T: std::fmt::Debug>(answer: crate::Result<T>) -> crate::Code {
    match answer {
        Err(Error::Coded(code, _)) => code,
        other => panic!("no code: {other:?}"),
    }
}
