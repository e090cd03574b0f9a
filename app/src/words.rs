//! Sentences in the reader's language.
//!
//! Keys live in `locales/<language>/<area>.json` and are checked when compiled. The language is fixed for the life of a
//! page (switching reloads it), so the untracked macros are the ones to use: `tu!(words(), oee.title)` in a view,
//! `tu_string!(words(), oee.title)` for an attribute.

pub use generated::i18n::{I18nContextProvider, Locale};
use leptos_i18n::I18nContext;
pub use leptos_i18n::{tu, tu_string};

pub(crate) use generated::i18n;

#[expect(missing_docs, unused, clippy::all, clippy::pedantic, reason = "generated from the locale files")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}

/// The sentences of this page.
pub fn words() -> I18nContext<Locale> {
    i18n::use_i18n()
}

/// Whether this page is in Chinese.
pub fn chinese() -> bool {
    words().get_locale_untracked() == Locale::zh
}
