//! Sentences for people, in both languages of the product.
//!
//! A rule that refuses something says why once, here, and the API, the pages and the command line all show it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One sentence in English and in Chinese. Built with [`text!`](crate::text!).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Text {
    /// The sentence in the language asked for.
    pub fn in_language(&self, chinese: bool) -> &str {
        if chinese { &self.zh } else { &self.en }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

/// Builds a [`Text`]: `text!("must be at most {max}", "不能大于 {max}")`.
/// Both halves are format strings that capture variables by name.
#[macro_export]
macro_rules! text {
    ($en:literal, $zh:literal $(,)?) => {
        $crate::text::Text { en: format!($en), zh: format!($zh) }
    };
}
