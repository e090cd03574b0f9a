//! Identifiers and secrets.
//!
//! Numeric ids are unique across all processes of an installation and stay below 2^53, so that JavaScript clients read
//! them exactly: each process reserves a block of them in the database and hands out numbers from it.

use std::sync::Arc;
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngCore;

use crate::Result;
use crate::db::{Db, sql};

/// Ids of a block. Large enough that a block outlasts the time it takes to fetch the next one.
const BLOCK: i64 = 1 << 20;
/// 2^53: the first number a JavaScript client cannot hold for sure.
const LIMIT: i64 = 1 << 53;

/// Hands out ids.
#[derive(Clone)]
pub struct Ids(Arc<Shared>);

struct Shared {
    db: Db,
    blocks: Mutex<Blocks>,
}

#[derive(Default)]
struct Blocks {
    next: i64,
    end: i64,
    spare: Option<i64>,
    fetching: bool,
}

impl Ids {
    /// Reserves the first block.
    pub async fn open(db: Db) -> Result<Self> {
        let next = reserve(&db).await?;
        let blocks = Mutex::new(Blocks { next, end: next + BLOCK, ..Blocks::default() });
        Ok(Self(Arc::new(Shared { db, blocks })))
    }

    /// A new id.
    ///
    /// # Panics
    /// When a million ids were asked for before the next block could be fetched.
    pub fn next(&self) -> i64 {
        let mut blocks = self.0.blocks.lock().expect("no code panics while it holds this lock");
        if blocks.next == blocks.end {
            let spare = blocks.spare.take().expect("a block outlasts the fetching of the next one");
            blocks.next = spare;
            blocks.end = spare + BLOCK;
        }
        let id = blocks.next;
        blocks.next += 1;
        if blocks.end - blocks.next < BLOCK / 2 && blocks.spare.is_none() && !blocks.fetching {
            blocks.fetching = true;
            let shared = Arc::clone(&self.0);
            tokio::spawn(async move { shared.refill().await });
        }
        id
    }
}

impl Shared {
    async fn refill(&self) {
        let reserved = reserve(&self.db).await;
        let mut blocks = self.blocks.lock().expect("no code panics while it holds this lock");
        blocks.fetching = false;
        match reserved {
            Ok(first) => blocks.spare = Some(first),
            Err(error) => tracing::error!(?error, "no new block of ids; will try again"),
        }
    }
}

async fn reserve(db: &Db) -> Result<i64> {
    let mut tx = db.begin().await?;
    let (first,): (i64,) = sql("UPDATE id_block SET next_id = next_id + $1 RETURNING next_id - $1")
        .bind(BLOCK)
        .one(&mut tx)
        .await?;
    tx.commit().await?;
    if first + BLOCK > LIMIT {
        return Err(crate::Error::internal("all ids below 2^53 are used up"));
    }
    Ok(first)
}

/// `bytes` random bytes as URL-safe text: for keys, secrets, tokens and one-time passwords.
#[expect(clippy::disallowed_methods, reason = "the one place that draws random numbers")]
pub fn secret(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    rand::rng().fill_bytes(&mut buffer);
    URL_SAFE_NO_PAD.encode(buffer)
}

/// A random number with `digits` digits, for keys that clients expect to be numeric.
#[expect(clippy::disallowed_methods, reason = "the one place that draws random numbers")]
pub fn digits(digits: u32) -> String {
    use rand::Rng;
    let low = 10_u64.pow(digits - 1);
    rand::rng().random_range(low..low * 10).to_string()
}

/// 32 random hexadecimal digits, the form of keys, tokens and group ids of the Enterprise API.
pub fn hex32() -> String {
    uuid().replace('-', "")
}

/// A random UUID, lower case with dashes.
#[expect(clippy::disallowed_methods, reason = "the one place that draws random numbers")]
pub fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}
