//! The running server: opens the store, listens, and ends in good order.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use axum::serve::ListenerExt;
use clap::Args;
use domain::access::service::{NewTenant, clean_up_sessions, create_default_tenant};
use domain::ctx::Services;
use domain::demo;
use domain::enterprise::service::clean_up_tokens;
use futures::StreamExt;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use crate::cli::store::{Missing, Options as Store};
use crate::cli::{Failure, say};
use crate::web::{self, WebConfig};
use crate::{dev, enterprise, geoip, industry, mqtt};

/// Calls under way get this long to be answered after the server was told to stop.
const DRAIN: Duration = Duration::from_secs(4);
/// How often ended sessions are removed.
const CLEAN_UP: Duration = Duration::from_mins(10);

/// Options of `millwright serve`.
#[derive(Args)]
pub struct Options {
    /// Address and port to listen on; port 0 picks a free one, which the first line of output names
    #[arg(long, value_name = "ADDRESS", env = "MILLWRIGHT_LISTEN", default_value = "127.0.0.1:3000")]
    listen: String,
    /// Address under which browsers reach the server, when a proxy stands before it: `https://plant.example`
    #[arg(long, value_name = "URL", env = "MILLWRIGHT_PUBLIC_URL")]
    public_url: Option<String>,
    #[command(flatten)]
    mqtt: mqtt::Options,
    /// A MaxMind database (GeoIP2 or GeoLite2 City): devices that nobody placed are placed by the address they connect from
    #[arg(long, value_name = "FILE", env = "MILLWRIGHT_GEOIP")]
    geoip: Option<PathBuf>,
    /// Serve the demo plant too: its story is told up to now, and goes on while the server runs
    #[arg(long, env = "MILLWRIGHT_DEMO")]
    demo: bool,
    /// What to log to standard error: a level, or a filter such as info,millwright=debug
    #[arg(long, value_name = "FILTER", env = "MILLWRIGHT_LOG", default_value = "info,sqlx=warn")]
    log: String,
}

/// Serves until the process is told to stop.
pub async fn run(store: &Store, options: Options) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&options.log)
        .map_err(|error| Failure::new(format!("--log: {error}; use a level such as info")))?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let public_url = options.public_url.as_deref().map(checked_url).transpose()?;

    let mut services = store.open(Missing::Create).await?;
    services.atlas = options.geoip.as_deref().map(geoip::open).transpose()?;
    let new = create_default_tenant(&services).await?;
    if options.demo {
        demo::service::seed(&services).await.map_err(|error| {
            tracing::error!(?error, "the demo plant could not be told");
            Failure::new("the demo plant could not be built; see the log above, or start without --demo")
        })?;
    }
    let listener = TcpListener::bind(&options.listen).await.map_err(|error| {
        Failure::new(format!("cannot listen on {}: {error}; choose another with --listen", options.listen))
    })?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::new(format!("cannot tell the address: {error}; try again")))?;

    let broker = mqtt::Serving::start(&services, &options.mqtt).await?;

    let stop = watch::Sender::new(false);
    let sign_in = options.demo.then(|| (demo::LOGIN.to_owned(), demo::PASSWORD.to_owned()));
    let config = WebConfig { public_url, demo: sign_in };
    let app = router(&services, &stop, config, broker.as_ref());
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    watch_signals(stop.clone())?;
    let mut background = tokio::task::JoinSet::new();
    background.spawn(clean_up(services.clone()));
    background.spawn(domain::device::figures::keep(services.clone()));
    if options.demo {
        background.spawn(demo::service::keep_moving(services.clone()));
    }
    say(&format!("listening on http://{address}"))?;
    if let Some(broker) = &broker {
        say(&broker.line())?;
    }
    let broker = tokio::spawn({
        let stop = stop.subscribe();
        async move {
            let Some(mut broker) = broker else { return };
            tokio::select! {
                () = stopped(stop) => {}
                () = broker.lost() => tracing::error!(
                    "another server serves the devices of this database now; this one serves none until it is restarted"
                ),
            }
            broker.stop().await;
        }
    });
    if let Some(new) = new {
        welcome(&new)?;
    }
    // Small answers must not wait for the client's acknowledgement of the one before.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let served = axum::serve(listener, app).with_graceful_shutdown(stopped(stop.subscribe()));
    tokio::select! {
        ended = async { served.await } => {
            ended.map_err(|error| Failure::new(format!("the server ended: {error}; start it again")))?;
        }
        () = async { stopped(stop.subscribe()).await; tokio::time::sleep(DRAIN).await } => {
            tracing::warn!("calls that took too long were cut off");
        }
    }
    background.abort_all();
    let _ = tokio::time::timeout(DRAIN, broker).await;
    // What was answered is durable already.
    let _ = tokio::time::timeout(Duration::from_millis(500), services.db.close()).await;
    Ok(())
}

fn router(
    services: &Services,
    stop: &watch::Sender<bool>,
    config: WebConfig,
    broker: Option<&mqtt::Serving>,
) -> Router {
    let public_url = config.public_url.clone();
    let place = broker.map(mqtt::Serving::place);
    let provisioning = dev::router(services.clone(), public_url.as_deref(), place);
    web::router(services.clone(), config)
        .route("/health", get(health).with_state(services.clone()))
        .merge(industry::router(services.clone()))
        .merge(enterprise::router(services.clone(), public_url))
        .merge(provisioning)
        .merge(broker.and_then(mqtt::Serving::hooks).unwrap_or_default())
        .layer(middleware::from_fn_with_state(stop.subscribe(), end_event_streams))
}

/// Whether the store answers.
async fn health(State(services): State<Services>) -> (StatusCode, &'static str) {
    match services.db.ping().await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::error!(?error, "the store does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n")
        }
    }
}

/// Ends streams of events at once when the server is told to stop: by themselves they never end.
async fn end_event_streams(
    State(stop): State<watch::Receiver<bool>>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream")) {
        return response;
    }
    response.map(|body| Body::from_stream(body.into_data_stream().take_until(Box::pin(stopped(stop)))))
}

async fn stopped(mut stop: watch::Receiver<bool>) {
    // An error means that the sender is gone: the process is ending anyway.
    let _ = stop.wait_for(|stop| *stop).await;
}

fn watch_signals(stop: watch::Sender<bool>) -> Result<(), Failure> {
    let watch = |kind| {
        signal(kind).map_err(|error| Failure::new(format!("cannot watch for signals: {error}; try again")))
    };
    let mut terminate = watch(SignalKind::terminate())?;
    let mut interrupt = watch(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stop.send_replace(true);
    });
    Ok(())
}

async fn clean_up(services: Services) {
    let mut timer = tokio::time::interval(CLEAN_UP);
    loop {
        timer.tick().await;
        if let Err(error) = clean_up_sessions(&services).await {
            tracing::warn!(?error, "ended sessions were not removed; will try again");
        }
        if let Err(error) = clean_up_tokens(&services).await {
            tracing::warn!(?error, "expired tokens were not removed; will try again");
        }
    }
}

fn welcome(new: &NewTenant) -> Result<(), Failure> {
    say(&format!(
        "first start: sign in as {} with the one-time password {}\n\
         (shown this once; `millwright admin reset-password --login {}` makes another)",
        new.login, new.password, new.login
    ))
}

/// Scheme and host, without a path or a slash at the end.
fn checked_url(url: &str) -> Result<String, Failure> {
    let url = url.trim().trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
    if host.is_empty() || host.contains(['/', '?', '#', ' ', '@']) {
        return Err(Failure::new(
            "--public-url: must be scheme and host only, such as https://plant.example",
        ));
    }
    Ok(url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_scheme_and_host() {
        assert_eq!(checked_url("https://plant.example:8443/").expect("a URL"), "https://plant.example:8443");
        for bad in
            ["plant.example", "https://", "ftp://plant.example", "https://plant.example/path", "http://a b"]
        {
            assert!(checked_url(bad).is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn streams_of_events_end_when_the_server_stops() {
        use axum::response::sse::{Event, Sse};
        use tower::ServiceExt;

        let stop = watch::Sender::new(false);
        let events = || async { Sse::new(futures::stream::pending::<Result<Event, std::io::Error>>()) };
        let app = Router::new()
            .route("/events", get(events))
            .layer(middleware::from_fn_with_state(stop.subscribe(), end_event_streams));
        let request = Request::get("/events").body(Body::empty()).expect("a request");
        let response = app.oneshot(request).await.expect("a response");
        let body = tokio::spawn(axum::body::to_bytes(response.into_body(), usize::MAX));
        stop.send_replace(true);
        let ended = tokio::time::timeout(Duration::from_secs(1), body).await;
        assert!(ended.expect("it ends").expect("no panic").expect("a whole body").is_empty());
    }
}
