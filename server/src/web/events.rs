//! `/ui/events`: a nudge each time something of the signed-in person's tenant changed.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::Ctx;
use domain::events::Topic;
use futures::stream::{self, Stream};
use tokio::sync::broadcast::error::RecvError;

/// No page needs to refetch more often than this.
const PAUSE: Duration = Duration::from_millis(500);

/// The stream of nudges.
pub async fn events(ctx: Option<Extension<Ctx>>) -> Response {
    let Some(Extension(ctx)) = ctx else { return StatusCode::UNAUTHORIZED.into_response() };
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(20));
    Sse::new(nudges(&ctx)).keep_alive(keep_alive).into_response()
}

fn nudges(ctx: &Ctx) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    let tenant_id = ctx.tenant_id();
    let watch = ctx.services.events.subscribe();
    let state = (watch, Vec::<Topic>::new());
    stream::unfold(state, move |(mut watch, mut waiting)| async move {
        loop {
            if let Some(topic) = waiting.pop() {
                let name = serde_json::to_value(topic).ok();
                let name = name.as_ref().and_then(|name| name.as_str()).unwrap_or_default().to_owned();
                return Some((Ok(Event::default().event("changed").data(name)), (watch, waiting)));
            }
            match watch.recv().await {
                Ok(changed) if changed.tenant_id == tenant_id => waiting.push(changed.topic),
                Ok(_) => continue,
                Err(RecvError::Lagged(_)) => waiting.extend(ALL),
                Err(RecvError::Closed) => return None,
            }
            // Changes come in bursts: one nudge each topic is enough.
            tokio::time::sleep(PAUSE).await;
            loop {
                match watch.try_recv() {
                    Ok(changed) if changed.tenant_id == tenant_id && !waiting.contains(&changed.topic) => {
                        waiting.push(changed.topic);
                    }
                    Ok(_) => {}
                    Err(_) => break,
                }
            }
        }
    })
}

const ALL: [Topic; 7] = [
    Topic::Oee,
    Topic::Calendar,
    Topic::Modelling,
    Topic::MasterData,
    Topic::Log,
    Topic::Device,
    Topic::Fleet,
];
