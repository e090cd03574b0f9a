//! The last hours of a device at a glance.

use serde::{Deserialize, Serialize};

use crate::time::{MINUTE, Millis};

/// Hours of a strip.
pub const HOURS: usize = 24;

/// One hour, as bad as it was at its worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Health {
    /// On line throughout.
    Online,
    /// Off line for a part of it.
    Gaps,
    /// Off line throughout.
    Offline,
    /// An alarm was open.
    Alarm,
    /// A fault was open.
    Fault,
}

/// What is known of a device's last hours: from `begin` on, one hour a cell.
#[derive(Clone, Debug, Default)]
pub(super) struct Past {
    /// Cells in which it went on or off line, in order, and whether the first time was going on line.
    pub(super) turns: Vec<(usize, bool)>,
    /// Faults (`true`) and alarms: from when until when.
    pub(super) events: Vec<(bool, Millis, Option<Millis>)>,
}

impl Past {
    /// The strip, the oldest hour first.
    pub(super) fn strip(&self, begin: Millis, online_now: bool) -> Vec<Health> {
        // Backwards: what it is now it has been since it last turned.
        let mut after = online_now;
        let mut strip = vec![Health::Online; HOURS];
        let mut turns = self.turns.iter().rev().peekable();
        for (index, cell) in strip.iter_mut().enumerate().rev() {
            if let Some((_, went_online)) = turns.next_if(|(at, _)| *at == index) {
                *cell = Health::Gaps;
                after = !went_online;
            } else if !after {
                *cell = Health::Offline;
            }
        }
        let hour = 60 * MINUTE;
        for (index, cell) in (0_i64..).zip(&mut strip) {
            let (from, to) = (begin + index * hour, begin + (index + 1) * hour);
            for (fault, opened, resolved) in &self.events {
                if *opened < to && resolved.is_none_or(|resolved| resolved > from) {
                    *cell = (*cell).max(if *fault { Health::Fault } else { Health::Alarm });
                }
            }
        }
        strip
    }
}
