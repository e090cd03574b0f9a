//! What the tests need on the machine beyond Rust, and how it gets there.

use std::path::{Path, PathBuf};

use crate::postgres::{installed, is_root, on_path};
use crate::step::{Failure, command, say, step};

/// A need of the tests: what it is called, Debian's package, and whether it is there.
struct Need {
    name: &'static str,
    package: &'static str,
    met: fn() -> bool,
}

const NEEDS: [Need; 4] = [
    Need { name: "PostgreSQL", package: "postgresql", met: || installed().is_some() },
    Need { name: "Chromium", package: "chromium", met: || chromium().is_some() },
    Need { name: "mosquitto", package: "mosquitto", met: || Path::new("/usr/sbin/mosquitto").exists() },
    Need { name: "a font with Chinese", package: "fonts-noto-cjk", met: has_chinese_font },
];

/// Installs what is missing where it may, else says in one line what to install.
pub fn prepare() -> Result<(), Failure> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.met)()).collect();
    if !missing.is_empty() {
        let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
        let names: Vec<&str> = missing.iter().map(|need| need.name).collect();
        let packages_line = packages.join(" ");
        if !is_root() || on_path("apt-get").is_none() {
            return Err(Failure(format!(
                "the tests need {}: install {packages_line}, then run this again",
                names.join(" and ")
            )));
        }
        say(&format!("installing {packages_line}"));
        step("package lists", &mut command("apt-get", &["update", "-q", "-q"]))?;
        let mut install = command("apt-get", &["install", "-q", "-q", "-y", "--no-install-recommends"]);
        step("packages", install.args(packages).env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    if on_path("npm").is_none() {
        return Err(Failure(
            "the browser tests need Node.js 20 with npm: install it, then run this again".to_owned(),
        ));
    }
    Ok(())
}

/// The browser of the tests.
pub fn chromium() -> Option<PathBuf> {
    on_path("chromium").or_else(|| on_path("google-chrome"))
}

fn has_chinese_font() -> bool {
    let packaged = Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists();
    packaged
        || command("fc-list", &[":lang=zh"])
            .output()
            .is_ok_and(|output| !output.stdout.trim_ascii().is_empty())
}
