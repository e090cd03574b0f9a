//! Pure rules about amounts.

use crate::{Error, Result, text};

/// Largest amount taken: sums of such amounts stay exact enough for the tolerance below.
const MAX_AMOUNT: f64 = 1e15;
/// Sums of binary fractions miss their decimal value by this much at most, relatively.
const TOLERANCE: f64 = 1e-9;

/// An amount as reported: finite and not negative.
pub fn check_amount(param: &str, amount: f64) -> Result<f64> {
    if (0.0..=MAX_AMOUNT).contains(&amount) {
        // Minus zero would be answered as -0.0.
        Ok(amount.abs())
    } else {
        Err(Error::invalid(param, text!("must be a number from 0 to 1e15", "应为 0 至 1e15 的数")))
    }
}

/// Whether `sum` is more than `limit`, beyond what adding up binary fractions explains.
pub fn exceeds(sum: f64, limit: f64) -> bool {
    sum - limit > TOLERANCE * sum.abs().max(limit.abs())
}

/// The part of `amount` that falls on a report with `out_put` pieces, when all reports of its code and step have
/// `total` pieces together.
///
/// Grades belong to a code and step, which may have several reports on several machines: failed pieces are spread over
/// them by output, so each falls into its own machine and time, and the sum over all reports is `amount` again.
pub fn share(amount: f64, out_put: f64, total: f64) -> f64 {
    if total > 0.0 { amount * (out_put / total) } else { 0.0 }
}
