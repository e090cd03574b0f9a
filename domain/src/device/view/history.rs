//! What a datapoint was over time: as many points as a chart can show, each with its least and greatest value.

use serde::{Deserialize, Serialize};

use super::Point;
use crate::Interval;
use crate::time::Millis;

/// Most points of a history.
pub const MAX_POINTS: usize = 500;

/// What a history was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HistorySource {
    /// The messages themselves.
    Messages,
    /// The kept figures of hours.
    Hours,
    /// The kept figures of days.
    Days,
}

/// What happened in a stretch of time, or at once.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryPoint {
    /// When: of several values the first.
    pub at: Millis,
    /// Least.
    pub min: f64,
    /// Greatest.
    pub max: f64,
    /// Mean.
    pub mean: f64,
    /// The last one.
    pub last: f64,
    /// How many values.
    pub samples: i64,
    /// Whether nothing was heard for long before it: the line breaks.
    pub gap: bool,
}

/// A history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Of which datapoint.
    pub point: Point,
    /// Over which time.
    pub span: Interval,
    /// From what.
    pub source: HistorySource,
    /// In order of time.
    pub points: Vec<HistoryPoint>,
}

/// One value of a message: when, and what.
pub(super) type Sample = (Millis, f64);

/// Gathers values, in order of time, into at most [`MAX_POINTS`] stretches of equal length.
pub(super) fn gather(samples: &[Sample], span: Interval) -> Vec<HistoryPoint> {
    let single = |&(at, value): &Sample| HistoryPoint {
        at,
        min: value,
        max: value,
        mean: value,
        last: value,
        samples: 1,
        gap: false,
    };
    if samples.len() <= MAX_POINTS {
        return with_gaps(samples.iter().map(single).collect(), usual_distance(samples));
    }
    let most = i64::try_from(MAX_POINTS).unwrap_or(i64::MAX);
    let width = ((span.end - span.begin + most - 1) / most).max(1);
    let mut points: Vec<(i64, HistoryPoint)> = Vec::new();
    for sample in samples {
        let cell = (sample.0 - span.begin) / width;
        match points.last_mut().filter(|(last, _)| *last == cell) {
            None => points.push((cell, single(sample))),
            Some((_, point)) => {
                point.min = point.min.min(sample.1);
                point.max = point.max.max(sample.1);
                // The sum until all are counted.
                point.mean += sample.1;
                point.last = sample.1;
                point.samples += 1;
            }
        }
    }
    let points = points.into_iter().map(|(_, mut point)| {
        point.mean /= count(point.samples);
        point
    });
    with_gaps(points.collect(), usual_distance(samples).max(width))
}

/// Marks the points before which nothing was heard for several times the usual distance.
pub(super) fn with_gaps(mut points: Vec<HistoryPoint>, usual: Millis) -> Vec<HistoryPoint> {
    let mut before: Option<Millis> = None;
    for point in &mut points {
        point.gap = before.is_some_and(|before| point.at - before > 3 * usual);
        before = Some(point.at);
    }
    points
}

/// The distance that half of the values are apart at most.
fn usual_distance(samples: &[Sample]) -> Millis {
    let mut distances: Vec<Millis> = samples.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    distances.sort_unstable();
    distances.get(distances.len() / 2).copied().unwrap_or_default().max(1000)
}

pub(super) fn count(samples: i64) -> f64 {
    f64::from(u32::try_from(samples.max(1)).unwrap_or(u32::MAX))
}
