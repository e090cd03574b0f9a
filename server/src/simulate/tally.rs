//! What all simulated devices did together.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// A number that many count up.
#[derive(Default)]
pub struct Count(AtomicU64);

impl Count {
    /// One more.
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// One less.
    pub fn sub(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }

    /// How many there are.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Everything that is counted.
#[derive(Default)]
pub struct Tally {
    /// Devices that are connected now.
    pub connected: Count,
    /// Connections that were let in.
    pub connections: Count,
    /// Connections that ended without anybody saying goodbye.
    pub lost: Count,
    /// Different messages.
    pub sent: Count,
    /// Messages that the server has stored.
    pub acknowledged: Count,
    /// Messages that were sent again.
    pub redelivered: Count,
    /// Orders that were followed.
    pub followed: Count,
    /// Orders that could not be followed.
    pub puzzling: Count,
    /// Connections and subscriptions that the server refused.
    pub refused: Count,
}

impl Tally {
    /// All in one line.
    pub fn line(&self, seconds: u64) -> String {
        format!(
            "{seconds} s: {} connected, {} sent, {} acknowledged, {} redelivered, {} connections lost, \
             {} orders followed, {} refused",
            self.connected.get(),
            self.sent.get(),
            self.acknowledged.get(),
            self.redelivered.get(),
            self.lost.get(),
            self.followed.get(),
            self.refused.get(),
        )
    }

    /// Each in a line of its own.
    pub fn lines(&self) -> Vec<String> {
        [
            ("connections", &self.connections),
            ("connections lost", &self.lost),
            ("sent", &self.sent),
            ("acknowledged", &self.acknowledged),
            ("redelivered", &self.redelivered),
            ("orders followed", &self.followed),
            ("orders not understood", &self.puzzling),
            ("refused", &self.refused),
        ]
        .into_iter()
        .map(|(name, count)| format!("{name}: {}", count.get()))
        .collect()
    }
}

/// A file with a line for each acknowledged message.
pub struct Journal(Mutex<BufWriter<File>>);

impl Journal {
    /// Begins a new one.
    pub fn create(file: &std::path::Path) -> std::io::Result<Self> {
        Ok(Self(Mutex::new(BufWriter::new(File::create(file)?))))
    }

    /// Notes a message: its device and its bytes, hexadecimal.
    pub fn note(&self, did: &str, payload: &[u8]) -> std::io::Result<()> {
        let mut file = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        writeln!(file, "{did} {}", domain::device::datapoint::to_hex(payload))
    }

    /// Brings everything into the file.
    pub fn finish(&self) -> std::io::Result<()> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).flush()
    }
}
