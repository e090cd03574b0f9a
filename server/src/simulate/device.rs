//! The life of one simulated device: it connects, reports, does as it is told, loses its connection and comes back.
//!
//! A message is kept until the server has acknowledged it; on a new connection it is sent again, under its number and
//! marked as a repeat. So few are kept at once that a server that does not answer costs no memory.

use std::collections::VecDeque;
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::Millis;
use domain::device::datapoint::{Raw, from_hex};
use domain::device::frame::{Command, Frame};
use domain::device::p0::{Action, P0, Packing, Values};
use domain::device::{Definition, Protocol};
use domain::time::{Clock, SystemClock};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Map, Value, json};
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep, timeout};

use super::behaviour::Behaviour;
use super::client::{Client, Heard, Hello, Lost};
use super::duty::mixed;
use super::provision::Registered;
use super::tally::{Journal, Tally};

/// Messages that may wait for their acknowledgement.
const WINDOW: usize = 16;
/// A server that acknowledges nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a device promises, seconds, and how often it gives a sign of life.
const KEEP_ALIVE: u16 = 60;
const BEAT: Duration = Duration::from_secs(40);
/// A device that was refused so often in a row gives up.
const REFUSALS: u32 = 3;
/// The longest pause before another attempt.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// Where only changes are reported, every so many reports say everything.
const WHOLE_EVERY: u64 = 20;

/// How the devices write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// The binary protocol of firmware
    Binary,
    /// Plain JSON, with the time
    Json,
}

/// What all devices have in common.
pub struct Shared {
    /// Their product's datapoints.
    pub definition: Arc<Definition>,
    /// Key of the product.
    pub product_key: String,
    /// Their passcode.
    pub passcode: String,
    /// How they write.
    pub form: Form,
    /// From a report to the next.
    pub every: Duration,
    /// How likely a connection breaks with a report.
    pub breaks: f64,
    /// Tells one story from another.
    pub seed: u64,
    /// Faults and alarms of a device in an hour.
    pub faults: f64,
    /// What they did.
    pub tally: Tally,
    /// Where acknowledged messages are noted.
    pub journal: Option<Journal>,
}

/// A message that is not acknowledged yet.
struct Sent {
    number: NonZeroU16,
    payload: Bytes,
    at: Instant,
}

/// How a connection ended.
enum End {
    /// There is nothing left to do.
    Finished,
    /// It has to connect again.
    Again,
}

/// A simulated device.
pub struct Device {
    shared: Arc<Shared>,
    registered: Registered,
    topic: String,
    behaviour: Behaviour,
    rng: StdRng,
    ticks: Interval,
    stop: watch::Receiver<bool>,
    unanswered: VecDeque<Sent>,
    number: u16,
    reports: u64,
    /// The values of the last report.
    said: Values,
    /// It was told something and has not said so yet.
    owes: bool,
    last_ts: Millis,
}

impl Device {
    /// A device that makes its first report after a part of its interval that is its own.
    pub fn new(
        shared: &Arc<Shared>,
        registered: Registered,
        machine: u64,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let begin = SystemClock.now();
        let mut rng = StdRng::seed_from_u64(mixed(&[shared.seed, machine, 4]));
        let first = Instant::now() + shared.every.mul_f64(rng.random());
        let mut ticks = interval_at(first, shared.every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // Not the numbers of an earlier run: a repeat must not look like one of its messages.
        let number = u16::try_from(mixed(&[begin.cast_unsigned(), machine]) % 60_000).unwrap_or_default();
        let topic = match shared.form {
            Form::Binary => format!("dev2app/{}", registered.did),
            Form::Json => format!("millwright/{}/{}/up", shared.product_key, registered.did),
        };
        Self {
            behaviour: Behaviour::new(&shared.definition, shared.seed, machine, begin, shared.faults),
            shared: Arc::clone(shared),
            registered,
            topic,
            rng,
            ticks,
            stop,
            unanswered: VecDeque::with_capacity(WINDOW),
            number,
            reports: 0,
            said: Values::new(),
            owes: false,
            last_ts: 0,
        }
    }

    fn stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Lives until it is told to stop and everything it said is acknowledged. Answers how many messages are not.
    pub async fn live(mut self) -> usize {
        let (mut refusals, mut pause) = (0, Duration::from_millis(200));
        // Not all at the same instant.
        let ramp = self.shared.every.min(Duration::from_secs(5)).mul_f64(self.rng.random());
        self.rest(ramp).await;
        while !(self.stopping() && self.unanswered.is_empty()) {
            match self.connect().await {
                Ok(client) => {
                    self.shared.tally.connections.add();
                    self.shared.tally.connected.add();
                    let end = self.stay(client).await;
                    self.shared.tally.connected.sub();
                    match end {
                        Ok(End::Finished) => break,
                        Ok(End::Again) | Err(_) => self.shared.tally.lost.add(),
                    }
                    (refusals, pause) = (0, Duration::from_millis(200));
                }
                Err(Lost::Refused(_)) => {
                    self.shared.tally.refused.add();
                    refusals += 1;
                    if refusals >= REFUSALS {
                        break;
                    }
                }
                Err(Lost::Broken(_)) => {}
            }
            let before_next = pause.mul_f64(self.rng.random_range(0.5..1.5));
            self.rest(before_next).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        self.unanswered.len()
    }

    /// Waits; only the last messages are a reason to hurry when it is told to stop.
    async fn rest(&mut self, pause: Duration) {
        if self.stopping() {
            return sleep(pause.min(Duration::from_millis(500))).await;
        }
        let _ = timeout(pause, self.stop.changed()).await;
    }

    async fn connect(&self) -> Result<Client, Lost> {
        let hello = Hello {
            level: if self.shared.form == Form::Binary { 3 } else { 4 },
            name: &self.registered.did,
            passcode: &self.shared.passcode,
            keep_alive: KEEP_ALIVE,
        };
        let connecting = Client::connect(&self.registered.address, &hello);
        match timeout(PATIENCE, connecting).await {
            Ok(connected) => connected,
            Err(_) => Err(Lost::Broken("the server does not answer".to_owned())),
        }
    }

    /// Serves a connection to its end.
    async fn stay(&mut self, mut client: Client) -> Result<End, Lost> {
        let number = self.next_number();
        client.subscribe(number, &self.filters());
        for sent in &mut self.unanswered {
            client.publish(&self.topic, &sent.payload, sent.number, true);
            sent.at = Instant::now();
            self.shared.tally.redelivered.add();
        }
        let mut beats = interval_at(Instant::now() + BEAT, BEAT);
        // What it is may have changed for those who were not told.
        self.said.clear();
        loop {
            if self.owes && self.unanswered.len() < WINDOW {
                self.owes = false;
                self.report(&mut client);
            }
            client.send().await?;
            let stopping = self.stopping();
            if stopping && self.unanswered.is_empty() {
                client.goodbye().await?;
                return Ok(End::Finished);
            }
            let room = self.unanswered.len() < WINDOW;
            let oldest = self.unanswered.front().map(|sent| sent.at + PATIENCE);
            tokio::select! {
                biased;
                heard = client.hear() => self.listen(&mut client, heard?),
                changed = self.stop.changed(), if !stopping => drop(changed),
                () = until(oldest) => return Ok(End::Again),
                _ = beats.tick() => client.ping(),
                _ = self.ticks.tick(), if room && !stopping => {
                    self.behaviour.go_on(i64::try_from(self.shared.every.as_millis()).unwrap_or(i64::MAX));
                    self.report(&mut client);
                    if self.rng.random_bool(self.shared.breaks) {
                        // It is under way when the connection breaks: nobody knows whether it arrived.
                        client.send().await?;
                        return Ok(End::Again);
                    }
                }
            }
        }
    }

    fn filters(&self) -> Vec<String> {
        let did = &self.registered.did;
        let key = &self.shared.product_key;
        match self.shared.form {
            Form::Binary => {
                vec![format!("ser2cli_noti/{key}"), format!("ser2cli_res/{did}"), format!("app2dev/{did}/#")]
            }
            Form::Json => vec![format!("millwright/{key}/{did}/down")],
        }
    }

    fn next_number(&mut self) -> NonZeroU16 {
        self.number = self.number.checked_add(1).unwrap_or(1);
        NonZeroU16::new(self.number).unwrap_or(NonZeroU16::MIN)
    }

    fn report(&mut self, client: &mut Client) {
        let whole = self.reports.is_multiple_of(WHOLE_EVERY);
        self.reports += 1;
        let mut values = self.behaviour.values().clone();
        let full = values.clone();
        let variable =
            self.shared.form == Form::Json || self.shared.definition.protocol() == Protocol::Variable;
        if variable && !whole {
            values.retain(|id, raw| self.said.get(id) != Some(raw));
            if values.is_empty() {
                values.clone_from(&full);
            }
        }
        self.said = full;
        self.publish(client, Action::Report, values);
    }

    fn publish(&mut self, client: &mut Client, action: Action, values: Values) {
        let payload: Bytes = match self.shared.form {
            Form::Binary => binary(&self.shared.definition, action, values).into(),
            Form::Json => self.json(&values).into(),
        };
        let number = self.next_number();
        client.publish(&self.topic, &payload, number, false);
        self.unanswered.push_back(Sent { number, payload, at: Instant::now() });
        self.shared.tally.sent.add();
    }

    fn json(&mut self, values: &Values) -> String {
        // Two reports of one moment would be one.
        self.last_ts = SystemClock.now().max(self.last_ts + 1);
        let definition = &self.shared.definition;
        let shown = |(id, raw): (&u32, &Raw)| {
            let datapoint = definition.with_id(*id)?;
            Some((datapoint.name.clone(), datapoint.shown(raw)?))
        };
        let attrs: Map<String, Value> = values.iter().filter_map(shown).collect();
        json!({"ts": self.last_ts, "attrs": attrs}).to_string()
    }

    fn listen(&mut self, client: &mut Client, heard: Heard) {
        match heard {
            Heard::Acknowledged(number) => {
                let place = self.unanswered.iter().position(|sent| sent.number == number);
                if let Some(sent) = place.and_then(|place| self.unanswered.remove(place)) {
                    self.shared.tally.acknowledged.add();
                    if let Some(journal) = &self.shared.journal {
                        // What cannot be noted is missing in the file, and whoever reads it finds that out.
                        let _ = journal.note(&self.registered.did, &sent.payload);
                    }
                }
            }
            Heard::Message(_, payload, number) => {
                if let Some(number) = number {
                    client.acknowledge(number);
                }
                self.follow(client, &payload);
            }
            Heard::Subscribed(refused) => (0..refused).for_each(|_| self.shared.tally.refused.add()),
            Heard::Pong => {}
        }
    }

    fn follow(&mut self, client: &mut Client, payload: &[u8]) {
        match order(&self.shared.definition, payload) {
            Some(Order::Set(values)) if self.behaviour.obey(&values) => {
                self.shared.tally.followed.add();
                self.owes = true;
            }
            Some(Order::Say) => {
                self.shared.tally.followed.add();
                if self.unanswered.len() < WINDOW {
                    let values = self.behaviour.values().clone();
                    self.publish(client, Action::Answer, values);
                }
            }
            Some(Order::Set(_)) | None => self.shared.tally.puzzling.add(),
        }
    }
}

/// What a device is told.
#[derive(Debug, PartialEq)]
pub(super) enum Order {
    /// These values.
    Set(Values),
    /// To say its own.
    Say,
}

/// Reads an order: binary, or JSON with `attrs` or `raw`.
pub(super) fn order(definition: &Definition, payload: &[u8]) -> Option<Order> {
    if let Ok(Value::Object(message)) = serde_json::from_slice(payload) {
        if let Some(raw) = message.get("raw").and_then(Value::as_str) {
            return order_of(definition, &from_hex(raw)?);
        }
        let read = |(name, value): (&String, &Value)| {
            let datapoint = definition.find(name)?;
            Some((datapoint.id, datapoint.read(value).ok()?))
        };
        return Some(Order::Set(message.get("attrs")?.as_object()?.iter().filter_map(read).collect()));
    }
    let (frame, _) = Frame::decode(payload).ok()?;
    if frame.command == Command::Acknowledge { None } else { order_of(definition, frame.p0) }
}

fn order_of(definition: &Definition, p0: &[u8]) -> Option<Order> {
    let (p0, _) = P0::decode(definition, p0).ok()?;
    match p0.action {
        Action::Control => Some(Order::Set(p0.values)),
        Action::Read => Some(Order::Say),
        Action::Answer | Action::Report | Action::DataToDevice | Action::DataFromDevice => None,
    }
}

pub(super) fn binary(definition: &Definition, action: Action, values: Values) -> Vec<u8> {
    let packing = match definition.protocol() {
        Protocol::Fixed => Packing::Fixed,
        Protocol::Variable => Packing::Variable,
    };
    let p0 = P0::of_values(action, packing, values).encode(definition);
    Frame::from_device(&p0).encode()
}

/// Waits until then; for ever without a time.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
