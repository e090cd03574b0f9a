//! Metadata and master-data records (chapter 17).

use crate::industry::registry::Registry;

/// Registers the endpoints of this area.
pub fn register(_r: &mut Registry) {}
