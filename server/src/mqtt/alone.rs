//! The right to be the only server that does something, kept for as long as it is needed.

use std::time::Duration;

use domain::ctx::Services;
use domain::db::Hold;
use tokio::time::{Instant, sleep};

/// How often the right is looked after.
const CHECK: Duration = Duration::from_secs(2);
/// A right that was lost is tried to be had again so often.
const AGAIN: Duration = Duration::from_secs(1);
/// A session of this server that the database has not missed yet keeps its own right from it for a while.
const PATIENCE: Duration = Duration::from_secs(15);

/// Keeps a right: takes it again when the database ended the session that held it. Returns when another server has it.
pub(super) async fn keep(services: Services, name: &'static str, hold: Hold) {
    let mut held = Some(hold);
    while let Some(hold) = &mut held {
        sleep(CHECK).await;
        if !hold.is_held().await {
            drop(held.take());
            tracing::warn!(
                name,
                "the database ended a session; what only one server may do is claimed again"
            );
            held = again(&services, name).await;
        }
    }
}

async fn again(services: &Services, name: &'static str) -> Option<Hold> {
    let mut refused: Option<Instant> = None;
    loop {
        match services.db.hold(name).await {
            Ok(Some(hold)) => {
                tracing::info!(name, "this server has the right again");
                return Some(hold);
            }
            Ok(None) if refused.get_or_insert_with(Instant::now).elapsed() > PATIENCE => return None,
            Ok(None) => {}
            // Nobody can take it from a database that does not answer.
            Err(_) => refused = None,
        }
        sleep(AGAIN).await;
    }
}
