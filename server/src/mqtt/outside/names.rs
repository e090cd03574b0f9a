//! What the names of devices stand for, remembered for a moment: a broker names the device with each message.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::ctx::Services;
use domain::device::refusal::Refusal;
use domain::device::session::service::{Known, Login, find};
use tokio::time::Instant;

/// What is known of a device's name is asked again after that.
const FRESH: Duration = Duration::from_secs(5);
/// Names that are remembered; beyond that, all are forgotten.
const REMEMBERED: usize = 50_000;

/// What a name stands for.
#[derive(Clone)]
pub(super) enum Who {
    Device(Arc<Known>),
    /// A device that may not speak, if the name is a device's at all.
    Refused(Option<i64>, Refusal),
}

/// The names that were asked for lately.
#[derive(Default)]
pub(super) struct Names {
    known: HashMap<String, (Who, Instant)>,
}

impl Names {
    /// What this name stands for.
    pub(super) async fn who(&mut self, services: &Services, did: &str) -> domain::Result<Who> {
        if let Some((who, at)) = self.known.get(did)
            && at.elapsed() < FRESH
        {
            return Ok(who.clone());
        }
        let who = match find(services, did).await? {
            Login::Accepted(known) => Who::Device(known),
            Login::Unknown(tenant) => Who::Refused(tenant, Refusal::Credentials),
            Login::Disabled(tenant) => Who::Refused(Some(tenant), Refusal::Disabled),
        };
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(did.to_owned(), (who.clone(), Instant::now()));
        Ok(who)
    }
}
