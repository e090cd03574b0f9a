//! Who may come in, and which topics are a device's own.

use std::sync::Arc;

use domain::ctx::Services;
use domain::device::ingest::Form;
use domain::device::refusal::{Refusal, Refusals};
use domain::device::session::service::{Known, Login, log_in};

use super::wire::Refused;

/// Lets a device in whose client id and user name are its did, with its passcode; others are counted.
pub(super) async fn admit(
    services: &Services,
    refusals: &Refusals,
    client_id: &str,
    did: &str,
    passcode: &[u8],
) -> Result<Arc<Known>, Refused> {
    if did.is_empty() || did != client_id {
        refusals.count(services, None, Refusal::Credentials);
        return Err(Refused::Credentials);
    }
    match log_in(services, did, passcode).await {
        Ok(Login::Accepted(known)) => Ok(known),
        Ok(Login::Unknown(tenant)) => {
            refusals.count(services, tenant.map(|tenant| (tenant, did)), Refusal::Credentials);
            Err(Refused::Credentials)
        }
        Ok(Login::Disabled(tenant)) => {
            refusals.count(services, Some((tenant, did)), Refusal::Disabled);
            Err(Refused::NotAllowed)
        }
        Err(error) => {
            tracing::error!(?error, did, "a device could not be looked up");
            Err(Refused::Unavailable)
        }
    }
}

/// What a device may publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A message for the store.
    Report(Form),
    /// A question to the cloud that firmware asks after connecting. Nobody waits for the answer.
    Question,
}

/// What a message under this topic is for; `None` when the topic is not the device's.
pub(super) fn publish(known: &Known, topic: &str) -> Option<Purpose> {
    if topic.contains(['+', '#']) {
        return None;
    }
    if let Some(rest) = topic.strip_prefix("dev2app/") {
        let (did, _) = rest.split_once('/').unwrap_or((rest, ""));
        return (did == known.did).then_some(Purpose::Report(Form::Binary));
    }
    if topic == "cli2ser_req" {
        return Some(Purpose::Question);
    }
    let own = own(known, topic, "up");
    own.then_some(Purpose::Report(Form::Json))
}

/// Whether a device may ask for what comes under this filter.
pub(super) fn subscribe(known: &Known, filter: &str) -> bool {
    if let Some(rest) = filter.strip_prefix("app2dev/") {
        let (did, deeper) = rest.split_once('/').unwrap_or((rest, ""));
        return did == known.did && !deeper.contains('+') && (!deeper.contains('#') || deeper == "#");
    }
    match filter.split_once('/') {
        Some(("ser2cli_noti", key)) => key == known.product_key,
        Some(("ser2cli_res", did)) => did == known.did,
        _ => own(known, filter, "down"),
    }
}

/// Whether it is `millwright/{product_key}/{did}/{way}`.
fn own(known: &Known, topic: &str, way: &str) -> bool {
    let mut parts = topic.split('/');
    let expected = ["millwright", known.product_key.as_str(), known.did.as_str(), way];
    expected.iter().all(|part| parts.next() == Some(part)) && parts.next().is_none()
}

/// Whether a topic comes under a filter of the kind that [`subscribe`] allows.
pub(super) fn matches(filter: &str, topic: &str) -> bool {
    match filter.strip_suffix("/#") {
        Some(stem) => topic.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
        None => filter == topic,
    }
}
