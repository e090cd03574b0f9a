//! What the pages of devices show.

mod detail;
mod history;
mod list;
mod logs;
mod products;

pub use detail::get_device;
pub use history::{device_history, device_samples};
pub use list::{device_map, list_devices};
pub use logs::{message_log, online_log};
pub use products::{get_product, list_products};

use crate::{Error, Interval, Result, text};

/// Entries of a log that come at once.
pub const LOG_PAGE: i64 = 50;

fn no_device() -> Error {
    Error::invalid("id", text!("There is no such device", "没有此设备"))
}

fn check(span: Interval) -> Result<Interval> {
    if span.is_empty() {
        return Err(Error::invalid("end", text!("must be after the beginning", "应晚于开始时间")));
    }
    Ok(span)
}
