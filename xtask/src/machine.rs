//! What the tests need on the machine beyond Rust, and how it gets there.

use std::path::{Path, PathBuf};

use crate::postgres::{installed, is_root, on_path};
use crate::step::{Failure, command, say, step, target};

/// The MQTT client of Python that is a device in the tests.
const PAHO: &str = "paho-mqtt==2.1.0";

/// A need of the tests: what it is called, Debian's package, and whether it is there.
struct Need {
    name: &'static str,
    package: &'static str,
    met: fn() -> bool,
}

const NEEDS: [Need; 6] = [
    Need { name: "PostgreSQL", package: "postgresql", met: || installed().is_some() },
    Need { name: "Chromium", package: "chromium", met: || chromium().is_some() },
    Need {
        name: "mosquitto_pub and mosquitto_sub",
        package: "mosquitto-clients",
        met: || on_path("mosquitto_pub").is_some(),
    },
    Need { name: "Python 3 with venv", package: "python3-venv", met: has_venv },
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

/// A Python with the packages of the tests, in an environment of its own; made when it is not there.
pub fn python() -> Result<PathBuf, Failure> {
    let folder = target().join("paho");
    let python = folder.join("bin/python");
    let script = "import paho.mqtt; assert paho.mqtt.__version__ == '2.1.0'";
    if command(&python, &["-c", script]).output().is_ok_and(|output| output.status.success()) {
        return Ok(python);
    }
    let missing = |Failure(reason)| {
        Failure(format!(
            "the tests need Python 3 with venv (Debian: python3-venv) and {PAHO} of PyPI: {reason}; install the former, \
             let pip reach the latter, then run this again"
        ))
    };
    step("Python environment", command("python3", &["-m", "venv", "--clear"]).arg(&folder))
        .map_err(missing)?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PAHO];
    step(PAHO, &mut command(&python, &install)).map_err(missing)?;
    Ok(python)
}

/// The browser of the tests.
pub fn chromium() -> Option<PathBuf> {
    on_path("chromium").or_else(|| on_path("google-chrome"))
}

/// Debian has the module without what it needs to make an environment with pip in it.
fn has_venv() -> bool {
    command("python3", &["-c", "import venv, ensurepip"]).output().is_ok_and(|output| output.status.success())
}

fn has_chinese_font() -> bool {
    let packaged = Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists();
    packaged
        || command("fc-list", &[":lang=zh"])
            .output()
            .is_ok_and(|output| !output.stdout.trim_ascii().is_empty())
}
