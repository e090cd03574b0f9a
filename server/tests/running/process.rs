//! The built binary as a process of its own.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Runs a command to its end; no variable of the environment decides for it.
pub fn run(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the binary runs")
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_millwright"));
    command.args(arguments).stdin(Stdio::null()).env_remove("DATABASE_URL");
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MILLWRIGHT_")) {
        command.env_remove(name);
    }
    command
}

/// Runs a command that has to succeed and gives back the values of its `name: value` lines, in order.
pub fn values(arguments: &[&str]) -> Vec<String> {
    let output = run(arguments);
    let text = String::from_utf8(output.stdout).expect("text");
    let reason = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {reason}");
    text.lines().filter_map(|line| line.split_once(": ")).map(|(_, value)| value.to_owned()).collect()
}

/// Where a server keeps its data, as options.
pub fn data(folder: &Path) -> [&str; 2] {
    ["--data", folder.to_str().expect("a Unicode path")]
}

/// A running server. Dropping it kills it.
pub struct Server {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
    /// Its address, as its first line said.
    pub url: String,
    /// Where devices connect, as its second line said; empty when they do not.
    pub mqtt: String,
}

impl Server {
    /// Starts a server on free ports and waits for its first lines.
    pub fn start(store: [&str; 2]) -> Self {
        Self::start_with(store, &[])
    }

    /// The same with more options. Devices connect to it, unless these say where else.
    pub fn start_with(store: [&str; 2], options: &[&str]) -> Self {
        let free = "127.0.0.1:0";
        let elsewhere =
            options.iter().any(|option| option.starts_with("--mqtt-url") || *option == "--mqtt-listen");
        let mqtt: &[&str] = if elsewhere { &[] } else { &["--mqtt-listen", free] };
        let mut child = command(&["serve", "--listen", free, "--log", "warn"])
            .args(mqtt)
            .args(store)
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        output.read_line(&mut line).expect("a line");
        let url = line.strip_prefix("listening on ").expect("the address comes first").trim().to_owned();
        let mut mqtt = String::new();
        if !options.contains(&"none") {
            let mut line = String::new();
            output.read_line(&mut line).expect("a line");
            let (_, address) = line.split_once("://").expect("the broker's address comes second");
            address.trim().clone_into(&mut mqtt);
        }
        Self { child, output, url, mqtt }
    }

    /// Kills it without warning.
    pub fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it ends");
    }

    /// Tells it to stop; answers how long that took and what else it printed.
    pub fn stop(mut self) -> (Duration, String) {
        let since = Instant::now();
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(told.expect("kill runs").success());
        assert!(self.child.wait().expect("it ends").success());
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).expect("text");
        (since.elapsed(), rest)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
