//! Figures of hours and days, which stay when the messages they were made from are removed.
//!
//! The way in marks the hours that messages belong to. When an hour is over, its figures are made from its messages
//! ([`roll_up`]), and when a day of the plant's zone is over, its figures from those of its hours. What arrives later marks
//! its hour again. Figures are replaced only by those of at least as many values: messages that are gone already take
//! nothing away from them. Old records go ([`remove_old`]) once nothing is left to be made of them.
//!
//! All of it happens in small transactions with pauses between them, so that devices do not wait. It may be killed
//! anywhere and begins again where it was; several processes on one database do not do it at the same time, and no harm
//! is done if they do.

mod figure;
mod remove;
mod roll;
mod store;
mod store_old;
#[cfg(test)]
mod tests;

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::Result;
use crate::access::service::list_tenants;
use crate::ctx::Services;
use crate::time::{MINUTE, Millis};

pub(in crate::device) use figure::Figure;
pub(in crate::device) use roll::{days_begun, hours_begun, join_hours};

/// An hour.
pub(in crate::device) const HOUR: Millis = 60 * MINUTE;
/// So long after its end an hour is settled: what belongs to it and did not wait somewhere is in the store.
const SETTLED: Millis = 10 * MINUTE;
/// How often figures are made.
const ROUND: Duration = Duration::from_mins(1);
/// Old records are removed in one of so many rounds.
const ROUNDS: u32 = 60;
/// Shortest pause between two transactions.
const PAUSE: Duration = Duration::from_millis(5);

/// Makes figures and removes old records, for as long as the server runs.
pub async fn keep(services: Services) {
    let mut round = 0;
    loop {
        sleep(ROUND).await;
        // The first removal is soon after the start.
        let removes = round % ROUNDS == 1;
        round = (round + 1) % ROUNDS;
        if let Err(error) = go_round(&services, removes).await {
            tracing::warn!(?error, "figures of devices were not made; will try again");
        }
    }
}

async fn go_round(services: &Services, removes: bool) -> Result<()> {
    let Some(_alone) = services.db.hold("figures").await? else { return Ok(()) };
    roll_up(services).await?;
    if removes {
        remove_old(services).await?;
    }
    Ok(())
}

/// Makes the figures of hours and days that are over. Answers how many hours and days that were.
pub async fn roll_up(services: &Services) -> Result<(usize, usize)> {
    let (mut hours, mut days) = (0, 0);
    for tenant in list_tenants(services).await? {
        let roll = roll::Roll::begin(services, &tenant).await?;
        hours += roll.hours().await?;
        days += roll.days().await?;
    }
    Ok((hours, days))
}

/// Removes what is older than it is kept: messages as their product says, records of coming and going on line as long,
/// but at least as long as they can be asked for, counts as long as reports look back. Answers how many rows that were.
pub async fn remove_old(services: &Services) -> Result<u64> {
    let mut removed = remove::refusals(services, 0).await?;
    for tenant in list_tenants(services).await? {
        removed += remove::of_tenant(services, &tenant).await?;
    }
    Ok(removed)
}

/// Rests for as long as the work took: at most half of the store's time is taken.
async fn rest(began: Instant) {
    sleep(began.elapsed().max(PAUSE)).await;
}
