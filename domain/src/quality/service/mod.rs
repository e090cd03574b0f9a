//! Use cases of quality.

mod answers;
mod controls;
mod grades;
mod parameters;
mod refs;
mod reports;

pub use controls::{
    calc_output, create_control, delete_control, get_control, list_controls, query_controls, update_control,
};
pub use grades::{create_grade, delete_grade, query_grades, update_grade};
pub use reports::{add_report, delete_reports, get_report, list_reports, query_reports, update_report};

use super::PageInfo;
use crate::time::{Millis, Zone};
use crate::{Error, Page, Result, text};

/// Lock of all writes that look at the amounts of a code and step first, and of those that take away what they name.
pub(crate) const LOCK: &str = "quality";

/// Begin and end of something that was done. They may be one instant.
fn span(zone: &Zone, begin: &str, end: &str) -> Result<(Millis, Millis)> {
    let (begin, end) = (zone.parse("startTime", begin)?, zone.parse("endTime", end)?);
    in_order(begin, end)
}

fn in_order(begin: Millis, end: Millis) -> Result<(Millis, Millis)> {
    if begin > end {
        return Err(Error::invalid("endTime", text!("must not be before startTime", "不能早于 startTime")));
    }
    Ok((begin, end))
}

/// A code that says something.
fn filled(param: &str, value: String) -> Result<String> {
    let trimmed = value.trim();
    if trimmed.is_empty() {
        return Err(Error::missing(param));
    }
    Ok(if trimmed.len() == value.len() { value } else { trimmed.to_owned() })
}

/// A filter that says something.
fn given(value: Option<String>) -> Option<String> {
    value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

fn page_info(page: Page, total: i64) -> PageInfo {
    PageInfo { total, page_id: page.number, page_size: page.size }
}
