//! Machine states and overall equipment effectiveness (chapter 5).
