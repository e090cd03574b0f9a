//! Puts load on the built server and on a bare baseline, side by side, and prints how they compare.
//!
//! `load --binary <millwright> --postgres <url> [--quick]` and `load devices --binary <millwright> [--quick]`, started by
//! `cargo xtask bench`. The bare baseline is this program again (`load bare …`), in a process of its own as the server is
//! in its own.

mod bare;
mod client;
mod devices;
mod footprint;
mod plant;
mod process;
mod requests;
mod runs;
mod sign;
mod table;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use domain::db::Kind;

/// What went wrong, in one line.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
/// An answer, or what went wrong.
pub type Result<T> = std::result::Result<T, Failure>;

/// How much is measured.
#[derive(Clone, Copy)]
pub struct Extent {
    /// Runs of each measurement; the median counts.
    runs: usize,
    /// How long a run lasts, about.
    length: Duration,
    /// Production reports that pages are taken of.
    reports: i64,
    /// Devices that are connected at once.
    connections: usize,
    /// Devices that reports are made of.
    devices: i64,
    /// Reports of one device that its history is made of.
    points: i64,
}

impl Extent {
    const FULL: Self = Self {
        runs: 5,
        length: Duration::from_secs(4),
        reports: 100_000,
        connections: 2_000,
        devices: 100_000,
        points: 1_000_000,
    };
    /// A smoke check: everything is done once, nothing can be read out of it.
    const QUICK: Self = Self {
        runs: 1,
        length: Duration::from_millis(500),
        reports: 2_000,
        connections: 100,
        devices: 2_000,
        points: 10_000,
    };
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["bare", place] => runtime(true).and_then(|runtime| runtime.block_on(bare::serve(place))),
        ["--binary", binary, "--postgres", url] => measure(binary, url, Extent::FULL),
        ["--binary", binary, "--postgres", url, "--quick"] => measure(binary, url, Extent::QUICK),
        ["devices", "--binary", binary] => measure_devices(binary, Extent::FULL),
        ["devices", "--binary", binary, "--quick"] => measure_devices(binary, Extent::QUICK),
        _ => Err("usage: load [devices] --binary <millwright> [--postgres <url>] [--quick]".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The one line that xtask shows.
            let _ = writeln!(std::io::stderr(), "load: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The servers use all cores; what puts the load on them keeps to one thread.
fn runtime(all_cores: bool) -> Result<tokio::runtime::Runtime> {
    let mut builder = if all_cores {
        tokio::runtime::Builder::new_multi_thread()
    } else {
        tokio::runtime::Builder::new_current_thread()
    };
    Ok(builder.enable_all().build()?)
}

fn measure(binary: &str, postgres: &str, extent: Extent) -> Result<()> {
    let binary = PathBuf::from(binary);
    say_where();
    runtime(false)?.block_on(async {
        let mut lines = vec![table::heading()];
        for kind in [Kind::Sqlite, Kind::Postgres] {
            lines.extend(runs::all(kind, &binary, postgres, extent).await?);
        }
        lines.extend(footprint::all(&binary, extent).await?);
        say("");
        for line in lines {
            say(&line);
        }
        Ok(())
    })
}

fn measure_devices(binary: &str, extent: Extent) -> Result<()> {
    say_where();
    let lines = runtime(false)?.block_on(devices::all(&PathBuf::from(binary), extent))?;
    say("");
    for line in lines {
        say(&line);
    }
    Ok(())
}

/// Says what is measured on.
fn say_where() {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    say(&format!("{cores} cores, load average before: {}", load.trim()));
}

/// Prints a line at once.
pub fn say(line: &str) {
    // A closed pipe is no reason to stop.
    let _ = writeln!(std::io::stdout(), "{line}");
}
