//! Production reports and quality controls (chapter 11).
