//! The `millwright` program.

use std::process::ExitCode;

/// Gives memory back after a rush, where the system's own keeps most of it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    millwright::cli::run()
}
