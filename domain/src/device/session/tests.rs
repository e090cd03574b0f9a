//! The records of a connection.

use super::{Beats, OfflinePayload, OfflineReason};

#[test]
fn the_documented_record_comes_out_of_its_heartbeats() {
    // 21 heartbeats a minute apart, then silence until one and a half times 87 seconds are over.
    let mut beats = Beats::since(1_000);
    for minute in 1..=21 {
        beats.beat(1_000 + minute * 60_000);
    }
    let end = 1_000 + 21 * 60_000 + 130_400;
    let payload = OfflinePayload::of(1_000, &beats, OfflineReason::NoHeartbeat, end);
    let text = serde_json::to_string(&payload).expect("JSON");
    assert_eq!(
        text,
        r#"{"duration":1390,"heartbeat":{"count":21,"max":60,"avg":60,"last":130,"min":60},"reason":"no_heartbeat"}"#
    );
}

#[test]
fn distances_between_heartbeats_are_kept_apart() {
    let mut beats = Beats::since(0);
    for at in [2_000, 3_000, 9_000] {
        beats.beat(at);
    }
    let Beats { count, min, max, total, last_at } = beats;
    assert_eq!((count, min, max, total, last_at), (3, 1_000, 6_000, 9_000, 9_000));
    // A clock that is set back makes no distance negative.
    beats.beat(5_000);
    assert_eq!((beats.min, beats.last_at), (0, 9_000));
}

#[test]
fn a_connection_without_heartbeats_has_none() {
    let payload = OfflinePayload::of(0, &Beats::since(0), OfflineReason::TcpClosed, 1_499);
    assert_eq!((payload.duration, payload.heartbeat.count, payload.heartbeat.avg), (1, 0, 0));
    assert_eq!(payload.heartbeat.last, 1);
}
