//! A fleet of devices: groups of them, the people who use them, and the reports over them.
//!
//! Decided where the contract is silent:
//! - A group means its devices and those of its subgroups wherever a `gid` narrows something; only `group.macs` gives the
//!   devices of the group itself.
//! - Days, weeks and months are those of the plant's zone; windows of 7 and 30 days end with today and count it.
//! - A device is active on a day on which it reported, new on the day it was on line for the first time.
//! - What devices are like now (places, on line, open faults) leaves disabled ones out; what happened leaves out none.
//! - Devices without a place count in totals only. A place called `count` or `detail` is written with a `_` at its end.
//! - A person is active on a day on which a device that was bound to them on that day was active.
//! - The first to bind a device owns it; when they leave, the one who has it longest does.

pub mod activity;
pub mod dids;
pub mod import;
pub mod params;
pub mod period;
pub mod place;
pub mod replies;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
pub(crate) mod store;
pub mod user;
pub mod view;

#[cfg(test)]
mod tests;

use crate::{Error, Result, text};

/// Largest page.
pub const MAX_LIMIT: i64 = crate::page::MAX_PAGE_SIZE;

/// Most MAC addresses in one change of a group.
pub const MAX_MACS: usize = 1000;

/// Deepest a group can be, the root group counted.
pub const MAX_DEPTH: usize = 32;

/// A part of a list: so many records after so many others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Records per page.
    pub limit: i64,
    /// Records before it.
    pub skip: i64,
}

impl Slice {
    /// Checks what was asked for: 20 records when nothing is given, at most 2000.
    pub fn check(limit: Option<i64>, skip: Option<i64>) -> Result<Self> {
        let limit = limit.unwrap_or(crate::page::DEFAULT_PAGE_SIZE);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(Error::invalid("limit", text!("must be 1 to {MAX_LIMIT}", "应为 1 至 {MAX_LIMIT}")));
        }
        let skip = skip.unwrap_or(0);
        if !(0..=i64::MAX - MAX_LIMIT).contains(&skip) {
            return Err(Error::invalid("skip", text!("must be 0 or more", "不能小于 0")));
        }
        Ok(Self { limit, skip })
    }

    /// The answer's account of it.
    pub fn meta(self, total: i64) -> replies::Meta {
        replies::Meta { total, limit: self.limit, skip: self.skip, previous: None, next: None }
    }
}

/// A filter that is 0, 1 or absent.
pub fn flag(param: &str, value: Option<i64>) -> Result<Option<bool>> {
    match value {
        None => Ok(None),
        Some(0) => Ok(Some(false)),
        Some(1) => Ok(Some(true)),
        Some(_) => Err(Error::invalid(param, text!("must be 0 or 1", "应为 0 或 1"))),
    }
}
