//! What a machine does over the hours: work, wait or stand still.

use domain::Millis;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// Milliseconds of an hour.
const HOUR: Millis = 60 * 60_000;

/// What a machine does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Duty {
    /// It makes something.
    Running,
    /// It is switched on and waits.
    Idle,
    /// It stands still.
    Stopped,
}

/// One number out of several: the same ones give the same one, others give an unrelated one.
pub fn mixed(parts: &[u64]) -> u64 {
    // The finaliser of SplitMix64.
    parts.iter().fold(0x9e37_79b9_7f4a_7c15, |state, part| {
        let mut bits = (state ^ part).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    })
}

/// Of 100 pieces of an hour, how many a machine runs and how many it waits: the nights are thinner, and at noon people eat.
fn weights(hour: u32) -> (u32, u32) {
    match hour {
        0..=4 => (55, 10),
        12 => (45, 40),
        5..=17 => (82, 12),
        _ => (72, 13),
    }
}

/// What a machine does at an instant. Each of its hours falls into a few pieces of their own lengths, and its hours begin
/// up to half an hour before or after the clock's.
pub fn duty(seed: u64, machine: u64, at: Millis) -> Duty {
    let ahead = mixed(&[seed, machine, 1]) % HOUR.unsigned_abs();
    let at = at.saturating_add(ahead.cast_signed() - HOUR / 2);
    let hour = at.div_euclid(HOUR);
    let mut rng = StdRng::seed_from_u64(mixed(&[seed, machine, 2, hour.cast_unsigned()]));
    let left = at.rem_euclid(HOUR);
    let (running, idle) = weights(u32::try_from(hour.rem_euclid(24)).unwrap_or_default());
    let mut end = 0;
    loop {
        end += rng.random_range(4 * 60_000..=25 * 60_000);
        let drawn = rng.random_range(0..100);
        if left < end {
            return match drawn {
                drawn if drawn < running => Duty::Running,
                drawn if drawn < running + idle => Duty::Idle,
                _ => Duty::Stopped,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_mostly_run_by_day_and_rest_more_at_night() {
        let running = |hour: Millis| {
            let at = 1_760_000_000_000 / (24 * HOUR) * 24 * HOUR + hour * HOUR;
            (0..1000).filter(|machine| duty(7, *machine, at) == Duty::Running).count()
        };
        assert!((700..930).contains(&running(9)), "{}", running(9));
        assert!((450..650).contains(&running(2)), "{}", running(2));
    }

    #[test]
    fn a_duty_lasts_for_minutes_and_depends_on_seed_and_machine() {
        let day = |seed, machine| {
            (0..24 * 60).map(|minute| duty(seed, machine, minute * 60_000)).collect::<Vec<_>>()
        };
        let one = day(1, 1);
        assert_eq!(one, day(1, 1));
        assert_ne!(one, day(2, 1));
        assert_ne!(one, day(1, 2));
        let changes = one.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!((5..150).contains(&changes), "{changes}");
    }
}
