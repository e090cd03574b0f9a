//! The one writer of a SQLite database, with group commit.
//!
//! Whoever holds the lease works in a savepoint. When it is done and others wait, it leaves the transaction open for the
//! next one; the last of a group commits, and only then is anyone of the group answered. One fsync serves them all.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::migrate;
use crate::{Error, Result};

/// A group is closed after this many calls, so that the first of them does not wait for ever.
const GROUP: usize = 64;

pub(super) struct Writer {
    state: Arc<Mutex<State>>,
    waiting: Arc<AtomicUsize>,
}

struct State {
    /// `None` after [`Writer::close`].
    conn: Option<SqliteConnection>,
    /// A transaction is open.
    open: bool,
    /// Callers whose work is in the open transaction and who wait for its commit.
    group: Vec<oneshot::Sender<Result<(), String>>>,
}

impl Writer {
    pub(super) async fn open(options: &SqliteConnectOptions) -> Result<Self> {
        let mut conn = options.connect().await?;
        migrate::sqlite(&mut conn).await?;
        let state = State { conn: Some(conn), open: false, group: Vec::new() };
        Ok(Self { state: Arc::new(Mutex::new(state)), waiting: Arc::default() })
    }

    /// Waits for its turn. The waiting goes on in a task of its own, so that a cancelled caller still passes on what it
    /// was handed: its lease is then dropped, which puts the connection in order.
    pub(super) async fn lease(&self) -> Result<WriteLease> {
        let state = Arc::clone(&self.state);
        let waiting = Arc::clone(&self.waiting);
        waiting.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(async move {
            let state = state.lock_owned().await;
            waiting.fetch_sub(1, Ordering::SeqCst);
            take(state, waiting).await
        })
        .await
        .map_err(Error::internal)?
    }

    pub(super) async fn close(&self) {
        let conn = self.state.lock().await.conn.take();
        if let Some(conn) = conn {
            // Nothing can be done about a failing close: everything answered is durable already.
            let _ = conn.close().await;
        }
    }
}

async fn take(mut state: OwnedMutexGuard<State>, waiting: Arc<AtomicUsize>) -> Result<WriteLease> {
    let begin = !state.open;
    let conn = state.conn.as_mut().ok_or(sqlx::Error::PoolClosed)?;
    if begin {
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *conn).await?;
    }
    let saved = sqlx::query("SAVEPOINT call").execute(conn).await;
    state.open = true;
    if let Err(error) = saved {
        abandon(&mut state, &error.to_string()).await;
        return Err(error.into());
    }
    Ok(WriteLease { state: Some(state), waiting })
}

/// The right to write, in a savepoint of the group's transaction.
pub(super) struct WriteLease {
    /// `None` once committed.
    state: Option<OwnedMutexGuard<State>>,
    waiting: Arc<AtomicUsize>,
}

impl WriteLease {
    pub(super) fn conn(&mut self) -> &mut SqliteConnection {
        self.state
            .as_mut()
            .and_then(|state| state.conn.as_mut())
            .expect("a lease holds its state, and a store is closed after its last lease")
    }

    /// Answers after the common commit. A caller that is cancelled from here on does not stop it.
    pub(super) async fn commit(mut self) -> Result<()> {
        let state = self.state.take().expect("a lease is committed once");
        let waiting = Arc::clone(&self.waiting);
        let (answer, answered) = oneshot::channel();
        tokio::spawn(leave(state, waiting, "RELEASE call", Some(answer)));
        match answered.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(cause)) => Err(Error::internal(cause)),
            Err(_) => Err(Error::internal("the writer ended before the commit")),
        }
    }
}

impl Drop for WriteLease {
    fn drop(&mut self) {
        let Some(state) = self.state.take() else { return };
        // Without a runtime the process is ending; the open transaction ends with it, undone.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let waiting = Arc::clone(&self.waiting);
        runtime.spawn(leave(state, waiting, "ROLLBACK TO call; RELEASE call", None));
    }
}

async fn leave(
    mut state: OwnedMutexGuard<State>,
    waiting: Arc<AtomicUsize>,
    how: &'static str,
    answer: Option<oneshot::Sender<Result<(), String>>>,
) {
    state.group.extend(answer);
    let Some(conn) = state.conn.as_mut() else { return };
    match sqlx::raw_sql(how).execute(conn).await {
        Ok(_) => finish(state, &waiting).await,
        Err(error) => {
            tracing::error!(%error, "a write could not leave its savepoint; its group is undone");
            abandon(&mut state, &error.to_string()).await;
        }
    }
}

/// Hands the open transaction to the next in line, or commits it when nobody waits or the group is full.
async fn finish(mut state: OwnedMutexGuard<State>, waiting: &AtomicUsize) {
    if waiting.load(Ordering::SeqCst) > 0 && state.group.len() < GROUP {
        return;
    }
    let Some(conn) = state.conn.as_mut() else { return };
    match sqlx::query("COMMIT").execute(conn).await {
        Ok(_) => {
            state.open = false;
            for answer in state.group.drain(..) {
                let _ = answer.send(Ok(()));
            }
        }
        Err(error) => abandon(&mut state, &error.to_string()).await,
    }
}

async fn abandon(state: &mut State, cause: &str) {
    if let Some(conn) = state.conn.as_mut() {
        let _ = sqlx::query("ROLLBACK").execute(conn).await;
    }
    state.open = false;
    for answer in state.group.drain(..) {
        let _ = answer.send(Err(cause.to_owned()));
    }
}
