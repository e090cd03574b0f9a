//! Messages from and to devices, whole: the bytes of a topic become a [`Report`], a request to control becomes bytes.
//!
//! Two ways to speak: the binary messages of real firmware (`dev2app/{did}`, `app2dev/{did}`), in products of fixed or of
//! variable length, and plain JSON (`millwright/{product_key}/{did}/up` and `…/down`).

mod control;
mod explain;
mod report;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::definition::{Definition, Protocol};
use super::p0::Packing;

pub use control::{Order, Outgoing};
pub use explain::{Explained, explain};
pub use report::{Report, read_report};

/// Which of its topics a device wrote to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// `dev2app/{did}`: binary.
    Binary,
    /// `millwright/{product_key}/{did}/up`: JSON.
    Json,
}

/// How a device writes its reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Form {
    /// Binary of fixed length.
    Fixed,
    /// Binary of variable length.
    Variable,
    /// JSON.
    Json,
}

impl Form {
    /// Its number in the store: 1, 2, 3. 0 is none yet.
    pub fn number(self) -> i64 {
        match self {
            Self::Fixed => 1,
            Self::Variable => 2,
            Self::Json => 3,
        }
    }

    /// The form with this number.
    pub fn from_number(number: i64) -> Option<Self> {
        [Self::Fixed, Self::Variable, Self::Json].into_iter().find(|form| form.number() == number)
    }

    /// The form to control a device in: that of its last report, before the first the binary one of its product.
    pub fn to_control(last_report: Option<Self>, definition: &Definition) -> Self {
        last_report.unwrap_or(match definition.protocol() {
            Protocol::Fixed => Self::Fixed,
            Protocol::Variable => Self::Variable,
        })
    }

    fn of(packing: Packing) -> Self {
        match packing {
            Packing::Fixed => Self::Fixed,
            Packing::Variable => Self::Variable,
        }
    }
}
