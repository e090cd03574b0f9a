//! The command line: what one types, and what is said when it did not work.
//!
//! A command ends with status 0, or with one line on standard error that says what to do next.

mod backup;
mod call;
mod devices;
mod manage;
mod mosquitto;
pub mod store;

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::{serve, simulate};

/// One self-hosted server for a plant: industrial cloud APIs, machine states, OEE and quality in the browser.
///
/// Every option can also be given as an environment variable: MILLWRIGHT_ and its name in capitals, such as
/// MILLWRIGHT_LISTEN. Management commands work while the server runs.
#[derive(Parser)]
#[command(name = "millwright", version, max_term_width = 100, disable_help_subcommand = true)]
#[expect(clippy::doc_markdown, reason = "the text of --help, shown as it is")]
struct Cli {
    #[command(flatten)]
    store: store::Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the server
    ///
    /// The first start creates a tenant and prints the one-time password of its administrator.
    Serve(serve::Options),
    /// Manage tenants (enterprises)
    #[command(subcommand)]
    Tenant(manage::Tenant),
    /// Manage how other systems call a tenant and its people
    #[command(subcommand)]
    Identity(manage::Identity),
    /// Manage applications that call the API
    #[command(subcommand)]
    App(manage::App),
    /// Manage callers of the Enterprise API
    #[command(subcommand)]
    Enterprise(devices::Enterprise),
    /// Manage products, the kinds of devices
    #[command(subcommand)]
    Product(devices::Product),
    /// Write the password file and the rights of a mosquitto that serves the devices (see --mqtt-url)
    ///
    /// Its folder then holds `passwords` (for `password_file`) and `acl` (for `acl_file`). Run it again when devices have
    /// registered, and let mosquitto read the files again by the signal HUP.
    Mosquitto(mosquitto::Mosquitto),
    /// Manage the people who sign in
    #[command(subcommand)]
    Admin(manage::Admin),
    /// Sign one industry call, send it and print the answer
    Call(call::Call),
    /// Print the OpenAPI description of an API
    Openapi {
        /// Which API
        api: call::Api,
    },
    /// Simulate devices: they register, connect by MQTT, report and do as they are told
    ///
    /// What each datapoint is for is guessed from its definition. The definition is read from the data, unless a file is given.
    Simulate(simulate::Options),
    /// Write a consistent copy of the data folder's database to a file, while the server runs
    Backup(backup::Backup),
    /// Bring a backup back, into an empty data folder
    Restore(backup::Restore),
}

/// Why a command did not do what it was asked, and what to do next.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl From<domain::Error> for Failure {
    fn from(error: domain::Error) -> Self {
        match error {
            domain::Error::Invalid { param, reason } => Self(format!("{}: {}", option(&param), reason.en)),
            domain::Error::Coded(_, reason) => Self(reason.en),
            other @ (domain::Error::Forbidden
            | domain::Error::Unauthenticated
            | domain::Error::Deadline
            | domain::Error::Internal(_)
            | domain::Error::Database(_)) => Self(chain(&other)),
        }
    }
}

/// `--app-key` of `appKey` and of `app_key`.
fn option(param: &str) -> String {
    let mut name = String::from("--");
    for letter in param.chars() {
        if letter.is_ascii_uppercase() {
            name.push('-');
        }
        name.push(if letter == '_' { '-' } else { letter.to_ascii_lowercase() });
    }
    name
}

/// The error's causes: whoever types a command may know them all.
fn chain(error: &domain::Error) -> String {
    let error: &dyn std::error::Error = error;
    // What it is to a client of the API says nothing here, if there is a cause.
    let mut source = error.source();
    let mut text = match source {
        Some(cause) => {
            source = cause.source();
            cause.to_string()
        }
        None => error.to_string(),
    };
    while let Some(cause) = source {
        let _ = write!(text, ": {cause}");
        source = cause.source();
    }
    text
}

/// Writes a line to standard output at once.
pub(crate) fn say(line: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(|error| Failure::new(format!("cannot write to standard output: {error}")))
}

/// Parses the arguments and does what they say.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misunderstood(&error),
    };
    match execute(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(reason)) => {
            complain(&reason);
            ExitCode::FAILURE
        }
    }
}

fn complain(reason: &str) {
    let line = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    // There is nobody left to tell when this fails.
    let _ = writeln!(std::io::stderr(), "millwright: {line}");
}

fn misunderstood(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::from(2)
        }
        _ => {
            let text = error.to_string();
            let reason = text.split("\n\nUsage:").next().unwrap_or(&text);
            let reason = reason.strip_prefix("error: ").unwrap_or(reason).replace("\n\n", "; ");
            let reason = reason.trim().trim_end_matches("; For more information, try '--help'.");
            complain(&format!("{reason}; add --help to see the options"));
            ExitCode::from(2)
        }
    }
}

fn execute(cli: Cli) -> Result<(), Failure> {
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::new(format!("cannot start the runtime: {error}")))?;
    let done = runtime.block_on(async {
        match cli.command {
            Command::Serve(options) => serve::run(&cli.store, options).await,
            Command::Tenant(command) => manage::tenant(&cli.store, command).await,
            Command::Identity(command) => manage::identity(&cli.store, command).await,
            Command::App(command) => manage::app(&cli.store, command).await,
            Command::Enterprise(command) => devices::enterprise(&cli.store, command).await,
            Command::Product(command) => devices::product(&cli.store, command).await,
            Command::Mosquitto(command) => mosquitto::mosquitto(&cli.store, command).await,
            Command::Admin(command) => manage::admin(&cli.store, command).await,
            Command::Call(command) => call::call(command).await,
            Command::Openapi { api } => call::describe(api),
            Command::Simulate(options) => simulate::run(&cli.store, options).await,
            Command::Backup(command) => backup::backup(&cli.store, command).await,
            Command::Restore(command) => backup::restore(&cli.store, command).await,
        }
    });
    // Work that was told to stop and did not must not keep the process.
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn a_parameter_is_named_as_its_option() {
        assert_eq!(option("appKey"), "--app-key");
        assert_eq!(option("timeZone"), "--time-zone");
        assert_eq!(option("product_key"), "--product-key");
    }

    #[test]
    fn every_option_is_an_environment_variable_too() {
        use clap::CommandFactory;
        fn walk(command: &clap::Command) {
            for argument in command.get_arguments() {
                let Some(long) = argument.get_long().filter(|long| !matches!(*long, "help" | "version"))
                else {
                    continue;
                };
                let expected = format!("MILLWRIGHT_{}", long.to_uppercase().replace('-', "_"));
                let found = argument.get_env().and_then(std::ffi::OsStr::to_str);
                assert_eq!(found, Some(expected.as_str()), "{} --{long}", command.get_name());
            }
            command.get_subcommands().for_each(walk);
        }
        walk(&Cli::command());
    }
}
