//! Measuring: the built server beside bare handlers on both databases, then what a first visit loads.

use std::path::PathBuf;

use crate::build::{self, Profile};
use crate::postgres::{Cluster, Durability};
use crate::step::{Failure, cargo, command, step, target};

/// How much is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Everything, five times.
    Full,
    /// A smoke check: each measurement once and short, on little data.
    Quick,
}

/// `cargo xtask bench`.
pub fn all(extent: Extent) -> Result<(), Failure> {
    let binary = build::all(Profile::Release)?;
    let load = load()?;
    let cluster = Cluster::start(Durability::On)?;
    let mut measure = command(load, &["--binary"]);
    measure.arg(binary).args(["--postgres", &cluster.url("millwright")]);
    if extent == Extent::Quick {
        measure.arg("--quick");
    }
    step("measurement", &mut measure)?;
    build::sizes()
}

/// `cargo xtask bench devices`: messages, connections, history and reports of devices.
pub fn devices(options: &[&str]) -> Result<(), Failure> {
    let (mut quick, mut given) = (false, None);
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match (*option, options.len()) {
            ("--quick", _) => quick = true,
            ("--binary", 1..) => given = options.next().map(PathBuf::from),
            (other, _) => return Err(Failure(format!("bench devices does not know {other}"))),
        }
    }
    let binary = match given {
        Some(binary) => binary.canonicalize()?,
        None => build::all(Profile::Release)?,
    };
    let mut measure = command(load()?, &["devices", "--binary"]);
    measure.arg(binary);
    if quick {
        measure.arg("--quick");
    }
    step("measurement", &mut measure)
}

/// Builds what puts the load on.
fn load() -> Result<PathBuf, Failure> {
    step("load", &mut cargo(&["build", "--quiet", "--package", "load", "--profile", "release"]))?;
    Ok(target().join("release").join(format!("load{}", std::env::consts::EXE_SUFFIX)))
}
