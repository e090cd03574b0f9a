//! Telling a device what to do.
