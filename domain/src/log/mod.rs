//! Logs that applications send, for the people who run the plant to read (chapter 2).

#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
mod store;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::Millis;
use crate::{Error, Result, Text, text};

/// How grave an entry is (section 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// 1: for those who look for a mistake.
    Debug,
    /// 2: something happened as it should.
    Info,
    /// 3: somebody should look.
    Alarm,
    /// 4: something failed.
    Error,
}

impl Level {
    /// All levels, the mildest first.
    pub const ALL: [Self; 4] = [Self::Debug, Self::Info, Self::Alarm, Self::Error];

    /// Its number on the wire and in the store.
    pub fn number(self) -> i64 {
        match self {
            Self::Debug => 1,
            Self::Info => 2,
            Self::Alarm => 3,
            Self::Error => 4,
        }
    }

    /// The level with this number; `param` is the parameter that named it.
    pub fn from_number(param: &str, number: i64) -> Result<Self> {
        Self::ALL.into_iter().find(|level| level.number() == number).ok_or_else(|| {
            Error::invalid(
                param,
                text!(
                    "must be 1 (debug), 2 (info), 3 (alarm) or 4 (error)",
                    "应为 1（调试）、2（信息）、3（告警）或 4（错误）"
                ),
            )
        })
    }

    /// Its name. Answers of section 2.1 carry the Chinese one.
    pub fn label(self) -> Text {
        match self {
            Self::Debug => text!("debug", "调试"),
            Self::Info => text!("info", "信息"),
            Self::Alarm => text!("alarm", "告警"),
            Self::Error => text!("error", "错误"),
        }
    }
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// Its id.
    pub id: i64,
    /// Name of the application it is about.
    pub application: String,
    /// Part of that application.
    pub module: String,
    /// How grave it is.
    pub level: Level,
    /// What happened, in a few words.
    pub title: String,
    /// What happened, in full.
    pub content: Option<String>,
    /// The time it speaks of.
    pub created_at: Millis,
    /// When it came in.
    pub received_at: Millis,
}

/// Parameters of sending an entry (section 2.1).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SendLog {
    /// Name of the application.
    pub application: String,
    /// Name of the module.
    pub module: String,
    /// Title.
    pub title: String,
    /// Content.
    pub content: Option<String>,
    /// Level: 1 debug, 2 info, 3 alarm, 4 error.
    pub r#type: i64,
    /// Time of the entry, `yyyy-MM-dd HH:mm:ss` in the plant's zone; now, when absent.
    pub create_time: Option<String>,
}

/// The stored entry, as section 2.1 answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SentLog {
    /// Id of the entry.
    pub id: i64,
    /// Name of the application.
    pub application: String,
    /// Name of the module.
    pub module: String,
    /// Name of the level in Chinese.
    pub r#type: String,
    /// Title.
    pub title: String,
    /// Content.
    pub content: Option<String>,
    /// When it came in, milliseconds since 1970.
    pub gmt_create: Millis,
}

/// Which entries to list: those that match everything given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ListLogs {
    /// Exactly this application.
    pub application: Option<String>,
    /// Exactly this module.
    pub module: Option<String>,
    /// Exactly this level.
    pub level: Option<Level>,
    /// Text in title or content.
    pub text: Option<String>,
    /// Entries of this instant or later.
    pub begin: Option<Millis>,
    /// Entries before this instant.
    pub end: Option<Millis>,
    /// Page, from 1.
    pub page_id: Option<i64>,
    /// Entries per page.
    pub page_size: Option<i64>,
}

/// A page of entries, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogPage {
    /// The entries.
    pub entries: Vec<LogEntry>,
    /// How many there are on all pages.
    pub total: i64,
}

/// A text that must say something.
#[cfg(feature = "server")]
fn required<'a>(param: &str, value: &'a str) -> Result<&'a str> {
    if value.trim().is_empty() { Err(Error::missing(param)) } else { Ok(value) }
}
