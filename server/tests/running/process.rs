//! The built binary as a process of its own.

use std::fs::File;
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

/// Begins a command; what it prints can be read.
pub fn begin(arguments: &[&str]) -> Child {
    command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs")
}

/// Tells a process to end.
pub fn terminate(child: &Child) {
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(told.expect("kill runs").success());
}

/// Devices connect to the server itself, unless the options say where else.
fn serve(store: [&str; 2], options: &[&str]) -> Command {
    let free = "127.0.0.1:0";
    let mut command = command(&["serve", "--listen", free, "--log", "warn"]);
    let elsewhere =
        options.iter().any(|option| option.starts_with("--mqtt-url") || *option == "--mqtt-listen");
    if !elsewhere {
        command.args(["--mqtt-listen", free]);
    }
    command.args(store).args(options);
    command
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
        Self::spawn(&mut serve(store, options), !options.contains(&"none"))
    }

    /// The same with what it logs, warnings and worse, in a file.
    pub fn start_logging(store: [&str; 2], log: &Path) -> Self {
        Self::spawn(serve(store, &[]).stderr(File::create(log).expect("a file")), true)
    }

    fn spawn(command: &mut Command, devices: bool) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server starts");
        let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        output.read_line(&mut line).expect("a line");
        let url = line.strip_prefix("listening on ").expect("the address comes first").trim().to_owned();
        let mut mqtt = String::new();
        if devices {
            let mut line = String::new();
            output.read_line(&mut line).expect("a line");
            let (_, address) = line.split_once("://").expect("the broker's address comes second");
            address.trim().clone_into(&mut mqtt);
        }
        Self { child, output, url, mqtt }
    }

    /// The most memory it ever used, in megabytes.
    pub fn peak(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("Linux");
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a line");
        line.split_whitespace().nth(1).expect("a number").parse::<u64>().expect("a number") / 1024
    }

    /// Kills it without warning.
    pub fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it ends");
    }

    /// Tells it to stop; answers how long that took and what else it printed.
    pub fn stop(mut self) -> (Duration, String) {
        let since = Instant::now();
        terminate(&self.child);
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
