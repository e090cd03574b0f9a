//! Logs that applications send.
