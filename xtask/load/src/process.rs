//! Servers as processes of their own.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::client::Connection;
use crate::{Result, sign};

/// Where a server keeps its data.
#[derive(Clone, Debug)]
pub enum Place {
    /// A folder with an embedded database.
    Folder(std::path::PathBuf),
    /// A PostgreSQL database.
    Postgres(String),
}

/// A running server; it ends with this value.
pub struct Server {
    child: Child,
    /// Host and port.
    pub address: String,
    /// Where devices connect, if it serves any.
    pub mqtt: Option<String>,
    /// From its start to the line that says where it listens.
    pub listening: Duration,
    started: Instant,
}

fn serve(binary: &Path, place: &Place, mqtt: &str, options: &[&str]) -> Command {
    let mut command = Command::new(binary);
    command.args(["serve", "--listen", "127.0.0.1:0", "--mqtt-listen", mqtt, "--log", "warn"]).args(options);
    match place {
        Place::Folder(folder) => command.arg("--data").arg(folder),
        Place::Postgres(url) => command.arg("--database-url").arg(url),
    };
    command
}

impl Server {
    /// Starts the built program.
    pub async fn start(binary: &Path, place: &Place, options: &[&str]) -> Result<Self> {
        Self::spawn(serve(binary, place, "none", options), false).await
    }

    /// Starts the built program so that devices can connect.
    pub async fn start_for_devices(binary: &Path, place: &Place) -> Result<Self> {
        Self::spawn(serve(binary, place, "127.0.0.1:0", &[]), true).await
    }

    /// Starts the bare baseline.
    pub async fn bare(place: &Place) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("bare");
        match place {
            Place::Folder(folder) => command.arg(crate::plant::file(folder)),
            Place::Postgres(url) => command.arg(url),
        };
        Self::spawn(command, false).await
    }

    async fn spawn(mut command: Command, devices: bool) -> Result<Self> {
        // What the machine happens to have set must not decide what is measured.
        for (name, _) in std::env::vars_os() {
            if name == "DATABASE_URL" || name.to_string_lossy().starts_with("MILLWRIGHT_") {
                command.env_remove(name);
            }
        }
        let started = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let out = child.stdout.take().ok_or("a server without output")?;
        let mut lines = BufReader::new(out).lines();
        loop {
            let line = lines.next_line().await?.ok_or("a server ended before it listened")?;
            if let Some(address) = line.strip_prefix("listening on http://") {
                let address = address.to_owned();
                let listening = started.elapsed();
                let mut mqtt = None;
                if devices {
                    let line = lines.next_line().await?.unwrap_or_default();
                    mqtt = Some(line.strip_prefix("mqtt on mqtt://").ok_or("no broker")?.to_owned());
                }
                // It may say more later, and must not block then.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok(Self { child, address, mqtt, listening, started });
            }
        }
    }

    /// Asks for the state of the server and answers how long that is after its start.
    pub async fn first_answer(&self) -> Result<Duration> {
        Connection::open(&self.address).await?.exchange(&sign::plain("GET", "/health", b"")).await?;
        Ok(self.started.elapsed())
    }

    /// Memory in use, in bytes, where the system tells.
    pub fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()?)).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
    }

    /// Ends it and waits until it is gone.
    pub async fn stop(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}
