//! Production reports and quality controls (chapter 11).

use crate::industry::registry::Registry;

/// Registers the endpoints of this area.
pub fn register(_r: &mut Registry) {}
