//! The built binary as people and devices meet it: one test binary, as each is linked for minutes.

mod cli;
mod devices;
mod durability;
mod process;
