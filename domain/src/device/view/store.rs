//! SQL of the pages of devices.

pub(super) mod detail;
pub(super) mod fleet;
pub(super) mod logs;
pub(super) mod map;
