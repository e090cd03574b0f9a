//! One file a page, in the folder of its area.
//!
//! A new page is: its file here, its route in `shell`, its line in `shell::nav`, its sentences in `locales/*/<area>.json`.

pub mod calendar;
pub mod devices;
pub mod fleet;
pub mod logs;
pub mod model;
pub mod oee;
pub mod process;
pub mod sign_in;
