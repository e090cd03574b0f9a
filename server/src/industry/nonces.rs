//! Nonces that were used, so that nobody can repeat a call that was signed once.
//!
//! In the memory of this process: a restart forgets them. They are kept as hashes, in buckets by the minute in which they
//! become useless, and a bucket goes as a whole.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};

use domain::time::{MINUTE, Millis};
use sha2::{Digest, Sha256};

/// A timestamp may be this far from now, either way, and a nonce must not repeat within it.
pub const WINDOW: Millis = 15 * MINUTE;
/// Nonces kept at most; beyond that, calls with a nonce are throttled until a bucket has gone.
const LIMIT: usize = 1_000_000;

type Hash = [u8; 16];

/// The nonces of this process.
#[derive(Clone, Default)]
pub struct Nonces(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    /// By the minute after which the nonce is of no use any more.
    buckets: BTreeMap<Millis, HashSet<Hash>>,
    count: usize,
}

/// Why a nonce was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It was used before.
    Used,
    /// There is no room for more.
    Full,
}

impl Nonces {
    /// Whether this key used this nonce already.
    pub fn is_used(&self, key: &str, nonce: &[u8], now: Millis) -> bool {
        let mut kept = self.kept(now);
        let hash = hash(key, nonce);
        kept.holds(&hash)
    }

    /// Takes a nonce of a call that proved its signature. It is given back when the call goes unanswered, because an
    /// official client then repeats the call with the same nonce.
    pub fn take(&self, key: &str, nonce: &[u8], signed_at: Millis, now: Millis) -> Result<Taken, Refused> {
        let mut kept = self.kept(now);
        let hash = hash(key, nonce);
        if kept.holds(&hash) {
            return Err(Refused::Used);
        }
        if kept.count >= LIMIT {
            return Err(Refused::Full);
        }
        // A call signed ahead of our clock stays valid for longer.
        let minute = (signed_at.max(now) + WINDOW).div_euclid(MINUTE);
        kept.buckets.entry(minute).or_default().insert(hash);
        kept.count += 1;
        drop(kept);
        Ok(Taken { nonces: self.clone(), minute, hash, answered: false })
    }

    fn kept(&self, now: Millis) -> MutexGuard<'_, Kept> {
        let mut kept = self.0.lock().expect("no code panics while it holds this lock");
        let minute = now.div_euclid(MINUTE);
        while let Some(bucket) = kept.buckets.first_entry()
            && *bucket.key() < minute
        {
            let gone = bucket.remove().len();
            kept.count -= gone;
        }
        kept
    }
}

impl Kept {
    fn holds(&mut self, hash: &Hash) -> bool {
        self.buckets.values().any(|bucket| bucket.contains(hash))
    }
}

/// A nonce of a call under way.
pub struct Taken {
    nonces: Nonces,
    minute: Millis,
    hash: Hash,
    answered: bool,
}

impl Taken {
    /// The call is answered: the nonce stays taken.
    pub fn answered(mut self) {
        self.answered = true;
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        if self.answered {
            return;
        }
        let mut kept = self.nonces.0.lock().expect("no code panics while it holds this lock");
        if kept.buckets.get_mut(&self.minute).is_some_and(|bucket| bucket.remove(&self.hash)) {
            kept.count -= 1;
        }
    }
}

fn hash(key: &str, nonce: &[u8]) -> Hash {
    let digest = Sha256::new().chain_update(key).chain_update([0]).chain_update(nonce).finalize();
    let mut hash = Hash::default();
    hash.copy_from_slice(&digest[..16]);
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_700_000_000_000;

    #[test]
    fn an_answered_nonce_is_used_until_its_window_has_passed() {
        let nonces = Nonces::default();
        nonces.take("k", b"n", NOW, NOW).expect("fresh").answered();
        assert!(nonces.is_used("k", b"n", NOW));
        assert!(matches!(nonces.take("k", b"n", NOW, NOW + WINDOW - MINUTE), Err(Refused::Used)));
        assert!(!nonces.is_used("k", b"n", NOW + WINDOW + MINUTE));
        assert_eq!(nonces.0.lock().expect("free").count, 0);
    }

    #[test]
    fn a_nonce_signed_ahead_of_the_clock_is_kept_for_longer() {
        let nonces = Nonces::default();
        nonces.take("k", b"n", NOW + WINDOW, NOW).expect("fresh").answered();
        assert!(nonces.is_used("k", b"n", NOW + 2 * WINDOW - MINUTE));
    }

    #[test]
    fn an_unanswered_nonce_is_given_back() {
        let nonces = Nonces::default();
        let taken = nonces.take("k", b"n", NOW, NOW).expect("fresh");
        assert!(nonces.is_used("k", b"n", NOW));
        drop(taken);
        assert!(!nonces.is_used("k", b"n", NOW));
    }

    #[test]
    fn keys_do_not_share_nonces() {
        let nonces = Nonces::default();
        nonces.take("a", b"n", NOW, NOW).expect("fresh").answered();
        assert!(nonces.take("b", b"n", NOW, NOW).is_ok());
    }
}
