//! Many devices at once, with where they are.

use std::collections::{BTreeMap, BTreeSet};

use super::devices::{MAX_LENGTH, checked, new_device, new_did};
use super::products::product_by_key;
use crate::access::{Access, Area};
use crate::db::dialect::is_unique_violation;
use crate::device::store::{devices as store, places};
use crate::device::{Device, FROM_IMPORT, Product};
use crate::device::{ImportDevice, ImportDevices, ImportedDevices, Place};
use crate::events::Topic;
use crate::{Ctx, Error, Result, text};

/// Makes devices known and says where they are. One that is known keeps its id, its group and its history.
pub async fn import_devices(ctx: &Ctx, params: ImportDevices) -> Result<ImportedDevices> {
    ctx.require(Area::Device, Access::Write)?;
    let product = product_by_key(ctx, &params.product_key).await?;
    let mut macs = BTreeSet::new();
    for (n, device) in params.devices.iter().enumerate() {
        check(n, device)?;
        if !macs.insert(device.mac.trim()) {
            let mac = &device.mac;
            return Err(Error::invalid(
                format!("devices[{n}].mac"),
                text!("{mac} is in the list twice", "{mac} 在列表中重复"),
            ));
        }
    }
    let mut tx = ctx.begin().await?;
    tx.lock(ctx.tenant_id(), "device").await?;
    let wanted: BTreeSet<Place> = params.devices.iter().filter_map(place).collect();
    let places = places::ensure(&mut tx, ctx, &wanted).await?;
    let known = store::by_macs(&mut tx, ctx.tenant_id(), product.id, &macs).await?;
    let mut known: BTreeMap<String, Device> =
        known.into_iter().map(|device| (device.mac.clone(), device)).collect();
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for given in &params.devices {
        let place_id = place(given).and_then(|place| places.get(&place).copied());
        match known.remove(given.mac.trim()) {
            Some(device) => changed.push(with(device, given, place_id)),
            None => new.push(with(begin(ctx, &product, given), given, place_id)),
        }
    }
    store::insert(&mut tx, ctx.tenant_id(), &new).await.map_err(|error| {
        if is_unique_violation(&error) {
            return Error::invalid(
                "devices.did",
                text!("a did in the list is taken by another device", "列表中有 did 已被其他设备使用"),
            );
        }
        error
    })?;
    store::place(&mut tx, ctx.tenant_id(), &changed).await?;
    tx.commit().await?;
    ctx.changed(Topic::Device);
    Ok(ImportedDevices { created: new.len(), updated: changed.len() })
}

fn begin(ctx: &Ctx, product: &Product, given: &ImportDevice) -> Device {
    let did = given.did.as_deref().map(str::trim).filter(|did| !did.is_empty());
    let did = did.map_or_else(new_did, str::to_owned);
    new_device(ctx, product, given.mac.trim(), did, String::new())
}

fn with(device: Device, given: &ImportDevice, place_id: Option<i64>) -> Device {
    let said = |given: &Option<String>| {
        given.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let places = place_id.is_some() || given.longitude.is_some();
    Device {
        passcode: said(&given.passcode).unwrap_or(device.passcode),
        kind: said(&given.kind).unwrap_or(device.kind),
        serial_number: said(&given.serial_number).or(device.serial_number),
        place_id: place_id.or(device.place_id),
        place_source: if places { Some(FROM_IMPORT.to_owned()) } else { device.place_source },
        longitude: given.longitude.or(device.longitude),
        latitude: given.latitude.or(device.latitude),
        ..device
    }
}

fn place(given: &ImportDevice) -> Option<Place> {
    Place::of(given.country.as_deref(), given.region.as_deref(), given.city.as_deref())
}

fn check(n: usize, given: &ImportDevice) -> Result<()> {
    let at = |name: &str| format!("devices[{n}].{name}");
    checked(&at("mac"), &given.mac)?;
    let optional = [("did", &given.did), ("passcode", &given.passcode), ("type", &given.kind)];
    for (name, value) in optional {
        if let Some(value) = value.as_deref().filter(|value| !value.trim().is_empty()) {
            checked(&at(name), value)?;
        }
    }
    // What is printed on a device, in whatever letters.
    let printed = given.serial_number.as_deref().map_or("", str::trim);
    if printed.chars().count() > MAX_LENGTH || printed.chars().any(char::is_control) {
        return Err(Error::invalid(
            at("serial_number"),
            text!("must be at most {MAX_LENGTH} printable characters", "最多 {MAX_LENGTH} 个可显示字符"),
        ));
    }
    for (name, value, most) in [("longitude", given.longitude, 180.0), ("latitude", given.latitude, 90.0)] {
        if value.is_some_and(|degrees| !(-most..=most).contains(&degrees)) {
            return Err(Error::invalid(
                at(name),
                text!("must be -{most} to {most}", "应为 -{most} 至 {most}"),
            ));
        }
    }
    if given.longitude.is_some() != given.latitude.is_some() {
        return Err(Error::invalid(at("latitude"), text!("goes with the longitude", "应与经度一起提供")));
    }
    Ok(())
}
