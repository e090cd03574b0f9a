//! Paging: one set of limits for every list.

use serde::{Deserialize, Serialize};

use crate::{Error, Result, text};

/// Largest page where the contract does not say 200.
pub const MAX_PAGE_SIZE: i64 = 2000;
/// Page size when none is given.
pub const DEFAULT_PAGE_SIZE: i64 = 20;

/// A checked page request, first page 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Page number, from 1.
    pub number: i64,
    /// Rows per page.
    pub size: i64,
}

impl Page {
    /// Checks number and size; `names` are the contract's parameter names (`pageId`, `pageSize`), `max` the largest size.
    pub fn check(number: Option<i64>, size: Option<i64>, names: (&str, &str), max: i64) -> Result<Self> {
        let number = number.unwrap_or(1);
        let size = size.unwrap_or(DEFAULT_PAGE_SIZE);
        if number < 1 {
            return Err(Error::invalid(names.0, text!("must be 1 or more", "不能小于 1")));
        }
        if !(1..=max).contains(&size) {
            return Err(Error::invalid(names.1, text!("must be 1 to {max}", "应为 1 至 {max}")));
        }
        if number.checked_mul(size).is_none() {
            return Err(Error::invalid(names.0, text!("is too large", "过大")));
        }
        Ok(Self { number, size })
    }

    /// Rows to skip.
    pub fn offset(self) -> i64 {
        (self.number - 1) * self.size
    }
}

impl Default for Page {
    fn default() -> Self {
        Self { number: 1, size: DEFAULT_PAGE_SIZE }
    }
}
