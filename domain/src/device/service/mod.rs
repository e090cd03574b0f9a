//! Use cases of products and devices.

mod cursor;
mod datapoints;
mod devices;
mod import;
mod logs;
mod products;
mod search;

pub use datapoints::{put_datapoint, remove_datapoint};
pub use devices::{device_detail, device_of, get_did};
pub use import::import_devices;
pub use logs::{data_history, message_log, online_log};
pub use products::{
    create_product, import_product, list_products, product_by_key, product_by_secret, product_datapoint,
    readable_product, update_product,
};
pub use search::search_devices;
