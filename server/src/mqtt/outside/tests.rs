//! What addresses say, and what brokers tell.

use domain::device::session::OfflineReason;
use serde_json::json;

use super::address::Address;
use super::presence::{ended_by, event, told_of};
use crate::mqtt::serving::Place;

#[test]
fn an_address_says_who_and_where() {
    let address = Address::parse("mqtts://mill%40wright:p%3Aw@broker.example", None, None).expect("a URL");
    assert_eq!((address.encrypted, address.host.as_str(), address.port), (true, "broker.example", 8883));
    assert_eq!((address.user.as_deref(), address.password.as_deref()), (Some("mill@wright"), Some("p:w")));
    assert_eq!(address.url(), "mqtts://broker.example:8883", "nobody is told the password");
    let given = Address::parse("mqtt://a:b@[::1]:1884/", Some("c"), Some("d")).expect("a URL");
    assert_eq!((given.user.as_deref(), given.password.as_deref()), (Some("c"), Some("d")));
    assert_eq!((given.url().as_str(), given.host.as_str()), ("mqtt://[::1]:1884", "::1"));
    for bad in
        ["", "broker", "http://broker", "mqtt://", "mqtt://:1883", "mqtt://a:b", "mqtt://a:0", "mqtt://a/b"]
    {
        assert!(Address::parse(bad, None, None).is_err(), "{bad}");
    }
}

#[test]
fn devices_are_sent_to_where_they_reach_the_broker() {
    let here = Address::parse("mqtt://127.0.0.1:1884", None, None).expect("a URL");
    assert_eq!(here.place(None).expect("a place"), Place { host: None, port: 1884 });
    let there = Address::parse("mqtt://broker.example", None, None).expect("a URL");
    assert_eq!(
        there.place(None).expect("a place"),
        Place { host: Some("broker.example".into()), port: 1883 }
    );
    let public = Place { host: Some("mqtt.example".into()), port: 8883 };
    assert_eq!(there.place(Some("mqtt.example:8883")).expect("a place"), public);
    assert!(there.place(Some("mqtt.example")).is_err());
}

#[test]
fn topics_of_both_brokers_name_the_client() {
    let told = event("$SYS/brokers/emqx@127.0.0.1/clients/d1/connected").expect("an event");
    assert_eq!((told.client_id, told.connected), ("d1", true));
    let told = event("$SYS/brokers/1/clients/d1/disconnected").expect("an event");
    assert_eq!((told.client_id, told.connected), ("d1", false));
    for other in
        ["$SYS/brokers/1/stats", "$SYS/broker/clients/connected", "dev2app/d1", "$SYS/brokers/1/clients/d1/x"]
    {
        assert!(event(other).is_none(), "{other}");
    }
}

#[test]
fn what_emqx_and_rmqtt_tell_is_understood() {
    // Shapes as the documents of EMQX 5 and RMQTT have them.
    let emqx = json!({"username": "d1", "ts": 1_625_572_213_873_i64, "sockport": 1883, "proto_ver": 4,
        "proto_name": "MQTT", "keepalive": 60, "ipaddress": "192.0.2.7", "expiry_interval": 0,
        "connected_at": 1_625_572_213_873_i64, "connack": 0, "clientid": "d1", "clean_start": true});
    let told = told_of(emqx.to_string().as_bytes(), 5);
    assert_eq!(
        (told.at, told.keep_alive, told.address.as_deref()),
        (1_625_572_213_873, 60, Some("192.0.2.7"))
    );
    let rmqtt = json!({"node": 1, "ipaddress": "192.0.2.7:51883", "clientid": "d1", "username": "d1", "keepalive": 120,
        "proto_ver": 4, "clean_session": true, "connected_at": 1_692_069_106_000_i64, "session_present": false,
        "time": "2023-08-15 11:11:46.984"});
    let told = told_of(rmqtt.to_string().as_bytes(), 5);
    assert_eq!(
        (told.at, told.keep_alive, told.address.as_deref()),
        (1_692_069_106_000, 120, Some("192.0.2.7"))
    );
    assert_eq!(told_of(b"nonsense", 5).at, 5);

    let reasons = [
        ("normal", Some(OfflineReason::MqttDisconnect)),
        ("keepalive_timeout", Some(OfflineReason::NoHeartbeat)),
        ("tcp_closed", Some(OfflineReason::TcpClosed)),
        ("ssl_closed", Some(OfflineReason::SslClosed)),
        ("takenover", None),
        ("discarded", None),
        ("Disconnect", Some(OfflineReason::MqttDisconnect)),
        ("Disconnect(NormalDisconnection)", Some(OfflineReason::MqttDisconnect)),
        ("KeepaliveTimeout", Some(OfflineReason::NoHeartbeat)),
        ("RemoteClose", Some(OfflineReason::TcpClosed)),
        ("ByAdminKick", Some(OfflineReason::OfflineReset)),
        ("Kicked", None),
        ("something new", Some(OfflineReason::OfflineException)),
    ];
    for (word, expected) in reasons {
        let payload = json!({"clientid": "d1", "reason": word, "disconnected_at": 1_692_069_106_000_i64});
        let told = ended_by(payload.to_string().as_bytes(), 5);
        assert_eq!(told.map(|(_, reason)| reason), expected, "{word}");
        assert!(told.is_none_or(|(at, _)| at == 1_692_069_106_000));
    }
}
