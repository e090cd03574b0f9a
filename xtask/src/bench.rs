//! Measuring: the built server beside bare handlers on both databases, then what a first visit loads.

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
    step("load", &mut cargo(&["build", "--quiet", "--package", "load", "--profile", "release"]))?;
    let load = target().join("release").join(format!("load{}", std::env::consts::EXE_SUFFIX));
    let cluster = Cluster::start(Durability::On)?;
    let mut measure = command(load, &["--binary"]);
    measure.arg(binary).args(["--postgres", &cluster.url("millwright")]);
    if extent == Extent::Quick {
        measure.arg("--quick");
    }
    step("measurement", &mut measure)?;
    build::sizes()
}
