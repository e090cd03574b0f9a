//! A PostgreSQL cluster for one test run: own folder, free port, gone afterwards.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::step::{Failure, say};

/// Whether what the cluster answered survives a crash of the machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// As an installation would have it.
    On,
    /// For tests.
    Off,
}

/// A running cluster; dropping it stops the server and removes its files.
pub struct Cluster {
    folder: PathBuf,
    bin: PathBuf,
    port: u16,
}

impl Cluster {
    /// Creates and starts a cluster. It lives for one run, and only a measurement needs what it answered to be durable.
    pub fn start(durability: Durability) -> Result<Self, Failure> {
        let bin = installed().ok_or_else(|| Failure("PostgreSQL is not installed".to_owned()))?;
        let folder = std::env::temp_dir().join(format!("millwright-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let cluster = Self { folder, bin, port };
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&cluster.folder))?;
        }
        let data = cluster.folder.join("data");
        run(cluster.tool("initdb").arg("-D").arg(&data).args([
            "-U",
            "millwright",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]))?;
        let durable = if durability == Durability::On { "on" } else { "off" };
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c fsync={durable} \
             -c synchronous_commit={durable} -c full_page_writes={durable} -c max_connections=300 \
             -c shared_buffers=128MB",
            cluster.folder.display()
        );
        let log = cluster.folder.join("log");
        run(cluster
            .tool("pg_ctl")
            .arg("-D")
            .arg(&data)
            .arg("-l")
            .arg(&log)
            .arg("-w")
            .arg("-o")
            .arg(options)
            .arg("start"))?;
        for database in ["millwright", "end2end"] {
            let port = port.to_string();
            run(cluster.tool("createdb").args([
                "-h",
                "127.0.0.1",
                "-p",
                &port,
                "-U",
                "millwright",
                database,
            ]))?;
        }
        Ok(cluster)
    }

    /// The address of one of its two databases: `millwright` for the Rust tests, `end2end` for the browser tests.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://millwright@127.0.0.1:{}/{database}", self.port)
    }

    /// One of PostgreSQL's programs, as a user that it accepts: it refuses root.
    fn tool(&self, name: &str) -> Command {
        let program = self.bin.join(name);
        if !is_root() {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--reset-env"]).arg(program);
        command.current_dir(&self.folder);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.folder.join("data");
        let stopped = run(self.tool("pg_ctl").arg("-D").arg(data).args(["-m", "immediate", "stop"]));
        if let Err(Failure(reason)) = stopped.and_then(|()| Ok(fs::remove_dir_all(&self.folder)?)) {
            say(&format!("left behind in {}: {reason}", self.folder.display()));
        }
    }
}

/// The folder of the newest installed server programs.
pub fn installed() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<PathBuf> = versions
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().or_else(|| on_path("initdb").and_then(|initdb| initdb.parent().map(Path::to_path_buf)))
}

/// Where a program is, if the shell would find it.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.exists())
}

/// Whether this process is root.
pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn run(command: &mut Command) -> Result<(), Failure> {
    let output = command.stdin(Stdio::null()).stdout(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let program = command.get_program().display().to_string();
    Err(Failure(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim())))
}
