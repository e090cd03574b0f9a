//! Steps: a command each, one line each.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Why a command of xtask ended, in one line.
pub struct Failure(pub String);

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// The folder of the project: the one that cargo runs this from, as folders that share a target share this program.
pub fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR");
    let here = here.map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).to_owned(), PathBuf::from);
    here.parent().expect("xtask lies in the project's folder").to_owned()
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A cargo command in the project's folder.
pub fn cargo(arguments: &[&str]) -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), arguments)
}

/// A command in the project's folder.
pub fn command(program: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Runs a command as a step and says how long it took.
pub fn step(name: &str, command: &mut Command) -> Result<(), Failure> {
    say(&format!("{name} …"));
    let begun = Instant::now();
    let status = command.status().map_err(|error| {
        Failure(format!("{name}: {} could not be started: {error}", command.get_program().display()))
    })?;
    if !status.success() {
        return Err(Failure(format!("{name} ({status})")));
    }
    say(&format!("{name}: {:.1} s", begun.elapsed().as_secs_f64()));
    Ok(())
}

/// Prints a line.
pub fn say(line: &str) {
    // A closed pipe is no reason to stop.
    let _ = writeln!(std::io::stdout(), "{line}");
}
