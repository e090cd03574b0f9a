//! A device that speaks MQTT byte by byte, so that it can do what client libraries would not.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Kinds of packets, as their first byte has them.
pub const PUBACK: u8 = 0x40;
pub const SUBACK: u8 = 0x90;
pub const PONG: u8 = 0xD0;

/// A device's connection.
pub struct Device {
    stream: TcpStream,
    pub did: String,
}

fn text(out: &mut Vec<u8>, text: &[u8]) {
    out.extend(u16::try_from(text.len()).expect("short").to_be_bytes());
    out.extend(text);
}

/// A packet of MQTT.
pub fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut packet = vec![first];
    let mut rest = body.len();
    loop {
        let low = u8::try_from(rest & 0x7f).expect("seven bits");
        rest >>= 7;
        packet.push(if rest > 0 { low | 0x80 } else { low });
        if rest == 0 {
            break;
        }
    }
    packet.extend(body);
    packet
}

/// A message of quality 1.
pub fn publish(topic: &str, payload: &[u8], number: u16, again: bool) -> Vec<u8> {
    let mut body = Vec::new();
    text(&mut body, topic.as_bytes());
    body.extend(number.to_be_bytes());
    body.extend(payload);
    packet(if again { 0x3A } else { 0x32 }, &body)
}

impl Device {
    /// Connects as firmware does, by MQTT 3.1; the answer's code is 0 when it may come in.
    pub fn knock(server: &str, client: &str, user: &str, passcode: &str, keep_alive: u16) -> (Self, u8) {
        let mut stream = TcpStream::connect(server).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
        stream.set_nodelay(true).expect("no delay");
        let mut body = Vec::new();
        text(&mut body, b"MQIsdp");
        body.extend([3, 0xC2]);
        body.extend(keep_alive.to_be_bytes());
        text(&mut body, client.as_bytes());
        text(&mut body, user.as_bytes());
        text(&mut body, passcode.as_bytes());
        stream.write_all(&packet(0x10, &body)).expect("it is sent");
        let mut device = Self { stream, did: user.to_owned() };
        let (kind, body) = device.packet().expect("an answer");
        assert_eq!(kind, 0x20);
        (device, body[1])
    }

    /// What the server answers to a CONNECT of MQTT 5.
    pub fn answer_to_5(server: &str, did: &str, passcode: &str, keep_alive: u16) -> Vec<u8> {
        let mut stream = TcpStream::connect(server).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
        let mut body = Vec::new();
        text(&mut body, b"MQTT");
        body.extend([5, 0xC2]);
        body.extend(keep_alive.to_be_bytes());
        body.push(0);
        for part in [did, did, passcode] {
            text(&mut body, part.as_bytes());
        }
        stream.write_all(&packet(0x10, &body)).expect("it is sent");
        let mut device = Self { stream, did: did.to_owned() };
        let (kind, body) = device.packet().expect("an answer");
        assert_eq!((kind, body[1]), (0x20, 0), "it is let in");
        body
    }

    /// Connects, and is let in.
    pub fn connect(server: &str, did: &str, passcode: &str, keep_alive: u16) -> Self {
        let (device, code) = Self::knock(server, did, did, passcode, keep_alive);
        assert_eq!(code, 0, "{did} is not let in");
        device
    }

    /// Sends bytes as they are.
    pub fn send(&mut self, bytes: &[u8]) {
        // A connection that is over is noticed by reading.
        let _ = self.stream.write_all(bytes);
    }

    /// The next packet: its kind and its body; `None` when the connection is over.
    pub fn packet(&mut self) -> Option<(u8, Vec<u8>)> {
        let mut first = [0];
        self.stream.read_exact(&mut first).ok()?;
        let (mut length, mut place) = (0, 0);
        loop {
            let mut byte = [0];
            self.stream.read_exact(&mut byte).ok()?;
            length |= usize::from(byte[0] & 0x7f) << place;
            place += 7;
            if byte[0] & 0x80 == 0 {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).ok()?;
        Some((first[0], body))
    }

    /// Publishes with quality 1 and waits for the acknowledgement.
    pub fn report(&mut self, topic: &str, payload: &[u8], number: u16, again: bool) {
        self.send(&publish(topic, payload, number, again));
        let (kind, body) = self.packet().expect("an acknowledgement");
        assert_eq!((kind, body), (PUBACK, number.to_be_bytes().to_vec()));
    }

    /// Subscribes; the codes of the answer, 0x80 for refused.
    pub fn subscribe(&mut self, filters: &[&str]) -> Vec<u8> {
        let mut body = vec![0, 9];
        for filter in filters {
            text(&mut body, filter.as_bytes());
            body.push(0);
        }
        self.send(&packet(0x82, &body));
        let (kind, body) = self.packet().expect("an answer");
        assert_eq!(kind, SUBACK);
        body[2..].to_vec()
    }

    /// A sign of life, answered.
    pub fn ping(&mut self) {
        self.send(&[0xC0, 0]);
        assert_eq!(self.packet().expect("an answer").0, PONG);
    }

    /// Says goodbye.
    pub fn goodbye(mut self) {
        self.send(&[0xE0, 0]);
        assert!(self.packet().is_none());
    }

    /// Another handle on the same connection.
    pub fn twin(&self) -> Self {
        Self { stream: self.stream.try_clone().expect("a handle"), did: self.did.clone() }
    }
}
