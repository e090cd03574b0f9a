//! Pieces over time.

use super::figures::Production;
use super::view::Bin;
use crate::{Interval, Millis};

/// Shares pieces out to equal parts of `span`, each `step` long, the last one perhaps shorter.
pub fn bins(span: Interval, step: Millis, pieces: impl IntoIterator<Item = Production>) -> Vec<Bin> {
    if span.is_empty() || step <= 0 {
        return Vec::new();
    }
    let begins = std::iter::successors(Some(span.begin), |begin| Some(begin + step));
    let mut bins: Vec<Bin> = begins
        .take_while(|begin| *begin < span.end)
        .map(|begin| Bin {
            span: Interval::new(begin, (begin + step).min(span.end)),
            total: 0.0,
            failed: 0.0,
        })
        .collect();
    for made in pieces {
        let first = usize::try_from((made.begin - span.begin).max(0) / step).unwrap_or(usize::MAX);
        for bin in bins.iter_mut().skip(first) {
            if let Some(part) = made.within(bin.span) {
                bin.total += part.total;
                bin.failed += part.failed;
            }
            if bin.span.end >= made.end {
                break;
            }
        }
    }
    bins
}
