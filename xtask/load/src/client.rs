//! Load: requests that were made beforehand, over connections that stay open, each waiting for its answer.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Result;

/// Connections at once.
pub const CONNECTIONS: usize = 16;
/// An answer that takes longer than this is a failure.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection that stays open.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

/// What a run came to.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Answers in a second.
    pub rate: f64,
    /// The time that 99 of 100 answers took at most.
    pub slow: Duration,
}

impl Connection {
    /// Connects.
    pub async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and answers the body of its answer, which must have the status 200.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<&[u8]> {
        tokio::time::timeout(PATIENCE, self.answer(request)).await?
    }

    async fn answer(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.read.clear();
        let (body, end) = loop {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err("the server closed the connection".into());
            }
            if let Some(bounds) = bounds(&self.read)? {
                break bounds;
            }
        };
        while self.read.len() < end {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err("the server closed the connection within an answer".into());
            }
        }
        if !self.read.starts_with(b"HTTP/1.1 200 ") {
            return Err(format!("refused: {}", String::from_utf8_lossy(&self.read)).into());
        }
        Ok(&self.read[body..end])
    }
}

/// Where the body begins and ends, once the head is complete.
fn bounds(read: &[u8]) -> Result<Option<(usize, usize)>> {
    let Some(head) = read.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&read[..head])?;
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>())
    });
    let length = length.ok_or("an answer without its length")??;
    Ok(Some((head + 4, head + 4 + length)))
}

/// Sends each connection's requests one after the other, all connections at once. `expected` must be in each answer.
pub async fn run(address: &str, requests: Vec<Vec<Vec<u8>>>, expected: &'static str) -> Result<Outcome> {
    let mut connections = Vec::new();
    for requests in requests {
        connections.push((Connection::open(address).await?, requests));
    }
    let begun = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for (mut connection, requests) in connections {
        tasks.spawn(async move {
            let mut took = Vec::with_capacity(requests.len());
            for request in &requests {
                let sent = Instant::now();
                let body = connection.exchange(request).await?;
                took.push(sent.elapsed());
                let says = |part: &[u8]| part == expected.as_bytes();
                if !body.windows(expected.len()).any(says) {
                    return Err(format!("not answered well: {}", String::from_utf8_lossy(body)).into());
                }
            }
            Ok::<_, crate::Failure>(took)
        });
    }
    let mut took = Vec::new();
    while let Some(done) = tasks.join_next().await {
        took.extend(done??);
    }
    let elapsed = begun.elapsed();
    took.sort_unstable();
    let slow = took.get(took.len() * 99 / 100).copied().unwrap_or_default();
    Ok(Outcome { rate: took.len() as f64 / elapsed.as_secs_f64(), slow })
}
