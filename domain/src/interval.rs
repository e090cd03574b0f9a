//! Half-open intervals of time, and sets of them.
//!
//! `[begin, end)`: what happens exactly on a boundary belongs to the later interval only, so windows that touch share
//! nothing and lose nothing. A length is a difference of instants, never of wall times.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::Millis;

/// The instants from `begin` on and before `end`. Empty unless `begin < end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Interval {
    /// First instant, milliseconds UTC.
    pub begin: Millis,
    /// First instant after it, milliseconds UTC.
    pub end: Millis,
}

impl Interval {
    /// `[begin, end)`.
    pub fn new(begin: Millis, end: Millis) -> Self {
        Self { begin, end }
    }

    /// Its length in milliseconds; 0 when it is empty.
    pub fn duration(self) -> Millis {
        (self.end - self.begin).max(0)
    }

    /// Whether no instant is in it.
    pub fn is_empty(self) -> bool {
        self.begin >= self.end
    }

    /// Whether the instant is in it.
    pub fn contains(self, at: Millis) -> bool {
        self.begin <= at && at < self.end
    }

    /// Whether the whole of `other` is in it.
    pub fn covers(self, other: Self) -> bool {
        other.is_empty() || (self.begin <= other.begin && other.end <= self.end)
    }

    /// What both have in common, if anything.
    pub fn intersect(self, other: Self) -> Option<Self> {
        let common = Self { begin: self.begin.max(other.begin), end: self.end.min(other.end) };
        (!common.is_empty()).then_some(common)
    }

    /// Whether both have an instant in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.intersect(other).is_some()
    }
}

/// A set of instants as a list of intervals: none empty, in order, with a gap between neighbours. Two sets of the same
/// instants are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct IntervalSet(Vec<Interval>);

impl IntervalSet {
    /// The set without any instant.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Its intervals, in order.
    pub fn as_slice(&self) -> &[Interval] {
        &self.0
    }

    /// Its intervals, in order.
    pub fn iter(&self) -> impl Iterator<Item = Interval> + '_ {
        self.0.iter().copied()
    }

    /// Whether no instant is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Milliseconds in it.
    pub fn total(&self) -> Millis {
        self.iter().map(Interval::duration).sum()
    }

    /// Whether the instant is in it.
    pub fn contains(&self, at: Millis) -> bool {
        let after = self.0.partition_point(|interval| interval.begin <= at);
        after > 0 && at < self.0[after - 1].end
    }

    /// Instants in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.iter().chain(other.iter()).collect()
    }

    /// Instants in both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut common = Vec::new();
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            common.extend(a.intersect(**b));
            if a.end < b.end {
                left.next();
            } else {
                right.next();
            }
        }
        Self(common)
    }

    /// Instants in this one but not in the other.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        let mut rest = Vec::new();
        let mut cuts = other.0.iter().peekable();
        for &interval in &self.0 {
            let mut begin = interval.begin;
            while let Some(&cut) = cuts.next_if(|cut| cut.end <= interval.end) {
                rest.push(Interval::new(begin, cut.begin.min(interval.end)));
                begin = begin.max(cut.end);
            }
            // A cut that reaches beyond this interval may cut the next one as well: it stays.
            let end = cuts.peek().map_or(interval.end, |cut| cut.begin.min(interval.end));
            rest.push(Interval::new(begin, end));
        }
        rest.retain(|interval| !interval.is_empty());
        Self(rest)
    }

    /// The part of it inside a window.
    #[must_use]
    pub fn clip(&self, window: Interval) -> Self {
        self.intersect(&window.into())
    }
}

impl From<Interval> for IntervalSet {
    fn from(interval: Interval) -> Self {
        Self(if interval.is_empty() { Vec::new() } else { vec![interval] })
    }
}

impl FromIterator<Interval> for IntervalSet {
    /// Any intervals, in any order: overlapping and touching ones become one, empty ones vanish.
    fn from_iter<I: IntoIterator<Item = Interval>>(intervals: I) -> Self {
        let mut intervals: Vec<_> = intervals.into_iter().filter(|interval| !interval.is_empty()).collect();
        intervals.sort_unstable();
        let mut merged: Vec<Interval> = Vec::with_capacity(intervals.len());
        for interval in intervals {
            match merged.last_mut() {
                Some(last) if interval.begin <= last.end => last.end = last.end.max(interval.end),
                _ => merged.push(interval),
            }
        }
        Self(merged)
    }
}

impl IntoIterator for IntervalSet {
    type Item = Interval;
    type IntoIter = std::vec::IntoIter<Interval>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(intervals: &[(Millis, Millis)]) -> IntervalSet {
        intervals.iter().map(|&(begin, end)| Interval::new(begin, end)).collect()
    }

    #[test]
    fn a_boundary_belongs_to_the_later_interval_only() {
        let (early, late) = (Interval::new(0, 10), Interval::new(10, 20));
        assert!(!early.contains(10) && late.contains(10));
        assert!(!early.overlaps(late));
        assert!(early.covers(Interval::new(3, 10)) && !early.covers(Interval::new(3, 11)));
    }

    #[test]
    fn sets_are_normalized() {
        assert_eq!(set(&[(5, 9), (0, 3), (3, 5), (20, 20), (8, 12)]).as_slice(), [Interval::new(0, 12)]);
        assert_eq!(set(&[(7, 3)]), IntervalSet::empty());
    }

    #[test]
    fn one_cut_may_reach_over_several_intervals() {
        let rest = set(&[(0, 10), (20, 30), (40, 50)]).subtract(&set(&[(5, 22), (24, 25), (28, 60)]));
        assert_eq!(rest, set(&[(0, 5), (22, 24), (25, 28)]));
    }

    fn any_set() -> impl Strategy<Value = IntervalSet> {
        prop::collection::vec((0..60_i64, 0..12_i64), 0..8).prop_map(|list| {
            list.into_iter().map(|(begin, length)| Interval::new(begin, begin + length)).collect()
        })
    }

    fn is_normal(set: &IntervalSet) -> bool {
        set.iter().all(|interval| !interval.is_empty())
            && set.as_slice().windows(2).all(|w| w[0].end < w[1].begin)
    }

    proptest! {
        #[test]
        fn operations_agree_with_membership_and_stay_normal(a in any_set(), b in any_set()) {
            let (union, common, rest) = (a.union(&b), a.intersect(&b), a.subtract(&b));
            for at in -1..80 {
                prop_assert_eq!(union.contains(at), a.contains(at) || b.contains(at));
                prop_assert_eq!(common.contains(at), a.contains(at) && b.contains(at));
                prop_assert_eq!(rest.contains(at), a.contains(at) && !b.contains(at));
            }
            prop_assert!(is_normal(&union) && is_normal(&common) && is_normal(&rest));
            prop_assert_eq!(rest.total() + common.total(), a.total());
            prop_assert_eq!(union.total() + common.total(), a.total() + b.total());
        }
    }
}
