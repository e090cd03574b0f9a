//! Devices: the list and its map, one device, products.

use domain::device::view::{
    Area, DeviceDetail, DeviceList, DeviceMap, History, LogPage, MessageEntry, OnlineEntry, ProductDetail,
    ProductLine,
};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, StreamingText, TextStream};
use serde::{Deserialize, Serialize};

use crate::api::oee::Timed;
use crate::api::{Answer, Data, Error, Result};

/// Devices on a page.
pub const PAGE: i64 = 50;

/// Which devices to show, as the address has it; what is empty does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceQuery {
    /// Ids of products, with commas.
    pub products: String,
    /// Id of a group.
    pub group: String,
    /// `1` on line, `0` off line.
    pub online: String,
    /// `1`: with an open fault.
    pub fault: String,
    /// `1`: with an open alarm.
    pub alarm: String,
    /// `1`: the disabled ones.
    pub disabled: String,
    /// Country.
    pub country: String,
    /// Region.
    pub region: String,
    /// City.
    pub city: String,
    /// Text in device id, MAC or serial number.
    pub text: String,
    /// West, south, east and north in degrees, with commas.
    pub area: String,
    /// What the list is ordered by: `mac`, `trouble`, `seen`, with `-` before it the greatest first.
    pub sort: String,
    /// Page, from 1.
    pub page: String,
}

/// A page of devices.
#[server(input = GetUrl, output = Data, endpoint = "devices")]
pub async fn get_devices(query: DeviceQuery) -> Result<Answer<DeviceList>> {
    Answer::of(crate::ssr::respond(server::list(&crate::ssr::ctx()?, query).await))
}

/// The same devices on the map.
#[server(input = GetUrl, output = Data, endpoint = "devices/map")]
pub async fn get_device_map(query: DeviceQuery) -> Result<Answer<DeviceMap>> {
    Answer::of(crate::ssr::respond(server::map(&crate::ssr::ctx()?, query).await))
}

/// The devices that a filter leaves, as CSV.
#[server(input = GetUrl, output = StreamingText, endpoint = "devices.csv")]
pub async fn download_devices(query: DeviceQuery) -> Result<TextStream<Error>> {
    let rows = crate::ssr::respond(server::rows(&crate::ssr::ctx()?, query).await)?;
    let head = [
        "did",
        "mac",
        "serialNumber",
        "product",
        "online",
        "disabled",
        "openFaults",
        "openAlarms",
        "trouble",
        "country",
        "region",
        "city",
        "lastSeen",
        "registered",
        "zone",
    ];
    Ok(super::csv::file("devices.csv", &head, rows))
}

/// A device in full, with the wall times that are longer ago.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DevicePage {
    /// The device.
    pub device: DeviceDetail,
    /// When it was registered.
    pub created: String,
    /// When it was first on line.
    pub activated: Option<String>,
    /// When each of its faults and alarms began and ended.
    pub events: Vec<(String, Option<String>)>,
    /// When each of its users came and went.
    pub users: Vec<(String, Option<String>)>,
    /// Whether the person may tell it what to do.
    pub writable: bool,
}

/// A device in full.
#[server(input = GetUrl, output = Data, endpoint = "device")]
pub async fn get_device(id: i64) -> Result<Answer<DevicePage>> {
    Answer::of(crate::ssr::respond(server::device(&crate::ssr::ctx()?, id).await))
}

/// What a datapoint was in a range of the URL; the first that can be drawn, when none is named.
#[server(input = GetUrl, output = Data, endpoint = "device/history")]
pub async fn get_history(id: i64, name: String, range: String) -> Result<Answer<Option<Timed<History>>>> {
    let ctx = crate::ssr::ctx()?;
    Answer::of(crate::ssr::respond(server::history(&ctx, id, &name, &range).await))
}

/// Each value of a datapoint in a range, as CSV.
#[server(input = GetUrl, output = StreamingText, endpoint = "device/history.csv")]
pub async fn download_history(id: i64, name: String, range: String) -> Result<TextStream<Error>> {
    let rows = crate::ssr::respond(server::samples(&crate::ssr::ctx()?, id, &name, &range).await)?;
    Ok(super::csv::file("history.csv", &["time", "zone", "milliseconds", "name", "value"], rows))
}

/// A page of a log, each entry with its wall time to the second.
pub type Log<T> = LogPage<(String, T)>;

/// When a device was on line in a range.
#[server(input = GetUrl, output = Data, endpoint = "device/online")]
pub async fn get_online_log(id: i64, range: String, before: String) -> Result<Answer<Log<OnlineEntry>>> {
    let ctx = crate::ssr::ctx()?;
    Answer::of(crate::ssr::respond(server::online(&ctx, id, &range, &before).await))
}

/// What a device said and was told in a range.
#[server(input = GetUrl, output = Data, endpoint = "device/messages")]
pub async fn get_messages(id: i64, range: String, before: String) -> Result<Answer<Log<MessageEntry>>> {
    let ctx = crate::ssr::ctx()?;
    Answer::of(crate::ssr::respond(server::messages(&ctx, id, &range, &before).await))
}

/// The online log of a range, as CSV.
#[server(input = GetUrl, output = StreamingText, endpoint = "device/online.csv")]
pub async fn download_online_log(id: i64, range: String) -> Result<TextStream<Error>> {
    let rows = crate::ssr::respond(server::online_rows(&crate::ssr::ctx()?, id, &range).await)?;
    let head = ["time", "zone", "online", "keepAlive", "duration", "reason", "beats", "min", "avg", "max"];
    Ok(super::csv::file("online-log.csv", &head, rows))
}

/// The communication log of a range, as CSV.
#[server(input = GetUrl, output = StreamingText, endpoint = "device/messages.csv")]
pub async fn download_messages(id: i64, range: String) -> Result<TextStream<Error>> {
    let rows = crate::ssr::respond(server::message_rows(&crate::ssr::ctx()?, id, &range).await)?;
    let head = ["time", "zone", "direction", "payload", "attrs", "trouble"];
    Ok(super::csv::file("messages.csv", &head, rows))
}

/// Products as the pages show them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Products<T> {
    /// What is shown.
    pub shown: T,
    /// Whether the person may change it.
    pub writable: bool,
}

/// Tells a device to set values, JSON by the names of datapoints, and goes back to it.
#[server(endpoint = "device/control")]
pub async fn control_device(id: i64, attrs: String) -> Result<()> {
    crate::ssr::respond(server::control(&crate::ssr::ctx()?, id, &attrs).await)?;
    leptos_axum::redirect(&format!("/device/{id}?sent=1"));
    Ok(())
}

/// A product in the list, and when it was made.
pub type ProductRow = (String, ProductLine);

/// All products, with when they were made.
#[server(input = GetUrl, output = Data, endpoint = "products")]
pub async fn get_products() -> Result<Answer<Products<Vec<ProductRow>>>> {
    Answer::of(crate::ssr::respond(server::products(&crate::ssr::ctx()?).await))
}

/// A product in full, with when it was made.
#[server(input = GetUrl, output = Data, endpoint = "product")]
pub async fn get_product(id: i64) -> Result<Answer<Products<(String, ProductDetail)>>> {
    Answer::of(crate::ssr::respond(server::product(&crate::ssr::ctx()?, id).await))
}

/// The definition of a product's datapoints, the JSON that the Enterprise API answers.
#[server(input = GetUrl, output = StreamingText, endpoint = "product.json")]
pub async fn download_definition(id: i64) -> Result<TextStream<Error>> {
    let product = crate::ssr::respond(server::product(&crate::ssr::ctx()?, id).await)?.shown.1;
    Ok(super::csv::attachment("definition.json", product.definition))
}

/// Makes a product out of a definition, or gives a known one this definition, and goes to it.
#[server(endpoint = "product/import")]
pub async fn import_product(
    definition: String,
    name: String,
    product_key: String,
    product_secret: String,
) -> Result<()> {
    let given = (definition, name, product_key, product_secret);
    let id = crate::ssr::respond(server::import_product(&crate::ssr::ctx()?, given).await)?;
    leptos_axum::redirect(&format!("/products/{id}"));
    Ok(())
}

/// Sets whether a product is published and who may read it, how long its messages are kept, and which datapoints say where
/// its devices are; none without names.
#[server(endpoint = "product/set")]
pub async fn set_product(
    id: i64,
    published: bool,
    logs_enabled: bool,
    api_enabled: bool,
    retention_days: String,
    longitude_point: String,
    latitude_point: String,
) -> Result<()> {
    let given = (published, logs_enabled, api_enabled, retention_days);
    let given = (given, (longitude_point, latitude_point));
    crate::ssr::respond(server::set_product(&crate::ssr::ctx()?, id, given).await)
}

/// Makes the devices of a table known, or says more of them, and goes to them.
#[server(endpoint = "product/devices")]
pub async fn import_devices(id: i64, table: String) -> Result<()> {
    crate::ssr::respond(server::import_devices(&crate::ssr::ctx()?, id, &table).await)?;
    leptos_axum::redirect(&format!("/devices?products={id}"));
    Ok(())
}

/// The area that an address names.
pub fn area(text: &str) -> Option<Area> {
    let mut sides = text.split(',').map(|side| side.trim().parse::<f64>().ok());
    let mut side = || sides.next().flatten();
    let area = Area { west: side()?, south: side()?, east: side()?, north: side()? };
    area.check("area").ok()
}

/// An area as an address names it.
pub fn area_text(area: Area) -> String {
    format!("{:.4},{:.4},{:.4},{:.4}", area.west, area.south, area.east, area.north)
}

#[cfg(feature = "ssr")]
mod server;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_read_as_it_was_written() {
        let there = Area { west: 113.25, south: 22.5, east: 114.0, north: 23.125 };
        assert_eq!(area(&area_text(there)), Some(there));
        for text in ["", "1,2,3", "3,2,1,4", "1,2,x,4", "NaN,1,2,3"] {
            assert_eq!(area(text), None, "{text}");
        }
    }
}
