//! Messages of devices on their way into the store.
//!
//! The steps, in their order: *decode* and *check* a message against its product's datapoints (`decode`); *write* many
//! messages in one transaction (`writer`, `store`); *derive* what follows from them in the same transaction (`derive`);
//! *acknowledge* after the commit. A message that cannot be read is kept as it came, with what is wrong with it.
//!
//! Messages that wait take room that is counted in bytes: when it is used up, whoever brings the next one waits, and so
//! does the device behind it.

mod decode;
mod derive;
mod products;
mod store;
mod writer;

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinHandle;

use super::session::service::Known;
use crate::ctx::Services;
use crate::time::Millis;

/// Bytes of messages that may wait.
const ROOM: usize = 16 * 1024 * 1024;
/// What a message takes beside its payload.
const OVERHEAD: usize = 256;

/// The topic a message came under, which says how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `dev2app/…`: the binary protocol.
    Binary,
    /// `millwright/…/up`: JSON.
    Json,
}

/// Told when a message is in the store for good (`true`) or could not be stored (`false`).
pub type Done = Box<dyn FnOnce(bool) + Send + Sync>;

/// A message as it arrived.
pub struct Incoming {
    /// Who sent it.
    pub device: Arc<Known>,
    /// How it is written.
    pub form: Form,
    /// What it says.
    pub payload: Vec<u8>,
    /// When it arrived.
    pub at: Millis,
    /// The number its sender gave it, if it waits for an answer.
    pub packet: Option<u16>,
    /// Whether its sender says that it may have sent it before.
    pub repeat: bool,
    /// Told when it is stored.
    pub done: Done,
}

struct Queued {
    message: Incoming,
    room: OwnedSemaphorePermit,
}

/// The way in. Cheap to clone; the writer ends when the last one is gone and all messages are stored.
#[derive(Clone)]
pub struct Ingest {
    queue: mpsc::UnboundedSender<Queued>,
    room: Arc<Semaphore>,
}

impl Ingest {
    /// Starts the writer, which remembers what it last heard of each device: all messages of this store come through it.
    pub fn start(services: Services) -> (Self, JoinHandle<()>) {
        Self::begin(services, false)
    }

    /// Starts a writer that shares the messages of this store's devices with those of other processes: it reads what is
    /// known of each device again, and they write in turn.
    pub fn start_shared(services: Services) -> (Self, JoinHandle<()>) {
        Self::begin(services, true)
    }

    fn begin(services: Services, shared: bool) -> (Self, JoinHandle<()>) {
        let (queue, messages) = mpsc::unbounded_channel();
        let writer = tokio::spawn(writer::run(services, messages, shared));
        (Self { queue, room: Arc::new(Semaphore::new(ROOM)) }, writer)
    }

    /// Takes a message in if there is room; gives it back if not.
    pub fn try_accept(&self, message: Incoming) -> Result<(), Incoming> {
        match Arc::clone(&self.room).try_acquire_many_owned(size(&message)) {
            Ok(room) => {
                self.queue(message, room);
                Ok(())
            }
            Err(_) => Err(message),
        }
    }

    /// Takes a message in, as soon as there is room.
    pub async fn accept(&self, message: Incoming) {
        match Arc::clone(&self.room).acquire_many_owned(size(&message)).await {
            Ok(room) => self.queue(message, room),
            Err(_) => (message.done)(false),
        }
    }

    fn queue(&self, message: Incoming, room: OwnedSemaphorePermit) {
        if let Err(unsent) = self.queue.send(Queued { message, room }) {
            (unsent.0.message.done)(false);
        }
    }
}

fn size(message: &Incoming) -> u32 {
    u32::try_from((message.payload.len() + OVERHEAD).min(ROOM)).unwrap_or(u32::MAX)
}
