//! Lists as the Enterprise API answers them: `meta` and `objects`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::page::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE};
use crate::{Error, Page, Result, text};

/// A checked `limit` and `skip`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Records of a page.
    pub limit: i64,
    /// Records before it.
    pub skip: i64,
}

impl Slice {
    /// Checks `limit` (20 when absent, at most 2000) and `skip` (0 when absent).
    pub fn check(limit: Option<i64>, skip: Option<i64>) -> Result<Self> {
        let (limit, skip) = (limit.unwrap_or(DEFAULT_PAGE_SIZE), skip.unwrap_or(0));
        if !(1..=MAX_PAGE_SIZE).contains(&limit) {
            return Err(Error::invalid(
                "limit",
                text!("must be 1 to {MAX_PAGE_SIZE}", "应为 1 至 {MAX_PAGE_SIZE}"),
            ));
        }
        if skip < 0 {
            return Err(Error::invalid("skip", text!("must be 0 or more", "不能小于 0")));
        }
        Ok(Self { limit, skip })
    }

    /// All records, when a slice is needed where none is asked for.
    pub fn first(limit: i64) -> Self {
        Self { limit, skip: 0 }
    }
}

impl From<Page> for Slice {
    fn from(page: Page) -> Self {
        Self { limit: page.size, skip: page.offset() }
    }
}

/// Where a page stands in its list. The adapter fills in the addresses of the page before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Meta {
    /// Matching records.
    pub total: i64,
    /// Records of a page.
    pub limit: i64,
    /// Records before this page.
    pub skip: i64,
    /// Address of the page before; null if none.
    pub previous: Option<String>,
    /// Address of the page after; null if none.
    pub next: Option<String>,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Listing<T> {
    /// Where it stands.
    pub meta: Meta,
    /// Its records.
    pub objects: Vec<T>,
}

impl<T> Listing<T> {
    /// A page with these records of so many.
    pub fn new(slice: Slice, total: i64, objects: Vec<T>) -> Self {
        Self { meta: Meta::of(slice, total), objects }
    }
}

impl Meta {
    fn of(Slice { limit, skip }: Slice, total: i64) -> Self {
        Self { total, limit, skip, previous: None, next: None }
    }
}

/// A part of a list that is read on with a cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Scroll<T> {
    /// Where it stands.
    pub meta: Meta,
    /// Its records.
    pub objects: Vec<T>,
    /// Cursor of the next call; empty when there is no more.
    pub context: String,
}

impl<T> Scroll<T> {
    /// A part with these records of so many.
    pub fn new(slice: Slice, total: i64, objects: Vec<T>, context: String) -> Self {
        Self { meta: Meta::of(slice, total), objects, context }
    }
}
