//! Several calls in one transaction, for seeding and imports: the services stay as they are.
//!
//! A call that ends without its commit spoils the batch: all of it is done, or nothing.

use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{Conn, Inner, Kind, Read, Tx};
use crate::{Error, Result};

/// One transaction that several calls share, one after the other.
#[derive(Clone)]
pub struct Batch(Arc<Mutex<State>>, Kind);

struct State {
    tx: Option<Tx>,
    spoilt: bool,
}

impl Batch {
    /// Makes a batch of a write that has just begun.
    pub fn new(tx: Tx) -> Self {
        let kind = tx.kind();
        Self(Arc::new(Mutex::new(State { tx: Some(tx), spoilt: false })), kind)
    }

    pub(super) fn kind(&self) -> Kind {
        self.1
    }

    /// The next call's write.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(Tx(self.lease(true).await?))
    }

    /// The next call's reading, which sees what the batch has written.
    pub async fn read(&self) -> Result<Read> {
        Ok(Read(self.lease(false).await?))
    }

    /// Commits all of it.
    pub async fn commit(self) -> Result<()> {
        let mut state = self.0.lock().await;
        match state.tx.take() {
            Some(tx) if !state.spoilt => tx.commit().await,
            _ => Err(Error::internal("a call of this batch did not end well; nothing of it is kept")),
        }
    }

    async fn lease(&self, writes: bool) -> Result<Conn> {
        let state = Arc::clone(&self.0).lock_owned().await;
        if state.tx.is_none() {
            return Err(Error::internal("this batch is over"));
        }
        Ok(Conn(Inner::Batch(BatchLease { state, unfinished: writes })))
    }
}

/// The batch's connection, for the length of one call.
pub(super) struct BatchLease {
    state: OwnedMutexGuard<State>,
    unfinished: bool,
}

impl BatchLease {
    pub(super) fn conn(&mut self) -> &mut Conn {
        self.state.tx.as_mut().expect("a lease is only given while the batch is under way")
    }

    pub(super) fn kind(&self) -> Kind {
        self.state.tx.as_ref().map_or(Kind::Sqlite, |tx| tx.kind())
    }

    pub(super) fn done(mut self) {
        self.unfinished = false;
    }
}

impl Drop for BatchLease {
    fn drop(&mut self) {
        if self.unfinished {
            self.state.spoilt = true;
        }
    }
}
