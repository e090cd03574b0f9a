//! A device at the door: who it is, and everything from coming on line to going off line.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use domain::device::ingest::Incoming;
use domain::device::refusal::Refusal;
use domain::device::session::OfflineReason;
use domain::device::session::service::{Known, NewConnection, go_offline, go_online};
use futures::FutureExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{sleep, timeout};

use super::connection::{Connection, Ended, SEND, Stream, refusal, send};
use super::registry::{Entry, Held};
use super::rights::{self, Purpose};
use super::server::Shared;
use super::wire::{Broken, Hello, Refused, Wire};

/// Whoever has not said who it is by then is no device.
const HELLO: Duration = Duration::from_secs(10);
/// The connection before this one gets so long to be put on record.
const TAKEOVER: Duration = Duration::from_secs(5);

/// Serves a connection to its end.
pub(super) async fn serve(shared: Arc<Shared>, mut stream: impl Stream, address: String) {
    let mut wire = Wire::default();
    let mut input = BytesMut::with_capacity(512);
    let hello = match timeout(HELLO, hello(&mut stream, &mut wire, &mut input)).await {
        Ok(Ok(Some(hello))) => hello,
        Ok(Ok(None)) | Err(_) => return,
        Ok(Err(broken)) => {
            return shared.refusals.count(&shared.services, None, refusal(broken));
        }
    };
    let known = match welcome(&shared, &hello).await {
        Ok(known) => known,
        Err(refused) => return refuse(stream, wire, refused).await,
    };
    let (held, before) = shared.registry.enter(&known, shared.services.clock.now());
    if let Some(before) = before {
        before.end(OfflineReason::OfflineForce);
        // Its end comes before this beginning in the record.
        if timeout(TAKEOVER, before.over()).await.is_err() {
            tracing::warn!(did = known.did, "an earlier connection does not end");
        }
    }
    let entry = Arc::clone(&held.entry);
    let over = held.over.clone();
    stay(&shared, &known, held, (stream, wire, input), address, &hello).await;
    shared.registry.leave(&entry);
    over.send_replace(true);
}

/// From coming on line to going off line.
async fn stay(
    shared: &Arc<Shared>,
    known: &Arc<Known>,
    held: Held,
    (stream, wire, input): (impl Stream, Wire, BytesMut),
    address: String,
    hello: &Hello,
) {
    let number = held.entry.number.to_string();
    let new = NewConnection {
        broker: &shared.broker,
        connection: &number,
        address: Some(address),
        keep_alive: i64::from(hello.keep_alive),
    };
    match go_online(&shared.services, known, new).await {
        Ok(Some(at)) => held.entry.began(at),
        Ok(None) => {
            shared.refusals.count(&shared.services, Some((known.tenant.id, &known.did)), Refusal::Disabled);
            return refuse(stream, wire, Refused::NotAllowed).await;
        }
        Err(error) => {
            tracing::error!(?error, did = known.did, "a device could not be put on line");
            return refuse(stream, wire, Refused::Unavailable).await;
        }
    }
    let entry = Arc::clone(&held.entry);
    let connection = Connection::new(shared, known, held, (stream, wire, input), hello.keep_alive);
    let ended = AssertUnwindSafe(connection.run()).catch_unwind().await;
    let ended = ended.unwrap_or_else(|_| {
        tracing::error!(did = known.did, "a connection ended by a mistake of the server");
        Ended::with(OfflineReason::OfflineException)
    });
    if ended.will
        && let Some((topic, message)) = &hello.will
    {
        say_will(shared, known, topic, message).await;
    }
    leave(shared, known, &number, &entry, ended.reason).await;
}

/// Puts the end of a connection on record, as soon as the store takes it.
async fn leave(shared: &Shared, known: &Known, number: &str, entry: &Entry, reason: OfflineReason) {
    let this = (shared.broker.as_str(), number);
    let mut pause = Duration::from_millis(100);
    while let Err(error) = go_offline(&shared.services, known, this, entry.beats(), reason).await {
        tracing::error!(?error, did = known.did, "the end of a connection is not on record yet");
        if pause > Duration::from_secs(10) {
            break;
        }
        sleep(pause).await;
        pause *= 2;
    }
}

async fn refuse(mut stream: impl Stream, mut wire: Wire, refused: Refused) {
    let mut out = BytesMut::new();
    wire.refuse(&mut out, refused);
    let _ = timeout(SEND, send(&mut stream, &mut out)).await;
    let _ = timeout(SEND, stream.shutdown()).await;
}

async fn hello(
    stream: &mut impl Stream,
    wire: &mut Wire,
    input: &mut BytesMut,
) -> Result<Option<Hello>, Broken> {
    loop {
        if let Some(hello) = wire.hello(input)? {
            return Ok(Some(hello));
        }
        match stream.read_buf(input).await {
            Ok(0) | Err(_) => return Ok(None),
            Ok(_) => {}
        }
    }
}

/// Who this is, if it may come in.
async fn welcome(shared: &Shared, hello: &Hello) -> Result<Arc<Known>, Refused> {
    let password = hello.password.as_deref().unwrap_or_default();
    let user = hello.user.as_deref().unwrap_or_default();
    let known = rights::admit(&shared.services, &shared.refusals, &hello.client_id, user, password).await?;
    match &hello.will {
        Some((topic, _)) if rights::publish(&known, topic).is_none() => {
            let device = Some((known.tenant.id, known.did.as_str()));
            shared.refusals.count(&shared.services, device, Refusal::Topic);
            Err(Refused::NotAllowed)
        }
        _ => Ok(known),
    }
}

async fn say_will(shared: &Shared, known: &Arc<Known>, topic: &str, message: &Bytes) {
    if let Some(Purpose::Report(form)) = rights::publish(known, topic) {
        let at = shared.services.clock.now();
        let incoming = Incoming {
            device: Arc::clone(known),
            form,
            payload: message.to_vec(),
            at,
            packet: None,
            repeat: false,
            done: Box::new(|_| {}),
        };
        shared.ingest.accept(incoming).await;
    }
}
