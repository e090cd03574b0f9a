//! The factory model, the process model, their attributes and dependences (chapter 4).
