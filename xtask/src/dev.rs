//! Running the built program, once or again on every change.

use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, SystemTime};

use crate::build::{self, Profile};
use crate::step::{Failure, command, root, say, step};

const SERVE: &[&str] = &["serve", "--listen", "127.0.0.1:3000", "--data", "millwright-data"];

/// Builds and serves the demo plant.
pub fn run(extra: &[&str]) -> Result<(), Failure> {
    let binary = build::all(Profile::Release)?;
    step("server on http://127.0.0.1:3000", command(binary, SERVE).arg("--demo").args(extra))
}

/// Serves the demo plant and rebuilds what changed: a changed stylesheet or page also rebuilds the site.
pub fn watch(extra: &[&str]) -> Result<(), Failure> {
    let mut server: Option<Child> = None;
    let mut built = [SystemTime::UNIX_EPOCH; 2];
    loop {
        let site = newest(&["app", "style", "public", "domain"]);
        let code = newest(&["server"]);
        if site > built[0] || code > built[1] {
            let result = if site > built[0] { build::all(Profile::Ci) } else { build::server(Profile::Ci) };
            built = [site, code];
            match result {
                Ok(binary) => {
                    if let Some(mut old) = server.take() {
                        old.kill()?;
                        old.wait()?;
                    }
                    server = Some(command(binary, SERVE).arg("--demo").args(extra).spawn()?);
                }
                Err(Failure(reason)) => say(&format!("{reason}; waiting for the next change")),
            }
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// When something under these folders was last changed.
fn newest(folders: &[&str]) -> SystemTime {
    let mut queue: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    let mut newest = SystemTime::UNIX_EPOCH;
    while let Some(path) = queue.pop() {
        newest = newest.max(changed(&path));
        if let Ok(entries) = path.read_dir() {
            queue.extend(entries.flatten().map(|entry| entry.path()));
        }
    }
    newest
}

fn changed(path: &Path) -> SystemTime {
    path.metadata().and_then(|meta| meta.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}
