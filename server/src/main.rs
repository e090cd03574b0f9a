//! The `millwright` program.
fn main() {}
