//! The front door: `cargo xtask build | run | dev | test | lint | bless | bench`.
//!
//! Plain Rust without dependencies, so that it starts in a second; what turns WebAssembly into the site is the crate
//! `site` beside it.

mod bench;
mod build;
mod dev;
mod machine;
mod postgres;
mod step;
mod test;

use std::process::ExitCode;

use step::{Failure, say};

const HELP: &str = "\
cargo xtask build [--profile ci]  build the site and the server with the site embedded
cargo xtask run                   build, and serve the demo plant on http://127.0.0.1:3000
cargo xtask dev                   the same, rebuilt on every change
cargo xtask test                  run every test
cargo xtask lint                  formatting, clippy and documentation
cargo xtask bless                 accept changed snapshots
cargo xtask bench [--quick]       measure the release build beside bare handlers (quick: only see that it works)
cargo xtask bench devices [--quick] [--binary PATH]
                                  measure devices: messages, connections, history, reports (binary: one that is built)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(reason)) => {
            say(&format!("failed: {reason}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<(), Failure> {
    match arguments {
        ["build"] => build::all(build::Profile::Release).map(drop),
        ["build", "--profile", "ci"] => build::all(build::Profile::Ci).map(drop),
        ["run", rest @ ..] => dev::run(rest),
        ["dev", rest @ ..] => dev::watch(rest),
        ["test"] => test::all(),
        ["lint"] => test::lint(),
        ["bless"] => test::rust(Some(("UPDATE_SNAPSHOTS", "1"))),
        ["bench"] => bench::all(bench::Extent::Full),
        ["bench", "--quick"] => bench::all(bench::Extent::Quick),
        ["bench", "devices", rest @ ..] => bench::devices(rest),
        [] | ["help" | "--help" | "-h"] => {
            say(HELP);
            Ok(())
        }
        other => Err(Failure(format!("no such command: {}\n{HELP}", other.join(" ")))),
    }
}
