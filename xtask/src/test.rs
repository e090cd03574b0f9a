//! Everything that must pass: format, the Rust tests on both databases, the browser tests on the built program.

use std::path::Path;

use crate::build;
use crate::machine::{chromium, prepare, python};
use crate::postgres::{Cluster, Durability};
use crate::step::{Failure, cargo, command, root, step};

/// `cargo xtask test`.
pub fn all() -> Result<(), Failure> {
    prepare()?;
    step("formatting", &mut cargo(&["fmt", "--all", "--check"]))?;
    let binary = build::all(build::Profile::Ci)?;
    clippy_and_doc()?;
    let cluster = Cluster::start(Durability::Off)?;
    rust_on(&cluster, None)?;
    browser(&cluster, &binary)
}

/// `cargo xtask lint`.
pub fn lint() -> Result<(), Failure> {
    step("formatting", &mut cargo(&["fmt", "--all", "--check"]))?;
    clippy_and_doc()
}

/// The Rust tests alone, with one more environment variable for those that bless.
pub fn rust(variable: Option<(&str, &str)>) -> Result<(), Failure> {
    rust_on(&Cluster::start(Durability::Off)?, variable)
}

fn rust_on(cluster: &Cluster, variable: Option<(&str, &str)>) -> Result<(), Failure> {
    let mut tests = cargo(&[
        "test",
        "--no-fail-fast",
        "--workspace",
        "--exclude",
        "site",
        "--exclude",
        "load",
        "--profile",
        "ci",
    ]);
    tests.env("MILLWRIGHT_TEST_POSTGRES", cluster.url("millwright")).envs(variable);
    tests.env("MILLWRIGHT_TEST_PAHO", python()?);
    step("tests", &mut tests)
}

fn browser(cluster: &Cluster, binary: &Path) -> Result<(), Failure> {
    let folder = root().join("end2end");
    let mut packages = command("npm", &["ci", "--no-fund", "--no-audit", "--ignore-scripts"]);
    step("npm packages", packages.current_dir(&folder).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    step("types of the browser tests", command("npx", &["--no", "tsc", "--noEmit"]).current_dir(&folder))?;
    let mut tests = command("npx", &["--no", "playwright", "test"]);
    tests.current_dir(&folder).env("MILLWRIGHT_BIN", binary);
    tests.env("MILLWRIGHT_TEST_POSTGRES_E2E", cluster.url("end2end"));
    if let Some(chromium) = chromium() {
        tests.env("MILLWRIGHT_CHROMIUM", chromium);
    }
    step("browser tests", &mut tests)
}

fn clippy_and_doc() -> Result<(), Failure> {
    let workspace = ["--quiet", "--workspace", "--features", "app/ssr", "--profile", "ci"];
    let mut clippy = cargo(&["clippy", "--all-targets"]);
    step("clippy", clippy.args(workspace).args(["--", "-D", "warnings"]))?;
    let mut doc = cargo(&["doc", "--no-deps", "--exclude", "site", "--exclude", "load"]);
    step("documentation", doc.args(workspace).env("RUSTDOCFLAGS", "-D warnings"))
}
