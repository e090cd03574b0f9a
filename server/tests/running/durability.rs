//! The store's promise: what was answered with code 200 survives `kill -9`.
//!
//! The built binary is killed in the middle of signed writes, three times; twenty with `MILLWRIGHT_LONG_TESTS=1`.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::process::{Server, data, values};
use axum::http::Method;
use domain::db::{Db, sql};
use domain::time::{Clock, SystemClock};
use millwright::industry::client::{Credentials, envelope, sign};

const PATH: &str = "/industry/message/log/send";
const WRITERS: usize = 8;

/// Sends one log signed; whether it was answered with code 200.
fn send(agent: &ureq::Agent, server: &str, credentials: &Credentials, app_id: &str, title: &str) -> bool {
    let params = serde_json::json!({
        "application": "durability", "module": "test", "title": title, "type": 2, "appId": app_id,
    });
    let body = envelope("1.0.0", &params);
    let request = sign(credentials, Method::POST, PATH, body, SystemClock.now()).expect("a signed request");
    let mut post = agent.post(format!("{server}{PATH}"));
    for (name, value) in &request.headers {
        post = post.header(name.as_str(), value.as_bytes());
    }
    let Ok(mut answer) = post.send(&request.body) else { return false };
    let Ok(text) = answer.body_mut().read_to_string() else { return false };
    serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|answer| answer["code"] == 200)
}

#[tokio::test]
async fn every_answered_write_survives_kill_9() {
    let long = std::env::var("MILLWRIGHT_LONG_TESTS").is_ok_and(|value| value == "1");
    let kills: u64 = if long { 20 } else { 3 };
    let folder = tempfile::tempdir().expect("a folder");
    let store = data(folder.path());
    let mut server = Server::start(store);
    let app = values(&[&["app", "create", "--name", "durability"][..], &store].concat());
    let credentials = Credentials { app_key: app[0].clone(), app_secret: app[1].clone() };
    let mut answered = HashSet::new();

    for round in 0..kills {
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (url, credentials, app_id) = (server.url.clone(), credentials.clone(), app[3].clone());
                let stop = Arc::clone(&stop);
                std::thread::spawn(move || {
                    let timeout = Some(Duration::from_secs(5));
                    let config = ureq::Agent::config_builder().timeout_global(timeout).build();
                    let agent = ureq::Agent::from(config);
                    let mut answered = Vec::new();
                    for number in 0.. {
                        if stop.load(Ordering::SeqCst) {
                            break;
                        }
                        let title = format!("{round}-{writer}-{number}");
                        if send(&agent, &url, &credentials, &app_id, &title) {
                            answered.push(title);
                        }
                    }
                    answered
                })
            })
            .collect();
        // A different moment each time, so that the kill meets different steps of a write.
        tokio::time::sleep(Duration::from_millis(400 + 37 * round)).await;
        server.kill();
        stop.store(true, Ordering::SeqCst);
        let before = answered.len();
        for writer in writers {
            answered.extend(writer.join().expect("no panic"));
        }
        assert!(answered.len() > before, "no write was answered before kill {round}");

        let since = Instant::now();
        server = Server::start(store);
        let restart = since.elapsed();
        let db = Db::open_sqlite(&folder.path().join("millwright.db")).await.expect("a sound store");
        let mut read = db.read().await.expect("a connection");
        let rows: Vec<(String,)> = sql("SELECT title FROM log_entry").all(&mut read).await.expect("rows");
        let kept: HashSet<_> = rows.into_iter().map(|(title,)| title).collect();
        let lost: Vec<_> = answered.difference(&kept).collect();
        assert!(lost.is_empty(), "{} of {} answered writes are lost: {lost:?}", lost.len(), answered.len());
        drop(read);
        db.close().await;
        assert!(restart < Duration::from_secs(10), "the restart took {restart:?}");
    }
    server.stop();
}
