//! Messages as fast as they are acknowledged: many devices, each with so many under way.

use std::collections::VecDeque;
use std::num::NonZeroU16;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::client::{Client, Heard, Hello};
use super::plant::{Device, PASSCODE};
use crate::client::Outcome;
use crate::{Failure, Result};

/// Messages of a device that wait for their acknowledgement.
const UNDER_WAY: usize = 40;
/// A message that takes longer is lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// Who sends where.
pub struct Stream<'a> {
    /// The broker.
    pub address: &'a str,
    /// The devices.
    pub devices: &'a [Device],
}

impl Stream<'_> {
    /// Sends for so long, waits for the last acknowledgement, and answers how many messages there were in a second. With
    /// `relayed`, a subscriber gets them all, and what it got is what counts.
    pub async fn run(&self, length: Duration, relayed: bool) -> Result<Outcome> {
        let reader = if relayed { Some(Reader::start(self.address).await?) } else { None };
        let mut clients = Vec::new();
        for device in self.devices {
            let hello = Hello { level: 3, name: &device.did, passcode: PASSCODE, keep_alive: 60 };
            clients.push((Client::connect(self.address, &hello).await?, device.clone()));
        }
        let begun = Instant::now();
        let mut tasks = JoinSet::new();
        for (client, device) in clients {
            tasks.spawn(send(client, device, begun + length));
        }
        let mut took = Vec::new();
        while let Some(done) = tasks.join_next().await {
            took.extend(done??);
        }
        let mut elapsed = begun.elapsed();
        if let Some(reader) = reader {
            elapsed = reader.finish(took.len()).await? - begun;
        }
        took.sort_unstable();
        let slow = took.get(took.len() * 99 / 100).copied().unwrap_or_default();
        Ok(Outcome { rate: took.len() as f64 / elapsed.as_secs_f64(), slow })
    }
}

async fn send(mut client: Client, device: Device, until: Instant) -> Result<Vec<Duration>> {
    let mut under_way = VecDeque::with_capacity(UNDER_WAY);
    let mut took = Vec::with_capacity(10_000);
    let mut number: u64 = 0;
    loop {
        while under_way.len() < UNDER_WAY && Instant::now() < until {
            number += 1;
            let packet = NonZeroU16::MIN.saturating_add(u16::try_from(number % 60_000)?);
            client.publish(&device.topic, &device.message(number), packet, false);
            under_way.push_back((packet, Instant::now()));
        }
        if under_way.is_empty() {
            client.goodbye().await?;
            return Ok(took);
        }
        client.send().await?;
        if let Heard::Acknowledged(packet) = timeout(PATIENCE, client.hear()).await?? {
            let place = under_way.iter().position(|(sent, _)| *sent == packet);
            let (_, sent) = place.and_then(|place| under_way.remove(place)).ok_or("acknowledged twice")?;
            took.push(sent.elapsed());
        }
    }
}

/// Gets every message and acknowledges it.
struct Reader {
    /// Told how many messages there will have been.
    total: oneshot::Sender<usize>,
    task: tokio::task::JoinHandle<Result<Instant>>,
}

impl Reader {
    async fn start(address: &str) -> Result<Self> {
        let hello = Hello { level: 4, name: "reader", passcode: PASSCODE, keep_alive: 60 };
        let mut client = Client::connect(address, &hello).await?;
        client.subscribe(NonZeroU16::MIN, &["dev2app/#".to_owned()]);
        client.send().await?;
        if !matches!(client.hear().await?, Heard::Subscribed(0)) {
            return Err("the subscription is refused".into());
        }
        let (total, mut wanted) = oneshot::channel();
        let task = tokio::spawn(async move {
            let (mut got, mut expected) = (0_usize, None);
            let mut last = Instant::now();
            while expected != Some(got) {
                tokio::select! {
                    biased;
                    heard = timeout(PATIENCE, client.hear()) => {
                        if let Heard::Message(topic, payload, number) = heard?? {
                            if !topic.starts_with("dev2app/") || payload.is_empty() {
                                return Err("something else was relayed".into());
                            }
                            got += 1;
                            last = Instant::now();
                            if let Some(number) = number {
                                client.acknowledge(number);
                                client.send().await?;
                            }
                        }
                    }
                    total = &mut wanted, if expected.is_none() => expected = Some(total?),
                }
            }
            client.goodbye().await?;
            Ok::<_, Failure>(last)
        });
        Ok(Self { total, task })
    }

    /// Waits until it has got them all; when that was.
    async fn finish(self, total: usize) -> Result<Instant> {
        self.total.send(total).map_err(|_| "the subscriber ended")?;
        self.task.await?
    }
}
