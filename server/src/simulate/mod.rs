//! `millwright simulate`: real MQTT devices of a product, with plausible behaviour.

mod behaviour;
pub mod client;
mod device;
mod duty;
mod provision;
mod tally;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use domain::access::service::system_ctx;
use domain::device::service::product_datapoint;
use domain::device::{Definition, OfProduct};
use futures::{StreamExt, TryStreamExt};
use jiff::SignedDuration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at, sleep_until, timeout};

use crate::cli::store::Options as Store;
use crate::cli::{Failure, say};
use device::{Device, Form, Shared};
use provision::{Provisioner, Registered};
use tally::{Journal, Tally};

/// From one line on what was done to the next.
const STATUS: Duration = Duration::from_secs(5);
/// Devices that register at once.
const AT_ONCE: usize = 8;
/// The last messages get so long to be acknowledged.
const LAST: Duration = Duration::from_secs(15);
/// Most devices of one run: each needs a port of its own.
const MOST: usize = 25_000;

/// Options of `millwright simulate`.
#[derive(Args)]
pub struct Options {
    /// Address of the server, where the devices register
    #[arg(long, env = "MILLWRIGHT_SERVER", value_name = "URL", default_value = "http://127.0.0.1:3000")]
    server: String,
    /// Key of the product that the devices are of
    #[arg(long, env = "MILLWRIGHT_PRODUCT_KEY", value_name = "KEY")]
    product_key: String,
    /// How many devices; a later run has the same ones
    #[arg(long, env = "MILLWRIGHT_DEVICES", value_name = "N")]
    devices: usize,
    /// Messages a second, of all devices together
    #[arg(long, env = "MILLWRIGHT_RATE", value_name = "R")]
    rate: f64,
    /// The same seed at the same time of the day tells the same story again
    #[arg(long, env = "MILLWRIGHT_SEED", value_name = "S", default_value_t = 1)]
    seed: u64,
    /// How long, such as 90s, 5m or 2h [default: until it is told to stop]
    #[arg(long, env = "MILLWRIGHT_DURATION", value_name = "TIME", value_parser = duration)]
    duration: Option<Duration>,
    /// How the devices write
    #[arg(long, env = "MILLWRIGHT_FORM", value_enum, default_value_t = Form::Binary)]
    form: Form,
    /// Definition of the product's datapoints, JSON as the Enterprise API answers it; then no store is needed
    #[arg(long, env = "MILLWRIGHT_DEFINITION", value_name = "FILE")]
    definition: Option<PathBuf>,
    /// Where the devices connect, host:port [default: where the server sends them]
    #[arg(long, env = "MILLWRIGHT_MQTT", value_name = "ADDRESS")]
    mqtt: Option<String>,
    /// Passcode of the devices
    #[arg(long, env = "MILLWRIGHT_PASSCODE", value_name = "TEXT", default_value = "simulated")]
    passcode: String,
    /// How often a device loses its connection without a goodbye, in an hour
    #[arg(long, env = "MILLWRIGHT_DROPS", value_name = "N", default_value_t = 1.0)]
    drops: f64,
    /// How often a fault or an alarm opens at a device that runs, in an hour
    #[arg(long, env = "MILLWRIGHT_FAULTS", value_name = "N", default_value_t = 1.0)]
    faults: f64,
    /// Write a line for each acknowledged message to this file: the device, and the bytes in hexadecimal
    #[arg(long, env = "MILLWRIGHT_JOURNAL", value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Name of the tenant [default: the only or first one]
    #[arg(long, env = "MILLWRIGHT_TENANT", value_name = "NAME")]
    tenant: Option<String>,
}

fn duration(text: &str) -> Result<Duration, String> {
    let refused = || "write it as 90s, 5m or 2h".to_owned();
    let span: SignedDuration = text.parse().map_err(|_| refused())?;
    Duration::try_from(span).ok().filter(|span| !span.is_zero()).ok_or_else(refused)
}

impl Options {
    fn check(&self) -> Result<(), Failure> {
        let within = |number: f64, most: f64| number.is_finite() && (0.0..=most).contains(&number);
        if !(1..=MOST).contains(&self.devices) {
            return Err(Failure::new(format!("--devices: must be 1 to {MOST}")));
        }
        if !within(self.rate, 1e6) || self.rate < 1e-3 {
            return Err(Failure::new("--rate: must be 0.001 to 1000000 messages a second"));
        }
        for (name, number) in [("--drops", self.drops), ("--faults", self.faults)] {
            if !within(number, 100_000.0) {
                return Err(Failure::new(format!("{name}: must be 0 to 100000 in an hour")));
            }
        }
        Ok(())
    }
}

/// Simulates until it is over.
pub async fn run(store: &Store, options: Options) -> Result<(), Failure> {
    options.check()?;
    let definition = Arc::new(definition(store, &options).await?);
    let journal =
        match &options.journal {
            Some(file) => Some(Journal::create(file).map_err(|error| {
                Failure::new(format!("--journal: cannot write {}: {error}", file.display()))
            })?),
            None => None,
        };
    let stop = watch::Sender::new(false);
    watch_signals(stop.clone())?;
    let registered = tokio::select! {
        registered = register(&options) => registered?,
        () = told(stop.subscribe()) => return Ok(()),
    };
    say(&format!("devices: {}", registered.len()))?;

    let every = Duration::from_secs_f64(options.devices as f64 / options.rate);
    let shared = Arc::new(Shared {
        definition,
        product_key: options.product_key,
        passcode: options.passcode,
        form: options.form,
        every,
        breaks: (options.drops * every.as_secs_f64() / 3600.0).min(1.0),
        seed: options.seed,
        faults: options.faults,
        tally: Tally::default(),
        journal,
    });
    let mut devices = JoinSet::new();
    for (machine, registered) in (0..).zip(registered) {
        devices.spawn(Device::new(&shared, registered, machine, stop.subscribe()).live());
    }
    let unanswered = watch_over(devices, &shared.tally, &stop, options.duration).await?;
    if let Some(journal) = &shared.journal {
        journal.finish().map_err(|error| Failure::new(format!("--journal: cannot be written: {error}")))?;
    }
    for line in shared.tally.lines() {
        say(&line)?;
    }
    match (shared.tally.refused.get(), unanswered) {
        (0, 0) => Ok(()),
        (0, left) => {
            Err(Failure::new(format!("{left} messages are not acknowledged; look into the server's log")))
        }
        (refused, _) => Err(Failure::new(format!(
            "the server refused {refused} connections or subscriptions; were these devices registered with another \
             --passcode, or deregistered meanwhile?"
        ))),
    }
}

/// The datapoints: of the file, else of the store.
async fn definition(store: &Store, options: &Options) -> Result<Definition, Failure> {
    let Some(file) = &options.definition else {
        let (services, tenant) = store.open_for(options.tenant.as_deref()).await?;
        let of = OfProduct { product_key: options.product_key.clone() };
        let definition = product_datapoint(&system_ctx(&services, tenant), of).await;
        services.db.close().await;
        return Ok(definition?);
    };
    let name = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::new(format!("--definition: cannot read {name}: {error}")))?;
    Definition::parse(text.trim_start_matches('\u{feff}')).map_err(|error| match error {
        domain::Error::Invalid { param, reason } => Failure::new(format!("{name}: {param}: {}", reason.en)),
        other => other.into(),
    })
}

async fn register(options: &Options) -> Result<Vec<Registered>, Failure> {
    let provisioner = Arc::new(Provisioner {
        agent: provision::agent(),
        server: options.server.trim_end_matches('/').to_owned(),
        product_key: options.product_key.clone(),
        passcode: options.passcode.clone(),
    });
    futures::stream::iter(1..=options.devices)
        .map(|number| {
            let (provisioner, mqtt) = (Arc::clone(&provisioner), options.mqtt.clone());
            async move {
                let registered =
                    tokio::task::spawn_blocking(move || provisioner.register(&format!("sim-{number:06}")))
                        .await
                        .map_err(|error| Failure::new(format!("a device could not register: {error}")))??;
                let address = mqtt.unwrap_or(registered.address);
                Ok(Registered { address, ..registered })
            }
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

/// Says now and then what was done, until all devices are finished; answers how many messages are not acknowledged.
async fn watch_over(
    mut devices: JoinSet<usize>,
    tally: &Tally,
    stop: &watch::Sender<bool>,
    length: Option<Duration>,
) -> Result<usize, Failure> {
    let begun = Instant::now();
    let end = length.map(|length| begun + length);
    let mut status = interval_at(begun + STATUS, STATUS);
    let mut stopped = stop.subscribe();
    let mut unanswered = 0;
    loop {
        tokio::select! {
            _ = status.tick() => say(&tally.line(begun.elapsed().as_secs()))?,
            finished = devices.join_next() => match finished {
                Some(left) => unanswered += left.map_err(broken)?,
                None => return Ok(unanswered),
            },
            () = sleep_until(end.unwrap_or(begun)), if end.is_some() => break,
            _ = stopped.wait_for(|stop| *stop) => break,
        }
    }
    stop.send_replace(true);
    let rest = async {
        while let Some(left) = devices.join_next().await {
            unanswered += left.map_err(broken)?;
        }
        Ok::<(), Failure>(())
    };
    if let Ok(done) = timeout(LAST, rest).await {
        done?;
    } else {
        devices.shutdown().await;
        let left = tally.sent.get().saturating_sub(tally.acknowledged.get());
        unanswered = usize::try_from(left).unwrap_or(usize::MAX);
    }
    Ok(unanswered)
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err gives it")]
fn broken(error: tokio::task::JoinError) -> Failure {
    Failure::new(format!("a device ended by a mistake of this program: {error}"))
}

async fn told(mut stop: watch::Receiver<bool>) {
    // An error means that the sender is gone: the process is ending anyway.
    let _ = stop.wait_for(|stop| *stop).await;
}

fn watch_signals(stop: watch::Sender<bool>) -> Result<(), Failure> {
    let watch = |kind| {
        signal(kind).map_err(|error| Failure::new(format!("cannot watch for signals: {error}; try again")))
    };
    let mut terminate = watch(SignalKind::terminate())?;
    let mut interrupt = watch(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stop.send_replace(true);
    });
    Ok(())
}
