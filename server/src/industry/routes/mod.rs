//! The endpoints, area by area: lists, nothing else.

mod calendar;
mod log;
mod masterdata;
mod modelling;
mod oee;
mod quality;

use super::registry::Registry;

/// Registers all endpoints.
pub fn register(r: &mut Registry) {
    calendar::register(r);
    log::register(r);
    masterdata::register(r);
    modelling::register(r);
    oee::register(r);
    quality::register(r);
}
