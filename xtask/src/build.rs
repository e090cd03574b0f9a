//! Building: WebAssembly, the site out of it, the server with the site embedded.

use std::fs;
use std::path::PathBuf;

use crate::step::{Failure, cargo, command, root, say, step, target};

const WASM: &str = "wasm32-unknown-unknown";

/// How thoroughly to build.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Small and fast, slow to build.
    Release,
    /// For tests and development.
    Ci,
}

impl Profile {
    fn wasm(self) -> &'static str {
        match self {
            Self::Release => "wasm-release",
            Self::Ci => "wasm-dev",
        }
    }

    fn server(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Ci => "ci",
        }
    }
}

/// Builds everything and says where the program is.
pub fn all(profile: Profile) -> Result<PathBuf, Failure> {
    site(profile)?;
    server(profile)
}

/// Builds the site into `target/site`.
pub fn site(profile: Profile) -> Result<(), Failure> {
    add_target()?;
    let wasm = profile.wasm();
    step(
        "pages as WebAssembly",
        &mut cargo(&[
            "build",
            "--quiet",
            "--package",
            "app",
            "--lib",
            "--target",
            WASM,
            "--no-default-features",
            "--features",
            "hydrate",
            "--profile",
            wasm,
        ]),
    )?;
    let module = target().join(WASM).join(wasm).join("app.wasm");
    let site = root().join("target/site");
    let mut run = cargo(&["run", "--quiet", "--package", "site", "--"]);
    run.arg(module).arg(site).args(["style/main.css", "public"]);
    if profile == Profile::Ci {
        run.arg("--fast");
    }
    step("site", &mut run)
}

/// Builds the server with the site in `target/site` embedded.
pub fn server(profile: Profile) -> Result<PathBuf, Failure> {
    let name = profile.server();
    let mut build = cargo(&["build", "--quiet", "--package", "millwright", "--profile", name]);
    if profile == Profile::Release {
        // Only a release has the site inside; others read it from the folder.
        build.env(
            "MILLWRIGHT_SITE",
            format!("{:?}", root().join("target/site/app.wasm").metadata()?.modified()?),
        );
    }
    step("server", &mut build)?;
    let binary = target().join(name).join(format!("millwright{}", std::env::consts::EXE_SUFFIX));
    say(&format!("built {}", binary.display()));
    Ok(binary)
}

/// Prints what the first visit to a page loads, compressed.
pub fn sizes() -> Result<(), Failure> {
    let mut files: Vec<(String, u64)> = fs::read_dir(root().join("target/site"))?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            Some((name.strip_suffix(".br")?.to_owned(), entry.metadata().ok()?.len()))
        })
        .collect();
    files.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let first = |name: &str| matches!(name, "app.wasm" | "app.js" | "main.css");
    let total: u64 = files.iter().filter(|(name, _)| first(name)).map(|(_, size)| size).sum();
    for (name, size) in &files {
        say(&format!("{size:>9} {name}"));
    }
    say(&format!("first load: {:.1} kB brotli, of 350 kB", total as f64 / 1000.0));
    Ok(())
}

fn add_target() -> Result<(), Failure> {
    let Ok(installed) = command("rustup", &["target", "list", "--installed"]).output() else {
        // A toolchain without rustup has the target or the build says that it has not.
        return Ok(());
    };
    if String::from_utf8_lossy(&installed.stdout).lines().any(|line| line == WASM) {
        return Ok(());
    }
    step("WebAssembly target", &mut command("rustup", &["target", "add", WASM]))
}
