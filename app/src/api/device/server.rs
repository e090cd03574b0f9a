//! From the texts of an address to the services' parameters, and from instants to wall times.

mod table;

use domain::access::{Access, Area as Right};
use domain::device::control::{ControlDevice, control_device};
use domain::device::view::service::{self, LOG_PAGE};
use domain::device::view::{
    Before, DeviceFilter, DeviceList, DeviceMap, History, ListDevices, LogPage, MessageEntry, OnlineEntry,
    Order, ProductDetail, first_drawn,
};
use domain::device::{CreateProduct, ImportDevices, UpdateProduct};
use domain::page::MAX_PAGE_SIZE;
use domain::{Ctx, Error, Interval, Patch, Result, text};

use super::{DevicePage, DeviceQuery, Log, PAGE, ProductRow, Products, area};
use crate::api::oee::Timed;

/// Most rows of a file.
const ROWS: i64 = 100_000;

fn given(text: String) -> Option<String> {
    (!text.trim().is_empty()).then_some(text)
}

fn params(query: DeviceQuery, size: i64) -> ListDevices {
    let ascending = !query.sort.starts_with('-');
    let (order, ascending) = match query.sort.trim_start_matches('-') {
        "mac" => (Order::Mac, ascending),
        "seen" => (Order::Seen, ascending),
        "trouble" => (Order::Trouble, ascending),
        _ => (Order::Created, false),
    };
    ListDevices {
        order,
        ascending,
        page: Some(query.page.parse().unwrap_or(1).max(1)),
        size: Some(size),
        filter: DeviceFilter {
            products: query.products.split(',').filter_map(|id| id.parse().ok()).collect(),
            group: query.group.parse().ok(),
            online: (!query.online.is_empty()).then_some(query.online == "1"),
            fault: query.fault == "1",
            alarm: query.alarm == "1",
            disabled: query.disabled == "1",
            area: area(&query.area),
            country: given(query.country),
            region: given(query.region),
            city: given(query.city),
            text: given(query.text),
        },
    }
}

pub(super) async fn list(ctx: &Ctx, query: DeviceQuery) -> Result<DeviceList> {
    service::list_devices(ctx, params(query, PAGE)).await
}

pub(super) async fn map(ctx: &Ctx, query: DeviceQuery) -> Result<DeviceMap> {
    service::device_map(ctx, params(query, PAGE).filter).await
}

pub(super) async fn rows(ctx: &Ctx, query: DeviceQuery) -> Result<Vec<Vec<String>>> {
    let zone = &ctx.tenant.zone;
    let mut params = params(query, MAX_PAGE_SIZE);
    let mut rows = Vec::new();
    for page in 1..=ROWS / MAX_PAGE_SIZE {
        params.page = Some(page);
        let found = service::list_devices(ctx, params.clone()).await?;
        rows.extend(found.devices.into_iter().map(|device| {
            let place = device.place.unwrap_or_default();
            vec![
                device.did,
                device.mac,
                device.serial_number.unwrap_or_default(),
                device.product,
                u8::from(device.online).to_string(),
                u8::from(device.disabled).to_string(),
                device.faults.to_string(),
                device.alarms.to_string(),
                device.trouble.unwrap_or_default(),
                place.country,
                place.region,
                place.city,
                device.seen_at.map(|at| zone.format(at)).unwrap_or_default(),
                zone.format(device.created_at),
                zone.name().to_owned(),
            ]
        }));
        if page * MAX_PAGE_SIZE >= found.total {
            break;
        }
    }
    Ok(rows)
}

pub(super) async fn device(ctx: &Ctx, id: i64) -> Result<DevicePage> {
    let device = service::get_device(ctx, id).await?;
    let zone = &ctx.tenant.zone;
    let time = |at: i64| zone.format(at);
    Ok(DevicePage {
        created: time(device.line.created_at),
        activated: device.activated_at.map(time),
        events: device
            .events
            .iter()
            .map(|event| (time(event.opened_at), event.resolved_at.map(time)))
            .collect(),
        users: device.users.iter().map(|user| (time(user.bound_at), user.unbound_at.map(time))).collect(),
        writable: writable(ctx),
        device,
    })
}

/// The instants of a range of the URL.
async fn span(ctx: &Ctx, range: &str) -> Interval {
    let window = crate::ssr::window(ctx, range, None).await;
    let zone = &ctx.tenant.zone;
    Interval::new(zone.instant(window.begin_wall), zone.instant(window.end_wall))
}

pub(super) async fn history(ctx: &Ctx, id: i64, name: &str, range: &str) -> Result<Option<Timed<History>>> {
    let mut name = name.to_owned();
    if name.is_empty() {
        let device = service::get_device(ctx, id).await?;
        let Some(point) = first_drawn(&device.points) else { return Ok(None) };
        name.clone_from(&point.name);
    }
    let span = span(ctx, range).await;
    let view = service::device_history(ctx, id, &name, span).await?;
    Ok(Some(Timed { clock: crate::ssr::oee::clock(ctx, span), view }))
}

pub(super) async fn samples(ctx: &Ctx, id: i64, name: &str, range: &str) -> Result<Vec<Vec<String>>> {
    let zone = &ctx.tenant.zone;
    let values = service::device_samples(ctx, id, name, span(ctx, range).await, ROWS).await?;
    let row = |(at, value): (i64, serde_json::Value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        vec![zone.format(at), zone.name().to_owned(), at.to_string(), name.to_owned(), value]
    };
    Ok(values.into_iter().map(row).collect())
}

/// Where a page of a log begins, as the address has it.
fn before(text: &str) -> Option<Before> {
    let mut parts = text.split('_').map(|part| part.parse::<i64>().ok());
    let mut part = || parts.next().flatten();
    Some(Before { at: part()?, entry: (part()?, part()?) })
}

fn timed<T>(ctx: &Ctx, page: LogPage<T>, at: impl Fn(&T) -> i64) -> Log<T> {
    let entry = |entry: T| (ctx.tenant.zone.format(at(&entry)), entry);
    LogPage { entries: page.entries.into_iter().map(entry).collect(), older: page.older }
}

pub(super) async fn online(ctx: &Ctx, id: i64, range: &str, from: &str) -> Result<Log<OnlineEntry>> {
    let span = span(ctx, range).await;
    let page = service::online_log(ctx, id, span, before(from), LOG_PAGE).await?;
    Ok(timed(ctx, page, |entry| entry.at))
}

pub(super) async fn messages(ctx: &Ctx, id: i64, range: &str, from: &str) -> Result<Log<MessageEntry>> {
    let span = span(ctx, range).await;
    let page = service::message_log(ctx, id, span, before(from), LOG_PAGE).await?;
    Ok(timed(ctx, page, |entry| entry.at))
}

pub(super) async fn online_rows(ctx: &Ctx, id: i64, range: &str) -> Result<Vec<Vec<String>>> {
    let zone = &ctx.tenant.zone;
    let page = service::online_log(ctx, id, span(ctx, range).await, None, ROWS).await?;
    let or_empty = |number: Option<i64>| number.map(|n| n.to_string()).unwrap_or_default();
    let row = |entry: OnlineEntry| {
        let (min, avg, max) = match entry.distance {
            Some((min, avg, max)) => (min.to_string(), avg.to_string(), max.to_string()),
            None => Default::default(),
        };
        vec![
            zone.format(entry.at),
            zone.name().to_owned(),
            u8::from(entry.online).to_string(),
            or_empty(entry.keep_alive),
            or_empty(entry.duration),
            entry.reason.unwrap_or_default(),
            or_empty(entry.beats),
            min,
            avg,
            max,
        ]
    };
    Ok(page.entries.into_iter().map(row).collect())
}

pub(super) async fn message_rows(ctx: &Ctx, id: i64, range: &str) -> Result<Vec<Vec<String>>> {
    let zone = &ctx.tenant.zone;
    let page = service::message_log(ctx, id, span(ctx, range).await, None, ROWS).await?;
    let row = |entry: MessageEntry| {
        let attrs = if entry.attrs.is_empty() {
            String::new()
        } else {
            serde_json::Value::Object(entry.attrs).to_string()
        };
        vec![
            zone.format(entry.at),
            zone.name().to_owned(),
            if entry.up { "dev2app" } else { "app2dev" }.to_owned(),
            entry.payload,
            attrs,
            entry.trouble.unwrap_or_default(),
        ]
    };
    Ok(page.entries.into_iter().map(row).collect())
}

pub(super) async fn control(ctx: &Ctx, id: i64, attrs: &str) -> Result<()> {
    let device = service::get_device(ctx, id).await?;
    let attrs = serde_json::from_str(attrs)
        .map_err(|_| Error::invalid("attrs", text!("must be values by name", "应为按名称给出的取值")))?;
    let params = ControlDevice {
        product_key: device.product_key,
        did: device.line.did,
        attrs: Some(attrs),
        raw: None,
        binary_coding: None,
    };
    control_device(ctx, params).await
}

pub(super) async fn products(ctx: &Ctx) -> Result<Products<Vec<ProductRow>>> {
    let products = service::list_products(ctx).await?;
    let shown = products.into_iter().map(|line| (ctx.tenant.zone.format(line.created_at), line)).collect();
    Ok(Products { shown, writable: writable(ctx) })
}

pub(super) async fn product(ctx: &Ctx, id: i64) -> Result<Products<(String, ProductDetail)>> {
    let product = service::get_product(ctx, id).await?;
    let shown = (ctx.tenant.zone.format(product.line.created_at), product);
    Ok(Products { shown, writable: writable(ctx) })
}

fn writable(ctx: &Ctx) -> bool {
    ctx.actor.may(Right::Device, Access::Write)
}

pub(super) async fn import_product(
    ctx: &Ctx,
    (definition, name, key, secret): (String, String, String, String),
) -> Result<i64> {
    // before anything is said about what was sent
    ctx.require(Right::Device, Access::Write)?;
    let document: serde_json::Value = serde_json::from_str(&definition).map_err(|error| {
        Error::invalid("definition", text!("this is no JSON: {error}", "不是有效的 JSON：{error}"))
    })?;
    let own = document.get("product_key").and_then(serde_json::Value::as_str).map(str::to_owned);
    let known = match given(key.clone()).or(own) {
        Some(key) => domain::device::service::product_by_key(ctx, key.trim()).await.is_ok(),
        None => false,
    };
    if !known && given(secret.clone()).is_none() {
        // Only its digest is kept: one that nobody saw would be of no use.
        return Err(Error::invalid(
            "product_secret",
            text!(
                "a new product needs a secret; keep it, it is not shown again",
                "新产品需要密钥；请自行保存，之后不再显示"
            ),
        ));
    }
    let params = CreateProduct {
        name: given(name),
        product_key: given(key).map(|key| key.trim().to_owned()),
        product_secret: given(secret),
        definition: Some(document),
    };
    let made = domain::device::service::import_product(ctx, params).await.map_err(in_definition)?;
    Ok(made.id)
}

/// What is wrong inside of the document is shown at the document.
fn in_definition(error: Error) -> Error {
    match error {
        Error::Invalid { param, reason }
            if !["name", "product_key", "product_secret"].contains(&param.as_str()) =>
        {
            let (en, zh) = (&reason.en, &reason.zh);
            Error::invalid(
                "definition",
                domain::Text { en: format!("{param}: {en}"), zh: format!("{param}：{zh}") },
            )
        }
        other => other,
    }
}

pub(super) async fn set_product(
    ctx: &Ctx,
    id: i64,
    ((published, logs, api, days), (longitude, latitude)): ((bool, bool, bool, String), (String, String)),
) -> Result<()> {
    let product = service::get_product(ctx, id).await?;
    let days: i64 = days.trim().parse().map_err(|_| {
        Error::invalid("retention_days", text!("must be a whole number of days", "应为整数天"))
    })?;
    let params = UpdateProduct {
        product_key: product.line.product_key,
        published: Some(published),
        logs_enabled: Some(logs),
        api_enabled: Some(api),
        retention_days: Some(days),
        position_rule: match (longitude.trim(), latitude.trim()) {
            ("", "") => Patch::Clear,
            (longitude, latitude) => {
                Patch::Set(serde_json::json!({"longitude": longitude, "latitude": latitude}))
            }
        },
        ..UpdateProduct::default()
    };
    domain::device::service::update_product(ctx, params).await.map(drop).map_err(|error| match error {
        Error::Invalid { param, reason } => match param.as_str() {
            "position_rule.longitude" => Error::Invalid { param: "longitude_point".into(), reason },
            "position_rule.latitude" => Error::Invalid { param: "latitude_point".into(), reason },
            _ => Error::Invalid { param, reason },
        },
        other => other,
    })
}

pub(super) async fn import_devices(ctx: &Ctx, id: i64, table: &str) -> Result<()> {
    let product_key = service::get_product(ctx, id).await?.line.product_key;
    let devices = table::read_devices(table)?;
    let params = ImportDevices { product_key, devices };
    domain::device::service::import_devices(ctx, params).await.map(drop).map_err(|error| match error {
        Error::Invalid { param, reason } if param != "table" => {
            let (en, zh) = (&reason.en, &reason.zh);
            Error::invalid(
                "table",
                domain::Text { en: format!("{param}: {en}"), zh: format!("{param}：{zh}") },
            )
        }
        other => other,
    })
}
