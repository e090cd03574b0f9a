//! Deadlines of calls that write.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::timeout;

use crate::{Error, Result};

tokio::task_local! {
    static COMMITTING: Arc<AtomicBool>;
}

/// Runs a call, and cancels it with [`Error::Deadline`] when its time is up before its COMMIT begins. From then on it is
/// awaited to the end, so that nobody is told that nothing was written when it was.
pub async fn until_commit<T>(limit: Duration, call: impl Future<Output = Result<T>>) -> Result<T> {
    let committing = Arc::new(AtomicBool::new(false));
    let mut call = pin!(COMMITTING.scope(Arc::clone(&committing), call));
    match timeout(limit, &mut call).await {
        Ok(answer) => answer,
        Err(_) if committing.load(Ordering::SeqCst) => call.await,
        Err(_) => Err(Error::Deadline),
    }
}

/// Says to the call around it, if there is one, that it cannot be cancelled any more.
pub(super) fn commit_begins() {
    // Outside of such a call nobody asks.
    let _ = COMMITTING.try_with(|committing| committing.store(true, Ordering::SeqCst));
}
