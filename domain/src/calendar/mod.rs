//! The factory calendar: shifts, breaks, planned shutdowns, and which of them are in force where and when (chapter 1).
